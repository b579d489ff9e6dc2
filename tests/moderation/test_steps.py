"""Beside deciding: an author is written to with where help is, and the lead is asked to look."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.api.schemas.cases import CaseDetail, CaseStep
from app.core import clock, mail
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity.letters import Letterbox
from app.identity.roles import Role
from app.moderation import alerts
from tests.identity.factories import PASSWORD
from tests.moderation.factories import KIND, House, Signed

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HELP = "This sounds very hard to carry. You don't have to do it alone."
WHY = "I don't feel able to judge this one alone."
SENT = "We've written to them"
ASKED = "asked the person who leads on safety"


async def held(
    house: House, author: Signed, worrier: Signed, moderator: Signed
) -> tuple[UUID, str]:
    """A worried case that the moderator has taken and read."""
    post_id = await house.post(author, "I can't see a way on.")
    assert (await worrier.worry(post_id, detail="I fear for her.")).status_code == 201
    (case_id,) = [
        case["id"] for case in await moderator.queue() if case["subject"]["id"] == str(post_id)
    ]
    assert (await moderator.claim(case_id)).status_code == 200
    return post_id, case_id


async def take(
    one: Signed, case_id: str, step: str, words: str, *, version: int | None = None, **more: Any
) -> Any:
    if version is None:
        version = await one.version(case_id)
    return await one.post(f"/cases/{case_id}/{step}", words=words, version=version, **more)


async def reach_out(one: Signed, case_id: str, words: str = HELP, **more: Any) -> Any:
    return await take(one, case_id, "reach-out", words, **more)


async def hand_over(one: Signed, case_id: str, words: str = WHY, **more: Any) -> Any:
    return await take(one, case_id, "hand-over", words, **more)


async def told(one: Signed, kind: str) -> list[dict[str, Any]]:
    return [notice for notice in await one.notices() if notice["kind"] == kind]


async def log_acts(one: Signed) -> list[str]:
    return [line["act"] for line in (await one.get("/moderation/log"))["items"]]


async def letters(connection: AnyConnection, settings: Settings) -> list[dict[str, Any]]:
    cursor = await connection.execute("SELECT args FROM procrastinate_jobs ORDER BY id")
    boxes = [base64.b64decode(row["args"]["box"]) for row in await cursor.fetchall()]
    encryption = Encryption(settings.secrets)
    return [orjson.loads(encryption.open(box, purpose=mail.PURPOSE)) for box in boxes]


async def test_the_author_reads_kind_words_where_help_is_and_nothing_of_who_worried(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    post_id, case_id = await held(house, rowan, sky, sam)
    answer = await reach_out(sam, case_id)
    assert answer.status_code == 201
    step = CaseStep.model_validate(answer.json())
    assert (step.kind, step.words, step.moderator_name) == ("reached_out", HELP, "Sam")
    (notice,) = await told(rowan, "reach_out")
    for part in ("You're not in trouble", HELP, "999", "116 123", "85258"):
        assert part in notice["text"]
    for secret in ("Sky", "fear", "worried", "flag"):
        assert secret not in notice["text"]
    assert notice["post_id"] == str(post_id)
    assert (notice["is_read"], await told(sky, "report_answer")) == (False, [])
    (case,) = await sam.queue()
    assert case["state"] == "claimed", "it is not decided by that"


async def test_it_stands_in_the_case_and_in_the_log_which_vouches_for_the_words(
    house: House,
    rowan: Signed,
    sky: Signed,
    sam: Signed,
    ash: Signed,
    database_url: str,
    connection: AnyConnection,
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    await reach_out(sam, case_id)
    detail = await ash.get(f"/cases/{case_id}")
    assert CaseDetail.model_validate(detail).model_dump(mode="json") == detail
    ((kind, words, who),) = [
        (step["kind"], step["words"], step["moderator_name"]) for step in detail["steps"]
    ]
    assert (kind, words, who) == ("reached_out", HELP, "Sam")
    line = (await ash.get("/moderation/log", act="reached_out"))["items"][0]
    assert line["actor"]["display_name"] == "Sam"
    assert HELP not in str(line), "the log holds no words"
    assert (await ash.get("/moderation/log/check"))["is_intact"]
    cursor = await connection.execute("SELECT type FROM core.events WHERE topics @> ARRAY['cases']")
    assert "case.reached_out" in [row["type"] for row in await cursor.fetchall()]
    with pytest.raises(Exception, match="append-only"):
        await connection.execute("UPDATE moderation.steps SET words = 'Something else.'")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE moderation.steps SET words = 'Other words here.'", "is not as line 3 says"),
        ("DELETE FROM moderation.steps", "line 3 tells of a step that is not there"),
        ("UPDATE moderation.steps SET id = gen_random_uuid()", "step"),
        (
            "DELETE FROM moderation.log WHERE act = 'reached_out'",
            "a step in case",
        ),
    ],
)
async def test_a_step_that_was_touched_shows(
    house: House,
    rowan: Signed,
    sky: Signed,
    sam: Signed,
    connection: AnyConnection,
    statement: str,
    why: str,
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    await reach_out(sam, case_id)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(statement)
    await connection.execute("SET session_replication_role = origin")
    found = await sam.get("/moderation/log/check")
    assert not found["is_intact"]
    assert why in found["why"]


@pytest.mark.parametrize("act", ["nothing", "fold", "hide"])
async def test_whoever_worried_reads_that_we_wrote_only_when_someone_did(
    house: House, rowan: Signed, sky: Signed, sam: Signed, act: str
) -> None:
    _, reached = await held(house, rowan, sky, sam)
    await reach_out(sam, reached)
    assert (await sam.decide(reached, act)).status_code == 201
    assert SENT in (await told(sky, "report_answer"))[0]["text"]
    _, silent = await held(house, rowan, sky, sam)
    assert (await sam.decide(silent, act)).status_code == 201
    assert SENT not in (await told(sky, "report_answer"))[0]["text"]
    mine = [one["answer"] for one in (await sky.get("/me/reports"))["items"]]
    assert [SENT in answer for answer in mine] == [False, True]


async def test_no_words_to_start_from_say_what_nobody_may_have_done(sam: Signed) -> None:
    offered = await sam.get("/moderation/reasons")
    for template in offered["items"]:
        for claim in ("help is", "written to", "made sure", "everything they wrote"):
            assert claim not in template["text"]
    kinds = {template["kind"] for template in offered["steps"]}
    assert kinds == {"reached_out", "handed_over"}
    assert "not in trouble" in offered["reach_out"]["begins"]
    assert "116 123" in offered["reach_out"]["ends"]


async def test_whoever_says_it_breaks_the_rules_reads_nothing_of_it(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    wren = await house.member("Wren")
    post_id, case_id = await held(house, rowan, sky, sam)
    await wren.flag(post_id)
    await reach_out(sam, case_id)
    await sam.decide(case_id)
    (answer,) = await told(wren, "report_answer")
    assert SENT not in answer["text"]


async def test_the_same_words_again_are_not_sent_twice_and_others_are(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    first, again = await asyncio.gather(reach_out(sam, case_id), reach_out(sam, case_id))
    assert first.json() == again.json()
    assert len(await told(rowan, "reach_out")) == 1
    other = await reach_out(sam, case_id, "How are you today? We're still here.")
    assert other.status_code == 201
    assert [notice["text"].count("\n\n") for notice in await told(rowan, "reach_out")] == [2, 2]
    await sam.decide(case_id)
    assert len(await told(sky, "report_answer")) == 1


async def test_an_author_who_left_is_not_written_to_and_the_moderator_is_told(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    before = await sam.get(f"/cases/{case_id}")
    assert allowed(before) == {"reached_out": True, "handed_over": False}
    assert before["author_reads_here"]
    closed = await rowan.post("/me/closure", password=PASSWORD, erase_study_data=False)
    assert closed.status_code == 204, closed.text
    refused = await reach_out(sam, case_id)
    assert (refused.status_code, refused.json()["type"]) == (409, "cannot-reach")
    assert "Nothing was sent" in refused.json()["detail"]
    after = await sam.get(f"/cases/{case_id}")
    assert (allowed(after)["reached_out"], after["steps"]) == (False, [])
    assert not after["author_reads_here"]
    await sam.decide(case_id)
    assert SENT not in (await told(sky, "report_answer"))[0]["text"]


async def test_an_author_who_works_on_studies_by_now_reads_no_news_and_is_not_written_to(
    house: House, rowan: Signed, sky: Signed, sam: Signed, connection: AnyConnection
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    await connection.execute(
        "UPDATE identity.accounts SET staff_family = 'research' WHERE member_id = %s",
        (rowan.member_id,),
    )
    refused = await reach_out(sam, case_id)
    assert refused.json()["type"] == "cannot-reach"
    assert not (await sam.get(f"/cases/{case_id}"))["author_reads_here"]
    assert "stud" not in refused.json()["detail"], "it says nothing of their role"


async def test_a_text_taken_back_still_has_an_author_who_can_be_written_to(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    post_id, case_id = await held(house, rowan, sky, sam)
    await house.withdraw(post_id)
    assert (await reach_out(sam, case_id)).status_code == 201
    assert len(await told(rowan, "reach_out")) == 1


def allowed(detail: dict[str, Any]) -> dict[str, bool]:
    return {step["kind"]: step["allowed"] for step in detail["next_steps"]}


@pytest.mark.parametrize("step", [reach_out, hand_over])
async def test_a_step_asks_what_a_decision_asks(
    house: House, rowan: Signed, sky: Signed, sam: Signed, ash: Signed, step: Any
) -> None:
    await house.moderator("Lead", Role.SAFEGUARDING)
    post_id, case_id = await held(house, rowan, sky, sam)

    async def refused(one: Signed, **more: Any) -> tuple[int, str]:
        answer = await step(one, case_id, **more)
        return answer.status_code, answer.json()["type"]

    assert await refused(ash) == (409, "case-claimed")
    assert await refused(sky, version=1) == (403, "forbidden")
    assert await refused(sam, words="Short.") == (422, "invalid")
    assert await refused(sam, version=9) == (409, "case-changed")
    await house.edit(post_id, "It is better now.")
    assert await refused(sam) == (409, "text-changed")
    await sam.get(f"/cases/{case_id}")
    await sam.delete(f"/cases/{case_id}/claim")
    assert await refused(sam) == (409, "lease-lost")
    await sam.claim(case_id)
    await sam.decide(case_id)
    assert await refused(sam) == (409, "already-decided")
    assert await told(rowan, "reach_out") == []


@pytest.mark.parametrize("step", [reach_out, hand_over])
async def test_nobody_takes_a_step_in_a_case_they_have_a_part_in(
    house: House, sky: Signed, sam: Signed, ash: Signed, step: Any
) -> None:
    _, of_ash = await held(house, ash, sky, sam)
    _, by_ash = await held(house, sky, ash, sam)
    for case_id in (of_ash, by_ash):
        answer = await step(ash, case_id, version=1)
        assert (answer.status_code, answer.json()["type"]) == (403, "own-case")


async def test_the_lead_is_asked_hears_of_it_and_has_the_case_in_a_queue_of_their_own(
    house: House,
    rowan: Signed,
    sky: Signed,
    sam: Signed,
    connection: AnyConnection,
    settings: Settings,
) -> None:
    lead = await house.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(house, rowan, sky, sam)
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
    assert (await lead.get("/moderation/log/check"))["is_intact"]
    detail = await lead.get(f"/cases/{case_id}")
    assert [(step["kind"], step["words"]) for step in detail["steps"]] == [("handed_over", WHY)]
    await lead.claim(case_id)
    assert (await lead.decide(case_id)).status_code == 201
    assert await lead.queue("lead") == []
    assert ASKED in (await told(sky, "report_answer"))[0]["text"]


async def test_another_moderator_may_take_it_all_the_same(
    house: House, rowan: Signed, sky: Signed, sam: Signed, ash: Signed
) -> None:
    await house.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(house, rowan, sky, sam)
    await hand_over(sam, case_id)
    assert (await ash.claim(case_id)).status_code == 200, "nobody waits for one who sleeps"
    assert (await ash.decide(case_id)).status_code == 201


async def test_asked_twice_by_the_same_words_the_lead_hears_once(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    lead = await house.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(house, rowan, sky, sam)
    first, again = await hand_over(sam, case_id), await hand_over(sam, case_id)
    assert first.json() == again.json()
    assert len(await told(lead, "hand_over")) == 1


async def test_there_must_be_a_lead_without_a_part_in_it(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    refused = await hand_over(sam, case_id)
    assert (refused.status_code, refused.json()["type"]) == (409, "no-lead")
    lead = await house.moderator("Lead", Role.SAFEGUARDING)
    _, of_lead = await held(house, lead, sky, sam)
    _, by_lead = await held(house, rowan, lead, sam)
    _, held_by_lead = await held(house, rowan, sky, lead)
    for one, asked in ((sam, of_lead), (sam, by_lead), (lead, held_by_lead)):
        assert (await hand_over(one, asked)).json()["type"] == "no-lead"
        assert not allowed(await one.get(f"/cases/{asked}"))["handed_over"]
    assert await told(lead, "hand_over") == []
    assert (await hand_over(sam, case_id)).status_code == 201


async def test_a_case_that_was_handed_over_is_looked_at_by_itself_and_in_no_group(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    await house.moderator("Lead", Role.SAFEGUARDING)
    _, case_id = await held(house, rowan, sky, sam)
    for number in range(4):
        await sky.worry(await house.post(rowan, f"Post {number}."))
    await hand_over(sam, case_id)
    grouped = [case["group"]["case_ids"] for case in await sam.queue() if case["group"]]
    assert [len(ids) for ids in grouped] == [4]
    assert case_id not in grouped[0]


async def test_a_group_says_that_we_wrote_only_where_we_did(
    house: House, rowan: Signed, sky: Signed, sam: Signed
) -> None:
    _, case_id = await held(house, rowan, sky, sam)
    await reach_out(sam, case_id)
    await sam.delete(f"/cases/{case_id}/claim")
    for number in range(3):
        await sky.worry(await house.post(rowan, f"Post {number}."))
    (row,) = await sam.queue()
    group = (await sam.get(f"/cases/{row['id']}/group"))["items"]
    read = [
        {"case_id": one["id"], "version": one["version"], "revision": one["revision"]}
        for one in group
    ]
    answer = await sam.post(f"/cases/{row['id']}/group/decision", reason=KIND, cases=read)
    assert answer.json() == {"decided": 4, "left": 0}
    (notice,) = await told(sky, "report_answer")
    assert "We've written to some of them" in notice["text"]


async def test_the_lead_is_written_to_again_when_nobody_has_looked_by_the_target(
    house: House,
    rowan: Signed,
    sky: Signed,
    sam: Signed,
    database: Database,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    await house.moderator("Lead", Role.SAFEGUARDING)
    with clock.at(NOON):
        case_id = await house.case(await house.post(rowan), sky, sam)
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
