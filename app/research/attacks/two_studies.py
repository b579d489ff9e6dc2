"""Attack 5: one person in two studies, under two pseudonyms: does their record tie the two?"""

import math
from collections import Counter
from typing import Final

import polars as pl

from app.research.attacks import matching
from app.research.attacks.findings import Finding
from app.research.attacks.likelihood import SEEN
from app.research.attacks.matching import LIKE
from app.research.attacks.outgoing import FIRST_ANSWER, Outgoing, most
from app.research.attacks.wall_match import Truth, sample
from app.research.score_bands import BEGINS, ENDS

#: What is told of an act in both studies.
TOLD: Final = ("kind", "time_band", "intent", "reaction", "length_band", "has_note", "target")
ANSWERS: Final = ("tenure_band", "age_band", "area", "peer_support_before")
#: How far apart one person's two records usually lie, in logarithms of counts.
SPREAD: Final = 0.5
#: What two different answers of one person cost, in nats: people age, move, and remember anew.
CHANGED: Final = 3.0


def attack(one: Outgoing, other: Outgoing, truths: tuple[Truth, Truth]) -> Finding:
    """How many of those who are in both are linked rightly, out of all whom the other file has."""
    one = sample(one)
    truth, other_truth = truths
    there = {other_truth.members[name]: name for name in other.participants
             if name in other_truth.members}  # fmt: skip
    both = {name: there[truth.members[name]] for name in one.participants
            if truth.members.get(name) in there}  # fmt: skip
    likest = link(one, other)
    named = sum(likest.get(name) == [partner] for name, partner in both.items())
    drawn = sum(1 / len(likest[name]) for name, partner in both.items()
                if partner in likest.get(name, ()))  # fmt: skip
    by_chance = len(both) / max(1, len(other.participants))
    note = (f"in both of two studies; {len(other.participants)} people in the other; "
            f"drawing among the likest finds {drawn:.1f}")  # fmt: skip
    return Finding("two_studies", named, len(both), by_chance, note)


def link(one: Outgoing, other: Outgoing) -> dict[str, list[str]]:
    """By participant of the one, those of the other who are likest: named is who is it alone."""
    names = other.participants
    is_acts = one.kind == other.kind == "acts"
    scores = _by_acts(one, other) if is_acts else _by_bands(one, other)
    found: dict[str, list[str]] = {}
    for name, row in scores.items():
        best = max(row.values(), default=0.0)
        found[name] = [names[place] for place, score in row.items() if best - score < LIKE]
    return found


def _by_acts(one: Outgoing, other: Outgoing) -> dict[str, dict[int, float]]:
    told = [name for name in TOLD if name in one.frame.columns and name in other.frame.columns]
    number = {name: place for place, name in enumerate(other.participants)}
    acts = other.frame.select(
        candidate=pl.col("participant").replace_strict(number, return_dtype=pl.Int32),
        date=pl.col("day").cast(pl.Int32),
        mark=matching.marks(other.frame, told)["mark"],
    )
    longest = max(most(file.frame["day"]) for file in (one, other))
    over = matching.calendar(acts, first=-longest, last=longest, until=longest)
    rows = matching.marks(one.frame, told).with_columns(pl.col("day").cast(pl.Int32))
    return {
        str(name): {place: score for place, (score, _) in matching.fit(own, over).items()}
        for (name,), own in rows.group_by("participant")
    }


def _by_bands(one: Outgoing, other: Outgoing) -> dict[str, dict[int, float]]:
    """What people said about themselves and how they scored, the rarer the more, and how much they
    did."""
    both = [name for name in one.frame.columns if name in other.frame.columns]
    columns = [name for name in both if name in (*ANSWERS, *SEEN) or _is_score(name)]
    mine, theirs = _profiles(one, columns), _profiles(other, columns)
    common = {column: Counter(row[column] for row in theirs.values()) for column in columns}
    return {
        name: {
            place: sum(_alike(column, row[column], other_row[column], common[column])
                       for column in columns)
            for place, other_row in enumerate(theirs.values())
        }
        for name, row in mine.items()
    }  # fmt: skip


def _is_score(column: str) -> bool:
    return column.endswith((BEGINS, ENDS))


_Profile = dict[str, float | None]


def _profiles(file: Outgoing, columns: list[str]) -> dict[str, _Profile]:
    """By participant: the answers, and of each measure the mean of its logarithm."""
    found: dict[str, _Profile] = {}
    for (name,), rows in file.frame.sort("participant").group_by(
        "participant", maintain_order=True
    ):
        found[str(name)] = {column: _mean(file, column, rows[column].to_list())
                            for column in columns}  # fmt: skip
    return found


def _mean(file: Outgoing, column: str, codes: list[int | None]) -> float | None:
    told = [code for code in codes if code is not None and code >= FIRST_ANSWER]
    if not told:
        return None
    if column in ANSWERS or _is_score(column):
        return float(told[0])
    ranges = [file.range_of(column, code) for code in told]
    return math.fsum(math.log1p((low + (2 * low if high is None else high)) / 2)
                     for low, high in ranges) / len(ranges)  # fmt: skip


def _alike(
    column: str, own: float | None, other: float | None, common: Counter[float | None]
) -> float:
    if own is None or other is None:
        return 0.0
    if column in ANSWERS or _is_score(column):
        return math.log(common.total() / common[own]) if own == other else -CHANGED
    return -(((own - other) / SPREAD) ** 2) / 2
