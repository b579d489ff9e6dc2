"""The flow of participants in the full report: a drawing, and the same numbers as a table. Each was
protected, or rounded when the dataset was frozen, before it came here."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from app.core.number_format import figure
from app.research.answer_columns import STATES
from app.research.charts.figure_words import HELD_BACK, count, sentence_case
from app.research.charts.flow_steps import FlowStep
from app.research.documents.document import Block, Chart, ReportTable
from app.research.documents.figures import ReportFigure
from app.research.documents.showing import Showing

_CAPTION: Final = "Flow of participants"
_COUNTS: Final = ("looked", "consented", "stopped", "erased")
_WAVE: Final = re.compile(r"follow_up\.states_\d+")
_BEFORE_WAVE: Final = "What became of "
_DONE: Final = STATES["done"]
_NOTE: Final = (
    "Counts of 12 weeks are added up as they were rounded; where some of them are held back, the "
    "sum is without those and says “or more”. People who stopped are in the boxes they came to; "
    "those who had everything erased are in no box below them. Who missed a wave is asked at the "
    "next."
)


def blocks(showing: Showing) -> tuple[Block, ...]:
    """The drawing and its table; nothing where the dataset tells neither who joined nor a wave."""
    steps = tuple(_steps(showing))
    if not steps:
        return ()
    used = [one for one in showing.figures.values() if _is_of_flow(one)]
    titles = " and ".join(dict.fromkeys(one.title for one in used))
    source = f"{titles}, {showing.origin.line}"
    svg, narrow = showing.charts.flow(steps), showing.charts.flow(steps, is_narrow=True)
    chart = Chart(_CAPTION, _told(steps), svg, source, (), narrow or "") if svg else None
    rows = tuple(row for step in steps for row in _rows(step))
    rules = dict.fromkeys(str(one.part["rule"]) for one in used)
    note = " ".join((_NOTE, *rules))
    table = ReportTable(f"{_CAPTION}, in numbers", ("Step", "People"), rows, note, source)
    return (*((chart,) if chart else ()), table)


def _is_of_flow(one: ReportFigure) -> bool:
    names = ("reach.agreed", *(f"reach.{name}" for name in _COUNTS))
    return one.name in names or _WAVE.fullmatch(one.name) is not None


def _steps(showing: Showing) -> Iterator[FlowStep]:
    told = {name: showing.figures.get(f"reach.{name}") for name in _COUNTS}
    if looked := told["looked"]:
        yield FlowStep("Looked at the study", _summed(looked))
    if joined := told["consented"]:
        yield FlowStep("Joined", _summed(joined))
    if agreed := showing.figures.get("reach.agreed"):
        yield FlowStep(
            "In this dataset",
            count(agreed.part["of"]),
            (f"Agreed to a record of what they do: {count(agreed.part['people'])}",),
            _left(told),
        )
    for one in showing.of_measure("follow_up", "table"):
        if _WAVE.fullmatch(one.name):
            yield _wave(one)


def _left(told: Mapping[str, ReportFigure | None]) -> tuple[str, ...]:
    words = (("stopped", "Stopped"), ("erased", "Had everything erased"))
    lines = tuple(f"{said}: {_summed(one)}" for name, said in words if (one := told[name]))
    return ("Left the study, at any time since", *lines) if lines else ()


def _summed(counts: ReportFigure) -> str:
    """Counts of periods together."""
    told = [people for people in counts.part["people"] if people is not None]
    if not told:
        return HELD_BACK
    more = " or more" if len(told) < len(counts.part["people"]) else ""
    return f"about {figure(sum(told))}{more}"


def _wave(states: ReportFigure) -> FlowStep:
    wave = sentence_case(states.label.removeprefix(_BEFORE_WAVE))
    by_state = dict(zip(states.part["rows"], states.part["row_totals"], strict=True))
    done = by_state.pop(_DONE, None)
    others = tuple(f"{sentence_case(state)}: {count(people)}" for state, people in by_state.items())
    asked = f"Asked, and its time is over: {count(states.part['total'])}"
    return FlowStep(
        f"{wave}: handed in", count(done), (asked,), (f"{wave}: not handed in", *others)
    )


def _rows(step: FlowStep) -> Iterator[tuple[str, str]]:
    """In the order of the drawing; each says what it is of."""
    title, *lines = step.left or ("",)
    for line in lines:
        yield _row(title, line)
    yield step.title, step.people
    for line in step.details:
        yield _row(step.title, line)


def _row(title: str, line: str) -> tuple[str, str]:
    said, _, people = line.rpartition(": ")
    return f"{title}. {said}", people


def _told(steps: tuple[FlowStep, ...]) -> str:
    """The drawing in words."""
    rows = (row for step in steps for row in _rows(step))
    return "; ".join(f"{said}: {people}" for said, people in rows) + "."
