"""Answers on paper: one person types them, a second one types them again without seeing the first,
decides what differs against the paper, and confirms. Then there is a response."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from psycopg.types.json import Json
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.research import scoring
from app.research.errors.releases import SecondPersonError
from app.research.instruments import wording_access
from app.research.instruments.wording_access import Worded
from app.research.questionnaires import answering
from app.research.questionnaires.answering import PartAnswers
from app.research.questionnaires.entry_errors import (
    BadDayError,
    NotAgreedThenError,
    PaperTypedError,
)
from app.research.questionnaires.errors import (
    QuestionNotAskedError,
    ResponseDoneError,
    WaveNotFoundError,
)
from app.research.questionnaires.paper_comparison import settled
from app.research.questionnaires.paper_entries import Entry, of_wave
from app.research.questionnaires.respondents import Respondent
from app.research.scoring import Answer

# Of paper only the day is known, and the whole of it counts, as in `research.take_response`.
_STANDING: Final = """
    SELECT r.done_at, %(day)s > research.local_date(%(now)s) AS is_to_come, t.opens_at,
      research.local_moment(%(day)s + 1, '00:00') <= t.opens_at AS is_early,
      research.local_moment(%(day)s, '00:00') >= t.ends_at AS is_over,
      research.may_record(p.id, 'questionnaires', least(%(now)s::timestamptz,
        research.local_moment(%(day)s + 1, '00:00') - interval '1 microsecond')) AS is_agreed,
      ARRAY(SELECT i.instrument FROM research.wave_instruments i
        WHERE i.study_id = p.study_id AND i.wave = %(wave)s ORDER BY i.position) AS instruments,
      ARRAY(SELECT i.version FROM research.wave_instruments i
        WHERE i.study_id = p.study_id AND i.wave = %(wave)s ORDER BY i.position) AS versions
    FROM research.participants p
    LEFT JOIN LATERAL research.wave_times(p.study_id, %(wave)s, p.enrolled_on) t ON true
    LEFT JOIN research.responses r
      ON r.study_id = p.study_id AND r.participant_id = p.id AND r.wave = %(wave)s
    WHERE p.study_id = %(study)s AND p.id = %(id)s
"""
_KEEP: Final = """
    INSERT INTO research.paper_entries
      (study_id, participant_id, wave, entry, answered_on, answers, entered_by, entered_at)
    VALUES (%(study)s, %(id)s, %(wave)s, %(entry)s, %(day)s, %(answers)s, %(by)s, %(now)s)
    ON CONFLICT DO NOTHING
"""
_DISCARD: Final = """
    DELETE FROM research.paper_entries
    WHERE study_id = %(study)s AND participant_id = %(id)s AND wave = %(wave)s
"""
# What somebody had begun on a screen gives way to what they filled in on paper.
_CLEAR: Final = """
    DELETE FROM research.response_parts
    WHERE study_id = %(study)s AND participant_id = %(id)s AND wave = %(wave)s
"""
_MAKE: Final = """
    INSERT INTO research.responses (study_id, participant_id, wave, mode, due_at, opened_at,
      saved_at, entered_by, answered_on)
    VALUES (%(study)s, %(id)s, %(wave)s, 'paper', %(now)s, %(now)s, %(now)s, %(by)s, %(day)s)
    ON CONFLICT (study_id, participant_id, wave) DO UPDATE
      SET mode = 'paper', saved_at = excluded.saved_at, declined_at = NULL,
        entered_by = excluded.entered_by, answered_on = excluded.answered_on
"""


async def enter(
    session: AsyncSession,
    pool: db.Pool,
    respondent: Respondent,
    wave: int,
    *,
    answered_on: date,
    parts: Sequence[PartAnswers],
) -> None:
    """Keep what one person typed: as the first, or as the second, who may not be the first."""
    key = _key(respondent, wave, answered_on)
    versions = await _require_answerable(session, key)
    typed = {}
    for part in parts:
        worded = await _worded(pool, versions, part)
        kept, _ = answering.merged(worded, {}, part.answers)
        typed[part.instrument] = {
            "language": worded.wording.language,
            "wording": worded.wording.version,
            "answers": {item: _as_json(answer) for item, answer in kept.items()},
        }
    entries = await of_wave(session, respondent, wave)
    if any(one.entered_by == respondent.entered_by for one in entries):
        raise SecondPersonError("You typed this paper yourself. Someone else types it again.")
    connection = await db.driver(session)
    values = {**key, "entry": len(entries) + 1, "answers": Json(typed)}
    if len(entries) > 1 or not (await connection.execute(_KEEP, values)).rowcount:
        raise PaperTypedError


async def discard(session: AsyncSession, respondent: Respondent, wave: int) -> None:
    """Forget what was typed, so that it can be typed again: by one of those who typed it."""
    entries = await of_wave(session, respondent, wave)
    if not any(one.entered_by == respondent.entered_by for one in entries):
        raise PaperTypedError
    key = _key(respondent, wave, entries[0].reading.answered_on)
    await _require_answerable(session, key)
    connection = await db.driver(session)
    await connection.execute(_DISCARD, key)


async def confirm(
    session: AsyncSession,
    pool: db.Pool,
    respondent: Respondent,
    wave: int,
    *,
    answered_on: date | None,
    decided: Mapping[str, Answer],
) -> None:
    """Make the response of both entries and of what the second person decided."""
    entries = await of_wave(session, respondent, wave)
    if len(entries) < 2:
        raise PaperTypedError
    first, second = entries
    if second.entered_by != respondent.entered_by:
        raise SecondPersonError("Whoever typed this paper the second time confirms it.")
    found = settled(first.reading, second.reading, answered_on=answered_on, decided=decided)
    key = _key(respondent, wave, found.answered_on)
    versions = await _require_answerable(session, key)
    connection = await db.driver(session)
    await connection.execute(_CLEAR, key)
    await connection.execute(_MAKE, key)
    for part in _parts(second, first, found.answers):
        worded = await _worded(pool, versions, part)
        writes = answering.writes_of_part(key, worded, _whole(worded, part.answers))
        await answering.write(session, writes)
    await connection.execute(answering.DONE, key)


def _parts(second: Entry, first: Entry, answers: Mapping[str, Answer]) -> list[PartAnswers]:
    """What is kept of each instrument, under the words that the second person saw."""
    words = first.words | second.words
    return [
        PartAnswers(name, *words[name], {item: answers[item] for item in items if item in answers})
        for name, items in _items(first, second).items()
    ]


def _items(first: Entry, second: Entry) -> dict[str, list[str]]:
    return {
        name: [*dict.fromkeys([*first.items.get(name, []), *second.items.get(name, [])])]
        for name in first.items | second.items
    }


def _whole(worded: Worded, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answer to each question that these lead to, None where it was left empty. What was ticked
    beside the way through the paper is left out, as on a screen."""
    for item, answer in answers.items():
        answering.check(worded, item, answer)
    instrument = worded.instrument
    return {
        one.name: answers.get(one.name)
        for one in instrument.items
        if scoring.is_shown(instrument, one, answers)
    }


async def _worded(pool: db.Pool, versions: Mapping[str, int], part: PartAnswers) -> Worded:
    if part.instrument not in versions:
        raise QuestionNotAskedError(pointer="/parts")
    return await wording_access.access(
        pool,
        part.instrument,
        version=versions[part.instrument],
        language=part.language,
        wording=part.wording,
    )


async def _require_answerable(session: AsyncSession, key: dict[str, Any]) -> dict[str, int]:
    """The instruments of the wave with their versions, if it could be answered on that day."""
    (row,) = await db.fetch_within(session, _STANDING, key)
    if row["opens_at"] is None:
        raise WaveNotFoundError
    if row["done_at"] is not None:
        raise ResponseDoneError
    if row["is_to_come"]:
        raise BadDayError(pointer="/answered_on")
    if row["is_early"] or row["is_over"]:
        raise BadDayError(
            "These questions were not open for them on that day. Please check it on the paper.",
            pointer="/answered_on",
        )
    if not row["is_agreed"]:
        raise NotAgreedThenError
    return dict(zip(row["instruments"], row["versions"], strict=True))


def _as_json(answer: Answer) -> Any:
    return answer if answer is None or isinstance(answer, int | str) else sorted(answer)


def _key(respondent: Respondent, wave: int, day: date) -> dict[str, Any]:
    now = clock.now()
    return {
        "study": respondent.study_id,
        "id": respondent.participant_id,
        "wave": wave,
        "by": respondent.entered_by,
        "day": day,
        "now": now,
    }
