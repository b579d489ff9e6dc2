"""The wall as any member reads it, in numbers: who wrote what kind of thing on which day.

Who gave a reaction is shown to nobody but the author; which kinds a post has got, to everyone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy.ext.asyncio import AsyncSession

from app.research.registry import length_band

ZONE: Final = "Europe/London"
TIME_BANDS: Final = ("night", "morning", "afternoon", "evening")
EPOCH: Final = date(1970, 1, 1)


class WallPost(Protocol):
    """A post or reply that members can read."""

    @property
    def author_id(self) -> UUID: ...
    @property
    def joined_at(self) -> datetime:
        """Since when its author is a member: it stands on their page."""

    @property
    def at(self) -> datetime: ...
    @property
    def answered_id(self) -> UUID | None:
        """Whose post or reply it answers."""

    @property
    def target(self) -> str | None:
        """Whether it answers a post or a reply."""

    @property
    def intent(self) -> str | None: ...
    @property
    def length(self) -> int: ...
    @property
    def has_note(self) -> bool: ...
    @property
    def reactions(self) -> int:
        """How many kinds of reaction it has got."""


class WallSource(Protocol):
    """Where the wall comes from; handed in, for research knows no posts."""

    async def __call__(self, session: AsyncSession, /) -> Sequence[WallPost]:
        """Everything that members can read, in any order."""


@dataclass(frozen=True, slots=True)
class WallRows:
    """`members` by number, when each `joined`, and `rows`: what each wrote or was answered.

    Columns: member, date (days since 1970, in London), kind (published, replied, received),
    time_band, intent, length_band, has_note, target, reactions (of one's own text).
    """

    members: list[UUID]
    joined: list[int]
    rows: pl.DataFrame


def local_date(moment: datetime) -> date:
    """The date in London."""
    return moment.astimezone(ZoneInfo(ZONE)).date()


def ordinal(day: date) -> int:
    """A date as days since 1970."""
    return (day - EPOCH).days


_SCHEMA: Final = pl.Schema(
    {
        "member": pl.Int32(), "at": pl.Datetime("us", "UTC"), "kind": pl.String(),
        "intent": pl.String(), "length_band": pl.String(), "has_note": pl.Boolean(),
        "target": pl.String(), "reactions": pl.Int32(),
    }
)  # fmt: skip


def from_shown(shown: Sequence[WallPost]) -> WallRows:
    """The wall as numbers. Everyone who wrote something that stands is a candidate."""
    joined = {one.author_id: local_date(one.joined_at) for one in shown}
    members = sorted(joined)
    number = {member: place for place, member in enumerate(members)}
    rows: list[tuple[object, ...]] = []
    for one in shown:
        at, author = one.at.astimezone(UTC), number[one.author_id]
        kind = "published" if one.target is None else "replied"
        written = (length_band(one.length), one.has_note, one.target, one.reactions)
        rows.append((author, at, kind, one.intent, *written))
        other = number.get(one.answered_id) if one.answered_id else None
        if other is not None and other != author:
            rows.append((other, at, "received", None, None, None, one.target, 0))
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    local = pl.col("at").dt.convert_time_zone(ZONE)
    bands = pl.Series(TIME_BANDS, dtype=pl.String)
    return WallRows(
        members,
        [ordinal(joined[member]) for member in members],
        frame.with_columns(
            date=local.dt.date().cast(pl.Int32),
            time_band=pl.lit(bands).gather(local.dt.hour() // 6),
        ).drop("at"),
    )
