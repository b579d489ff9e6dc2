"""A thread: the order and pages of replies, and which of them are unread."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app.core import clock
from tests.people import SignedIn

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def test_replies_come_oldest_first_page_by_page(rowan: SignedIn, sky: SignedIn) -> None:
    with clock.at(START):
        post = await rowan.publish()
        made = [await sky.reply(post, "Zero")]
    for number in range(1, 43):
        with clock.at(START + timedelta(seconds=number)):
            made.append(await sky.reply(post, f"Reply {number}"))
    found = []
    cursor: dict[str, str] = {}
    while True:
        page = await rowan.get(f"/threads/{post['id']}", **cursor)
        assert page["post"]["id"] == post["id"]
        found += page["replies"]["items"]
        if page["replies"]["next_cursor"] is None:
            break
        cursor = {"cursor": page["replies"]["next_cursor"]}
    assert [reply["id"] for reply in found] == [reply["id"] for reply in made]


async def test_a_reply_is_unread_until_its_thread_was_seen(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish()
    assert (await rowan.wall())[0]["unread_replies"] is False
    first = await sky.reply(post)
    assert (await rowan.wall())[0]["unread_replies"] is True
    assert (await sky.wall())[0]["unread_replies"] is False

    seen = await rowan.client.put(
        f"/api/v1/threads/{post['id']}/read-marker", json={"post_id": first["id"]}
    )
    assert seen.status_code == 204
    assert (await rowan.wall())[0]["unread_replies"] is False
    second = await sky.reply(post)
    thread = await rowan.thread(post)
    assert thread["read_until"] == first["id"]
    assert [reply["is_unseen"] for reply in thread["replies"]["items"]] == [False, True]
    assert (await rowan.wall())[0]["unread_replies"] is True

    for post_id in (second["id"], first["id"]):
        await rowan.client.put(
            f"/api/v1/threads/{post['id']}/read-marker", json={"post_id": post_id}
        )
    assert (await rowan.thread(post))["read_until"] == second["id"]


async def test_nobody_is_told_of_replies_in_threads_they_never_opened(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn
) -> None:
    post = await rowan.publish()
    await sky.reply(post)
    assert (await moss.wall())[0]["unread_replies"] is False


async def test_only_posts_of_the_thread_mark_it_seen(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish()
    other = await rowan.publish()
    reply = await sky.reply(other)
    for thread, seen in (
        (post, other["id"]),
        (post, reply["id"]),
        (post, str(uuid4())),
        (reply, reply["id"]),
    ):
        answer = await rowan.client.put(
            f"/api/v1/threads/{thread['id']}/read-marker", json={"post_id": seen}
        )
        assert answer.status_code == 404
