"""Display names, the profile, joining at the same moment, and leaving."""

import asyncio
from collections.abc import Awaitable

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from app.community import members, names
from app.community.errors import BadNameError, NameTakenError
from app.community.subscribers import SUBSCRIBER
from app.core import events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.core.errors import InvalidError
from app.identity.events import AccountClosed
from tests.people import SignedIn, signed_in


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Rowan \n Tree ", "Rowan Tree"),
        ("Zoë", "Zoë"),
        ("Bo", "Bo"),
        ("x" * 30, "x" * 30),
        ("Ro\u200bwan\u202e", "Rowan"),
        ("S\ufe0fk\u034fy\u3164\u2800", "Sky"),
        ("Moss \U000e0100 \u115f and Fern", "Moss and Fern"),
        ("e\u034f\u0301lan", "élan"),
        ("Alongsider", "Alongsider"),
        ("Badminton Joy", "Badminton Joy"),
        ("李雷", "李雷"),
        ("🌱 Moss", "🌱 Moss"),
    ],
)
def test_a_name_is_one_clean_line(name: str, shown: str) -> None:
    assert names.clean(name) == shown


@pytest.mark.parametrize(
    "name",
    [
        *("", "x", " ", "x" * 31, "\u200b\u200b", "...", "me@mind.org", "a@b", "Moderator"),
        *("ＳＴＡＦＦ", "Someone who has left", "x\x00y", "\ud800ab", "🌱🌱"),
        *("\u3164\u3164", "\u115f\u1160x", "\u2800\ufe0f\u034f", "Moderator\ufe0f", "Sta\u3164ff"),
        *(
            "Kim at Alongside",
            "Alongside team",
            "Kim - STAFF 🌱",
            "Alongside_team",
            "ａｄｍｉｎ Kim",
        ),
    ],
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InvalidError) as caught:
        names.clean(name)
    assert caught.value.status == 422


@pytest.mark.parametrize(
    "other",
    [
        *("rowan tree", "ROWAN  TREE", "Ｒｏｗａｎ Tree", "Rowan\u00a0Tree"),
        *("Rowan\ufe0f Tree", "Ro\u034fwan Tree", "Rowan\u3164 Tree", "\u2800Rowan \U000e0101Tree"),
    ],
)
async def test_names_that_look_alike_are_one_name(app: FastAPI, other: str) -> None:
    async with (await signed_in(app, "Rowan Tree")).client:
        with pytest.raises(NameTakenError):
            await signed_in(app, other)


@given(st.text(max_size=40))
@settings(max_examples=300)
def test_a_name_that_is_taken_is_found_however_it_is_written(name: str) -> None:
    try:
        shown = names.clean(name)
    except (BadNameError, InvalidError):
        return
    assert names.clean(shown) == shown
    assert names.key_of(shown) == names.key_of(f"  {shown.upper()} ".lower())
    assert names.key_of(names.key_of(shown)) == names.key_of(shown)


async def test_of_many_who_want_one_name_one_gets_it(
    app: FastAPI, connection: AnyConnection
) -> None:
    async def attempt(made: Awaitable[SignedIn]) -> bool:
        try:
            await (await made).client.aclose()
        except NameTakenError:
            return False
        return True

    gained = await asyncio.gather(*(attempt(signed_in(app, "Robin")) for _ in range(60)))
    assert sum(gained) == 1
    cursor = await connection.execute("SELECT count(*) AS robins FROM community.members")
    assert await cursor.fetchone() == {"robins": 1}
    cursor = await connection.execute("SELECT count(*) AS accounts FROM identity.accounts")
    assert await cursor.fetchone() == {"accounts": 1}


async def test_a_member_as_others_see_them(app: FastAPI, rowan: SignedIn) -> None:
    async with (await signed_in(app, "New Here", days_here=2)).client as client:
        post = (await client.post("/api/v1/posts", json={"body": "Hello."})).json()
    assert post["author"]["is_new"] is True
    seen = await rowan.get(f"/members/{post['author']['id']}")
    assert {**seen, "joined_at": None} == {
        "id": post["author"]["id"],
        "display_name": "New Here",
        "about": "",
        "joined_at": None,
        "is_new": True,
        "staff_role": None,
        "is_muted": False,
    }


async def test_the_profile_changes_only_where_asked(database: Database, rowan: SignedIn) -> None:
    async with unit_of_work(database) as session:
        await members.change(session, rowan.member_id, about=" I like\r\nmoss. ")
    async with unit_of_work(database) as session:
        await members.change(session, rowan.member_id, show_notes_open=True)
    found = await members.show_own(database.pool, rowan.member_id)
    assert (found["display_name"], found["about"], found["show_notes_open"]) == (
        "Rowan",
        "I like\nmoss.",
        True,
    )
    async with unit_of_work(database) as session:
        await members.change(session, rowan.member_id, about="  ", display_name="rowan")
    found = await members.show_own(database.pool, rowan.member_id)
    assert (found["display_name"], found["about"]) == ("rowan", "")


async def test_a_name_can_not_be_changed_to_one_that_is_taken(
    database: Database, rowan: SignedIn, sky: SignedIn
) -> None:
    with pytest.raises(NameTakenError):
        async with unit_of_work(database) as session:
            await members.change(session, rowan.member_id, display_name=" SKY")
    with pytest.raises(InvalidError):
        async with unit_of_work(database) as session:
            await members.change(session, rowan.member_id, about="x" * 501)
    assert await members.display_names(database.pool, [rowan.member_id]) == {
        rowan.member_id: "Rowan"
    }
    assert await members.find_by_name(database.pool, "sKY ") == sky.member_id
    assert await members.find_by_name(database.pool, "Nobody") is None


async def test_who_acts_for_alongside_may_say_so_in_their_name(
    rowan: SignedIn, moderator: SignedIn
) -> None:
    name = {"display_name": "Kim at Alongside"}
    refused = await rowan.client.patch("/api/v1/me", json=name)
    assert (refused.status_code, refused.json()["type"]) == (422, "bad-name")
    taken = await moderator.client.patch("/api/v1/me", json=name)
    assert (taken.status_code, taken.json()["display_name"]) == (200, "Kim at Alongside")


async def test_who_leaves_takes_the_name_along_and_the_posts_stay(
    app: FastAPI, database: Database, rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish("What I wrote stays.")
    await sky.reply(post)
    async with unit_of_work(database) as session:
        await members.change(session, rowan.member_id, about="I live by the sea.")
    await deliver(database, SUBSCRIBER)
    from_identity = AccountClosed(
        account_id=rowan.account_id, member_id=rowan.member_id, erase_study_data=False
    )
    for _ in range(2):
        async with unit_of_work(database) as session:
            await events.record(session, from_identity)
        await deliver(database, SUBSCRIBER)
    (found,) = await sky.wall()
    assert found["author"]["display_name"] == "Someone who has left"
    assert found["body_html"] == '<p dir="auto">What I wrote stays.</p>'
    gone = await sky.get(f"/members/{rowan.member_id}")
    assert (gone["display_name"], gone["about"], gone["is_new"]) == (
        "Someone who has left",
        "",
        False,
    )
    async with (await signed_in(app, "Rowan")).client:
        assert await members.find_by_name(database.pool, "Rowan") is not None
