"""News as it is read: in pieces, with how a reply begins, and never a word of what is folded."""

import pytest
from fastapi import FastAPI

from app.community import news, notifications, posts
from app.community.choices import NotificationKind
from app.community.subscribers import SUBSCRIBER
from app.core.db import Database, unit_of_work
from app.core.delivery import deliver
from tests.community.test_visibility import hide
from tests.community.test_wall import walk
from tests.people import Json, SignedIn, signed_in


async def read(browser: SignedIn, database: Database) -> list[Json]:
    await deliver(database, SUBSCRIBER)
    items: list[Json] = (await browser.get("/me/notifications"))["items"]
    return items


async def test_replies_to_one_post_are_one_piece_of_news_with_the_latest_words(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish("I could *not* sleep again.")
    other = await rowan.publish("Another post.")
    await sky.reply(post, "Me neither.")
    await sky.reply(post, "Tea?")
    await sky.reply(other, "Hello.")
    async with (fern := await signed_in(app, "Fern")).client:
        await fern.reply(post, "I am up.")
    last = await moss.reply(post, "> I could not sleep\n\nSame *here*.\n\nAll night.")
    newest, older = await read(rowan, database)
    assert newest["lines"] == [{"names": ["Moss"], "more": 2, "said": "replied to your post"}]
    assert newest["text"] == newest["what"] == "Moss and 2 others replied to your post."
    assert (newest["post_id"], newest["thread_id"]) == (last["id"], post["id"])
    assert newest["created_at"] == last["created_at"]
    assert newest["excerpt"] == "Same here. All night.", "its own words, not those it quotes"
    assert newest["about"] == {
        "is_reply": False,
        "excerpt": "I could not sleep again.",
        "note": None,
    }
    assert (newest["reason"], newest["acts"], newest["note"]) == (None, [], None)
    assert older["text"] == "Sky replied to your post."


async def test_a_reply_to_a_reply_says_whose(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish("A post.")
    reply = await sky.reply(post, "A reply.")
    (first,) = await read(rowan, database)
    await rowan.client.put("/api/v1/me/notifications/read-marker", json={"until": first["id"]})
    await moss.reply(reply, "To the reply.")
    (for_rowan,) = await read(rowan, database)
    assert for_rowan["text"] == "Moss and Sky replied to your post."
    assert for_rowan["is_read"] is False, "something in it is new"
    assert for_rowan["about"]["excerpt"] == "A post."
    (for_sky,) = await read(sky, database)
    assert for_sky["text"] == "Moss replied to your reply."
    assert for_sky["about"] == {"is_reply": True, "excerpt": "A reply.", "note": None}
    await sky.withdraw(reply)
    (for_rowan,) = await read(rowan, database)
    assert for_rowan["text"] == "Moss wrote under your post.", "what was taken back is told no more"


async def test_reactions_to_one_post_are_one_piece_a_line_a_kind(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish("A post.")
    reply = await rowan.reply(post, "My own reply.")
    await sky.react(post)
    await moss.react(post)
    await sky.react(post, "this_helped_me")
    await sky.react(reply)
    on_reply, on_post = await read(rowan, database)
    assert on_reply["text"] == "Sky hears you."
    assert on_reply["about"] == {"is_reply": True, "excerpt": "My own reply.", "note": None}
    assert on_post["text"] == "Sky says this helped. Moss and Sky hear you."
    assert [line["said"] for line in on_post["lines"]] == ["says this helped", "hear you"]
    assert on_post["excerpt"] is None, "nobody wrote anything"
    await moss.client.delete(f"/api/v1/posts/{post['id']}/reactions/i_hear_you")
    _, on_post = await read(rowan, database)
    assert on_post["text"] == "Sky says this helped. Sky hears you."


async def test_what_is_folded_stays_folded(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish("Hard words.", note={"about": "self-harm"})
    reply = await sky.reply(post, "Harder words.", note={"about": "blood"})
    (item,) = await read(rowan, database)
    assert (item["excerpt"], item["note"]) == (None, "blood")
    assert item["about"] == {"is_reply": False, "excerpt": None, "note": "self-harm"}
    await sky.edit(reply, "Harder words.")
    async with unit_of_work(database) as session:
        await posts.fold(session, await posts.get(session, reply["id"], lock=True), about="fear")
    (item,) = await read(rowan, database)
    assert (item["excerpt"], item["note"]) == (None, "fear")
    assert "Hard" not in str(item)


async def test_of_what_is_hidden_no_word_is_told_not_even_to_moderators(
    rowan: SignedIn, moderator: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await moderator.publish("A post by a moderator.")
    reply = await sky.reply(post, "> A post by a moderator.\n\nCruel words.")
    await hide(database, reply)
    (item,) = await read(moderator, database)
    assert (item["excerpt"], item["note"], item["post_id"]) == (None, None, reply["id"])
    post = await rowan.publish("My words.")
    await sky.react(post)
    await hide(database, post)
    (item,) = await read(rowan, database)
    assert item["about"] == {"is_reply": False, "excerpt": None, "note": None}


async def test_a_covered_quote_is_in_no_excerpt(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish("A post.")
    cruel = await sky.reply(post, "You should be ashamed of all this.")
    await moss.reply(post, "> You should be ashamed of all this.\n\nThat is not kind.")
    await hide(database, cruel)
    (item,) = await read(rowan, database)
    assert item["excerpt"] == "That is not kind."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("שלום", "\u2068שלום\u2069 hears you."),
        ("مريم 7", "\u2068مريم 7\u2069 hears you."),
        ("Zoë", "Zoë hears you."),
    ],
)
async def test_a_name_from_the_right_never_turns_the_sentence(
    app: FastAPI, rowan: SignedIn, database: Database, name: str, text: str
) -> None:
    post = await rowan.publish()
    async with (one := await signed_in(app, name)).client:
        await one.react(post)
    (item,) = await read(rowan, database)
    assert item["text"] == text
    assert item["lines"][0]["names"] == [name]


async def test_a_decision_says_what_its_author_can_do_as_long_as_they_can(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish("A post.")
    async with unit_of_work(database) as session:
        found = await posts.get(session, post["id"], lock=True)
        await posts.hide(session, found, reason="It described a method.")
        for member, kind in (
            (rowan, NotificationKind.DECISION),
            (sky, NotificationKind.REPORT_ANSWER),
        ):
            await notifications.make(
                session,
                member_ids=[member.member_id],
                kind=kind,
                post_id=found.id,
                text="We've hidden it.",
                reason="It told how." if kind == NotificationKind.DECISION else None,
            )
    (item,) = await read(rowan, database)
    assert (item["what"], item["reason"]) == ("We've hidden it.", "It told how.")
    assert item["acts"] == ["edit", "appeal"]
    assert item["text"] == f"We've hidden it. Why: It told how. {news.APPEAL}"
    assert (item["lines"], item["about"], item["excerpt"]) == ([], None, None)
    (answer,) = await read(sky, database)
    assert (answer["text"], answer["reason"], answer["acts"]) == ("We've hidden it.", None, [])
    async with unit_of_work(database) as session:
        found = await posts.get(session, post["id"], lock=True)
        await posts.restore(session, found)
        await posts.fold(session, found, about="fear")
    (item,) = await read(rowan, database)
    assert item["acts"] == ["appeal"]
    async with unit_of_work(database) as session:
        await posts.unfold(session, await posts.get(session, post["id"], lock=True), about=None)
    (item,) = await read(rowan, database)
    assert item["acts"] == []
    assert item["text"] == "We've hidden it. Why: It told how."


async def test_pages_hold_every_row_in_one_piece_and_no_row_twice(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    made = [await rowan.publish(f"Post {number}") for number in range(25)]
    for post in made:
        await sky.reply(post)
    for _ in range(news.WALK):
        await moss.reply(made[0])
    while await deliver(database, SUBSCRIBER):
        pass
    first = await rowan.get("/me/notifications")
    assert [item["text"] for item in first["items"]] == ["Moss replied to your post."]
    found = await walk(rowan, "/me/notifications")
    assert len(found) == 26
    assert len({item["id"] for item in found}) == 26
    assert [item["thread_id"] for item in found[1:]] == [post["id"] for post in made[::-1]]
    assert (await walk(sky, "/me/notifications")) == []
