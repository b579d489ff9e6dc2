"""Rows of answers, scores and doses: what stands inside a dataset exactly, and leaves only by an
agreement. A column says of each row whether it may leave then."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

import polars as pl

from app.research import answer_columns
from app.research.answer_columns import (
    CLUSTERS,
    MEETING_MINUTES,
    NO_LANGUAGE,
    SESSIONS,
    STATES,
)
from app.research.bands import MEASURES, OBSERVED, AskedInstrument, Options
from app.research.exports.responses import Responses, WaveRow, is_reached, scored
from app.research.exports.schemas import MAY_LEAVE
from app.research.instruments.structure import Instrument, Item, ItemKind
from app.research.people_thresholds import rounded
from app.research.period_file import PERIOD, PERSON, WAVE
from app.research.questionnaire_models import ResponseMode
from app.research.score_bands import chosen, of_score
from app.research.scoring import Scored, shown
from app.research.special_codes import DECLINED, NOT_ANSWERED, NOT_APPLICABLE, NOT_REACHED

Cell = int | float | str
Record = dict[str, Cell]

_STATE_CODES: Final = {state: code for code, state in enumerate(STATES, start=1)}
_MODE_CODES: Final = {str(mode): code for code, mode in enumerate(ResponseMode, start=1)}


def responses(found: Responses, options: Options) -> Iterator[Record]:
    """A row a person and wave: what became of it, and each answer."""
    questions = [(one, item) for one, item, _ in answer_columns.items(options)]
    asked = _asked(found.asked)
    for row in found.rows:
        record: Record = {
            **_key(row),
            "mode": _MODE_CODES.get(row.mode or "", NOT_APPLICABLE),
            "language": row.language or NO_LANGUAGE,
            "is_late": int(row.is_late),
            "due_day": row.due_day,
            "opened_day": _day(row.opened_day),
            "saved_day": _day(row.saved_day),
            "done_day": _day(row.done_day),
        }
        for one, item in questions:
            record |= _item(row, one, item, is_asked=row.wave in asked.get(one.name, ()))
        yield record | {MAY_LEAVE: int(found.may_leave(row))}


def scores(found: Responses, options: Options) -> Iterator[Record]:
    """A row a person and wave: each score, from how many answers, and its step."""
    every = answer_columns.all_scores(options)
    asked = _asked(found.asked)
    for row in found.rows:
        record = _key(row)
        told = scored(row, found.asked)
        for score, one in every:
            is_asked = row.wave in asked.get(one.name, ())
            value = _value(row, told.get(score.name), is_asked=is_asked)
            record[score.name] = value
            record[f"{score.name}_n"] = told[score.name].answered if score.name in told else 0
            if score.bands:
                step = of_score(score).code(value) if value >= 0 else int(value)
                record[f"{score.name}_b"] = step
        yield record | {MAY_LEAVE: int(found.may_leave(row))}


def doses(counts: pl.DataFrame, found: Responses, options: Options) -> pl.DataFrame:
    """A row a person and period: exactly what was counted in it."""
    starts = options.schedule.first_day
    reached = [
        int(is_reached(found.doses_reach, who, starts(period), starts(period + 1) - 1))
        for who, period in counts.select(PERSON, PERIOD).iter_rows()
    ]
    measures = [one.name for one in reversed(MEASURES.values())]
    columns = [OBSERVED, SESSIONS, *measures, MEETING_MINUTES, *CLUSTERS]
    return counts.select(PERSON, PERIOD, *columns).with_columns(
        pl.Series(MAY_LEAVE, reached, pl.Int32)
    )


def flow(found: Responses) -> list[Record]:
    """A row a wave: how many were asked, and what they did, rounded."""
    waves = sorted({number for one in found.asked for number in one.waves})
    return [
        {WAVE: wave, **_flow([row for row in found.rows if row.wave == wave])} for wave in waves
    ]


def _flow(rows: Sequence[WaveRow]) -> Record:
    states = Counter(row.state for row in rows)
    late = sum(row.state == "done" and row.is_late for row in rows)
    told = {"asked": len(rows), "done": states["done"], "late": late}
    told |= {state: states[state] for state in ("declined", "begun", "silent")}
    return {name: rounded(people) for name, people in told.items()}


def told_bands(found: Responses, options: Options) -> pl.DataFrame:
    """The chosen scores in bands: a row a person and wave with any, null where there is none."""
    bands = chosen(options)
    rows = []
    for row in found.rows:
        told = scored(row, found.asked) if bands and row.answers else {}
        codes = {one.name: _band(one.code, told.get(one.name)) for one in bands}
        if any(code is not None for code in codes.values()):
            rows.append({PERSON: row.participant_id, WAVE: row.wave, **codes})
    names = [one.name for one in bands]
    return pl.DataFrame(
        rows,
        schema={PERSON: pl.String, WAVE: pl.Int32, **dict.fromkeys(names, pl.Int16)},
        orient="row",
    )


def _band(code: Callable[[float], int], told: Scored | None) -> int | None:
    return None if told is None or told.value is None else code(told.value)


def _asked(asked: Sequence[AskedInstrument]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in asked:
        found.setdefault(one.name, set()).update(one.waves)
    return found


def _key(row: WaveRow) -> Record:
    return {PERSON: row.participant_id, WAVE: row.wave, "state": _STATE_CODES[row.state]}


def _day(day: int | None) -> int:
    return NOT_APPLICABLE if day is None else day


def _item(row: WaveRow, one: Instrument, item: Item, *, is_asked: bool) -> Record:
    answer = row.answers.get(one.name, {}).get(item.name)
    missing = _missing(row, one, item, is_asked=is_asked)
    if item.kind is not ItemKind.SEVERAL:
        return {item.name: answer if isinstance(answer, int) else missing}
    given = answer if isinstance(answer, Collection) else None
    return {
        answer_columns.several(item, code): missing if given is None else int(code in given)
        for code in one.codes(item)
    }


def _missing(row: WaveRow, one: Instrument, item: Item, *, is_asked: bool) -> int:
    """Why there is no answer."""
    told = row.answers.get(one.name, {})
    if not is_asked:
        return NOT_APPLICABLE
    if row.state == "declined":
        return DECLINED
    if item.name in told:
        return NOT_ANSWERED
    is_shown = shown(one, item, told)
    if row.state == "done":
        return NOT_ANSWERED if is_shown else NOT_APPLICABLE
    return NOT_APPLICABLE if is_shown is False else NOT_REACHED


def _value(row: WaveRow, told: Scored | None, *, is_asked: bool) -> float:
    """A score, or why there is none."""
    if told is None or not is_asked:
        return float(NOT_APPLICABLE)
    if told.value is not None:
        return told.value
    if row.state == "declined":
        return float(DECLINED)
    is_begun = row.state == "done" or told.answered > 0
    return float(NOT_ANSWERED if is_begun else NOT_REACHED)
