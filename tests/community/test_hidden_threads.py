"""Whoever answered a post that is hidden by now reads the truth, and their own words."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from app.community import posts
from app.core.db import unit_of_work
from tests.people import Json, SignedIn


async def hide(app: FastAPI, post: Json, *, restore: bool = False) -> None:
    async with unit_of_work(app.state.database) as session:
        found = await posts.get(session, UUID(post["id"]), lock=True)
        if restore:
            await posts.restore(session, found)
        else:
            await posts.hide(session, found, reason="It describes a way to self-harm.")


async def test_who_answered_a_hidden_post_finds_it_hidden_and_their_own_replies(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, moss: SignedIn
) -> None:
    post = await rowan.publish("How to do it.", note={"about": "methods"}, intent="saying_hello")
    first = await sky.reply(post, "Please don't.")
    await moss.reply(first, "Sky is right.")
    second = await sky.reply(post, "Call me.")
    await rowan.react(first)
    await hide(app, post)
    thread = await sky.thread(post)
    assert thread["post"]["state"] == "hidden"
    assert thread["post"]["body_html"] == ""
    assert (thread["post"]["note"], thread["post"]["hidden_reason"]) == (None, None)
    replies = thread["replies"]["items"]
    assert [reply["id"] for reply in replies] == [first["id"], second["id"]]
    assert "Please don't." in replies[0]["body_html"]
    assert replies[0]["body_source"] == "Please don't."
    assert "How to do it" not in str(thread)
    assert "Sky is right" not in str(thread), "others' replies are hidden with it"
    one = await sky.get(f"/posts/{first['id']}")
    assert one["body_source"] == "Please don't."
    assert (await sky.edit(first, "Please, don't."))["body_source"] == "Please, don't."


async def test_what_i_wrote_stays_in_my_activity_and_leads_to_its_place(
    app: FastAPI, rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish()
    await sky.reply(post, "My own words.")
    await hide(app, post)
    (mine,) = (await sky.get("/me/activity"))["items"]
    assert "My own words." in mine["post"]["body_html"]
    assert await sky.status(f"/threads/{mine['post']['thread_id']}") == 200


async def test_nobody_else_learns_that_there_was_anything(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, moss: SignedIn
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await hide(app, post)
    assert await moss.status(f"/threads/{post['id']}") == 404
    assert await moss.status(f"/posts/{reply['id']}") == 404
    assert await sky.status(f"/posts/{post['id']}") == 404
    answer = await moss.client.get(f"/api/v1/threads/{post['id']}")
    assert "a moderator may have hidden it" in answer.json()["detail"]


async def test_who_took_their_reply_back_has_nothing_to_find_there(
    app: FastAPI, rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await sky.withdraw(reply)
    await hide(app, post)
    assert await sky.status(f"/threads/{post['id']}") == 404


@pytest.mark.parametrize("number", [25])
async def test_many_own_replies_come_page_by_page(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, number: int
) -> None:
    post = await rowan.publish()
    made = [(await sky.reply(post, f"Word {at}."))["id"] for at in range(number)]
    await hide(app, post)
    first = (await sky.thread(post))["replies"]
    rest = (await sky.get(f"/threads/{post['id']}", cursor=first["next_cursor"]))["replies"]
    assert [one["id"] for one in first["items"] + rest["items"]] == made
    await hide(app, post, restore=True)
    assert (await sky.thread(post))["post"]["body_html"] == '<p dir="auto">Hello.</p>'
