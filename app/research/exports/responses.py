"""What a study was told in its waves, up to a day, and the scores of it: read as the research role.

Nobody's words are read, and nothing of a wave that somebody declined.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from app.research.bands import AskedInstrument
from app.research.instruments import unit_costs, wording_access
from app.research.questionnaires import answer_values
from app.research.scoring import Answer, Scored, score

State = Literal["done", "declined", "begun", "silent", "open"]

_WAVES: Final = """
    SELECT * FROM research.wave_rows(%(study)s, %(until)s) ORDER BY participant_id, wave
"""
_ANSWERS: Final = "SELECT *, NULL AS words FROM research.given_answers(%(study)s, %(until)s)"
_REACHED: Final = "SELECT * FROM research.reached_rows(%(study)s, %(purpose)s)"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WaveRow:
    """What became of one wave for one person; days count from joining."""

    participant_id: str
    wave: int
    state: State
    mode: str | None
    language: str | None
    due_day: int
    opened_day: int | None
    saved_day: int | None
    done_day: int | None
    is_late: bool
    #: By instrument: what was answered, None where a question was skipped.
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)

    @property
    def told_on(self) -> int:
        """The day of theirs that decides whose sheet it was: of the answers, or of the asking."""
        return self.due_day if self.saved_day is None else self.saved_day


@dataclass(frozen=True, slots=True)
class Responses:
    """All waves of all people, and from which day of theirs to which one rows may leave."""

    rows: tuple[WaveRow, ...] = ()
    asked: tuple[AskedInstrument, ...] = ()
    #: By participant: of what they answered, and of what they did.
    answers_reach: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    doses_reach: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    @property
    def participants(self) -> set[str]:
        """Everyone who was asked anything."""
        return {row.participant_id for row in self.rows}

    def may_leave(self, row: WaveRow) -> bool:
        """Whether this row may leave under an agreement."""
        return is_reached(self.answers_reach, row.participant_id, row.told_on, row.told_on)

    @property
    def any_may_leave(self) -> bool:
        """Whether any of them may."""
        return any(map(self.may_leave, self.rows))


def read(
    connection: psycopg.Connection, study_id: UUID, until: date, asked: Sequence[AskedInstrument]
) -> Responses:
    """Everything that was asked and told; nothing where a study asks no questionnaires."""
    if not asked:
        return Responses()
    parameters = {"study": study_id, "until": until}
    answers: dict[tuple[str, int], dict[str, dict[str, Answer]]] = defaultdict(dict)
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(_ANSWERS, parameters):
            told = answers[row["participant_id"], row["wave"]]
            told.setdefault(row["instrument"], {})[row["item"]] = answer_values.read(row)
        rows = tuple(
            WaveRow(**row, answers=answers[row["participant_id"], row["wave"]])
            for row in cursor.execute(_WAVES, parameters).fetchall()
        )
    return Responses(
        rows,
        tuple(asked),
        _reached(connection, parameters, "questionnaires"),
        _reached(connection, parameters, "activity"),
    )


def _reached(
    connection: psycopg.Connection, parameters: dict[str, Any], purpose: str
) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for who, first, last in connection.execute(_REACHED, {**parameters, "purpose": purpose}):
        found[who].append((first, last))
    return found


def is_reached(spans: Mapping[str, Sequence[Span]], who: str, first: int, last: int) -> bool:
    """Whether a row about these days of somebody may leave: all of them lie in one span."""
    return any(start <= first and last <= end for start, end in spans.get(who, ()))


def scored(row: WaveRow, asked: Sequence[AskedInstrument]) -> dict[str, Scored]:
    """The scores of one person at one wave, by name; costs at the prices of the newest year."""
    found: dict[str, Scored] = {}
    for one in asked:
        if row.wave in one.waves:
            instrument = wording_access.find(one.name, one.version)
            told = row.answers.get(one.name, {})
            found |= score(instrument, told, unit_costs=unit_costs.newest())
    return found
