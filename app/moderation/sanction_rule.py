"""The rule of sanctions: what is in force at a moment. Pure, so that it can be tried in every way.

A sanction is what was decided, and what became of it. It ends by its time alone; nothing has to
run for that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.moderation.sanction_models import ChangeKind, SanctionKind, SanctionState

#: Where something is for good. No other end comes near it, and every clock can say it.
FOR_GOOD: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a sanction, and from when on it ends earlier."""

    kind: ChangeKind
    at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A sanction with what became of it, the earliest first."""

    kind: SanctionKind
    made_at: datetime
    days: int | None
    changes: Sequence[Change] = ()

    @property
    def starts_at(self) -> datetime | None:
        """When it came into force: at once, or when a second moderator confirmed a suspension."""
        if self.kind is not SanctionKind.SUSPEND:
            return self.made_at
        return next((one.at for one in self.changes if one.kind is ChangeKind.CONFIRMED), None)

    @property
    def ends_at(self) -> datetime | None:
        """When it is over, as it stands now; None while it is only proposed, or was not taken up.
        What is shortened never ends later for it."""
        start = self.starts_at
        if start is None:
            return None
        if self.kind is SanctionKind.WARN:
            return start
        end = FOR_GOOD if self.days is None else start + timedelta(days=self.days)
        for one in self.changes:
            if one.kind is ChangeKind.LIFTED:
                end = min(end, one.at)
            elif one.kind is ChangeKind.SHORTENED and one.ends_at is not None:
                end = min(end, one.ends_at)
        return end

    def state(self, at: datetime) -> SanctionState:
        """What it is at a moment, by what had become of it until then."""
        kinds = {one.kind for one in self.changes if one.at <= at}
        if ChangeKind.DECLINED in kinds:
            return SanctionState.DECLINED
        start, end = self.starts_at, self.ends_at
        if start is None or end is None or start > at:
            return SanctionState.PROPOSED
        if self.kind is SanctionKind.WARN:
            return SanctionState.GIVEN
        if ChangeKind.LIFTED in kinds:
            return SanctionState.LIFTED
        return SanctionState.IN_FORCE if end > at else SanctionState.OVER


def until(terms: Iterable[Term], kind: SanctionKind, at: datetime) -> datetime | None:
    """Until when the last of these of one kind that are in force holds; None when none is."""
    ends = [
        term.ends_at
        for term in terms
        if term.kind is kind and term.state(at) is SanctionState.IN_FORCE
    ]
    return max((end for end in ends if end is not None), default=None)
