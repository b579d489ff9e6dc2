"""The flow of participants: counts of persons who looked, joined, answered and stopped, blurred."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.identity.roles import Role
from app.research.models import Purpose, Study
from app.research.questionnaires import answering, flow, respondents
from app.research.questionnaires.answering import PartAnswers
from tests.identity.test_closing import close
from tests.people import People, SignedIn, someone
from tests.research.factories import START, drafted, join, later, opened, withdraw
from tests.research.over_http import ask
from tests.research.test_codes import card
from tests.support.signed_off import signed_off

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
        found = await flow.of_study(database.pool, study.id, invited=0)
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


async def test_invited_are_the_members_whom_an_open_study_was_shown_to_and_the_cards(
    database: Database, researcher: SignedIn, people: People
) -> None:
    async def invited() -> object:
        return (await researcher.get(f"/studies/{study.id}/flow"))["invited"]

    with clock.at(later(days=-30)):
        left_before = await people.member("Left before")
        for number in range(12):
            await someone(database, name=f"Member {number}")
    with clock.at(later(days=-5)):
        assert (await close(left_before.client)).status_code == 204
    study = await drafted(database)
    with clock.at(START):
        assert await invited() is None
        await signed_off(database, study.id)
        await ask(researcher, "POST", f"/studies/{study.id}/opening")
        await someone(database, is_verified=False)
        await people.member(roles=(Role.CHECKER,))
        await card(database)
        left_since = await people.member("Left since")
    with clock.at(later(days=1)):
        assert (await close(left_since.client)).status_code == 204
        assert await invited() == 10, "13 members and a card: 14, rounded down"
        await someone(database)
    with clock.at(later(days=2)):
        assert await invited() == 15
        await ask(researcher, "POST", f"/studies/{study.id}/closing")
    with clock.at(later(days=3)):
        for _ in range(5):
            await someone(database)
    with clock.at(later(days=4)):
        assert await invited() == 15, "nobody who came after it closed"
