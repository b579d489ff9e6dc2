"""People of a study that asks questionnaires: they join, answer and decline."""

from collections.abc import Collection, Mapping
from uuid import UUID

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.research.bands import Options
from app.research.dataset_models import Dataset
from app.research.models import Purpose, Study
from app.research.questionnaires import answering, respondents
from app.research.questionnaires.answering import PartAnswers
from app.research.scoring import Answer
from tests.research.factories import START, freeze, join, later, opened

#: What these studies ask for.
ASKED = (Purpose.ACTIVITY, Purpose.QUESTIONNAIRES)
BOTH = dict.fromkeys(ASKED, True)
QUESTIONNAIRES = {Purpose.ACTIVITY: False, Purpose.QUESTIONNAIRES: True}
ACTIVITY = {Purpose.ACTIVITY: True, Purpose.QUESTIONNAIRES: False}
WEEKS = (0, 13, 26)
#: The same answer to each of the nine questions of PHQ-9.
FLAT = {level: {f"phq9_{number}": level for number in range(1, 10)} for level in range(4)}

#: What tells the score of PHQ-9 in bands.
PHQ9 = Options(measures=("posts",), scores=("phq9_total",))

Told = Mapping[str, Mapping[str, Answer]]


async def asking(
    database: Database, *, covers_answers: bool = False, instruments: tuple[str, ...] = ("phq9",)
) -> Study:
    """An open study with three waves."""
    return await opened(
        database,
        asks=ASKED,
        wave_weeks=WEEKS,
        covers_answers=covers_answers,
        instruments=instruments,
    )


async def joined(
    database: Database, study: Study, number: int, choices: dict[Purpose, bool] = BOTH
) -> list[UUID]:
    """Members who take part since the start."""
    members = [new_id() for _ in range(number)]
    with clock.at(START):
        for member_id in members:
            await join(database, study, member_id, choices)
    return members


async def answer(
    database: Database,
    study: Study,
    member_id: UUID,
    told: Told,
    *,
    wave: int = 1,
    hands_in: bool = True,
) -> None:
    """Answer a wave now."""
    parts = [
        PartAnswers(instrument=name, language="en", wording=1, answers=answers)
        for name, answers in told.items()
    ]
    async with unit_of_work(database) as session:
        respondent = await respondents.of_member(session, study.id, member_id)
        await answering.save(session, database.pool, respondent, wave, parts)
        if hands_in:
            await answering.finish(session, respondent, wave)


async def decline(database: Database, study: Study, member_id: UUID, wave: int = 1) -> None:
    """Not this time."""
    async with unit_of_work(database) as session:
        respondent = await respondents.of_member(session, study.id, member_id)
        await answering.decline(session, respondent, wave)


async def answer_all(
    database: Database, study: Study, members: Collection[UUID], level: int, *, wave: int = 1
) -> None:
    """Each gives the same answer to each question of PHQ-9, on the day after the wave opened."""
    with clock.at(later(days=7 * WEEKS[wave - 1] + 1)):
        for member_id in members:
            await answer(database, study, member_id, {"phq9": FLAT[level]}, wave=wave)


async def frozen_after(
    database: Database, study: Study, *, days: int, options: Options = PHQ9
) -> Dataset:
    """A dataset of so many days after the start."""
    with clock.at(later(days=days)):
        return await freeze(database, study, options)


async def codes_of(connection: AnyConnection) -> dict[UUID, str]:
    """The pseudonym of each member, in the one study that there is."""
    cursor = await connection.execute("SELECT member_id, participant_id FROM identity.study_links")
    return {row["member_id"]: row["participant_id"] for row in await cursor.fetchall()}
