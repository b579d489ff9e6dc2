"""A text that is changed or taken back by its author: what is kept, and what is gone."""

import pytest

from app.community import posts
from app.community.choices import EDITS_MOST
from app.core.db import AnyConnection
from tests.community.test_posts import events
from tests.people import SignedIn


async def test_an_edit_keeps_the_former_text(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn
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
    rowan: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish("Same.")
    again = await rowan.edit(post, "Same.")
    assert again["edited_at"] is None
    assert [kind for kind, _ in await events(connection)] == ["post.published"]


@pytest.mark.parametrize("act", ["PUT", "DELETE"])
async def test_nobody_changes_what_someone_else_wrote(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn, act: str
) -> None:
    post = await rowan.publish("Mine.")
    body = {"body": "Not yours."} if act == "PUT" else None
    for other in (sky, moderator):
        answer = await other.client.request(act, f"/api/v1/posts/{post['id']}", json=body)
        assert answer.status_code == 403
        assert answer.json()["type"] == "not-yours"
    assert (await rowan.wall())[0]["body_source"] == "Mine."


async def test_taken_back_without_replies_it_is_gone(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
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
    rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish("Regret.", note={"about": "regret"})
    await sky.reply(post)
    await rowan.withdraw(post)
    for reader in (rowan, sky):
        found = (await reader.thread(post))["post"]
        assert (found["state"], found["body_html"]) == ("withdrawn", "")
        assert (found["body_source"], found["note"]) == (None, None)
        assert len(await reader.wall()) == 1


async def test_what_was_taken_back_can_not_be_answered_or_edited(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
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


async def test_former_texts_come_in_pages_and_none_is_left_out(
    rowan: SignedIn, connection: AnyConnection
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
    rowan: SignedIn, connection: AnyConnection
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
