"""Levels of headings in order: none is skipped, as PDF/UA asks, also where a text with headings of
its own stands before the first of its edition."""

from collections.abc import Sequence
from dataclasses import replace

from app.research.documents.document import Block, Box, Columns, Heading


def in_order(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, each heading at most one level below the one before it."""
    return _Levels().of(blocks)


class _Levels:
    def __init__(self) -> None:
        self._last = 0

    def of(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """In reading order, also inside others."""
        return tuple(map(self._block, blocks))

    def _block(self, block: Block) -> Block:
        if isinstance(block, Heading):
            self._last = min(block.level, self._last + 1)
            return replace(block, level=self._last)
        if isinstance(block, Box):
            return replace(block, blocks=self.of(block.blocks))
        if isinstance(block, Columns):
            return replace(block, columns=tuple(map(self.of, block.columns)))
        return block
