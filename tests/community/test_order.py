"""Order, pages and read markers, whatever the clocks of the servers say."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import notifications
from app.community.choices import NotificationKind
from app.community.subscribers import SUBSCRIBER
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from tests.people import Json, SignedIn
from tests.support.databases import is_waited_for_a_lock
from tests.support.waiting import eventually
from tests.wall import WALL_ID

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
BACK = timedelta(seconds=120)


def ids(posts: list[Json]) -> list[str]:
    return [post["id"] for post in posts]


async def test_a_reply_made_after_the_clock_stepped_back_is_in_its_thread(
    rowan: SignedIn, sky: SignedIn
) -> None:
    with clock.at(NOW):
        post = await rowan.publish()
        first = await sky.reply(post, "One.")
    with clock.at(NOW - BACK):
        second = await sky.reply(post, "Two.")
    with clock.at(NOW):
        third = await sky.reply(first, "Three.")
    thread = await rowan.thread(post)
    assert ids(thread["replies"]["items"]) == ids([first, second, third])
    assert thread["post"]["reply_count"] == 3
    assert post["id"] < first["id"] < second["id"] < third["id"]


async def test_no_page_of_a_thread_leaves_out_what_a_slow_clock_made(
    rowan: SignedIn, sky: SignedIn
) -> None:
    with clock.at(NOW):
        post = await rowan.publish()
    made = []
    for number in range(45):
        with clock.at(NOW - BACK * (number % 3) + timedelta(seconds=number % 7)):
            made.append(await sky.reply(post, f"Reply {number}."))
    found: list[str] = []
    cursor: str | None = None
    while True:
        asked: dict[str, str] = {} if cursor is None else {"cursor": cursor}
        page = (await rowan.get(f"/threads/{post['id']}", **asked))["replies"]
        found += ids(page["items"])
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == ids(made)


async def test_the_wall_and_search_stand_in_the_order_of_publishing(
    rowan: SignedIn, sky: SignedIn
) -> None:
    made = []
    for seconds in (0, -120, 60, -3_600, 10):
        with clock.at(NOW + timedelta(seconds=seconds)):
            made.append(await rowan.publish("Umbrella."))
    newest_first = ids(made)[::-1]
    assert ids(await sky.wall()) == newest_first
    with clock.at(NOW + timedelta(hours=1)):
        assert ids(await sky.wall(unanswered=True)) == newest_first[::-1]
    assert ids((await sky.get("/search", q="umbrella"))["items"]) == newest_first


async def test_what_a_slow_clock_published_is_told_under_the_id_that_stands(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    with clock.at(NOW):
        await rowan.publish()
    with clock.at(NOW - BACK):
        post = await rowan.publish()
        reply = await sky.reply(post)
    cursor = await connection.execute(
        "SELECT payload ->> 'post_id' AS post_id, topics FROM core.events"
        " WHERE type = 'post.published' ORDER BY id DESC LIMIT 2"
    )
    thread = f"thread:{post['id']}"
    assert await cursor.fetchall() == [
        {"post_id": reply["id"], "topics": [f"space:{WALL_ID}", thread]},
        {"post_id": post["id"], "topics": [f"space:{WALL_ID}", thread]},
    ]
    assert (await rowan.get(f"/posts/{reply['id']}"))["thread_id"] == post["id"]


async def test_a_reply_made_by_a_slow_clock_is_unread_for_who_has_read_the_thread(
    rowan: SignedIn, sky: SignedIn
) -> None:
    with clock.at(NOW):
        post = await rowan.publish()
        read = await sky.reply(post, "One.")
        path = f"/api/v1/threads/{post['id']}/read-marker"
        assert (await rowan.client.put(path, json={"post_id": read["id"]})).status_code == 204
    with clock.at(NOW - BACK):
        await sky.reply(post, "Two.")
    thread = await rowan.thread(post)
    assert [reply["is_unseen"] for reply in thread["replies"]["items"]] == [False, True]
    assert thread["post"]["unread_replies"] is True


async def test_a_reply_that_commits_late_is_unread_for_who_has_read_the_thread_meanwhile(
    database: Database, rowan: SignedIn, sky: SignedIn, moss: SignedIn, connection: AnyConnection
) -> None:
    """Both replies wait for their root; whoever comes second takes its number second."""
    post = await rowan.publish()
    async with connection.transaction():
        await connection.execute(
            "SELECT FROM community.posts WHERE id = %s FOR NO KEY UPDATE", (post["id"],)
        )
        late = asyncio.create_task(sky.reply(post, "Begun first."))
        await eventually(lambda: is_waited_for_a_lock(database))
        between = await _reply_by_hand(connection, post, moss)
        read = await rowan.client.put(
            f"/api/v1/threads/{post['id']}/read-marker", json={"post_id": post["id"]}
        )
        assert read.status_code == 204
    await rowan.client.put(f"/api/v1/threads/{post['id']}/read-marker", json={"post_id": between})
    reply = await late
    assert between < reply["id"]
    thread = await rowan.thread(post)
    assert [each["is_unseen"] for each in thread["replies"]["items"]] == [False, True]


async def _reply_by_hand(connection: AnyConnection, post: Json, author: SignedIn) -> str:
    """A reply inside the transaction that holds the root, made later than one that waits."""
    cursor = await connection.execute(
        "INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, body_source,"
        " body_html, revision, created_at, visibility)"
        " SELECT %(id)s, space_id, id, id, %(author)s, 'Words', '<p>Words</p>', 1, now(), 'visible'"
        " FROM community.posts WHERE id = %(post)s RETURNING id::text",
        {"id": UUID(int=UUID(post["id"]).int + (1 << 90)), "author": author.member_id}
        | {"post": post["id"]},
    )
    row = await cursor.fetchone()
    assert row is not None
    return str(row["id"])


async def test_a_post_that_commits_late_is_new_on_the_wall_for_who_has_seen_it_meanwhile(
    database: Database, rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    await rowan.publish("Before.")
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO community.posts (id, space_id, thread_id, author_id, body_source,"
            " body_html, revision, created_at, visibility)"
            " SELECT %(id)s, space_id, %(id)s, author_id, 'Late', '<p>Late</p>', 1, %(then)s,"
            " 'visible' FROM community.posts LIMIT 1",
            {"id": UUID(int=1 << 100), "then": NOW},
        )
        other = asyncio.create_task(rowan.publish("Begun later."))
        await eventually(lambda: is_waited_for_a_lock(database))
        page = await sky.get("/wall")
        seen = await sky.client.put("/api/v1/wall/read-marker", json={"position": page["position"]})
        assert seen.status_code == 204
    last = await other
    unseen = {post["body_html"]: post["is_unseen"] for post in await sky.wall()}
    assert unseen == {
        '<p dir="auto">Before.</p>': False,
        "<p>Late</p>": True,
        '<p dir="auto">Begun later.</p>': True,
    }
    assert (await sky.wall())[0]["id"] == last["id"]


async def test_a_post_by_a_slow_clock_is_new_on_the_wall(rowan: SignedIn, sky: SignedIn) -> None:
    with clock.at(NOW):
        await rowan.publish("Before.")
        page = await sky.get("/wall")
        await sky.client.put("/api/v1/wall/read-marker", json={"position": page["position"]})
    with clock.at(NOW - BACK):
        await rowan.publish("After.")
    assert [post["is_unseen"] for post in await sky.wall()] == [True, False]


async def test_the_database_puts_no_reply_before_its_thread(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    low = UUID(int=UUID(post["id"]).int - (1 << 90))
    copied = (
        "INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, body_source,"
        " body_html, revision, created_at, visibility) SELECT %s, space_id, thread_id, parent_id,"
        " author_id, body_source, body_html, 1, now(), 'visible' FROM community.posts"
        " WHERE id = %s RETURNING id"
    )
    cursor = await connection.execute(copied, (low, reply["id"]))
    row = await cursor.fetchone()
    assert row is not None
    assert row["id"] > UUID(reply["id"])
    assert row["id"].version == 7
    async with connection.transaction():
        await connection.execute("SET LOCAL alongside.writes_history = 'yes'")
        with pytest.raises(psycopg.errors.CheckViolation):
            async with connection.transaction():
                await connection.execute(copied, (low, reply["id"]))
    with pytest.raises(psycopg.errors.CheckViolation):
        await connection.execute(
            "UPDATE community.posts SET id = %s WHERE id = %s", (low, reply["id"])
        )


async def test_news_told_by_a_slow_clock_comes_first_and_is_not_yet_read(
    database: Database, rowan: SignedIn, sky: SignedIn
) -> None:
    with clock.at(NOW):
        post, other = await rowan.publish(), await rowan.publish()
        await sky.reply(post, "One.")
        await deliver(database, SUBSCRIBER)
        (read,) = (await rowan.get("/me/notifications"))["items"]
        await rowan.client.put("/api/v1/me/notifications/read-marker", json={"until": read["id"]})
    with clock.at(NOW - BACK):
        await sky.reply(other, "Two.")
        await deliver(database, SUBSCRIBER)
    news = (await rowan.get("/me/notifications"))["items"]
    assert [item["is_read"] for item in news] == [False, True]


async def test_news_that_commits_late_is_not_read_by_who_read_meanwhile(
    database: Database, rowan: SignedIn, sky: SignedIn
) -> None:
    async def tell(words: str) -> None:
        async with unit_of_work(database) as session:
            await _tell(session, rowan, words)

    async with unit_of_work(database) as session:
        await _tell(session, rowan, "First.")
        second = asyncio.create_task(tell("Second."))
        await eventually(lambda: is_waited_for_a_lock(database))
        assert (await rowan.get("/me/notifications"))["items"] == []
    await second
    news = (await rowan.get("/me/notifications"))["items"]
    assert [item["text"] for item in news] == ["Second.", "First."]


async def _tell(session: AsyncSession, to: SignedIn, words: str) -> None:
    await notifications.make(
        session, member_ids=[to.member_id], kind=NotificationKind.DECISION, text=words
    )


async def test_my_activity_is_whole_and_in_order_through_steps_of_the_clock(
    rowan: SignedIn, sky: SignedIn
) -> None:
    posts, reacted = [], []
    others = [await sky.publish(f"Post {number}.") for number in range(25)]
    for number, other in enumerate(others):
        with clock.at(NOW - BACK * (number % 3) + timedelta(seconds=number % 7)):
            posts.append(await rowan.publish(f"Own {number}."))
            await rowan.react(other)
            reacted.append(other)

    async def walked(**asked: str) -> list[Json]:
        found: list[Json] = []
        while True:
            page = await rowan.get("/me/activity", **asked)
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            asked["cursor"] = page["next_cursor"]

    mine = await walked(kind="posts")
    assert [item["post"]["id"] for item in mine] == ids(posts)[::-1]
    given = await walked(kind="reactions")
    assert [item["post"]["id"] for item in given] == ids(reacted)[::-1]
    every = await walked()
    assert [item["post"]["id"] for item in every if item["kind"] == "post"] == ids(posts)[::-1]
    kept = [item["post"]["id"] for item in every if item["kind"] == "reaction"]
    assert kept == ids(reacted)[::-1]
