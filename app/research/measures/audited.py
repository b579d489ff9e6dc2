"""The audit of all shares and tables of an evaluation: each is published beside those of its block,
of this dataset and of all that the study has released."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.research.measures.kept_figures import KeptBase
from app.research.measures.outside_tables import based, counted
from app.research.measures.results import PeopleShare, PeopleTable
from app.research.measures.table_blocks import TableBlocks
from app.research.protection import publication
from app.research.protection.audit import ContradictionError
from app.research.protection.counts import CountedTable
from app.research.protection.figures import Figure
from app.research.protection.populations import Domain, Population, TooManyAtomsError
from app.research.protection.publication import PublishedTable
from app.research.protection.rules import is_too_few

Part = PeopleShare | PeopleTable


class Audit:
    """Publishes one after another. `before` are the bases of what was released, by name;
    `has_leavers` says that somebody was erased since."""

    def __init__(
        self,
        cut: str,
        parts: Iterable[Part],
        before: Sequence[Mapping[str, KeptBase]],
        *,
        has_leavers: bool,
    ) -> None:
        self._cut, self._has_leavers = cut, has_leavers
        by_base: dict[str, list[Part]] = defaultdict(list)
        for part in parts:
            by_base[based(part.base, cut)].append(part)
        self._bases = {
            name: _BaseAudit(
                cut,
                some,
                [kept[name] for kept in before if name in kept],
                has_leavers=has_leavers,
            )
            for name, some in by_base.items()
        }

    def publish(self, part: Part) -> PublishedTable | None:
        """The part as everybody may see it; None where it could not be audited."""
        return self._bases[based(part.base, self._cut)].publish(part)

    def kept(self) -> dict[str, KeptBase]:
        """The bases of this dataset with their figures, for the audit of the next."""
        return {name: one.kept() for name, one in self._bases.items()}


class _BaseAudit:
    """The audit of parts about the same people."""

    def __init__(
        self, cut: str, parts: Sequence[Part], before: Sequence[KeptBase], *, has_leavers: bool
    ) -> None:
        self._cut, self._has_leavers = cut, has_leavers
        tables = [counted(part, cut) for part in parts]
        earlier = [figure for one in before for figure in one.figures]
        self._domain = _domain(tables, earlier)
        told = [one for table in tables for one in table.populations().values()]
        told += [one.population for one in earlier]
        # With leavers the number of people does not say who was there at which cuts.
        self._blocks = TableBlocks(map(self._plain, told), splits=not has_leavers)
        self._known: dict[str, list[Figure]] = defaultdict(list)
        for one in earlier:
            self._known[self._blocks.of([self._plain(one.population)])].append(one)
        self._told: list[Figure] = []
        self._size = parts[0].base.persons
        self._sizes = {one.cut: one.size for one in before} | {cut: self._size}

    def publish(self, part: Part) -> PublishedTable | None:
        table = counted(part, self._cut)
        if is_too_few(part.base.persons):
            return publication.held_back(table)
        known = self._known[self._blocks.of(map(self._plain, table.populations().values()))]
        try:
            found = publication.publish(
                table,
                self._domain,
                before=known,
                granted=self._granted({self._cut, *(one.population.cut for one in known)}),
                has_leavers=self._has_leavers,
            )
        except (ContradictionError, TooManyAtomsError):
            return None
        known += found.figures
        self._told += found.figures
        return found

    def _granted(self, cuts: Iterable[str]) -> list[Figure]:
        """The exact number of people at each cut."""
        return [
            Figure(Population(cut), None, self._sizes[cut], self._sizes[cut])
            for cut in sorted(cuts)
        ]

    def kept(self) -> KeptBase:
        figures = [
            Figure(self._plain(one.population), one.value, one.low, one.high) for one in self._told
        ]
        return KeptBase(self._cut, self._size, tuple(figures))

    def _plain(self, population: Population) -> Population:
        """Without fields that leave nobody out: the next dataset may have values that were not
        there."""
        conditions = {
            (field, values)
            for field, values in population.conditions
            if values != self._domain[field]
        }
        return Population(population.cut, frozenset(conditions))


def _domain(tables: Iterable[CountedTable], before: Iterable[Figure]) -> Domain:
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for table in tables:
        for split in (table.rows, table.columns):
            found[split.field] |= split.all
    for one in before:
        for field, values in one.population.conditions:
            found[field] |= values
    return found
