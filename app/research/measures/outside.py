"""What measures found, as everybody may see it: all parts of an evaluation, audited together with
all that the study has released. Nothing else leaves the team.

Shares and tables of people are published one after another in the order of the catalogue, so that
what comes first is told first. Estimates and curves are no sums that could be attacked; they are
held back where the study has told the same of almost the same people, so that the difference would
tell of those few.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from app.research.measures import kept_figures, outside_tables, protected
from app.research.measures.audited import Audit
from app.research.measures.kept_figures import KeptFigures
from app.research.measures.results import (
    Curve,
    Estimate,
    MeasurePart,
    PeopleShare,
    PeopleTable,
    RoundedCounts,
)
from app.research.measures.shown_parts import (
    OUTSIDE_COUNTS_RULE,
    OUTSIDE_CURVE_RULE,
    OUTSIDE_ESTIMATE_RULE,
    Shown,
    ShownCounts,
    ShownCurve,
    ShownEstimate,
    ShownResult,
)
from app.research.protection.rules import LEAST_PERSONS

#: Why there is no figure, in words for whoever reads the report.
TOLD_BEFORE: Final = (
    f"It was told before of almost the same people, with fewer than {LEAST_PERSONS} more or fewer."
)


@dataclass(frozen=True, slots=True)
class UnprotectedResult:
    """All parts of a measure, or a sentence why there are none."""

    measure: str
    parts: tuple[MeasurePart, ...]
    why: str = ""


def protect(
    cut: str,
    found: Sequence[UnprotectedResult],
    before: Sequence[Mapping[str, Any]] = (),
    *,
    has_leavers: bool = False,
) -> tuple[list[ShownResult], dict[str, Any]]:
    """What may be seen of each measure of the dataset that was cut so, and the figures to keep for
    the audit of the next: they are exact and stay inside. `before` are those of everything that the
    study has released; cuts are in the order of their names. `has_leavers` says that somebody was
    erased since."""
    known = [kept_figures.read(one) for one in before]
    audit = Audit(
        cut,
        [
            part
            for one in found
            for part in one.parts
            if isinstance(part, PeopleShare | PeopleTable)
        ],
        [one.bases for one in known],
        has_leavers=has_leavers,
    )
    persons: dict[str, int] = {}
    results = [
        ShownResult(one.measure, list(_parts(one, audit, known, persons)), one.why) for one in found
    ]
    kept = KeptFigures(audit.kept(), persons)
    return results, kept_figures.written(kept)


def _parts(
    found: UnprotectedResult, audit: Audit, known: Sequence[KeptFigures], persons: dict[str, int]
) -> Iterator[dict[str, Any]]:
    for part in found.parts:
        name = f"{found.measure}.{part.name}"
        seen = _shown(part, audit, [one.persons[name] for one in known if name in one.persons])
        if isinstance(part, Estimate | Curve) and not seen.why:
            persons[name] = part.persons
        yield asdict(seen)


def _shown(part: MeasurePart, audit: Audit, told_of: Iterable[int]) -> Shown:
    if isinstance(part, PeopleShare):
        return outside_tables.share(part, audit.publish(part))
    if isinstance(part, PeopleTable):
        return outside_tables.table(part, audit.publish(part))
    if isinstance(part, RoundedCounts):
        return _counts(part)
    seen = protected.shown(part)
    is_close = any(0 < abs(part.persons - one) < LEAST_PERSONS for one in told_of)
    why = TOLD_BEFORE if is_close and not seen.why else seen.why
    if isinstance(seen, ShownEstimate):
        return _estimate(replace(seen, why=why))
    assert isinstance(seen, ShownCurve)  # noqa: S101 - of a curve
    points = [] if why else seen.points
    people = None if why else seen.people
    return replace(seen, points=points, people=people, why=why, rule=OUTSIDE_CURVE_RULE)


def _estimate(seen: ShownEstimate) -> ShownEstimate:
    """The number of people would be a figure that no audit has seen."""
    value, low, high = (None,) * 3 if seen.why else (seen.value, seen.low, seen.high)
    return replace(seen, value=value, low=low, high=high, people=None, rule=OUTSIDE_ESTIMATE_RULE)


def _counts(part: RoundedCounts) -> ShownCounts:
    people = [None if one is None or one < LEAST_PERSONS else one for one in part.persons]
    return ShownCounts(part.name, part.title, list(part.places), people, rule=OUTSIDE_COUNTS_RULE)
