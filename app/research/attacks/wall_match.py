"""Attack 1: lay everyone's record over the wall and name the member whom it fits best."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final
from uuid import UUID

import polars as pl

from app.research.attacks import band_matching, clocks, matching
from app.research.attacks.findings import WALL_MATCH, Finding
from app.research.attacks.matching import Scores
from app.research.attacks.outgoing import Outgoing, least, most
from app.research.attacks.wall import WallRows, ordinal

#: With more people than this, a sample of them is looked for; chance repeats itself.
SAMPLE: Final = 400
SEED: Final = 1
#: How often rows and columns are balanced: nobody is two participants.
ROUNDS: Final = 6
#: What is told of an act on both sides.
TOLD: Final = ("kind", "time_band", "intent", "length_band", "has_note", "target")
VISIBLE: Final = ("published", "replied", "received")


@dataclass(frozen=True, slots=True)
class Truth:
    """Who is whom and since when: looked at to score, and to know who writes."""

    members: Mapping[str, UUID]
    enrolled: Mapping[str, date]


def attack(file: Outgoing, wall: WallRows, truth: Truth) -> Finding:
    """How many of those who write are named rightly."""
    sampled = sample(file)
    known = {name: place for place, name in enumerate(wall.members)}
    right = {name: known.get(truth.members[name]) for name in sampled.participants
             if name in truth.members}  # fmt: skip
    writers = _writers(sampled, wall, right, truth)
    named = max(
        sum(guesses[name] == right[name] for name in writers)
        for guesses in (guess(one, wall) for one in _told(sampled))
    )
    whole = len(file.participants)
    parts = "" if len(sampled.participants) == whole else f"; {SAMPLE} of {whole} people sampled"
    by_chance = len(writers) / max(1, len(wall.members))
    note = f"of those who write; {len(wall.members)} members on the wall{parts}"
    return Finding(WALL_MATCH, named, len(writers), by_chance, note)


def _told(file: Outgoing) -> list[Outgoing]:
    """The file, and without how long people were members: that may mislead more than it helps."""
    if "tenure_band" not in file.frame.columns:
        return [file]
    return [file, replace(file, frame=file.frame.drop("tenure_band"))]


def sample(file: Outgoing) -> Outgoing:
    """The file with `SAMPLE` of its people at most, the same each time."""
    people = file.participants
    if len(people) <= SAMPLE:
        return file
    chosen = Random(SEED).sample(people, SAMPLE)  # noqa: S311 - repeats itself on purpose
    return replace(file, frame=file.frame.filter(pl.col("participant").is_in(chosen)))


def guess(file: Outgoing, wall: WallRows) -> dict[str, int | None]:
    """By participant, the member (by number) whom the attacker names."""
    if wall.rows.is_empty():
        return dict.fromkeys(file.participants)
    first = least(wall.rows["date"])
    if file.kind == "acts":
        return _by_acts(file, wall, first)
    rows = balanced(band_matching.match(file, wall, first))
    return {name: matching.best(dict(enumerate(row))) for name, row in rows.items()}


def _by_acts(file: Outgoing, wall: WallRows, first: int) -> dict[str, int | None]:
    told = [column for column in TOLD if column in file.frame.columns]
    acts = wall.rows.rename({"member": "candidate"})
    until = ordinal(file.frozen_on)
    first -= most(file.frame["day"])  # who wrote late may have joined before anybody wrote
    over = matching.calendar(matching.marks(acts, told), first=first, last=until, until=until)
    seen = file.frame.filter(pl.col("kind").is_in(VISIBLE))
    if "reaction" in seen.columns:
        seen = seen.filter(pl.col("reaction").is_null())
    rows = matching.marks(seen, told).select("participant", "day", "mark")
    own = {str(name): acts for (name,), acts in rows.group_by("participant")}
    fits = {name: matching.fit(acts, over) for name, acts in own.items()}
    for name, start in _first_days(file, fits).items():
        if name in own:
            fits[name] = matching.fit(own[name], over, start=start) or fits[name]
    return {name: _named(fits.get(name, {})) for name in file.participants}


def _named(scores: Scores) -> int | None:
    return matching.best({one: score for one, (score, _) in scores.items()})


def _first_days(file: Outgoing, fits: Mapping[str, Scores]) -> dict[str, int]:
    """The first days that follow from the clocks, once those who are named date a component."""
    found: dict[str, int] = {}
    for offsets in clocks.components(file):
        named = {name: _named(fits[name]) for name in offsets if name in fits}
        votes = Counter(fits[name][member][1] - offsets[name]
                        for name, member in named.items() if member is not None)  # fmt: skip
        for zero, _ in votes.most_common(1):
            found |= {name: zero + offset for name, offset in offsets.items()}
    return found


def balanced(rows: dict[str, list[float]]) -> dict[str, list[float]]:
    """Nobody is more than one participant: whom many rows claim, each row believes in less."""
    for _ in range(ROUNDS):
        claims = [max(1.0, sum(column)) for column in zip(*rows.values(), strict=True)]
        for name, row in rows.items():
            shared = [one / claim for one, claim in zip(row, claims, strict=True)]
            whole = sum(shared)
            rows[name] = [one / whole for one in shared]
    return rows


def _writers(
    file: Outgoing, wall: WallRows, right: Mapping[str, int | None], truth: Truth
) -> list[str]:
    """Who wrote something that stands on the wall between enrolment and freeze."""
    wrote = wall.rows.filter(pl.col("kind") != "received")
    dates = {int(member): days for member, days in wrote.group_by("member").agg("date").iter_rows()}
    until = ordinal(file.frozen_on)
    return [
        name
        for name, member in right.items()
        if member is not None
        and any(ordinal(truth.enrolled[name]) <= day <= until for day in dates[member])
    ]
