"""What can be asked inside a study: fields to group and filter by, and declared measures.

Every identifier that reaches a question's statement comes from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.research.demographics import NOT_ANSWERED, AgeBand, Area, PeerSupportBefore, TenureBand
from app.research.registry import FIELDS as REGISTRY
from app.research.registry import ActivityKind

#: Periods are counted from enrolment, each of twelve weeks or between two waves.
PERIOD: Final = "period"
NOT_ANSWERED_LABEL: Final = "not answered"


class Side(StrEnum):
    """What a field tells about: a person, who has one value; the periods in which they were
    observed; an act, of which they have many."""

    PERSON = "person"
    PERIOD = "period"
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

#: The fields of acts that have a few values each; numbers are too fine to group by.
_ACTS: Final = tuple(
    Field(field.name, field.label[0].lower() + field.label[1:], Side.ACT, field.values)
    for field in REGISTRY.values()
    if field.values
)

FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for field in (
        *_ANSWERS,
        Field(PERIOD, "weeks since joining", Side.PERIOD, None),
        *_ACTS,
    )
}

_PEERS: Final = ("participant", "member")
_GIVING: Final = ("replied", "reacted")
#: What was done to something of theirs is no act of their own.
_OWN: Final = tuple(kind.value for kind in ActivityKind if kind not in ("received", "lost"))

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
            "gave", "gave something to a peer",
            "Replied, or gave a reaction, to another member who is not staff, at least once.",
            {"kind": _GIVING, "other_side": _PEERS},
        ),
        Measure(
            "received", "received something from a peer",
            "Got a reply or a reaction from another member who is not staff, at least once.",
            {"kind": ("received",), "other_side": _PEERS},
        ),
        Measure(
            "answered_within_an_hour", "got a reply within an hour",
            "Had at least one post whose first reply came in less than an hour.",
            {"kind": ("received",), "latency_band": ("under_10_minutes", "under_1_hour")},
        ),
        Measure("read", "read", "Had a post in view at least once.", {"kind": ("read",)}),
        Measure(
            "active", "did anything here",
            "At least one act of their own: posted, replied, gave, deleted or removed something, "
            "read, "
            "opened help or a content note, or took a break.",
            {"kind": _OWN},
        ),
        Measure(
            "active_on_8_days", "did anything here on 8 days or more",
            "An act of their own on at least 8 different days; in a split table, on 8 days within "
            "that group.",
            {"kind": _OWN},
            least_days=8,
            has_acts=False,
        ),
    )
}  # fmt: skip
