"""An author is written to with where help is, before anything is decided."""

import asyncio

import pytest

from app.api.schemas.decisions import CaseStep
from app.core.db import AnyConnection
from tests.moderation.step_taking import HELP, SENT, allowed, held, reach_out, told
from tests.people import KIND, PASSWORD, People, SignedIn, id_of


async def test_the_author_reads_kind_words_where_help_is_and_nothing_of_who_worried(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id, case_id = await held(rowan, sky, sam)
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


@pytest.mark.parametrize("act", ["nothing", "fold", "hide"])
async def test_whoever_worried_reads_that_we_wrote_only_when_someone_did(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, act: str
) -> None:
    _, reached = await held(rowan, sky, sam)
    await reach_out(sam, reached)
    assert (await sam.decide(reached, act)).status_code == 201
    assert SENT in (await told(sky, "report_answer"))[0]["text"]
    _, silent = await held(rowan, sky, sam)
    assert (await sam.decide(silent, act)).status_code == 201
    assert SENT not in (await told(sky, "report_answer"))[0]["text"]
    mine = [one["answer"] for one in (await sky.get("/me/reports"))["items"]]
    assert [SENT in answer for answer in mine] == [False, True]


async def test_no_words_to_start_from_say_what_nobody_may_have_done(sam: SignedIn) -> None:
    offered = await sam.get("/moderation/reasons")
    for template in offered["items"]:
        for claim in ("help is", "written to", "made sure", "everything they wrote"):
            assert claim not in template["text"]
    kinds = {template["kind"] for template in offered["steps"]}
    assert kinds == {"reached_out", "handed_over"}
    assert "not in trouble" in offered["reach_out"]["begins"]
    assert "116 123" in offered["reach_out"]["ends"]


async def test_whoever_says_it_breaks_the_rules_reads_nothing_of_it(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    wren = await people.member("Wren")
    post_id, case_id = await held(rowan, sky, sam)
    await wren.flag(post_id)
    await reach_out(sam, case_id)
    await sam.decide(case_id)
    (answer,) = await told(wren, "report_answer")
    assert SENT not in answer["text"]


async def test_the_same_words_again_are_not_sent_twice_and_others_are(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    _, case_id = await held(rowan, sky, sam)
    first, again = await asyncio.gather(reach_out(sam, case_id), reach_out(sam, case_id))
    assert first.json() == again.json()
    assert len(await told(rowan, "reach_out")) == 1
    other = await reach_out(sam, case_id, "How are you today? We're still here.")
    assert other.status_code == 201
    assert [notice["text"].count("\n\n") for notice in await told(rowan, "reach_out")] == [2, 2]
    await sam.decide(case_id)
    assert len(await told(sky, "report_answer")) == 1


async def test_an_author_who_left_is_not_written_to_and_the_moderator_is_told(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    _, case_id = await held(rowan, sky, sam)
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
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    _, case_id = await held(rowan, sky, sam)
    await connection.execute(
        "UPDATE identity.accounts SET staff_family = 'research' WHERE member_id = %s",
        (rowan.member_id,),
    )
    refused = await reach_out(sam, case_id)
    assert refused.json()["type"] == "cannot-reach"
    assert not (await sam.get(f"/cases/{case_id}"))["author_reads_here"]
    assert "stud" not in refused.json()["detail"], "it says nothing of their role"


async def test_a_text_taken_back_still_has_an_author_who_can_be_written_to(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id, case_id = await held(rowan, sky, sam)
    await rowan.withdraw(post_id)
    assert (await reach_out(sam, case_id)).status_code == 201
    assert len(await told(rowan, "reach_out")) == 1


async def test_a_batch_says_that_we_wrote_only_where_we_did(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    _, case_id = await held(rowan, sky, sam)
    await reach_out(sam, case_id)
    await sam.delete(f"/cases/{case_id}/claim")
    for number in range(3):
        await sky.worry(id_of(await rowan.publish(f"Post {number}.")))
    (row,) = await sam.queue()
    batch = (await sam.get(f"/cases/{row['id']}/batch"))["items"]
    read = [
        {"case_id": one["id"], "version": one["version"], "revision": one["revision"]}
        for one in batch
    ]
    answer = await sam.post(f"/cases/{row['id']}/batch/decision", reason=KIND, cases=read)
    assert answer.json() == {"decided": 4, "left": 0}
    (notice,) = await told(sky, "report_answer")
    assert "We've written to some of them" in notice["text"]
