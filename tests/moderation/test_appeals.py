"""An appeal: the author asks once a decision, and someone else looks again."""

from uuid import uuid4

from app.core.db import AnyConnection
from app.moderation.messages import THANKS_AGAIN, THANKS_AGAIN_ALONE
from app.moderation.policies import OWN_DECISION
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of


async def ask(author: SignedIn, post_id: object, **words: str) -> tuple[int, str]:
    answer = await author.post(f"/posts/{post_id}/appeal", **words)
    return answer.status_code, answer.json().get("type") or answer.json()["message"]


async def test_another_moderator_looks_again_and_may_open_it(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    post_id = id_of(await rowan.publish(note={"about": "loss"}))
    await sam.decide(await case_about(post_id, sky, sam), "fold")
    status, message = await ask(rowan, post_id, words="I wrote about my cat.")
    assert (status, "fresh eyes" in message) == (201, True)
    assert (await ask(rowan, post_id))[0] == 201, "again, the same answer"
    (case,) = await ash.queue()
    assert (case["report_count"], case["is_worried"]) == (0, False)
    for refused in (
        await sam.client.get(f"/api/v1/cases/{case['id']}"),
        await sam.claim(case["id"]),
    ):
        assert (refused.status_code, refused.json()["detail"]) == (403, OWN_DECISION)
    assert (await sam.queue())[0]["why_not"] == OWN_DECISION
    await ash.claim(case["id"])
    detail = await ash.get(f"/cases/{case['id']}")
    assert detail["appeal"]["words"] == "I wrote about my cat."
    assert [decision["moderator_name"] for decision in detail["decisions"]] == ["Sam"]
    assert {act["act"] for act in detail["acts"] if act["allowed"]} == {
        "nothing",
        "fold",
        "hide",
        "restore",
    }
    assert (await ash.decide(case["id"], "restore")).status_code == 201
    assert (await sky.get(f"/posts/{post_id}"))["note"] == {"about": "loss", "by": "author"}
    assert "looked again, and it is open for everyone" in (await rowan.notices())[0]["text"]
    assert len(await sky.notices()) == 1, "the answer to her flag came before"
    assert await ask(rowan, post_id) == (409, "nothing-to-appeal")


async def test_nobody_is_promised_another_moderator_where_there_is_none(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    await sam.decide(await case_about(post_id, sky, sam), "fold")
    status, message = await ask(rowan, post_id)
    assert (status, message) == (201, THANKS_AGAIN_ALONE)
    await people.moderator("Ash")
    assert (await ask(rowan, post_id))[1] == THANKS_AGAIN


async def test_it_may_stay_hidden_and_is_asked_once_only(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    await sam.decide(await case_about(post_id, sky, sam), "hide")
    await rowan.edit(post_id, "Gentler words.")
    assert (await ask(rowan, post_id))[0] == 201
    (case,) = await ash.queue()
    await ash.claim(case["id"])
    detail = await ash.get(f"/cases/{case['id']}")
    assert detail["flagged_text"]["revision"] == 1
    assert detail["text_now"]["body_html"] == '<p dir="auto">Gentler words.</p>'
    assert (await ash.decide(case["id"])).status_code == 201
    notice = (await rowan.notices())[0]["text"]
    assert notice.startswith("Another moderator looked again, and left it as it was.")
    assert await ask(rowan, post_id) == (409, "nothing-to-appeal")


async def test_a_hidden_post_may_come_back_behind_a_note(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    await sam.decide(await case_about(post_id, sky, sam), "hide")
    await ask(rowan, post_id)
    (case,) = await ash.queue()
    await ash.claim(case["id"])
    assert (await ash.decide(case["id"], "fold")).status_code == 201
    seen = await sky.get(f"/posts/{post_id}")
    assert (seen["state"], seen["note"]["by"]) == ("visible", "moderator")
    assert (await ask(rowan, post_id))[0] == 201, "this is a new decision"


async def test_it_joins_an_open_case_and_takes_it_from_who_decided_before(
    people: People,
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
) -> None:
    post_id = id_of(await rowan.publish())
    await sam.decide(await case_about(post_id, sky, sam), "fold")
    wren = await people.member("Wren")
    case_id = await case_about(post_id, wren, sam)
    version = await sam.version(case_id)
    assert (await ask(rowan, post_id))[0] == 201
    assert (await sam.decide(case_id, version=version)).status_code == 403
    await sam.delete(f"/cases/{case_id}/claim")
    assert await ash.version(case_id) == version + 1
    cursor = await connection.execute("SELECT act FROM moderation.log ORDER BY seq DESC LIMIT 1")
    assert await cursor.fetchall() == [{"act": "appealed"}]


async def test_only_the_author_asks_and_only_when_something_was_changed(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    assert await ask(rowan, post_id) == (409, "nothing-to-appeal")
    assert await ask(sky, post_id) == (404, "post-not-found")
    assert await ask(rowan, uuid4()) == (404, "post-not-found")
    await sam.decide(await case_about(post_id, sky, sam))
    assert await ask(rowan, post_id) == (409, "nothing-to-appeal"), "it was left as it is"
    other = id_of(await rowan.publish())
    await sam.decide(await case_about(other, sky, sam), "fold")
    await rowan.withdraw(other)
    assert await ask(rowan, other) == (409, "nothing-to-appeal")


async def test_other_words_after_a_lost_answer_are_not_lost_in_silence(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    assert (await sam.decide(await case_about(post_id, sky, sam), "hide")).status_code == 201
    path = f"/posts/{post_id}/appeal"
    for words in ("Please look.", "Please look.", None):
        assert (await rowan.post(path, words=words)).status_code == 201
    other = await rowan.post(path, words="Please look again, I changed it.")
    assert other.status_code == 409
    assert "has not been added" in other.json()["detail"]
