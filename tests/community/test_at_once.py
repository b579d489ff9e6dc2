"""Many people at the same moment: nothing lost, nothing twice, nobody waits for ever."""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.core import db
from app.core.db import AnyConnection, Database
from tests.people import SignedIn, signed_in
from tests.support.databases import is_waited_for_a_lock
from tests.support.waiting import eventually

# What the counts kept on posts must equal, counted afresh.
_WRONG_COUNTS = """
    SELECT p.id FROM community.posts p CROSS JOIN LATERAL (
      SELECT count(*) AS replies,
        coalesce(bool_or(c.author_id <> p.author_id), false) AS is_answered,
        max(c.id::text)::uuid AS last_id
      FROM community.posts c
      WHERE c.thread_id = p.thread_id AND c.parent_id IS NOT NULL
        AND (p.parent_id IS NULL OR c.parent_id = p.id)
        AND c.withdrawn_at IS NULL AND c.visibility = 'visible') real
    CROSS JOIN LATERAL (
      SELECT count(*) AS heard FROM community.reactions r
      WHERE r.post_id = p.id AND r.kind = 'i_hear_you') given
    WHERE p.reply_count <> real.replies OR p.i_hear_you_count <> given.heard
      OR (p.parent_id IS NULL AND (p.is_answered <> real.is_answered
        OR p.last_reply_id IS DISTINCT FROM real.last_id))
"""


async def wrong_counts(connection: AnyConnection) -> list[dict[str, object]]:
    return list(await (await connection.execute(_WRONG_COUNTS)).fetchall())


async def test_two_hundred_replies_at_once_all_stand(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    other = await sky.publish()
    reply = await sky.reply(post, "First.")
    targets = [post, reply, other]
    sent = [
        author.client.post(
            f"/api/v1/posts/{targets[number % 3]['id']}/replies", json={"body": f"Reply {number}"}
        )
        for number in range(100)
        for author in (rowan, sky)
    ]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {201}
    cursor = await connection.execute("SELECT count(*) AS posts FROM community.posts")
    assert await cursor.fetchone() == {"posts": 203}
    cursor = await connection.execute(
        "SELECT count(*) AS events FROM core.events WHERE type = 'post.published'"
    )
    assert await cursor.fetchone() == {"events": 203}
    assert await wrong_counts(connection) == []


async def test_one_key_sent_ten_times_at_once_is_one_post(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    for path in ("/api/v1/posts", f"/api/v1/posts/{post['id']}/replies"):
        key = {"Idempotency-Key": str(uuid4())}
        answers = await asyncio.gather(
            *(sky.client.post(path, json={"body": "Once."}, headers=key) for _ in range(10))
        )
        assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
        assert len({answer.json()["id"] for answer in answers}) == 1
    assert await wrong_counts(connection) == []


async def test_everything_in_one_thread_at_once_keeps_the_counts_right(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    async with (moss := await signed_in(app)).client:
        for _ in range(3):
            post = await rowan.publish()
            replies = [await sky.reply(post) for _ in range(4)]
            deeper = [await moss.reply(reply) for reply in replies]
            for reply in replies:
                await rowan.react(reply)
            answers = await asyncio.gather(
                *(sky.client.delete(f"/api/v1/posts/{reply['id']}") for reply in replies[:3]),
                *(moss.client.delete(f"/api/v1/posts/{reply['id']}") for reply in deeper[:2]),
                *(
                    rowan.client.post(f"/api/v1/posts/{reply['id']}/replies", json={"body": "?"})
                    for reply in replies + deeper
                ),
                *(
                    rowan.client.put(f"/api/v1/posts/{reply['id']}/reactions/i_hear_you")
                    for reply in replies + deeper
                ),
                *(
                    rowan.client.delete(f"/api/v1/posts/{reply['id']}/reactions/i_hear_you")
                    for reply in replies + deeper
                ),
                rowan.client.put(f"/api/v1/posts/{post['id']}", json={"body": "Edited."}),
                rowan.client.delete(f"/api/v1/posts/{post['id']}"),
            )
            assert {answer.status_code for answer in answers} <= {200, 201, 204, 404, 409}
            assert await wrong_counts(connection) == []


async def test_a_reaction_given_on_one_device_and_taken_back_on_another_wait_in_one_order(
    database: Database, rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await sky.react(post)
    path = f"/api/v1/posts/{post['id']}/reactions/i_hear_you"
    async with connection.transaction():
        await connection.execute(
            "SELECT FROM community.posts WHERE id = %s FOR NO KEY UPDATE", (post["id"],)
        )
        taking_back = asyncio.create_task(sky.client.delete(path))
        await eventually(lambda: is_waited_for_a_lock(database))
        await connection.execute(
            "INSERT INTO community.reactions (post_id, member_id, kind, created_at)"
            " VALUES (%s, %s, 'i_hear_you', now()) ON CONFLICT DO NOTHING",
            (post["id"], sky.member_id),
        )
    assert (await taking_back).status_code == 204
    assert (await sky.wall())[0]["reactions"]["given"] == []
    assert await wrong_counts(connection) == []


_TO_BE = {
    "hidden": "UPDATE community.posts SET visibility = 'hidden', hidden_reason = 'A method.'"
    " WHERE id = %s",
    "taken back": "UPDATE community.posts SET withdrawn_at = now() WHERE id = %s",
}


@pytest.mark.parametrize("what", ["root", "reply"])
@pytest.mark.parametrize("becomes", ["hidden", "taken back"])
@pytest.mark.parametrize("act", ["answer", "react"])
async def test_what_is_hidden_or_taken_back_in_that_moment_gets_nothing(
    database: Database,
    rowan: SignedIn,
    sky: SignedIn,
    moss: SignedIn,
    connection: AnyConnection,
    act: str,
    becomes: str,
    what: str,
) -> None:
    """Both wait for the locks that moderation and authors take: the root, then the reply."""
    root = await rowan.publish()
    reply = await sky.reply(root)
    target = root if what == "root" else reply
    async with connection.transaction():
        for locked in (root, target):
            await connection.execute(
                "SELECT FROM community.posts WHERE id = %s FOR NO KEY UPDATE", (locked["id"],)
            )
        if act == "answer":
            path = f"/api/v1/posts/{target['id']}/replies"
            sent = asyncio.create_task(moss.client.post(path, json={"body": "I hear you."}))
        else:
            path = f"/api/v1/posts/{target['id']}/reactions/i_hear_you"
            sent = asyncio.create_task(moss.client.put(path))
        await eventually(lambda: is_waited_for_a_lock(database))
        await connection.execute(_TO_BE[becomes], (target["id"],))
    answer = await sent
    assert answer.status_code in {404, 409}, answer.text
    assert answer.json()["detail"]
    cursor = await connection.execute(
        "SELECT (SELECT count(*) FROM community.posts) + (SELECT count(*) FROM community.reactions)"
        " AS made"
    )
    assert await cursor.fetchone() == {"made": 2}


@pytest.mark.parametrize("becomes", ["hidden", "taken back"])
async def test_an_answer_or_reaction_below_a_root_that_goes_in_that_moment(
    database: Database,
    rowan: SignedIn,
    sky: SignedIn,
    moss: SignedIn,
    connection: AnyConnection,
    becomes: str,
) -> None:
    """A root that was taken back still holds its answers together; a hidden one does not."""
    root = await rowan.publish()
    reply = await sky.reply(root)
    async with connection.transaction():
        await connection.execute(
            "SELECT FROM community.posts WHERE id = %s FOR NO KEY UPDATE", (root["id"],)
        )
        path = f"/api/v1/posts/{reply['id']}"
        sent = asyncio.gather(
            moss.client.post(f"{path}/replies", json={"body": "I hear you."}),
            moss.client.put(f"{path}/reactions/i_hear_you"),
        )
        await eventually(lambda: _waiting_two(database))
        await connection.execute(_TO_BE[becomes], (root["id"],))
    statuses = [answer.status_code for answer in await sent]
    assert statuses == ([404, 404] if becomes == "hidden" else [201, 204])
    assert await wrong_counts(connection) == []


async def _waiting_two(database: Database) -> bool:
    rows = await db.fetch(
        database.pool,
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return len(rows) == 2


async def test_reactions_to_one_reply_and_its_root_never_wait_in_a_ring(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    root = await rowan.publish()
    reply = await rowan.reply(root)
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context((await signed_in(app)).client) for _ in range(12)]
        answers = await asyncio.gather(
            *(
                one.put(f"/api/v1/posts/{post['id']}/reactions/{kind}")
                for one in crowd
                for post in (root, reply)
                for kind in ("i_hear_you", "i_like_this")
            ),
            *(
                one.post(f"/api/v1/posts/{post['id']}/replies", json={"body": "I hear you."})
                for one in crowd
                for post in (root, reply)
            ),
        )
    assert {answer.status_code for answer in answers} == {201, 204}
    assert await wrong_counts(connection) == []
