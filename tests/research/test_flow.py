"""The flow of participants: counts of persons who looked, joined, answered and stopped, blurred."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.research.models import Purpose, Study
from app.research.questionnaires import answering, flow, respondents
from app.research.questionnaires.answering import PartAnswers
from tests.people import SignedIn
from tests.research.factories import START, join, opened, withdraw

YES = {Purpose.QUESTIONNAIRES: True, Purpose.ACTIVITY: True}
SECOND = timedelta(days=7 * 13)
ANSWER = PartAnswers("phq9", "en", 1, {"phq9_1": 1})


async def _answer(
    database: Database,
    study: Study,
    member: UUID,
    at: datetime,
    *,
    wave: int = 1,
    is_done: bool = True,
) -> None:
    with clock.at(at):
        async with unit_of_work(database) as session:
            respondent = await respondents.of_member(session, study.id, member)
            await answering.save(session, database.pool, respondent, wave, [ANSWER])
            if is_done:
                await answering.finish(session, respondent, wave)


async def _decline(database: Database, study: Study, member: UUID, at: datetime) -> None:
    with clock.at(at):
        async with unit_of_work(database) as session:
            respondent = await respondents.of_member(session, study.id, member)
            await answering.decline(session, respondent, 2)


async def test_the_flow_says_what_became_of_everyone(database: Database) -> None:
    study = await opened(
        database, asks=(Purpose.ACTIVITY, Purpose.QUESTIONNAIRES), wave_weeks=(0, 13)
    )
    members = [new_id() for _ in range(60)]
    with clock.at(START):
        for member in members:
            await join(database, study, member, YES)
        for _ in range(10):
            await join(database, study, new_id(), {Purpose.ACTIVITY: True})
    for member in members[:50]:
        await _answer(database, study, member, START + timedelta(days=1))
    for member in members[50:60]:
        await _answer(database, study, member, START + timedelta(days=1), is_done=False)
    second = START + SECOND + timedelta(days=1)
    for member in members[:20]:
        await _answer(database, study, member, second, wave=2)
    for member in members[20:30]:
        await _answer(database, study, member, second + timedelta(days=30), wave=2)
    for member in members[30:40]:
        await _decline(database, study, member, second)
    with clock.at(second):
        for member in members[55:]:
            await withdraw(database, study, member, erase=True)
    with clock.at(START + SECOND + timedelta(days=60)):
        found = await flow.of_study(database.pool, study.id)
    assert (found.joined, found.agreed, found.erased) == (70, 60, None)
    first, last = found.waves
    assert (first.title, first.asked, first.done, first.begun) == ("Baseline", 55, 50, None)
    assert (last.asked, last.done, last.late, last.declined) == (55, 30, 10, 10)
    assert last.silent == 15
    assert (last.followed_of, last.followed, last.follow_up) == (50, 30, 60)


async def test_a_wave_that_nobody_answered_and_few_people_are_told_as_such(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(
        database, asks=(Purpose.ACTIVITY, Purpose.QUESTIONNAIRES), wave_weeks=(0, 13)
    )
    with clock.at(START):
        for _ in range(4):
            await join(database, study, new_id(), YES)
    with clock.at(START + timedelta(days=60)):
        found = await researcher.get(f"/studies/{study.id}/flow")
    assert found["joined"] is None
    first = found["waves"][0]
    assert {name: first[name] for name in ("asked", "done", "silent", "follow_up")} == {
        "asked": None,
        "done": None,
        "silent": None,
        "follow_up": None,
    }
