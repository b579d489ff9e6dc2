"""Blocking and muting over HTTP: what they do, whom they spare, and how they end."""

import asyncio
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI

from app.community import members, notifications, posts
from app.community.choices import NotificationKind
from app.community.subscribers import SUBSCRIBER
from app.core import delivery
from app.core.db import AnyConnection, Database, unit_of_work
from app.identity.roles import Role
from tests.people import Json, SignedIn, signed_in
from tests.support.waiting import eventually, waiting


async def put(who: SignedIn, whom: SignedIn, act: str, status: int = 204) -> Json:
    path = f"/api/v1/members/{whom.member_id}/{act}"
    answer = await who.client.put(path)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else {}


async def undo(who: SignedIn, whom: SignedIn, act: str) -> None:
    path = f"/api/v1/members/{whom.member_id}/{act}"
    assert (await who.client.delete(path)).status_code == 204


async def kept(who: SignedIn) -> dict[str, list[str]]:
    found = await who.get("/me/blocks")
    return {kind: [one["display_name"] for one in found[kind]] for kind in ("blocked", "muted")}


async def happened(connection: AnyConnection) -> list[tuple[str, list[str]]]:
    cursor = await connection.execute(
        "SELECT type, topics FROM core.events WHERE type LIKE 'member.%' ORDER BY id"
    )
    return [(row["type"], row["topics"]) for row in await cursor.fetchall()]


async def test_a_block_and_a_mute_are_listed_and_undone_and_told_to_nobody(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, connection: AnyConnection
) -> None:
    for _ in range(2):
        await put(rowan, sky, "block")
        await put(rowan, moss, "mute")
    assert await kept(rowan) == {"blocked": ["Sky"], "muted": ["Moss"]}
    for _ in range(2):
        await undo(rowan, sky, "block")
        await undo(rowan, moss, "mute")
    assert await kept(rowan) == {"blocked": [], "muted": []}
    kinds = ("member.blocked", "member.muted", "member.unblocked", "member.unmuted")
    assert await happened(connection) == [(kind, []) for kind in kinds], "once each, to no topic"


async def test_a_block_takes_the_place_of_a_mute(rowan: SignedIn, sky: SignedIn) -> None:
    await put(rowan, sky, "mute")
    assert (await rowan.get(f"/members/{sky.member_id}"))["is_muted"] is True
    assert (await sky.get(f"/members/{rowan.member_id}"))["is_muted"] is False
    await put(rowan, sky, "block")
    assert await kept(rowan) == {"blocked": ["Sky"], "muted": []}


async def test_nobody_blocks_or_mutes_themselves(rowan: SignedIn) -> None:
    for act in ("block", "mute"):
        assert (await put(rowan, rowan, act, 403))["type"] == "not-yourself"


async def test_taking_back_what_another_did_does_nothing(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish()
    await put(rowan, sky, "block")
    await undo(sky, rowan, "block")
    assert await sky.status(f"/posts/{post['id']}") == 404
    assert await kept(rowan) == {"blocked": ["Sky"], "muted": []}


async def test_staff_see_both_and_are_seen_or_not_as_members_wish(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await put(rowan, sky, "block")
    await put(rowan, moderator, "block")
    theirs = await moderator.publish("From the team.")
    assert await rowan.status(f"/posts/{theirs['id']}") == 404
    thread = await moderator.thread(post)
    assert [one["id"] for one in thread["replies"]["items"]] == [reply["id"]]
    assert thread["post"]["reply_count"] == 1
    assert await moderator.status(f"/members/{rowan.member_id}") == 200
    await put(moderator, sky, "block")
    thread = await moderator.thread(post)
    assert [one["id"] for one in thread["replies"]["items"]] == [reply["id"]], "by their own too"
    assert await moderator.status(f"/members/{sky.member_id}") == 200
    opened = await moderator.client.post("/api/v1/cases", json={"post_id": post["id"]})
    assert opened.status_code in {200, 201}, opened.text
    await put(moderator, rowan, "mute")
    assert post["id"] not in {one["id"] for one in await moderator.wall()}, "their own choice"
    case = await moderator.get(f"/cases/{opened.json()['id']}")
    assert post["id"] in {one["id"] for one in case["thread"]}, "never in a case"


async def test_what_is_hidden_taken_back_or_elsewhere_is_no_reply_for_who_blocked_the_rest(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, moderator: SignedIn, database: Database
) -> None:
    """Their replies are counted one by one, and keep the place of what was taken back."""
    root = await moss.publish("Moss's own.")
    reply = await moss.reply(root, "More of it.")
    await sky.reply(reply, "Below it.")
    hidden = await moderator.reply(reply, "Hidden.")
    await moderator.withdraw(await moderator.reply(reply, "Taken back."))
    async with unit_of_work(database) as session:
        found = await posts.get(session, UUID(hidden["id"]), lock=True)
        await posts.hide(session, found, reason="It names a method.")
    await put(rowan, sky, "block")
    counts = [(await rowan.get(f"/posts/{one['id']}"))["reply_count"] for one in (root, reply)]
    assert counts == [1, 0]
    await moss.withdraw(reply)
    assert await rowan.status(f"/posts/{reply['id']}") == 404, "nothing is left below it"
    assert await rowan.status(f"/posts/{root['id']}") == 200
    await moss.withdraw(root)
    assert await rowan.status(f"/posts/{root['id']}") == 404
    assert await moderator.status(f"/posts/{root['id']}") == 200, "a reply of Sky's is"


async def test_what_moderators_write_reaches_whoever_blocked_them(
    rowan: SignedIn, moderator: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    await put(rowan, moderator, "block")
    async with unit_of_work(database) as session:
        await notifications.make(
            session,
            member_ids=[rowan.member_id],
            kind=NotificationKind.DECISION,
            post_id=UUID(post["id"]),
            text="We've hidden it.",
            reason="It names a method.",
        )
    (told,) = (await rowan.get("/me/notifications"))["items"]
    assert told["reason"] == "It names a method."


@pytest.mark.parametrize("act", ["block", "mute"])
async def test_news_from_before_goes_and_of_what_happens_meanwhile_there_is_none(
    rowan: SignedIn, sky: SignedIn, database: Database, connection: AnyConnection, act: str
) -> None:
    post = await rowan.publish()
    await sky.reply(post, "Before.")
    await sky.react(post)
    await delivery.deliver(database, SUBSCRIBER)
    assert len((await rowan.get("/me/notifications"))["items"]) == 2
    await put(rowan, sky, act)
    assert (await rowan.get("/me/notifications"))["items"] == []
    if act == "mute":
        await sky.reply(post, "Meanwhile.")
        await sky.react(post, "i_like_this")
        await delivery.deliver(database, SUBSCRIBER)
    made = "SELECT count(*) AS made FROM community.notifications"
    assert await (await connection.execute(made)).fetchone() == {"made": 2}
    await undo(rowan, sky, act)
    news = (await rowan.get("/me/notifications"))["items"]
    assert {one["kind"] for one in news} == {"reply", "reaction"}
    assert "Meanwhile" not in str(news)


async def test_ones_own_reply_leads_to_a_place_where_nobody_is_named(
    rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish("Rowan's words.")
    reply = await sky.reply(post, "My own words.")
    await put(rowan, sky, "block")
    (mine,) = (await sky.get("/me/activity"))["items"]
    assert mine["post"]["id"] == reply["id"]
    thread = await sky.thread(post)
    assert thread["post"]["author"] == {
        "id": str(UUID(int=0)),
        "display_name": "Someone",
        "is_new": False,
        "is_me": False,
        "staff_role": None,
    }
    assert (thread["post"]["state"], thread["post"]["body_html"]) == ("hidden", "")
    assert "Rowan" not in str(thread)
    assert str(rowan.member_id) not in str(thread)
    assert [one["id"] for one in thread["replies"]["items"]] == [reply["id"]]
    assert (await sky.edit(reply, "Other words."))["body_source"] == "Other words."
    await sky.withdraw(reply)
    assert await sky.status(f"/threads/{post['id']}") == 404


async def test_blocks_and_mutes_end_when_either_account_closes(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, moss: SignedIn, connection: AnyConnection
) -> None:
    await put(rowan, sky, "block")
    await put(sky, moss, "mute")
    await put(moss, rowan, "mute")
    async with unit_of_work(app.state.database) as session:
        await members.leave(session, sky.member_id)
    assert await kept(rowan) == {"blocked": [], "muted": []}
    assert await kept(moss) == {"blocked": [], "muted": ["Rowan"]}
    assert (await put(rowan, sky, "block", 404))["type"] == "member-not-found"
    left = "SELECT (SELECT count(*) FROM community.blocks) AS blocks"
    assert await (await connection.execute(left)).fetchone() == {"blocks": 0}


async def test_a_newcomer_is_not_welcomed_by_whom_they_have_blocked(
    app: FastAPI, rowan: SignedIn
) -> None:
    host = await signed_in(app, "Marlow", roles=(Role.HOST,))
    assert (await rowan.get("/me"))["welcome"]["host"]["display_name"] == host.name
    await put(rowan, host, "block")
    assert (await rowan.get("/me"))["welcome"]["host"] is None


async def test_blocks_have_an_allowance(rowan: SignedIn, sky: SignedIn) -> None:
    for _ in range(30):
        await put(rowan, sky, "block")
        await undo(rowan, sky, "block")
    answer = await rowan.client.put(f"/api/v1/members/{sky.member_id}/block")
    assert answer.status_code == 429


@pytest.mark.parametrize(("method", "path"), [("POST", "replies"), ("PUT", "reactions/i_hear_you")])
async def test_a_block_that_comes_while_someone_answers_comes_first(
    rowan: SignedIn,
    sky: SignedIn,
    database_url: str,
    connection: AnyConnection,
    method: str,
    path: str,
) -> None:
    """Sky was signed in before there was any block, and waits for the post meanwhile."""
    post = await rowan.publish()
    where = f"/api/v1/posts/{post['id']}/{path}"
    body = {"body": "Hello."} if method == "POST" else None
    async with await psycopg.AsyncConnection.connect(database_url) as holder:
        await holder.execute("SELECT FROM community.posts FOR UPDATE")
        answering = asyncio.create_task(sky.client.request(method, where, json=body))
        await eventually(lambda: waiting(connection))
        blocked = await rowan.client.put(f"/api/v1/members/{sky.member_id}/block")
        assert blocked.status_code == 204
        await holder.rollback()
        answer = await answering
    assert (answer.status_code, answer.json()["type"]) == (404, "post-not-found")
    assert (await rowan.get(f"/posts/{post['id']}"))["reply_count"] == 0
