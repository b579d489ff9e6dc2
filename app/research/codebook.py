"""What each column of a dataset means. Writers, verification and the codebook file read this."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.core.number_format import figure
from app.research import answer_columns, inside_columns, score_bands
from app.research.bands import (
    ANSWERS,
    MEASURES,
    OBSERVABLE,
    Options,
    Range,
)
from app.research.codebook_columns import Column, special
from app.research.demographics import AgeBand, Area, PeerSupportBefore, TenureBand
from app.research.registry import FIELDS
from app.research.schedule import Schedule
from app.research.score_bands import BEGINS, ENDS, ScoreBands
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE, SPECIAL, WITHHELD

#: Stand in place of a counterpart's code: everyone outside the file; and where there is none.
OTHERS: Final = "OTHERS"
NONE: Final = "NONE"


def _spoken(ends: Range) -> str:
    low, high = ends
    if high is None:
        return f"{figure(low)} or more"
    if low == high:
        return "none" if low == 0 else f"all {low}"
    return f"{low} or {high}" if high == low + 1 else f"{low} to {high}"


def _ranges(ranges: Mapping[int, Range]) -> dict[int | str, str]:
    return {
        code: SPECIAL[WITHHELD] if code == WITHHELD else _spoken(ends)
        for code, ends in ranges.items()
    }


_LABELS: Final[dict[str, tuple[str, Iterable[str]]]] = {
    "area": ("Region or nation of the United Kingdom", Area),
    "age_band": ("Age at joining the study", AgeBand),
    "tenure_band": ("How long they had been a member when they joined the study", TenureBand),
    "peer_support_before": (
        "Whether they had known peer support before this community",
        PeerSupportBefore,
    ),
}
_PERSON: Final = Column("participant", "text", "Pseudonym, random, for this study only")
_PERIOD: Final = Column("period", "integer", "Period of 12 weeks since they joined the study; 1 …")
#: Of a score in bands.
_NO_SCORE: Final = "no score: not asked, not enough answered, or left out as too few have one"
#: Where each band of days observed begins, in shares of a period.
_SHARES: Final = ("none", "a third", "two thirds", "all")


def answer(name: str) -> Column:
    """The column of an answer about oneself."""
    label, words = _LABELS[name]
    values: dict[int | str, str] = {
        code: word.replace("_", " ") for code, word in enumerate(words, start=1)
    }
    return Column(name, "integer", label, values | special(WITHHELD, NOT_ANSWERED))


def _periods(options: Options) -> tuple[Column, ...]:
    # Whoever agreed to questionnaires alone has rows in which nothing was counted.
    uncounted = special(NOT_APPLICABLE) if options.scores else {}
    measures = [
        Column(one.name, "integer", one.label, _ranges(one.ranges) | uncounted)
        for one in reversed(MEASURES.values())
        if one.name in options.columns
    ]
    period, observed = _periods_of(options.schedule, options.periods)
    observed = replace(observed, values={**observed.values, **uncounted})
    scores = [column for one in score_bands.chosen(options) for column in _score(one)]
    answers = [answer(name) for name in reversed(ANSWERS) if name in options.answers]
    return (_PERSON, period, observed, *measures, *scores, *answers)


def _score(one: ScoreBands) -> Iterator[Column]:
    """A score in bands at the wave that begins a period, and at the one that ends it."""
    values: dict[int | str, str] = {
        code: SPECIAL[WITHHELD] if code == WITHHELD else _steps(one, low, high)
        for code, (low, high) in one.levels.items()
    }
    values[NOT_APPLICABLE] = _NO_SCORE
    for ending, when in ((BEGINS, "begins"), (ENDS, "ends")):
        label = f"{one.label}, at the wave with which the period {when}"
        yield Column(one.name + ending, "integer", label, values)


def _steps(one: ScoreBands, low: int, high: int) -> str:
    first, last = one.names[low - 1], one.names[high - 1]
    return first if low == high else f"{first} to {last}"


def _periods_of(schedule: Schedule, most: int | None = None) -> tuple[Column, Column]:
    """The period, and on how many of its days somebody could be observed; of no more than `most`
    periods, where a file tells fewer than there are."""
    if schedule.last is None:
        label, ranges = OBSERVABLE.label, _ranges(OBSERVABLE.ranges)
        return _PERIOD, Column(OBSERVABLE.name, "integer", label, ranges)
    spoken: dict[int | str, str] = {
        period: f"{schedule.spoken(period)}: from wave {period} to wave {period + 1}"
        for period in range(1, min(schedule.last, most or schedule.last) + 1)
    }
    return (
        Column("period", "integer", "Period between two waves since they joined the study", spoken),
        Column(
            OBSERVABLE.name,
            "integer",
            "On which share of the period's days their activity could be recorded",
            {
                code: SPECIAL[WITHHELD] if code == WITHHELD else _share(*ends)
                for code, ends in OBSERVABLE.levels.items()
            },
        ),
    )


def _share(low: int, high: int) -> str:
    """From one band to another, in words: `a third or more, but not all`."""
    least = "" if low == 1 else f"{_SHARES[low - 1]} or more"
    if high == len(_SHARES):
        return least if low < high else _SHARES[high - 1]
    most = "not all" if high == len(_SHARES) - 1 else f"less than {_SHARES[high]}"
    return f"{least}, but {most}" if least else most


def _counted(name: str, label: str) -> Column:
    return Column(name, "integer", label, special(WITHHELD))


_FLOW: Final = (
    Column("period", "integer", "Period of 12 weeks since the study opened; 1 …"),
    _counted("looked", "People who looked at the study for the first time, rounded to 5"),
    _counted("consented", "People who joined, rounded to 5"),
    _counted("stopped", "People who stopped and did not come back, rounded to 5"),
    _counted("erased", "People who stopped and had everything erased, rounded to 5"),
)
_WAVE_FLOW: Final = (
    _counted("asked", "People for whom the wave opened while they agreed, rounded to 5"),
    _counted("done", "Of these, who handed it in, rounded to 5"),
    _counted("late", "Of these, who did so after its window, rounded to 5"),
    _counted("declined", "Who said: not this time, rounded to 5"),
    _counted("begun", "Who answered something and did not hand it in, rounded to 5"),
    _counted("silent", "Who answered nothing by the end of its time, rounded to 5"),
)
_COMMUNITY: Final = (
    Column("period", "integer", "Period of 12 weeks since the study opened; 1 …"),
    _counted("members", "All members at its end, rounded to 5"),
    _counted("writers", "Members who published a post, rounded to 5"),
    _counted("repliers", "Members who replied to someone else, rounded to 5"),
    _counted("reactors", "Members who gave a reaction, rounded to 5"),
    _counted("posts", "Posts that stand, rounded to 10; withheld with fewer than 10 writers"),
    _counted("replies", "Replies that stand, rounded to 10; withheld with fewer than 10 repliers"),
    _counted("reactions", "Reactions that stand, rounded to 10; withheld with fewer than 10"),
)

#: Fields of an act that are counts, not codes.
NUMBERS: Final = ("ordinal", "session", "seconds")
#: Coded fields of an act, in the order of the file; those that an author may leave unsaid.
CODED: Final = (
    "time_band", "kind", "actor_role", "other_side", "target", "intent", "reaction", "length_band",
    "has_note", "latency_band",
)  # fmt: skip
UNSAID: Final = {"intent": "published", "latency_band": "received"}


def code_of(name: str) -> dict[str, int]:
    """The number of each value of a field, in the order of the registry."""
    return {value: code for code, value in enumerate(FIELDS[name].values, start=1)}


def _coded(name: str) -> Column:
    values: dict[int | str, str] = {
        code_of(name)[value]: label for value, label in FIELDS[name].values.items()
    }
    return Column(
        name, "integer", FIELDS[name].label, values | special(NOT_ANSWERED, NOT_APPLICABLE)
    )


_ACTS: Final = (
    _PERSON,
    Column("day", "integer", FIELDS["day"].label),
    *(_coded(name) for name in CODED),
    Column(
        "counterpart",
        "text",
        "The other person, when they are in this file too",
        {OTHERS: "someone who is not in this file", NONE: "there is no other person"},
    ),
    *(
        Column(name, "integer", FIELDS[name].label, special(NOT_APPLICABLE))
        for name in NUMBERS
    ),
)  # fmt: skip


def columns(file: str, options: Options) -> tuple[Column, ...]:
    """The columns of a file, in order."""
    makers: dict[str, Callable[[], tuple[Column, ...]]] = {
        "periods": lambda: _periods(options),
        "responses": lambda: answer_columns.responses(_PERSON, options),
        "scores": lambda: answer_columns.scores(_PERSON, options),
        "doses": lambda: answer_columns.doses(_PERSON, _periods_of(options.schedule)[0]),
        "wave_flow": lambda: (answer_columns.wave(options), *_WAVE_FLOW),
    }
    if file in makers:
        return makers[file]()
    if file in inside_columns.FILES:
        return inside_columns.columns(file, _PERSON)
    return {"flow": _FLOW, "community": _COMMUNITY, "acts": _ACTS}[file]


HEADER: Final = ("file", "column", "type", "label", "value", "value_label")


def as_rows(files: Iterable[str], options: Options) -> Iterator[tuple[str, ...]]:
    """The codebook as a plain table: a row a column, and a row each of its values."""
    for file in files:
        for column in columns(file, options):
            yield file, column.name, column.type, column.label, "", ""
            for value, label in column.values.items():
                yield file, column.name, column.type, column.label, str(value), label


def as_tree(files: Iterable[str], options: Options) -> dict[str, list[dict[str, object]]]:
    """The codebook as JSON holds it."""
    return {
        file: [
            {
                "name": column.name,
                "type": column.type,
                "label": column.label,
                "values": {str(value): label for value, label in column.values.items()},
            }
            for column in columns(file, options)
        ]
        for file in files
    }
