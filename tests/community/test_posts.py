"""Writing: publish, reply, edit, withdraw, and what a retry or a wrong id does."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.community import posts
from app.community.choices import EDITS_MOST, WALL_ID
from app.community.events import PostPublished
from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.events import START, read
from tests.community.factories import Browser


async def events(connection: AnyConnection) -> list[tuple[str, list[str]]]:
    cursor = await connection.execute("SELECT type, topics FROM core.events ORDER BY id")
    return [(row["type"], row["topics"]) for row in await cursor.fetchall()]


async def test_a_post_stands_on_the_wall_of_everyone(
    rowan: Browser, sky: Browser, connection: AnyConnection
) -> None:
    post = await rowan.publish(
        "I went **outside** today.",
        intent="sharing_a_little_win",
        note={"about": "  leaving\n the house "},
    )
    assert post["body_html"] == '<p dir="auto">I went <strong>outside</strong> today.</p>'
    assert post["body_source"] == "I went **outside** today."
    assert post["note"] == {"about": "leaving the house", "by": "author"}
    assert post["author"]["is_me"] is True
    (seen,) = await sky.wall()
    assert seen["body_html"] == post["body_html"]
    assert seen["body_source"] is None
    assert seen["intent"] == "sharing_a_little_win"
    assert seen["author"] == {
        "id": str(rowan.member_id),
        "display_name": "Rowan",
        "is_new": False,
        "is_me": False,
        "staff_role": None,
    }
    assert await events(connection) == [
        ("post.published", [f"space:{WALL_ID}", f"thread:{post['id']}"])
    ]


async def test_a_reply_joins_the_thread_and_answers_the_post(rowan: Browser, sky: Browser) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    deeper = await rowan.reply(reply, "Thank you.")
    assert (reply["thread_id"], reply["parent_id"]) == (post["id"], post["id"])
    assert (deeper["thread_id"], deeper["parent_id"]) == (post["id"], reply["id"])
    thread = await sky.thread(post)
    assert [found["id"] for found in thread["replies"]["items"]] == [reply["id"], deeper["id"]]
    assert (thread["post"]["reply_count"], thread["post"]["is_answered"]) == (2, True)
    assert thread["replies"]["items"][0]["reply_count"] == 1


async def test_answering_oneself_leaves_the_post_unanswered(rowan: Browser) -> None:
    post = await rowan.publish()
    await rowan.reply(post, "Still here.")
    (found,) = await rowan.wall()
    assert (found["reply_count"], found["is_answered"]) == (1, False)


async def test_the_answer_to_writing_is_what_a_read_gives(rowan: Browser, sky: Browser) -> None:
    note = {"note": {"about": "sleep"}}
    post = await rowan.publish("One *word*.", intent="looking_for_support", **note)
    reply = await sky.reply(post, "Two.", **note)
    deeper = await rowan.reply(reply, "Three.")
    untouched = {"reply_count": 0, "is_answered": False, "unread_replies": False}
    for author, made in ((rowan, post), (sky, reply), (rowan, deeper)):
        assert {**await author.get(f"/posts/{made['id']}"), **untouched} == made


async def test_the_event_says_who_answered_whom(
    rowan: Browser, sky: Browser, moss: Browser, database: Database
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


async def test_an_edit_keeps_the_former_text(
    rowan: Browser, sky: Browser, moderator: Browser
) -> None:
    post = await rowan.publish("First.", intent="saying_hello")
    edited = await rowan.edit(post, "Second.", note={"about": "sleep"})
    assert edited["body_html"] == '<p dir="auto">Second.</p>'
    assert edited["edited_at"] is not None
    assert edited["intent"] is None
    assert edited["note"] == {"about": "sleep", "by": "author"}
    for reader in (rowan, moderator):
        found = await reader.get(f"/posts/{post['id']}/revisions")
        assert [(item["revision"], item["body_source"]) for item in found["items"]] == [
            (1, "First.")
        ]
    assert await sky.status(f"/posts/{post['id']}/revisions") == 403


async def test_an_edit_that_changes_nothing_is_no_edit(
    rowan: Browser, connection: AnyConnection
) -> None:
    post = await rowan.publish("Same.")
    again = await rowan.edit(post, "Same.")
    assert again["edited_at"] is None
    assert [kind for kind, _ in await events(connection)] == ["post.published"]


async def test_a_reply_has_no_intent(rowan: Browser, sky: Browser) -> None:
    reply = await sky.reply(await rowan.publish())
    answer = await sky.client.put(
        f"/api/v1/posts/{reply['id']}", json={"body": "Hm.", "intent": "saying_hello"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/intent"


@pytest.mark.parametrize("act", ["PUT", "DELETE"])
async def test_nobody_changes_what_someone_else_wrote(
    rowan: Browser, sky: Browser, moderator: Browser, act: str
) -> None:
    post = await rowan.publish("Mine.")
    body = {"body": "Not yours."} if act == "PUT" else None
    for other in (sky, moderator):
        answer = await other.client.request(act, f"/api/v1/posts/{post['id']}", json=body)
        assert answer.status_code == 403
        assert answer.json()["type"] == "not-yours"
    assert (await rowan.wall())[0]["body_source"] == "Mine."


async def test_taken_back_without_replies_it_is_gone(
    rowan: Browser, sky: Browser, connection: AnyConnection
) -> None:
    post = await rowan.publish("Regret.")
    await rowan.withdraw(post)
    await rowan.withdraw(post)
    for reader in (rowan, sky):
        assert await reader.wall() == []
        assert await reader.status(f"/posts/{post['id']}") == 404
        assert await reader.status(f"/threads/{post['id']}") == 404
    assert [kind for kind, _ in await events(connection)] == ["post.published", "post.withdrawn"]


async def test_taken_back_with_replies_a_place_stays_without_its_text(
    rowan: Browser, sky: Browser
) -> None:
    post = await rowan.publish("Regret.", note={"about": "regret"})
    await sky.reply(post)
    await rowan.withdraw(post)
    for reader in (rowan, sky):
        found = (await reader.thread(post))["post"]
        assert (found["state"], found["body_html"]) == ("withdrawn", "")
        assert (found["body_source"], found["note"]) == (None, None)
        assert len(await reader.wall()) == 1


async def test_a_reply_taken_back_no_longer_counts(rowan: Browser, sky: Browser) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await sky.withdraw(reply)
    found = await rowan.thread(post)
    assert (found["post"]["reply_count"], found["post"]["is_answered"]) == (0, False)
    assert found["replies"]["items"] == []


async def test_what_was_taken_back_can_not_be_answered_or_edited(
    rowan: Browser, sky: Browser, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await sky.reply(post)
    await rowan.withdraw(post)
    answer = await sky.client.post(f"/api/v1/posts/{post['id']}/replies", json={"body": "Oh."})
    assert answer.status_code == 409
    assert answer.json()["type"] == "post-withdrawn"
    assert "What you wrote is still here" in answer.json()["detail"]
    edited = await rowan.client.put(f"/api/v1/posts/{post['id']}", json={"body": "Back."})
    assert edited.status_code == 409
    cursor = await connection.execute("SELECT count(*) AS replies FROM community.posts")
    assert await cursor.fetchone() == {"replies": 2}


async def test_the_same_post_sent_twice_is_one_post(
    rowan: Browser, sky: Browser, connection: AnyConnection
) -> None:
    post = await rowan.publish("Once.")
    for path in ("/api/v1/posts", f"/api/v1/posts/{post['id']}/replies"):
        for author in (rowan, sky):
            key = {"Idempotency-Key": str(uuid4())}
            first = await author.client.post(path, json={"body": "Once."}, headers=key)
            second = await author.client.post(path, json={"body": "Once."}, headers=key)
            assert (first.status_code, second.status_code) == (201, 200)
            assert first.json() == second.json()
    assert (await rowan.thread(post))["post"]["reply_count"] == 2
    assert len(await events(connection)) == 5


async def test_a_key_never_stands_for_other_words(rowan: Browser, sky: Browser) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    await rowan.client.post("/api/v1/posts", json={"body": "One."}, headers=key)
    other = await rowan.client.post("/api/v1/posts", json={"body": "Two."}, headers=key)
    assert other.status_code == 409
    assert other.json()["type"] == "key-reused"
    (there,) = await sky.wall()
    assert other.json()["post_id"] == there["id"], "which post is there"
    theirs = await sky.client.post("/api/v1/posts", json={"body": "Two."}, headers=key)
    assert theirs.status_code == 201


async def test_unknown_ids_and_ids_of_another_kind_are_not_found(
    rowan: Browser, sky: Browser
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    for wrong in (uuid4(), rowan.member_id, rowan.account_id):
        assert await rowan.status(f"/posts/{wrong}") == 404
        assert await rowan.status(f"/threads/{wrong}") == 404
        for verb, path in (("POST", "/replies"), ("PUT", ""), ("PUT", "/reactions/i_hear_you")):
            answer = await rowan.client.request(
                verb, f"/api/v1/posts/{wrong}{path}", json={"body": "?"}
            )
            assert answer.status_code == 404, path
            assert answer.json()["type"] == "post-not-found"
    assert await rowan.status(f"/threads/{reply['id']}") == 404
    assert await rowan.status(f"/members/{post['id']}") == 404
    assert await rowan.status("/posts/nonsense") == 422


async def test_nobody_writes_or_reads_without_signing_in(rowan: Browser) -> None:
    post = await rowan.publish()
    rowan.client.cookies.clear()
    for path in ("/wall", f"/threads/{post['id']}", f"/posts/{post['id']}", "/search?q=hello"):
        assert await rowan.status(path) == 401
    answer = await rowan.client.post("/api/v1/posts", json={"body": "Hello."})
    assert answer.status_code == 401


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
    rowan: Browser, sky: Browser, moss: Browser, database: Database
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
    rowan: Browser, sky: Browser, moss: Browser, database: Database
) -> None:
    post = await rowan.publish()
    await sky.withdraw(await sky.reply(post))
    assert not (await rowan.wall())[0]["is_answered"]
    await moss.reply(post)
    assert [is_first for is_first, _ in await _answers(database)] == [False, True, False]


async def test_of_many_answers_at_once_one_is_the_first(
    rowan: Browser, sky: Browser, moss: Browser, database: Database
) -> None:
    post = await rowan.publish()
    await asyncio.gather(*(who.reply(post) for who in (sky, moss) * 6))
    assert sum(is_first for is_first, _ in await _answers(database)) == 1


def test_an_event_of_the_version_before_is_still_read() -> None:
    ids = dict.fromkeys(("post_id", "thread_id", "author_id", "thread_author_id"), str(uuid4()))
    before = {"parent_id": None, "parent_author_id": None, "intent": None, "length": 5}
    event = PostPublished.model_validate({**ids, **before, "has_note": False, "revision": 1})
    assert (event.is_first_answer, event.root_age_seconds) == (False, None)


async def test_a_key_stands_for_what_was_first_sent_whatever_became_of_it(
    rowan: Browser, sky: Browser
) -> None:
    """An answer that was lost: only the server can tell whether the post is there."""
    wall = await sky.publish()
    other = await sky.publish()

    async def send(path: str, key: str, body: str, **more: Any) -> tuple[int, Any]:
        answer = await rowan.client.post(
            path, json={"body": body, **more}, headers={"Idempotency-Key": key}
        )
        return answer.status_code, answer.json()

    key = str(uuid4())
    _, made = await send("/api/v1/posts", key, "One.", intent="saying_hello")
    await rowan.edit(made, "Edited since.", intent="saying_hello")
    assert (await send("/api/v1/posts", key, "One.", intent="saying_hello"))[0] == 200
    for more in ({"body": "Edited since."}, {"body": "One.", "note": {"about": "a note"}}):
        status, refused = await send("/api/v1/posts", key, **more)
        assert (status, refused["post_id"]) == (409, made["id"])

    key = str(uuid4())
    _, made = await send("/api/v1/posts", key, "Two.")
    status, refused = await send("/api/v1/posts", key, "Two.", intent="saying_hello")
    assert (status, refused["post_id"]) == (409, made["id"])

    key = str(uuid4())
    _, made = await send(f"/api/v1/posts/{wall['id']}/replies", key, "Three.")
    status, refused = await send(f"/api/v1/posts/{other['id']}/replies", key, "Three.")
    assert (status, refused["post_id"]) == (409, made["id"]), "an answer to someone else"


async def test_former_texts_come_in_pages_and_none_is_left_out(
    rowan: Browser, connection: AnyConnection
) -> None:
    post = await rowan.publish("Text 1.")
    for number in range(2, 2 * posts.REVISIONS_PAGE + 3):
        await rowan.edit(post, f"Text {number}.")
    path, found, sizes = f"/posts/{post['id']}/revisions", [], []
    page = await rowan.get(path)
    while True:
        found += [item["body_source"] for item in page["items"]]
        sizes.append(len(page["items"]))
        if page["next_cursor"] is None:
            break
        page = await rowan.get(path, cursor=page["next_cursor"])
    assert found == [f"Text {number}." for number in range(2 * posts.REVISIONS_PAGE + 1, 0, -1)]
    assert sizes == [posts.REVISIONS_PAGE, posts.REVISIONS_PAGE, 1]
    assert (await rowan.client.get(f"/api/v1{path}?cursor=nonsense")).status_code == 422


async def test_a_post_is_changed_so_often_and_then_no_more_with_nothing_typed_lost(
    rowan: Browser, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    await connection.execute(
        "UPDATE community.posts SET revision = %s WHERE id = %s", (EDITS_MOST, post["id"])
    )
    await rowan.edit(post, "The last change.")
    path = f"/api/v1/posts/{post['id']}"
    answer = await rowan.client.put(path, json={"body": "One more."})
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "edited-too-often")
    assert f"{EDITS_MOST} times" in problem["detail"]
    assert "still here" in problem["detail"]
    assert (await rowan.get(f"/posts/{post['id']}"))["body_source"] == "The last change."
    same = await rowan.client.put(path, json={"body": "The last change."})
    assert same.status_code == 200, "what changes nothing is no change"
    await rowan.withdraw(post)
