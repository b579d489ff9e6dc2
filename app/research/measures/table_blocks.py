"""Blocks of tables that are attacked together, so that no attack has to know all of an evaluation.

Tables of one base that share a field, or are tied by others that do, are a block. Blocks are
attacked apart, and the exact number of people in their base is granted to whoever attacks. This
loses nothing: of two worlds of two blocks, both with that number of people, those of one can be
paired with those of the other in any order (a transport problem with whole margins has a whole
solution), and the pairs are one world that is true to the figures of both. Who is in another base
may be somebody else altogether: no figure says who is in both.
"""

from collections.abc import Iterable

from app.research.protection.populations import Population


class TableBlocks:
    """The blocks of one base, from all its populations; without `splits` they are one."""

    def __init__(self, populations: Iterable[Population], *, splits: bool = True) -> None:
        self._splits = splits
        self._above: dict[str, str] = {}
        for one in populations:
            fields = sorted({self._top(field) for field, _ in one.conditions})
            self._above.update(dict.fromkeys(fields[1:], fields[0] if fields else ""))

    def of(self, populations: Iterable[Population]) -> str:
        """The name of the block of figures that share a field; "" where they have no field."""
        fields = (field for one in populations for field, _ in one.conditions)
        return next(map(self._top, fields), "") if self._splits else ""

    def _top(self, field: str) -> str:
        while field in self._above:
            field = self._above[field]
        return field
