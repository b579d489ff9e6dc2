"""A study's life, its sheets, and its people as counts."""

import pytest

from app.core.db import Database, unit_of_work
from app.core.errors import InvalidError
from app.core.ids import new_id
from app.research import participant_counts, sheets, studies
from app.research.errors.studies import StudyNotReadyError
from app.research.models import ParticipantState, Purpose
from tests.people import SignedIn
from tests.research.factories import EVERYTHING, ONLY_ACTIVITY, drafted, join, opened, withdraw
from tests.research.over_http import ask


async def test_a_study_opens_once(database: Database) -> None:
    study = await opened(database)
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=True, lock="change")
        with pytest.raises(StudyNotReadyError, match="opened before"):
            await studies.open_(session, locked)


async def test_a_study_that_asks_for_nothing_is_neither_begun_nor_opened(
    database: Database, researcher: SignedIn
) -> None:
    plan = {"title": "For nothing", "summary": "What helps.", "purposes": []}
    problem = await ask(researcher, "POST", "/studies", plan, status=422)
    assert problem["errors"][0]["pointer"] == "/purposes"
    study = await drafted(database, asks=())
    problem = await ask(researcher, "POST", f"/studies/{study.id}/opening", status=409)
    assert "asks people for nothing" in problem["detail"]


async def test_every_version_of_a_sheet_stays(database: Database) -> None:
    study = await drafted(database)
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=True, lock="change")
        await sheets.publish(session, locked, body="Second")
        assert [sheet.version for sheet in await sheets.list_(session, study.id)] == [2, 1]


@pytest.mark.parametrize("title", ["", " \u200b", "x" * 201, "a\x00b"])
async def test_a_title_that_can_not_be_kept_is_refused(database: Database, title: str) -> None:
    async with unit_of_work(database) as session:
        with pytest.raises(InvalidError):
            await studies.create(session, title=title, summary="x")


async def test_people_are_counted_by_how_they_stand_and_what_they_agree_to(
    database: Database,
) -> None:
    study, members = await opened(database), [new_id() for _ in range(40)]
    for member in members[:29]:
        await join(database, study, member, EVERYTHING)
    for member in members[29:]:
        await join(database, study, member, ONLY_ACTIVITY)
    for member in members[:11]:
        await withdraw(database, study, member)
    await withdraw(database, study, members[11], erase=True)
    counted = await participant_counts.of(database.pool, study.id)
    assert counted.by_state == {
        ParticipantState.TAKING_PART: 25,
        ParticipantState.STOPPED: 10,
        ParticipantState.ERASED: None,
    }
    assert counted.by_purpose == {
        Purpose.ACTIVITY: 25,
        Purpose.QUESTIONNAIRES: None,
        Purpose.TEXT: 15,
        Purpose.CONTACT: 15,
    }


@pytest.mark.parametrize(
    ("people", "shown"),
    [(0, None), (1, None), (9, None), (10, 10), (14, 10), (15, 15), (19, 15), (1_234, 1_230)],
)
def test_nobody_is_seen_to_come_or_go(people: int, shown: int | None) -> None:
    assert participant_counts.blurred(people) == shown
