"""Small walls and files made by hand, and random ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import polars as pl

from app.research.attacks import wall
from app.research.attacks.outgoing import Outgoing, Range
from app.research.attacks.wall import WallRows
from app.research.attacks.wall_match import Truth

FIRST = date(2026, 6, 1)
FROZEN = date(2026, 9, 30)
COUNTS: dict[int, Range] = {0: (0, 0), 1: (1, 5), 2: (6, 20), 3: (21, None)}
DAYS: dict[int, Range] = {0: (0, 0), 1: (1, 2), 2: (3, 7), 3: (8, None)}
OBSERVED: dict[int, Range] = {1: (1, 27), 2: (28, 55), 3: (56, 83), 4: (84, 84)}
RANGES = {
    "posts": COUNTS,
    "giving": COUNTS,
    "receiving": COUNTS,
    "active_days": DAYS,
    "days_observable": OBSERVED,
}


def member(number: int) -> UUID:
    """The same one for a number; sorted like them."""
    return UUID(int=number + 1)


@dataclass(frozen=True, slots=True)
class Text:
    """A post, or a reply to somebody, as everyone reads it."""

    author_id: UUID
    at: datetime
    answered_id: UUID | None = None
    target: str | None = None
    intent: str | None = None
    length: int = 100
    has_note: bool = False
    reactions: int = 0
    joined_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)


def text(
    author: int, day: int, *, to: int | None = None, hour: int = 10, length: int = 100
) -> Text:
    """So many days after FIRST."""
    at = datetime(FIRST.year, FIRST.month, FIRST.day, hour, tzinfo=UTC) + timedelta(days=day)
    if to is None:
        return Text(member(author), at, length=length)
    return Text(member(author), at, member(to), "post", length=length)


def random_wall(random: Random, members: int = 12, texts: int = 150) -> Sequence[Text]:
    """Everyone writes now and then, some more than others."""
    weights = [random.lognormvariate(0, 1) for _ in range(members)]
    found = []
    for _ in range(texts):
        author, other = random.choices(range(members), weights, k=2)
        to = None if other == author or random.random() < 0.3 else other
        hour, length = random.randrange(24), random.choice((20, 100, 500, 2_000))
        found.append(text(author, random.randrange(120), to=to, hour=hour, length=length))
    return found


def truth(enrolled: Mapping[int, int]) -> Truth:
    """Members by number, who joined so many days after FIRST, as `P0`, `P1` ..."""
    return Truth(
        {f"P{number}": member(number) for number in enrolled},
        {f"P{number}": FIRST + timedelta(days=day) for number, day in enrolled.items()},
    )


def acts_of(seen: WallRows, known: Truth) -> Outgoing:
    """What a study would hold of them exactly, as far as the wall shows it."""
    parts = []
    for name, who in known.members.items():
        first = wall.ordinal(known.enrolled[name])
        parts.append(
            seen.rows.filter(
                (pl.col("member") == seen.members.index(who)) & (pl.col("date") >= first)
            ).with_columns(
                participant=pl.lit(name),
                day=pl.col("date") - first,
                counterpart=pl.lit(None, pl.String),
                reaction=pl.lit(None, pl.String),
            )
        )
    return Outgoing("acts", pl.concat(parts).drop("member", "date", "reactions"), FROZEN)


def periods(*rows: Mapping[str, object]) -> Outgoing:
    """A file of periods with these cells."""
    return Outgoing("periods", pl.DataFrame(list(rows)), FROZEN, RANGES)


def acts(*rows: tuple[str, int, str, str | None], reaction: str | None = None) -> Outgoing:
    """A file of acts: participant, day, kind, counterpart."""
    columns = ["participant", "day", "kind", "counterpart"]
    frame = pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
    return Outgoing("acts", frame.with_columns(reaction=pl.lit(reaction, pl.String)), FROZEN)


def renamed(file: Outgoing, known: Truth) -> tuple[Outgoing, Truth]:
    """The same people in another study, under other codes."""
    frame = file.frame.with_columns(participant=pl.lit("Q") + pl.col("participant"))
    return (
        Outgoing(file.kind, frame, FROZEN, file.ranges),
        Truth(
            {f"Q{name}": who for name, who in known.members.items()},
            {f"Q{name}": day for name, day in known.enrolled.items()},
        ),
    )
