"""Answering a wave: each answer is kept at once, until it is done, declined or over.

What is sent is checked as one: answers that don't fit, or to questions that they don't lead to, are
refused and nothing of them is kept. An answer that an earlier one has made pointless is taken away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.research import scoring
from app.research.instruments import wording_access
from app.research.instruments.wording_access import Worded
from app.research.questionnaires import answer_values
from app.research.questionnaires.errors import (
    AnswerNotPossibleError,
    NotAgreedError,
    QuestionNotAskedError,
    ResponseDoneError,
    WaveNotFoundError,
    WaveNotOpenError,
)
from app.research.questionnaires.respondents import Respondent
from app.research.scoring import Answer, Answers

_STATE: Final = """
    SELECT t.opens_at, t.closes_at, t.ends_at, r.opened_at, r.saved_at, r.done_at, r.declined_at,
      research.may_record(p.id, 'questionnaires', %(now)s) AS is_agreed,
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
_SAVED: Final = """
    SELECT item, instrument, value, codes, words FROM research.answers
    WHERE study_id = %(study)s AND participant_id = %(id)s AND wave = %(wave)s
"""
# Who answers after all has not declined.
_TOUCH: Final = """
    INSERT INTO research.responses (study_id, participant_id, wave, mode, due_at, opened_at,
      saved_at, entered_by)
    VALUES (%(study)s, %(id)s, %(wave)s, %(mode)s, %(now)s, %(now)s, %(saved)s, %(by)s)
    ON CONFLICT (study_id, participant_id, wave) DO UPDATE
      SET saved_at = coalesce(excluded.saved_at, responses.saved_at), declined_at = NULL,
        mode = CASE excluded.mode WHEN 'alone' THEN responses.mode ELSE excluded.mode END,
        entered_by = coalesce(excluded.entered_by, responses.entered_by)
"""
_PART: Final = """
    INSERT INTO research.response_parts
      (study_id, participant_id, wave, instrument, version, language, wording)
    VALUES (%(study)s, %(id)s, %(wave)s, %(instrument)s, %(version)s, %(language)s, %(wording)s)
    ON CONFLICT DO NOTHING
"""
_KEEP: Final = """
    INSERT INTO research.answers
      (study_id, participant_id, wave, item, instrument, value, codes, words, saved_at)
    VALUES (%(study)s, %(id)s, %(wave)s, %(item)s, %(instrument)s, %(value)s, %(codes)s, %(words)s,
      %(now)s)
    ON CONFLICT (study_id, participant_id, wave, item) DO UPDATE
      SET value = excluded.value, codes = excluded.codes, words = excluded.words,
        saved_at = excluded.saved_at
"""
_TAKE_AWAY: Final = """
    DELETE FROM research.answers WHERE study_id = %(study)s AND participant_id = %(id)s
      AND wave = %(wave)s AND item = ANY (%(items)s)
"""
DONE: Final = """
    UPDATE research.responses SET done_at = %(now)s, declined_at = NULL
    WHERE study_id = %(study)s AND participant_id = %(id)s AND wave = %(wave)s
"""
_DECLINE: Final = """
    INSERT INTO research.responses
      (study_id, participant_id, wave, mode, due_at, opened_at, declined_at, entered_by)
    VALUES (%(study)s, %(id)s, %(wave)s, %(mode)s, %(now)s, %(now)s, %(now)s, %(by)s)
    ON CONFLICT (study_id, participant_id, wave) DO UPDATE SET declined_at = excluded.declined_at
"""

#: A statement with its values.
Write = tuple[LiteralString, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PartAnswers:
    """What is sent of one instrument: answers by item, None for one that was skipped, and which
    words stood above them."""

    instrument: str
    language: str
    wording: int
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class WaveState:
    """How a wave stands with one participant now."""

    opens_at: datetime
    closes_at: datetime
    ends_at: datetime
    opened_at: datetime | None
    saved_at: datetime | None
    done_at: datetime | None
    declined_at: datetime | None
    is_agreed: bool
    #: Names and versions of what it asks, in that order.
    instruments: tuple[tuple[str, int], ...]

    def require_open(self, now: datetime) -> None:
        """Raises why nothing can be kept now."""
        if not self.is_agreed:
            raise NotAgreedError
        if self.done_at is not None:
            raise ResponseDoneError
        if not self.opens_at <= now < self.ends_at:
            raise WaveNotOpenError(self.opens_at)


async def state(session: AsyncSession, respondent: Respondent, wave: int) -> WaveState:
    """How it stands; raises WaveNotFoundError."""
    return _state(await db.fetch_within(session, _STATE, _key(respondent, wave)))


def _state(rows: Sequence[DictRow]) -> WaveState:
    if not rows or rows[0]["opens_at"] is None:
        raise WaveNotFoundError
    (row,) = rows
    asked = tuple(zip(row.pop("instruments"), row.pop("versions"), strict=True))
    return WaveState(instruments=asked, **row)


async def _state_and_saved(
    session: AsyncSession, respondent: Respondent, wave: int
) -> tuple[WaveState, dict[str, Answer]]:
    """How it stands, and every answer that is kept, by item; None for one that was skipped."""
    key = _key(respondent, wave)
    connection = await db.driver(session)
    standing, saved = (connection.cursor(row_factory=dict_row) for _ in range(2))
    async with connection.pipeline():
        await standing.execute(_STATE, key)
        await saved.execute(_SAVED, key)
    found = _state(await standing.fetchall())
    return found, {row["item"]: answer_values.read(row) for row in await saved.fetchall()}


async def open_(session: AsyncSession, respondent: Respondent, wave: int) -> None:
    """They have begun to look at the questions. Again changes nothing."""
    key = await _open_key(session, respondent, wave)
    connection = await db.driver(session)
    await connection.execute(_TOUCH, {**key, "saved": None})


async def save(
    session: AsyncSession,
    pool: db.Pool,
    respondent: Respondent,
    wave: int,
    parts: Sequence[PartAnswers],
) -> None:
    """Keep these answers. Sent again they change nothing; of two the later counts."""
    standing, before = await _state_and_saved(session, respondent, wave)
    now = clock.now()
    standing.require_open(now)
    versions = dict(standing.instruments)
    key = {**_key(respondent, wave), "now": now, "saved": now}
    writes: list[Write] = [(_TOUCH, key)]
    for part in parts:
        if part.instrument not in versions:
            raise QuestionNotAskedError(pointer="/parts")
        worded = await wording_access.access(
            pool,
            part.instrument,
            version=versions[part.instrument],
            language=part.language,
            wording=part.wording,
        )
        kept, gone = merged(worded, before, part.answers)
        writes += writes_of_part(key, worded, kept)
        if gone:
            writes.append((_TAKE_AWAY, {**key, "items": gone}))
    await write(session, writes)


async def write(session: AsyncSession, writes: Sequence[Write]) -> None:
    """Send statements in one go: somebody waits after each tap, and most answers need three."""
    connection = await db.driver(session)
    async with connection.pipeline():
        for statement, values in writes:
            await connection.execute(statement, values)


def writes_of_part(key: dict[str, Any], worded: Worded, answers: Answers) -> list[Write]:
    """What writes checked answers to one instrument into the response of `key`."""
    named = {
        "instrument": worded.instrument.name,
        "version": worded.instrument.version,
        "language": worded.wording.language,
        "wording": worded.wording.version,
    }
    kept = [
        (_KEEP, {**key, **named, "item": item, **answer_values.columns(answer)})
        for item, answer in answers.items()
    ]
    return [(_PART, {**key, **named}), *kept]


def merged(
    worded: Worded, before: Answers, sent: Mapping[str, Answer]
) -> tuple[dict[str, Answer], list[str]]:
    """What to keep of what was sent, and which kept answers these have made pointless. Pure;
    raises AnswerNotPossibleError or QuestionNotAskedError with the item."""
    instrument = worded.instrument
    for name, answer in sent.items():
        check(worded, name, answer)
    own = {one.name for one in instrument.items}
    after = {name: answer for name, answer in before.items() if name in own} | dict(sent)
    asked = {one.name for one in instrument.items if scoring.is_shown(instrument, one, after)}
    for name, answer in sent.items():
        if name not in asked and answer is not None:
            raise QuestionNotAskedError(pointer=f"/answers/{name}")
    kept = {name: answer for name, answer in sent.items() if name in asked}
    return kept, [name for name in before if name in own and name not in asked]


def check(worded: Worded, name: str, answer: Answer) -> None:
    """Raises AnswerNotPossibleError or QuestionNotAskedError with the item."""
    try:
        scoring.check(worded.instrument, name, answer)
    except scoring.BadAnswerError as error:
        if name not in worded.wording.items:
            raise QuestionNotAskedError(pointer=f"/answers/{name}") from error
        raise AnswerNotPossibleError(pointer=f"/answers/{name}") from error


async def finish(session: AsyncSession, respondent: Respondent, wave: int) -> None:
    """Hand everything in; from then on it stays. Again changes nothing."""
    standing = await state(session, respondent, wave)
    if standing.done_at is not None:
        return
    key = await _open_key(session, respondent, wave)
    connection = await db.driver(session)
    await connection.execute(_TOUCH, {**key, "saved": None})
    await connection.execute(DONE, key)


async def decline(session: AsyncSession, respondent: Respondent, wave: int) -> None:
    """Not this time: nothing reminds of it any more. What was answered is kept, and answering
    after all takes it back."""
    key = await _open_key(session, respondent, wave)
    connection = await db.driver(session)
    await connection.execute(_DECLINE, key)


async def _open_key(session: AsyncSession, respondent: Respondent, wave: int) -> dict[str, Any]:
    """What its statements take, once it is sure that something can be kept now."""
    standing = await state(session, respondent, wave)
    now = clock.now()
    standing.require_open(now)
    return {**_key(respondent, wave), "now": now}


def _key(respondent: Respondent, wave: int) -> dict[str, Any]:
    return {
        "study": respondent.study_id,
        "id": respondent.participant_id,
        "wave": wave,
        "mode": respondent.mode.value,
        "by": respondent.entered_by,
        "now": clock.now(),
    }
