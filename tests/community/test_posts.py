"""Publishing: what stands on the wall then, and what a retry or a wrong id does."""

from typing import Any
from uuid import uuid4

from app.core.db import AnyConnection
from tests.people import SignedIn
from tests.wall import WALL_ID


async def events(connection: AnyConnection) -> list[tuple[str, list[str]]]:
    cursor = await connection.execute("SELECT type, topics FROM core.events ORDER BY id")
    return [(row["type"], row["topics"]) for row in await cursor.fetchall()]


async def test_a_post_stands_on_the_wall_of_everyone(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
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


async def test_the_answer_to_writing_is_what_a_read_gives(rowan: SignedIn, sky: SignedIn) -> None:
    note = {"note": {"about": "sleep"}}
    post = await rowan.publish("One *word*.", intent="looking_for_support", **note)
    reply = await sky.reply(post, "Two.", **note)
    deeper = await rowan.reply(reply, "Three.")
    untouched = {"reply_count": 0, "is_answered": False, "unread_replies": False}
    for author, made in ((rowan, post), (sky, reply), (rowan, deeper)):
        assert {**await author.get(f"/posts/{made['id']}"), **untouched} == made


async def test_the_same_post_sent_twice_is_one_post(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
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


async def test_a_key_never_stands_for_other_words(rowan: SignedIn, sky: SignedIn) -> None:
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
    rowan: SignedIn, sky: SignedIn
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


async def test_nobody_writes_or_reads_without_signing_in(rowan: SignedIn) -> None:
    post = await rowan.publish()
    rowan.client.cookies.clear()
    for path in ("/wall", f"/threads/{post['id']}", f"/posts/{post['id']}", "/search?q=hello"):
        assert await rowan.status(path) == 401
    answer = await rowan.client.post("/api/v1/posts", json={"body": "Hello."})
    assert answer.status_code == 401


async def test_a_key_stands_for_what_was_first_sent_whatever_became_of_it(
    rowan: SignedIn, sky: SignedIn
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
