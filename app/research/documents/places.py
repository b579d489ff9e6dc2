"""Where each figure of a document stands, so that numbers elsewhere can lead to it: HTML and PDF
take the places from here."""

from collections.abc import Iterable

from app.research.documents.document import Block, Chart, ReportTable, places_of, walk


class Places:
    """The block that each figure has its place in: the first table or chart that shows it, or, of
    one that none shows, the first block that tells it in large type or says where it comes from."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        every = list(walk(blocks))
        tables = [block for block in every if isinstance(block, ReportTable | Chart)]
        self._blocks: dict[str, Block] = {}
        for block in (*tables, *every):
            for name in places_of(block):
                self._blocks.setdefault(name, block)

        #: The figures that have a place.
        self.names = frozenset(self._blocks)

    def is_in(self, name: str, block: Block) -> bool:
        """Whether this figure has its place in this block."""
        return self._blocks.get(name) is block

    def of(self, block: Block) -> list[str]:
        """The figures that have their place in this block."""
        return [name for name in places_of(block) if self.is_in(name, block)]
