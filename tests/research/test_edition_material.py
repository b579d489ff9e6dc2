"""What an edition is made from: as it stood when the edition was asked for."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import analysis_plans, edition_material, editions, studies
from app.research.bands import AskedInstrument
from app.research.dataset_models import Dataset
from app.research.documents.edition_kinds import EditionKind
from app.research.instruments import wording_access
from app.research.models import Purpose, Study
from tests.people import People, SignedIn
from tests.research.factories import START, freeze, later, opened, several
from tests.research.instrument_words import enter, record
from tests.research.made_editions import CHANGE, computed
from tests.research.over_http import Json, ask

WEEKS = (0, 13)
WITH_QUESTIONS = (Purpose.ACTIVITY, Purpose.QUESTIONNAIRES, Purpose.TEXT, Purpose.CONTACT)


@pytest.fixture
async def asked(database: Database) -> tuple[Study, Dataset]:
    """A study that asks PHQ-9, frozen and computed."""
    study = await opened(database, asks=WITH_QUESTIONS, wave_weeks=WEEKS)
    with clock.at(START):
        await several(database, study, 6)
    with clock.at(later(days=3)):
        dataset = await freeze(database, study)
    await computed(database, dataset)
    return study, dataset


async def _gathered(database: Database, edition_id: UUID) -> Json:
    async with unit_of_work(database) as session:
        edition = await editions.access(session, edition_id)
        found: Json = json.loads(await edition_material.gather(session, database.pool, edition))
    return found


async def _asked_for(database: Database, asked: tuple[Study, Dataset]) -> UUID:
    study, dataset = asked
    async with unit_of_work(database) as session:
        made = await editions.make(session, study, dataset, EditionKind.EARLY_FINDINGS, by=new_id())
    return made.id


async def _noted(database: Database, study: Study, departs: str) -> None:
    async with unit_of_work(database) as session:
        found = await studies.access(session, study.id, is_researcher=True)
        await analysis_plans.depart(
            session, found, departs=departs, reason="Nobody had done it.", by=new_id()
        )


async def test_it_holds_plan_departures_questions_advice_and_contact_of_that_moment(
    database: Database, asked: tuple[Study, Dataset], researcher: SignedIn, people: People
) -> None:
    study, _ = asked
    adviser = await people.member(roles=(Role.ADVISER,))
    answer = {"words": "It says so now."}
    for path in (f"/studies/{study.id}/sheets/1", "/instruments/phq9/1", "/instruments/services/1"):
        await ask(adviser, "POST", f"{path}/reviews", CHANGE, status=204)
    reviews = (await ask(researcher, "GET", f"/studies/{study.id}/reviews"))["items"]
    for subject in reviews:
        said = next(one for one in subject["reviews"] if one["words"])
        await ask(researcher, "POST", f"/reviews/{said['id']}/answers", answer, status=204)
    await _noted(database, study, "Two waves were joined.")
    page = {"based_on": 0, "about": "Us.", "contact": "The team, a@example.org", "related": []}
    await ask(researcher, "POST", f"/studies/{study.id}/project-page", page, status=201)
    edition = await _asked_for(database, asked)
    found = await _gathered(database, edition)
    assert found["contact"] == page["contact"]
    assert [one["departs"] for one in found["departures"]] == ["Two waves were joined."]
    assert found["plan"]["primary_measures"] == ["active_days"]
    assert found["advice"] == [{"words": CHANGE["words"], "answers": [answer["words"]]}] * 2
    (phq9,) = found["instruments"]
    assert (phq9["name"], len(phq9["items"]), "; Arrieta" in phq9["citation"]) == ("phq9", 9, True)
    later_page = page | {"based_on": 1, "contact": "Somebody else, b@example.org"}
    await ask(researcher, "POST", f"/studies/{study.id}/project-page", later_page, status=201)
    await _noted(database, study, "A third was left out.")
    assert await _gathered(database, edition) == found, "a job that runs again gathers the same"


async def test_a_study_of_before_there_were_plans_has_none(
    database: Database, asked: tuple[Study, Dataset]
) -> None:
    with clock.at(START - timedelta(days=400)):
        edition = await _asked_for(database, asked)
        found = await _gathered(database, edition)
    assert (found["plan"], found["departures"], found["contact"], found["texts"]) == (
        None, [], "", {},
    )  # fmt: skip


async def test_words_that_need_a_licence_are_not_in_it_also_while_one_is_in_force(
    database: Database, people: People
) -> None:
    """A licence ends, and an edition stays."""
    administrator = await people.member("Sol", roles=(Role.ADMINISTRATOR,))
    await record(administrator)
    await enter(administrator)
    assert (await wording_access.access(database.pool, "swemwbs")).wording.items
    found = await edition_material.instrument_of(database.pool, AskedInstrument("swemwbs", 1, (1,)))
    assert (found.title, found.items) == ("SWEMWBS", [])
    free = await edition_material.instrument_of(database.pool, AskedInstrument("phq9", 1, (1,)))
    assert len(free.items) == 9
