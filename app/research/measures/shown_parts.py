"""Parts of a result as the team may see them, each with the rule that was applied."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.core.number_format import percent
from app.research.people_thresholds import REDACTED_UP_TO, ROUNDING
from app.research.protection.rounding import MIDPOINT_6
from app.research.protection.rules import LEAST_PERSONS, PEOPLE_RULE, SHARE_OF_TWO

ESTIMATE_RULE: Final = (
    f"Figures are told of {LEAST_PERSONS} people or more, rounded, and where they sum up what "
    f"people did, only where no one did half of it and no two did over {percent(SHARE_OF_TWO)}."
)
CURVE_RULE: Final = (
    f"Curves are drawn from counts rounded to the middle of {MIDPOINT_6.step} people, and end "
    f"where fewer than {LEAST_PERSONS} are left."
)
COUNTS_RULE: Final = (
    f"Counts of 1 to {REDACTED_UP_TO} people are withheld, and others rounded to {ROUNDING}."
)


OUTSIDE_ESTIMATE_RULE: Final = (
    f"{ESTIMATE_RULE} How many people it rests on is not told, and it is held back where this "
    f"study has told the same of 1 to {LEAST_PERSONS - 1} people more or fewer."
)
OUTSIDE_CURVE_RULE: Final = (
    f"{CURVE_RULE} A curve is held back where this study has shown the same of 1 to "
    f"{LEAST_PERSONS - 1} people more or fewer."
)
OUTSIDE_COUNTS_RULE: Final = (
    f"Counts of fewer than {LEAST_PERSONS} people are withheld, and others rounded to {ROUNDING}."
)


@dataclass(frozen=True, slots=True)
class ShownEstimate:
    """A figure, or why there is none; `people` is how many it rests on."""

    name: str
    label: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    people: int | None
    why: str
    rule: str = ESTIMATE_RULE
    kind: Literal["estimate"] = "estimate"


@dataclass(frozen=True, slots=True)
class ShownShare:
    """A share of people, from rounded counts."""

    name: str
    label: str
    people: int | None
    of: int | None
    percent: int | None
    why: str
    rule: str = PEOPLE_RULE
    kind: Literal["share"] = "share"


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of people, its totals, and what it says of whole groups."""

    name: str
    label: str
    row_title: str
    rows: list[str]
    column_title: str
    columns: list[str]
    cells: list[list[int | None]]
    row_totals: list[int | None]
    column_totals: list[int | None]
    total: int | None
    held_back: int
    flags: list[dict[str, Any]]
    why: str
    rule: str = PEOPLE_RULE
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class ShownCurve:
    """A curve by its points; none where too few people were there."""

    name: str
    label: str
    points: list[dict[str, float]]
    people: int | None
    why: str
    rule: str = CURVE_RULE
    kind: Literal["curve"] = "curve"


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """Counts of people that were rounded when the dataset was frozen; None is withheld."""

    name: str
    label: str
    places: list[str]
    people: list[int | None]
    why: str = ""
    rule: str = COUNTS_RULE
    kind: Literal["counts"] = "counts"


Shown = ShownEstimate | ShownShare | ShownTable | ShownCurve | ShownCounts


@dataclass(frozen=True, slots=True)
class ShownResult:
    """All that one measure found, or a sentence why nothing could be computed."""

    measure: str
    parts: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""
