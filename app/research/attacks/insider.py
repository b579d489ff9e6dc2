"""Attack 3: someone who takes part knows what they did to whom, and reads `counterpart` with it.

What happened on one day, of one kind, stands under a code in the file and beside a name in their
memory. Someone who plans it reacts to one person a day and needs nothing else; this attack only
uses what people happened to do, so it tells the least that an insider can learn.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncSession

from app.research.attacks.clocks import GIVING
from app.research.attacks.findings import Finding
from app.research.attacks.outgoing import Outgoing
from app.research.attacks.wall import local_date
from app.research.attacks.wall_match import Truth

#: So many participants are tried as the insider: those with the most acts towards others.
INSIDERS: Final = 5


class RememberedAct(Protocol):
    """Something a member did towards another, as they remember it."""

    @property
    def at(self) -> datetime: ...
    @property
    def to_id(self) -> UUID: ...
    @property
    def reaction(self) -> str | None: ...


class OwnSource(Protocol):
    """Where a member's own memory comes from; handed in, for research knows no posts."""

    async def __call__(self, session: AsyncSession, member_id: UUID, /) -> Sequence[RememberedAct]:
        """What this member did towards others, in order."""


Who = TypeVar("Who", str, UUID)
#: To whom, on which day of one's own clock, and what: the reaction, or that it was a reply.
_Act = tuple[Who, int, str]
_Mark = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Insider:
    """A participant and what they remember."""

    participant: str
    given: Sequence[RememberedAct]


def candidates(file: Outgoing) -> list[str]:
    """The participants who learn most by looking, if the file says towards whom anything was."""
    if file.kind != "acts" or "counterpart" not in file.frame.columns:
        return []
    acts = _towards_others(file).group_by("participant").agg(n=pl.col("counterpart").n_unique())
    return acts.sort("n", "participant", descending=[True, False])["participant"].to_list()[
        :INSIDERS
    ]


def attack(file: Outgoing, insiders: Sequence[Insider], truth: Truth) -> Finding:
    """Whom the one of these who learns most can name, of those whose code stands beside theirs."""
    best = Finding("insider", 0, 0, 0.0, "the file does not say towards whom")
    for insider in insiders:
        found = _one(file, insider, truth)
        best = max(best, found, key=lambda one: (one.named, one.of))
    return best


def _one(file: Outgoing, insider: Insider, truth: Truth) -> Finding:
    """Tried without the order of rows, and with it in case the file keeps it."""
    found = [_try(file, insider, truth, is_ordered=is_ordered) for is_ordered in (False, True)]
    return max(found, key=lambda one: one.named)


def _try(file: Outgoing, insider: Insider, truth: Truth, *, is_ordered: bool) -> Finding:
    codes = _grouped(_in_file(file, insider), is_ordered=is_ordered)
    people = _grouped(_in_memory(insider, truth), is_ordered=is_ordered)
    named = sum(truth.members.get(code) == _named(acts, people) for code, acts in codes.items())
    by_chance = len(codes) / max(1, len(people))
    return Finding("insider", named, len(codes), by_chance, f"remembers {len(people)} members")


def _named(acts: Counter[_Mark], people: Mapping[UUID, Counter[_Mark]]) -> UUID | None:
    """Who was treated like this code, if only one person was."""
    apart = {one: ((acts - own) + (own - acts)).total() for one, own in people.items()}
    least = min(apart.values(), default=0)
    nearest = [one for one, distance in apart.items() if distance == least]
    return nearest[0] if len(nearest) == 1 else None


def _grouped(acts: Iterable[_Act[Who]], *, is_ordered: bool) -> dict[Who, Counter[_Mark]]:
    """By who it was done to, what on which day; with order, the how-manieth of these it was."""
    seen: Counter[tuple[int, str]] = Counter()
    found: dict[Who, Counter[_Mark]] = {}
    for who, day, what in acts:
        seen[day, what] += is_ordered
        found.setdefault(who, Counter())[day, what, seen[day, what]] += 1
    return found


def _towards_others(file: Outgoing) -> pl.DataFrame:
    acts = file.frame.filter(
        pl.col("kind").is_in(GIVING)
        & pl.col("counterpart").is_not_null()
        & (pl.col("counterpart") != pl.col("participant"))
    )
    return acts if "reaction" in acts.columns else acts.with_columns(reaction=pl.lit(None))


def _in_file(file: Outgoing, insider: Insider) -> Iterable[_Act[str]]:
    own = _towards_others(file).filter(pl.col("participant") == insider.participant)
    columns = own.select("counterpart", "day", "kind", "reaction")
    return [(who, day, reaction or kind) for who, day, kind, reaction in columns.iter_rows()]


def _in_memory(insider: Insider, truth: Truth) -> Iterable[_Act[UUID]]:
    first = truth.enrolled[insider.participant]
    acts = [(one.to_id, (local_date(one.at) - first).days, one.reaction or GIVING[0])
            for one in insider.given]  # fmt: skip
    return [act for act in acts if act[1] >= 0]
