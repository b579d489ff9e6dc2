"""What can be asked inside a study: fields to group and filter by, and declared measures.

Every identifier that reaches a question's statement comes from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.research.about import NOT_ANSWERED, AgeBand, Area, PeerSupportBefore, TenureBand
from app.research.codebook import FILES

#: Periods are counted from enrolment, each of twelve weeks.
PERIOD: Final = "period"
PERIOD_DAYS: Final = 84
NOT_ANSWERED_LABEL: Final = "not answered"


class Side(StrEnum):
    """What a field tells about: a person, who has one value; an act, of which they have many."""

    PERSON = "person"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Field:
    """A field to group or filter by. `values` is None where they are counted, as periods are."""

    name: str
    label: str
    side: Side
    values: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Measure:
    """Whom a question counts: people with at least one act of these, on so many days."""

    name: str
    #: Goes on from "people who …".
    label: str
    definition: str
    conditions: dict[str, tuple[str, ...]]
    least_days: int = 1
    has_acts: bool = True


def _spelled(words: Iterable[str]) -> dict[str, str]:
    return {str(word): str(word).replace("_", " ") for word in words}


def _place(area: Area) -> str:
    """An area as it is written."""
    small = {"of", "and"}
    words = area.split("_")
    return " ".join(word if word in small else word.capitalize() for word in words)


_SKIPPED: Final = {NOT_ANSWERED: NOT_ANSWERED_LABEL}

_ANSWERS: Final = (
    Field("tenure_band", "time as a member before joining", Side.PERSON, _spelled(TenureBand)),
    Field("age_band", "age", Side.PERSON, _spelled(AgeBand) | _SKIPPED),
    Field("area", "area", Side.PERSON, {str(one): _place(one) for one in Area} | _SKIPPED),
    Field(
        "peer_support_before",
        "peer support before",
        Side.PERSON,
        _spelled(PeerSupportBefore) | _SKIPPED,
    ),
)

_ACTS: Final = tuple(
    Field(column.name, column.name.replace("_", " "), Side.ACT, column.values)
    for column in FILES["activities"]
    if column.values
)

FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for field in (
        *_ANSWERS,
        Field(PERIOD, "twelve weeks since joining", Side.ACT, None),
        *_ACTS,
    )
}

_GIVING: Final = ("replied", "reacted")
_OWN: Final = ("published", *_GIVING)

#: Everyone in the study; the one measure that needs no act.
TAKING_PART: Final = "taking_part"

MEASURES: Final[dict[str, Measure]] = {
    measure.name: measure
    for measure in (
        Measure(
            TAKING_PART,
            "take part",
            "Everyone who ever agreed to a record of what they do, also if they have stopped "
            "since, but nobody who was erased.",
            {},
            has_acts=False,
        ),
        Measure(
            "posted", "posted", "Published at least one post of their own.",
            {"kind": ("published",)},
        ),
        Measure(
            "replied", "replied", "Replied to a post or to a reply at least once.",
            {"kind": ("replied",)},
        ),
        Measure(
            "gave", "gave something", "Replied or gave a reaction at least once.",
            {"kind": _GIVING},
        ),
        Measure(
            "received", "received something",
            "Was replied to or given a reaction at least once.",
            {"kind": ("received",)},
        ),
        Measure(
            "read", "read", "Had a post in view at least once.", {"kind": ("read",)},
        ),
        Measure(
            "active", "did something", "Posted, replied or gave a reaction at least once.",
            {"kind": _OWN},
        ),
        Measure(
            "active_on_8_days", "did something on 8 days or more",
            "Posted, replied or gave a reaction on at least 8 different days, in each group of the "
            "table by itself.",
            {"kind": _OWN},
            least_days=8,
            has_acts=False,
        ),
    )
}  # fmt: skip
