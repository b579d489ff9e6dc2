"""Who hears of what, in which words, and how often."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.community import notifications
from app.community.choices import NotificationKind
from app.community.subscribers import SUBSCRIBER, handle
from app.core import clock, db, events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from tests.community.test_visibility import hide
from tests.community.test_wall import walk
from tests.people import SignedIn


async def texts(browser: SignedIn) -> list[str]:
    return [item["text"] for item in (await browser.get("/me/notifications"))["items"]]


async def test_whoever_is_answered_hears_of_it_and_who_began(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    deeper = await moss.reply(reply)
    await moss.reply(deeper, "To myself.")
    await deliver(database, SUBSCRIBER)
    assert await texts(rowan) == ["Moss and Sky replied to your post."]
    assert await texts(sky) == ["Moss replied to your reply."]
    assert await texts(moss) == []
    (item,) = (await sky.get("/me/notifications"))["items"]
    assert (item["kind"], item["post_id"], item["thread_id"]) == (
        "reply",
        deeper["id"],
        post["id"],
    )
    cursor = await connection.execute(
        "SELECT topics, payload->>'kind' AS kind FROM core.events WHERE type = 'notification.made'"
    )
    told = [(row["topics"], row["kind"]) for row in await cursor.fetchall()]
    assert ([f"me:{sky.member_id}"], "reply") in told
    assert len(told) == 4


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("thinking_of_you", "Sky is thinking of you."),
        ("i_hear_you", "Sky hears you."),
        ("i_like_this", "Sky likes what you wrote."),
        ("this_helped_me", "Sky says this helped."),
    ],
)
async def test_a_reaction_is_told_once_and_no_more_when_taken_back(
    rowan: SignedIn, sky: SignedIn, database: Database, kind: str, words: str
) -> None:
    post = await rowan.publish()
    await sky.react(post, kind)
    await deliver(database, SUBSCRIBER)
    assert await texts(rowan) == [words]
    await sky.client.delete(f"/api/v1/posts/{post['id']}/reactions/{kind}")
    await deliver(database, SUBSCRIBER)
    assert await texts(rowan) == []


async def test_delivered_twice_it_is_told_once(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    await sky.reply(post)
    await sky.react(post)
    for _ in range(2):
        async with unit_of_work(database) as session:
            connection = await db.driver(session)
            found = await events.read(connection, events.START, limit=99, types=SUBSCRIBER.types)
            await handle(session, found)
    assert len(await texts(rowan)) == 2


async def deliver_again(database: Database, *types: str) -> None:
    """As when an event was a dead letter, and is redelivered once the world has moved on."""
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        found = await events.read(connection, events.START, limit=99, types=types)
        assert found
        await handle(session, found)


async def news_made(connection: AnyConnection) -> int:
    cursor = await connection.execute(
        "SELECT count(*)::int AS n FROM core.events WHERE type = 'notification.made'"
    )
    (row,) = await cursor.fetchall()
    return int(row["n"])


async def test_a_reaction_told_late_is_no_news_once_it_was_taken_back(
    rowan: SignedIn, sky: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await sky.react(post)
    await sky.client.delete(f"/api/v1/posts/{post['id']}/reactions/i_hear_you")
    await deliver(database, SUBSCRIBER)
    before = await news_made(connection)
    await deliver_again(database, "reaction.given")
    assert await texts(rowan) == []
    assert await news_made(connection) == before, "nor does anything ring"


async def test_a_reaction_taken_back_and_given_again_stays_news_when_the_taking_back_comes_late(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    await sky.react(post)
    await sky.client.delete(f"/api/v1/posts/{post['id']}/reactions/i_hear_you")
    await sky.react(post)
    await deliver(database, SUBSCRIBER)
    await deliver_again(database, "reaction.taken_back")
    assert await texts(rowan) == ["Sky hears you."]


async def test_what_was_taken_back_before_it_was_told_rings_for_nobody(
    rowan: SignedIn, sky: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await sky.withdraw(reply)
    await sky.react(post)
    await rowan.withdraw(post)
    await deliver(database, SUBSCRIBER)
    await deliver_again(database, *SUBSCRIBER.types)
    assert await news_made(connection) == 0
    cursor = await connection.execute("SELECT 1 FROM community.notifications")
    assert await cursor.fetchall() == []


async def test_of_what_is_hidden_or_taken_back_nobody_is_told(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    gone = await sky.reply(post)
    hidden = await moss.reply(post)
    await deliver(database, SUBSCRIBER)
    await sky.withdraw(gone)
    await hide(database, hidden)
    assert await texts(rowan) == []


async def test_news_told_late_says_when_it_happened(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    with clock.at(clock.now() - timedelta(days=2)):
        answer = await sky.reply(post)
    await deliver(database, SUBSCRIBER)
    (item,) = (await rowan.get("/me/notifications"))["items"]
    assert item["created_at"] == answer["created_at"]
    assert item["is_read"] is False


async def test_a_decision_is_told_and_leads_only_whoever_may_see_the_post(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    await hide(database, post)
    async with unit_of_work(database) as session:
        for kind, member_ids in (
            (NotificationKind.DECISION, [rowan.member_id]),
            (NotificationKind.REPORT_ANSWER, [sky.member_id]),
            (NotificationKind.REPORT_ANSWER, []),
        ):
            await notifications.make(
                session,
                member_ids=member_ids,
                kind=kind,
                post_id=post["id"],
                text="We've hidden it for now.",
                reason="It described a method." if kind == "decision" else None,
            )
    (author,) = (await rowan.get("/me/notifications"))["items"]
    (reporter,) = (await sky.get("/me/notifications"))["items"]
    assert (author["kind"], author["what"], author["reason"], author["post_id"]) == (
        "decision",
        "We've hidden it for now.",
        "It described a method.",
        post["id"],
    )
    assert author["text"] == (
        "We've hidden it for now. Why: It described a method. If this feels wrong, you can appeal: "
        "another moderator will look again."
    )
    assert (reporter["kind"], reporter["post_id"], reporter["thread_id"]) == (
        "report_answer",
        None,
        None,
    )


async def test_an_answer_about_a_reply_leads_nowhere_once_its_thread_is_out_of_sight(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    hidden, blocked = await rowan.publish(), await moss.publish()
    replies = [await rowan.reply(post) for post in (hidden, blocked)]
    async with unit_of_work(database) as session:
        for reply in replies:
            await notifications.make(
                session,
                member_ids=[sky.member_id],
                kind=NotificationKind.REPORT_ANSWER,
                post_id=reply["id"],
                text="We looked at it.",
            )
    assert {one["post_id"] for one in (await sky.get("/me/notifications"))["items"]} == {
        one["id"] for one in replies
    }
    await hide(database, hidden)
    await sky.client.put(f"/api/v1/members/{moss.member_id}/block")
    for item in (await sky.get("/me/notifications"))["items"]:
        assert (item["what"], item["post_id"], item["thread_id"]) == (
            "We looked at it.",
            None,
            None,
        )


async def test_what_was_on_screen_is_read(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    for number in range(25):
        post = await rowan.publish(f"Post {number}")
        await sky.reply(post, f"Reply {number}")
    await deliver(database, SUBSCRIBER)
    found = await walk(rowan, "/me/notifications")
    assert len({item["id"] for item in found}) == 25
    assert not any(item["is_read"] for item in found)
    for until in (found[3]["id"], found[9]["id"], str(uuid4())):
        answer = await rowan.client.put(
            "/api/v1/me/notifications/read-marker", json={"until": until}
        )
        assert answer.status_code == 204
    read = [item["is_read"] for item in await walk(rowan, "/me/notifications")]
    assert read == [False] * 3 + [True] * 22


async def unmade(connection: AnyConnection) -> list[str]:
    cursor = await connection.execute(
        "SELECT topics FROM core.events WHERE type = 'notification.unmade' ORDER BY id"
    )
    return sorted(row["topics"][0] for row in await cursor.fetchall())


async def test_who_was_told_of_what_is_taken_back_hears_that_it_is_gone(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    deeper = await moss.reply(reply)
    await deliver(database, SUBSCRIBER)
    await moss.withdraw(deeper)
    await deliver(database, SUBSCRIBER)
    assert await unmade(connection) == sorted([f"me:{rowan.member_id}", f"me:{sky.member_id}"])
    assert await texts(sky) == []


async def test_hiding_a_post_takes_back_the_news_of_all_below_it(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await moss.reply(await sky.reply(post))
    await deliver(database, SUBSCRIBER)
    await hide(database, post)
    await deliver(database, SUBSCRIBER)
    assert f"me:{sky.member_id}" in await unmade(connection)


async def test_a_reaction_taken_back_takes_its_news_with_it(
    rowan: SignedIn, sky: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await sky.react(post)
    await deliver(database, SUBSCRIBER)
    answer = await sky.client.delete(f"/api/v1/posts/{post['id']}/reactions/i_hear_you")
    assert answer.status_code == 204
    await deliver(database, SUBSCRIBER)
    assert await unmade(connection) == [f"me:{rowan.member_id}"]


async def test_what_was_seen_already_is_not_told_of_again(
    rowan: SignedIn, sky: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await deliver(database, SUBSCRIBER)
    (item,) = (await rowan.get("/me/notifications"))["items"]
    seen = await rowan.client.put(
        "/api/v1/me/notifications/read-marker", json={"until": item["id"]}
    )
    assert seen.status_code == 204
    await sky.withdraw(reply)
    await deliver(database, SUBSCRIBER)
    assert await unmade(connection) == []
