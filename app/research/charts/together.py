"""Which figures of a measure belong together in one chart."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.research.charts import directions
from app.research.charts.figure_words import Part

#: So many tables of a measure are drawn, where it has one for each score and wave.
MOST_ALONE: Final = 9
#: The wave of a figure is the group of this name in a pattern.
WAVE: Final = r"(?P<wave>\d+)"
_RIGHT_IS_MORE: Final = "Right of 0 is more, left of it is less."


@dataclass(frozen=True, slots=True)
class Together:
    """Figures of one measure that belong together, by a pattern of their parts' names."""

    pattern: str
    caption: str
    #: How the chart is read.
    note: str = ""
    #: Each is of a score, and says which way of it is good.
    is_of_scores: bool = False


def _effects_of(dose: str, words: str) -> Together:
    return Together(
        rf"(?!support).*_{dose}",
        f"Points of each score for each doubling of {words}",
        f"Among people who began alike; not an effect of it. {_RIGHT_IS_MORE}",
        is_of_scores=True,
    )


def _answered(by: str, words: str) -> Together:
    return Together(rf"{by}_\d", f"Posts that were answered{words}, by how soon")


#: Of each measure, what is shown first and then the others.
TOGETHER: Final[Mapping[str, tuple[Together, ...]]] = {
    "reach": (Together(r"joined_by_age_band", "Who joined, by age"),),
    "retention": (
        Together(
            r"retention",
            "Still taking part, by days from joining. Leaving is 28 days without an act, so "
            "nobody leaves sooner.",
        ),
    ),
    "dose": (Together(r"[a-z_]+_none", "People who did none of it"),),
    "participation_classes": (
        Together(r"classes_by_peer_support_before", "Who writes, by peer support before"),
    ),
    "balance": (Together(r"balance_by_peer_support_before", "Giving and receiving"),),
    "response": (
        _answered("any", ""),
        _answered("peer", " by peers first"),
        _answered("team", " by the team first"),
    ),
    "follow_up": (
        Together(r"follow_up_\d+", "Questionnaires handed in, of those who did the first"),
    ),
    "outcome_change": (
        Together(
            rf"(?!support).*_{WAVE}_effect",
            "Change since the first questionnaire, standardised",
            _RIGHT_IS_MORE,
            is_of_scores=True,
        ),
    ),
    "outcome_on_dose": (
        _effects_of("giving", "what people give"),
        _effects_of("receiving", "what people receive"),
        _effects_of("active_days", "the days on which people do something"),
        _effects_of("meetings", "the meetings that people come to"),
    ),
    "service_use": (Together(rf"services_.*_{WAVE}_users", "Services that people used"),),
    "adverse_experiences": (Together(r"adverse_\d+", "People who told of an adverse experience"),),
    "six_values": (Together(rf"values_[a-z_]+_score_{WAVE}_online", "The six values, met online"),),
    "consent_bias": (
        Together(r"(writers|repliers|reactors)", "What participants did in their first 12 weeks"),
    ),
}


@dataclass(frozen=True, slots=True)
class ChartParts:
    """Parts that one chart shows; it is named by the first of them."""

    name: str
    caption: str
    note: str
    parts: tuple[Part, ...]


def charts_of(measure: str, parts: Sequence[Part]) -> list[ChartParts]:
    """What may be drawn of a measure: first what is shown first, of the newest wave that tells
    anything, then the others in their order. Tables, curves and counts stand by themselves, the
    first of them: each costs a quarter of a second."""
    found = [one for way in TOGETHER.get(measure, ()) for one in _groups(way, parts)]
    grouped = {part["name"] for one in found for part in one.parts}
    alone = [_alone(part) for part in parts if _is_alone(part, grouped)]
    return [*found, *alone[:MOST_ALONE]]


def _groups(way: Together, parts: Sequence[Part]) -> Iterator[ChartParts]:
    by_wave: dict[int, list[Part]] = {}
    for part in parts:
        if match := re.fullmatch(way.pattern, part["name"]):
            told = directions.told(part) if way.is_of_scores else part
            by_wave.setdefault(int(match.groupdict().get("wave") or 0), []).append(told)
    for wave in sorted(by_wave, reverse=True):
        first, *others = by_wave[wave]
        if others or first["kind"] not in ("estimate", "share"):
            yield ChartParts(first["name"], way.caption, way.note, (first, *others))


def _is_alone(part: Part, grouped: set[str]) -> bool:
    return part["kind"] not in ("estimate", "share") and part["name"] not in grouped


def _alone(part: Part) -> ChartParts:
    return ChartParts(part["name"], part["label"], "", (part,))
