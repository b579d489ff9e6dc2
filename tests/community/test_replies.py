"""Replies: their thread, whom they answer, and which was the first answer."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from app.community.events import PostPublished
from app.core import clock
from app.core.db import Database
from app.core.events import START, read
from tests.people import SignedIn
from tests.wall import WALL_ID


async def test_a_reply_joins_the_thread_and_answers_the_post(
    rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    deeper = await rowan.reply(reply, "Thank you.")
    assert (reply["thread_id"], reply["parent_id"]) == (post["id"], post["id"])
    assert (deeper["thread_id"], deeper["parent_id"]) == (post["id"], reply["id"])
    thread = await sky.thread(post)
    assert [found["id"] for found in thread["replies"]["items"]] == [reply["id"], deeper["id"]]
    assert (thread["post"]["reply_count"], thread["post"]["is_answered"]) == (2, True)
    assert thread["replies"]["items"][0]["reply_count"] == 1


async def test_answering_oneself_leaves_the_post_unanswered(rowan: SignedIn) -> None:
    post = await rowan.publish()
    await rowan.reply(post, "Still here.")
    (found,) = await rowan.wall()
    assert (found["reply_count"], found["is_answered"]) == (1, False)


async def test_the_event_says_who_answered_whom(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    moment = clock.now()
    with clock.at(moment):
        post = await rowan.publish("Post.", intent="saying_hello")
    with clock.at(moment + timedelta(minutes=1)):
        reply = await sky.reply(post, "Reply.", note={"about": "sleep"})
    with clock.at(moment + timedelta(minutes=2)):
        deeper = await moss.reply(reply, "Deeper.")
    async with database.pool.connection() as connection:
        found = await read(connection, START, limit=9)
    assert [recorded.topics for recorded in found] == [
        (f"space:{WALL_ID}", f"thread:{post['id']}")
    ] * 3
    assert [recorded.event() for recorded in found] == [
        PostPublished.model_validate(
            {
                "post_id": made["id"],
                "thread_id": post["id"],
                "parent_id": made["parent_id"],
                "author_id": author.member_id,
                "parent_author_id": parent and parent.member_id,
                "space_id": WALL_ID,
                "thread_author_id": rowan.member_id,
                "intent": made["intent"],
                "length": len(made["body_source"]),
                "has_note": made["note"] is not None,
                "revision": 1,
                "is_first_answer": made is reply,
                "root_age_seconds": age,
            }
        )
        for made, author, parent, age in (
            (post, rowan, None, None),
            (reply, sky, rowan, 60),
            (deeper, moss, sky, 120),
        )
    ]


async def test_a_reply_has_no_intent(rowan: SignedIn, sky: SignedIn) -> None:
    reply = await sky.reply(await rowan.publish())
    answer = await sky.client.put(
        f"/api/v1/posts/{reply['id']}", json={"body": "Hm.", "intent": "saying_hello"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/intent"


async def test_a_reply_taken_back_no_longer_counts(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await sky.withdraw(reply)
    found = await rowan.thread(post)
    assert (found["post"]["reply_count"], found["post"]["is_answered"]) == (0, False)
    assert found["replies"]["items"] == []


async def _answers(database: Database) -> list[tuple[bool, int | None]]:
    async with database.pool.connection() as connection:
        recorded = await read(connection, START, limit=50, types=["post.published"])
    found = [one.event() for one in recorded]
    return [
        (event.is_first_answer, event.root_age_seconds)
        for event in found
        if isinstance(event, PostPublished)
    ]


async def test_a_reply_tells_whether_it_is_the_first_answer_and_how_late_it_came(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    moment = clock.now()
    with clock.at(moment):
        post = await rowan.publish()
    with clock.at(moment + timedelta(seconds=90.7)):
        own = await rowan.reply(post, "Still here.")
    with clock.at(moment + timedelta(minutes=10)):
        first = await sky.reply(own)
    with clock.at(moment + timedelta(days=2)):
        await moss.reply(post)
        await rowan.reply(first)
    assert await _answers(database) == [
        (False, None),
        (False, 90),
        (True, 600),
        (False, 172_800),
        (False, 172_800),
    ]


async def test_an_answer_that_was_taken_back_was_the_first_all_the_same(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    await sky.withdraw(await sky.reply(post))
    assert not (await rowan.wall())[0]["is_answered"]
    await moss.reply(post)
    assert [is_first for is_first, _ in await _answers(database)] == [False, True, False]


async def test_of_many_answers_at_once_one_is_the_first(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    await asyncio.gather(*(who.reply(post) for who in (sky, moss) * 6))
    assert sum(is_first for is_first, _ in await _answers(database)) == 1


def test_an_event_of_the_version_before_is_still_read() -> None:
    ids = dict.fromkeys(("post_id", "thread_id", "author_id", "thread_author_id"), str(uuid4()))
    before = {"parent_id": None, "parent_author_id": None, "intent": None, "length": 5}
    event = PostPublished.model_validate({**ids, **before, "has_note": False, "revision": 1})
    assert (event.is_first_answer, event.root_age_seconds) == (False, None)
