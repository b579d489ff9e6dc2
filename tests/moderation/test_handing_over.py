"""The safeguarding lead is asked to look, and has the case in a queue of their own."""

from datetime import timedelta

from app.api.schemas.decisions import CaseStep
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity.letters import Letterbox
from app.identity.roles import Role
from app.moderation import alerts
from tests.moderation.factories import case_about
from tests.moderation.step_taking import (
    ASKED,
    NOON,
    WHY,
    allowed,
    hand_over,
    held,
    letters,
    log_acts,
    told,
)
from tests.people import People, SignedIn, id_of


async def test_the_lead_is_asked_hears_of_it_and_has_the_case_in_a_queue_of_their_own(
    people: People,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    connection: AnyConnection,
    settings: Settings,
) -> None:
    lead = await people.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(rowan, sky, sam)
    assert await lead.queue("lead") == []
    answer = await hand_over(sam, case_id)
    assert answer.status_code == 201
    assert CaseStep.model_validate(answer.json()).kind == "handed_over"
    (case,) = await lead.queue("lead")
    assert (case["id"], case["state"], case["claim"]) == (case_id, "open", None)
    assert case["is_handed_over"]
    (notice,) = await told(lead, "hand_over")
    (letter,) = await letters(connection, settings)
    assert "asks you, as safeguarding lead" in letter["text"]
    for secret in ("Rowan", "Sky", "a way on", "fear", WHY):
        assert secret not in str(letter) + str(notice)
    assert (notice["post_id"], await told(rowan, "reach_out")) == (None, [])
    assert "handed_over" in await log_acts(lead)
    assert (await lead.check_log())["is_intact"]
    detail = await lead.get(f"/cases/{case_id}")
    assert [(step["kind"], step["words"]) for step in detail["steps"]] == [("handed_over", WHY)]
    await lead.claim(case_id)
    assert (await lead.decide(case_id)).status_code == 201
    assert await lead.queue("lead") == []
    assert ASKED in (await told(sky, "report_answer"))[0]["text"]


async def test_another_moderator_may_take_it_all_the_same(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(rowan, sky, sam)
    await hand_over(sam, case_id)
    assert (await ash.claim(case_id)).status_code == 200, "nobody waits for one who sleeps"
    assert (await ash.decide(case_id)).status_code == 201


async def test_asked_twice_by_the_same_words_the_lead_hears_once(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    lead = await people.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(rowan, sky, sam)
    first, again = await hand_over(sam, case_id), await hand_over(sam, case_id)
    assert first.json() == again.json()
    assert len(await told(lead, "hand_over")) == 1


async def test_there_must_be_a_lead_without_a_part_in_it(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    _, case_id = await held(rowan, sky, sam)
    refused = await hand_over(sam, case_id)
    assert (refused.status_code, refused.json()["type"]) == (409, "no-lead")
    lead = await people.moderator("Lead", Role.SAFEGUARDING)
    _, of_lead = await held(lead, sky, sam)
    _, by_lead = await held(rowan, lead, sam)
    _, held_by_lead = await held(rowan, sky, lead)
    for one, asked in ((sam, of_lead), (sam, by_lead), (lead, held_by_lead)):
        assert (await hand_over(one, asked)).json()["type"] == "no-lead"
        assert not allowed(await one.get(f"/cases/{asked}"))["handed_over"]
    assert await told(lead, "hand_over") == []
    assert (await hand_over(sam, case_id)).status_code == 201


async def test_a_case_that_was_handed_over_is_looked_at_by_itself_and_in_no_group(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(rowan, sky, sam)
    for number in range(4):
        await sky.worry(id_of(await rowan.publish(f"Post {number}.")))
    await hand_over(sam, case_id)
    batched = [case["batch"]["case_ids"] for case in await sam.queue() if case["batch"]]
    assert [len(ids) for ids in batched] == [4]
    assert case_id not in batched[0]


async def test_the_lead_is_written_to_again_when_nobody_has_looked_by_the_target(
    people: People,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    with clock.at(NOON):
        case_id = await case_about(id_of(await rowan.publish()), sky, sam)
        assert (await hand_over(sam, case_id)).status_code == 201
    letterbox = Letterbox(Encryption(settings.secrets), "https://alongside.test")
    for minutes, number in ((30, 1), (60, 2), (600, 2)):
        with clock.at(NOON + timedelta(minutes=minutes)):
            async with unit_of_work(database) as session:
                await alerts.send(session, letterbox, zone="Europe/London")
        assert len(await letters(connection, settings)) == number, minutes
    last = (await letters(connection, settings))[-1]
    assert "longer than the target of an hour" in last["text"]
    assert "worried" not in last["text"], "nobody was"
