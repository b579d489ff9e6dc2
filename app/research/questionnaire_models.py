"""Tables of questionnaires: what a study asks in which wave, who answered what, what was sent."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    SmallInteger,
    Text,
    Time,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from app.core.ids import random_id
from app.core.table_base import one_of
from app.research.models import moment, of_study, pseudonym, words

_SCHEMA: Final = {"schema": "research"}
_RESPONSE: Final = ("study_id", "participant_id", "wave")


class ResponseMode(StrEnum):
    """How somebody answered."""

    ALONE = "alone"
    #: Someone of the team asked and wrote down.
    ASSISTED = "assisted"
    #: On paper, entered twice.
    PAPER = "paper"


class PartOfDay(StrEnum):
    """When invitations come, by the programme's clock."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def _small(*, is_key: bool = False) -> Column[int]:
    return Column(SmallInteger, primary_key=is_key, nullable=False, autoincrement=False)


def _wave_of_study(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["study_id", "wave"],
        ["research.waves.study_id", "research.waves.number"],
        name=f"fk_{table}_study_id_wave_waves",
    )


class QuestionPlan(SQLModel, table=True):
    """How a study asks: how long a wave is open, what comes late, how often it reminds."""

    __tablename__ = "question_plans"
    __table_args__ = (
        CheckConstraint("window_days BETWEEN 3 AND 56", name="window_days"),
        CheckConstraint("late_days BETWEEN 0 AND 28", name="late_days"),
        CheckConstraint(
            "reminders BETWEEN 0 AND 3 AND reminder_days BETWEEN 3 AND 28"
            " AND reminders * reminder_days < window_days",
            name="reminders",
        ),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True, foreign_key="research.studies.id")
    #: The time of day at which a wave opens, on the programme's clock.
    opens_at: time = Field(sa_column=Column(Time, nullable=False))
    window_days: int = Field(sa_column=_small())
    #: So long after its window an answer is still taken, and marked as late.
    late_days: int = Field(sa_column=_small())
    #: How many reminders follow an invitation, at most, and how many days apart.
    reminders: int = Field(sa_column=_small())
    reminder_days: int = Field(sa_column=_small())


class WaveInstrument(SQLModel, table=True):
    """An instrument that a wave asks, in the version it uses. Planned with the study."""

    __tablename__ = "wave_instruments"
    __table_args__ = (
        UniqueConstraint("study_id", "wave", "instrument", name="uq_wave_instruments_instrument"),
        _wave_of_study("wave_instruments"),
        CheckConstraint("position BETWEEN 1 AND 20 AND version >= 1", name="position"),
        _SCHEMA,
    )

    study_id: UUID = Field(
        sa_column=Column(ForeignKey("research.question_plans.study_id"), primary_key=True)
    )
    wave: int = Field(sa_column=_small(is_key=True))
    position: int = Field(sa_column=_small(is_key=True))
    instrument: str = Field(sa_column=words())
    version: int = Field(sa_column=_small())


class Response(SQLModel, table=True):
    """What one participant did with one wave, with its times. Done, it never changes."""

    __tablename__ = "responses"
    __table_args__ = (
        of_study("participant_id", "responses"),
        _wave_of_study("responses"),
        CheckConstraint(one_of("mode", ResponseMode), name="mode"),
        CheckConstraint(
            "(mode = 'alone') = (entered_by IS NULL)"
            " AND (mode = 'paper') = (answered_on IS NOT NULL)",
            name="entered",
        ),
        CheckConstraint("num_nonnulls(done_at, declined_at) <= 1", name="ended"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    wave: int = Field(sa_column=_small(is_key=True))
    mode: ResponseMode = Field(sa_column=words())
    #: When the wave opened for them: the database's own reckoning.
    due_at: datetime = Field(sa_column=moment())
    opened_at: datetime = Field(sa_column=moment())
    saved_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    declined_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    #: The first moment after its window in which something was saved.
    late_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    #: The account that asked, or confirmed what stood on paper.
    entered_by: UUID | None = None
    #: The day written on the paper.
    answered_on: date | None = None


class ResponsePart(SQLModel, table=True):
    """One instrument of a response: in which language and version its words were read."""

    __tablename__ = "response_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            _RESPONSE,
            [f"research.responses.{name}" for name in _RESPONSE],
            name="fk_response_parts_responses",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["study_id", "wave", "instrument"],
            [
                "research.wave_instruments.study_id",
                "research.wave_instruments.wave",
                "research.wave_instruments.instrument",
            ],
            name="fk_response_parts_wave_instruments",
        ),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    wave: int = Field(sa_column=_small(is_key=True))
    instrument: str = Field(sa_column=Column(Text, primary_key=True))
    version: int = Field(sa_column=_small())
    language: str = Field(sa_column=words())
    wording: int = Field(sa_column=_small())


class ItemAnswer(SQLModel, table=True):
    """The answer to one item; with nothing in it, the item was skipped."""

    __tablename__ = "answers"
    __table_args__ = (
        ForeignKeyConstraint(
            [*_RESPONSE, "instrument"],
            [f"research.response_parts.{name}" for name in (*_RESPONSE, "instrument")],
            name="fk_answers_response_parts",
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "num_nonnulls(value, codes, words) <= 1"
            " AND (codes IS NULL OR cardinality(codes) > 0) AND words <> ''",
            name="one_kind",
        ),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    wave: int = Field(sa_column=_small(is_key=True))
    item: str = Field(sa_column=Column(Text, primary_key=True))
    instrument: str = Field(sa_column=words())
    #: The code of one option, or a number.
    value: int | None = None
    codes: list[int] | None = Field(
        default=None, sa_column=Column(ARRAY(SmallInteger), nullable=True)
    )
    words: str | None = Field(default=None, sa_column=words(nullable=True))
    saved_at: datetime = Field(sa_column=moment())


class InvitationChoice(SQLModel, table=True):
    """When and how a participant wants to be invited; no row: at any decent hour, by e-mail too."""

    __tablename__ = "invitation_choices"
    __table_args__ = (
        of_study("participant_id", "invitation_choices"),
        CheckConstraint(one_of("part_of_day", PartOfDay), name="part_of_day"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    part_of_day: PartOfDay | None = Field(default=None, sa_column=words(nullable=True))
    by_email: bool
    #: They want no more of them.
    stopped_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class Invitation(SQLModel, table=True):
    """An invitation to a wave (number 0), or a reminder of it. Append-only."""

    __tablename__ = "invitations"
    __table_args__ = (
        of_study("participant_id", "invitations"),
        CheckConstraint("number BETWEEN 0 AND 3", name="number"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    wave: int = Field(sa_column=_small(is_key=True))
    number: int = Field(sa_column=_small(is_key=True))
    sent_at: datetime = Field(sa_column=moment())
    by_email: bool


class ContactRequest(SQLModel, table=True):
    """A participant asked the team to get in touch. How to reach them is sealed, and forgotten once
    somebody has, or once their account is closed."""

    __tablename__ = "contact_requests"
    __table_args__ = (
        UniqueConstraint("study_id", "participant_id", "wave", name="uq_contact_requests_wave"),
        of_study("participant_id", "contact_requests"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)"
            " AND (reach IS NOT NULL) = (num_nonnulls(answered_at, closed_on) = 0)",
            name="answered",
        ),
        _SCHEMA,
    )

    id: UUID = Field(default_factory=random_id, primary_key=True)
    study_id: UUID
    participant_id: str = Field(sa_column=pseudonym())
    wave: int = Field(sa_column=_small())
    reach: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    asked_at: datetime = Field(sa_column=moment())
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    answered_by: UUID | None = None
    #: The day on which they closed their account, so that nothing can be done any more.
    closed_on: date | None = None


class PaperEntry(SQLModel, table=True):
    """A questionnaire on paper as one person typed it; another types it again."""

    __tablename__ = "paper_entries"
    __table_args__ = (
        UniqueConstraint(
            "study_id",
            "participant_id",
            "wave",
            "entered_by",
            name="uq_paper_entries_entered_by",
        ),
        of_study("participant_id", "paper_entries"),
        CheckConstraint("entry IN (1, 2)", name="entry"),
        _SCHEMA,
    )

    study_id: UUID = Field(primary_key=True)
    participant_id: str = Field(sa_column=pseudonym(is_key=True))
    wave: int = Field(sa_column=_small(is_key=True))
    entry: int = Field(sa_column=_small(is_key=True))
    #: The day written on the paper.
    answered_on: date
    answers: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    entered_by: UUID
    entered_at: datetime = Field(sa_column=moment())
