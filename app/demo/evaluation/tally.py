"""What each participant gave, got and wrote in each period, as a dataset counts it. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from app.demo.evaluation.act import ActRow

_PEERS: Final = frozenset({"participant", "member"})


class SupportTally:
    """Counts by participant and period, as `app.research.exports.source` has them: staff and
    oneself are no peers, and what was deleted or taken back counts no more."""

    def __init__(self, people: int, starts: Sequence[int]) -> None:
        self._starts = starts
        self._giving = [[0] * len(starts) for _ in range(people)]
        self._receiving = [[0] * len(starts) for _ in range(people)]

    def period(self, day: int) -> int:
        """The period, from 0, in which a day since joining lies."""
        return bisect_right(self._starts, day) - 1

    def count(self, act: ActRow, index: int, day: int) -> None:
        """Note an act of somebody on a day of theirs."""
        period, is_of_peers = self.period(day), act.other_side in _PEERS
        if act.kind in ("replied", "reacted") and is_of_peers:
            self._giving[index][period] += 1
        elif act.kind == "took_back" and (is_of_peers or act.target == "reply"):
            self._giving[index][period] -= 1
        elif act.kind == "received" and is_of_peers:
            self._receiving[index][period] += 1
        elif act.kind == "lost" and is_of_peers:
            self._receiving[index][period] -= 1

    def before(self, index: int, wave: int) -> tuple[int, int]:
        """What somebody gave and got in the period that ends with a wave (from 1); nothing before
        the first."""
        if wave == 1:
            return 0, 0
        return self._giving[index][wave - 2], self._receiving[index][wave - 2]
