"""What the participants answered, as rows: each response is handed in after its answers."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.demo.evaluation import tables
from app.demo.evaluation.waves import WaveResponse
from app.research.instruments import catalogue
from app.research.questionnaires import answer_values
from app.research.scoring import Answer

_RESPONSE: Final = (
    "study_id", "participant_id", "wave", "mode", "due_at", "opened_at", "saved_at", "declined_at",
    "entered_by",
)  # fmt: skip
_PART: Final = (
    "study_id", "participant_id", "wave", "instrument", "version", "language", "wording",
)  # fmt: skip
_ANSWER: Final = (
    "study_id", "participant_id", "wave", "item", "instrument", "saved_at", "value", "codes",
    "words",
)  # fmt: skip
_HAND_IN: Final = """
    UPDATE research.responses r SET done_at = r.saved_at
    FROM unnest(%(people)s::text[], %(waves)s::smallint[]) AS d (participant_id, wave)
    WHERE r.study_id = %(study)s AND r.participant_id = d.participant_id AND r.wave = d.wave
"""
#: From the first look to the last answer.
_TAKES: Final = timedelta(minutes=12)


class AnswerSheet:
    """The rows of responses in one study; whoever assists has this account."""

    def __init__(
        self, study_id: UUID, codes: Sequence[str], first_days: Sequence[datetime], helper: UUID
    ) -> None:
        self._study_id, self._codes, self._helper = study_id, codes, helper
        #: By participant: midnight, by UTC, of the day of joining.
        self._first_days = first_days

    async def write(self, session: AsyncSession, responses: Sequence[WaveResponse]) -> None:
        """All of them."""
        opened = [self._response(one) for one in responses]
        await tables.copy(session, "research.responses", _RESPONSE, opened)
        told = [one for one in responses if one.answers]
        await tables.copy(session, "research.response_parts", _PART, self._parts(told))
        await tables.copy(session, "research.answers", _ANSWER, self._answers(told))
        done = [one for one in responses if one.state == "done"]
        values = {
            "study": self._study_id,
            "people": [self._codes[one.index] for one in done],
            "waves": [one.wave for one in done],
        }
        await (await db.driver(session)).execute(_HAND_IN, values)

    def _opened_at(self, one: WaveResponse) -> datetime:
        return self._first_days[one.index] + timedelta(days=one.day, seconds=one.second)

    def _response(self, one: WaveResponse) -> tuple[Any, ...]:
        at, is_declined = self._opened_at(one), one.state == "declined"
        mode, helper = ("assisted", self._helper) if one.is_assisted else ("alone", None)
        key = (self._study_id, self._codes[one.index], one.wave)
        saved, declined = (None, at) if is_declined else (at + _TAKES, None)
        return (*key, mode, at, at, saved, declined, helper)

    def _parts(self, told: Sequence[WaveResponse]) -> Iterator[tuple[Any, ...]]:
        for one in told:
            for name in one.answers:
                words = catalogue.shipped().shipped(catalogue.shipped().versions(name)[0])
                yield (
                    *(self._study_id, self._codes[one.index], one.wave, name),
                    *(words[0].structure, words[0].language, words[0].version),
                )

    def _answers(self, told: Sequence[WaveResponse]) -> Iterator[tuple[Any, ...]]:
        for one in told:
            key, saved = (self._study_id, self._codes[one.index], one.wave), self._opened_at(one)
            for name, answers in one.answers.items():
                for item, answer in answers.items():
                    yield (*key, item, name, saved + _TAKES, *_values(answer))


def _values(answer: Answer) -> tuple[Any, ...]:
    found = answer_values.columns(answer)
    return found["value"], found["codes"], found["words"]
