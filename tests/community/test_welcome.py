"""A newcomer is welcomed once, by a host when there is one, and their first post is known as it."""

from collections.abc import Iterator

import psycopg
import pytest
from fastapi import FastAPI

from app.community import breaks, members
from app.community.choices import BreakLength
from app.core import ids, migrations
from app.core.db import Database, unit_of_work
from app.identity.roles import Role
from tests.people import SignedIn, signed_in
from tests.support import databases

BEFORE = "community_0005"


async def _host_of(member: SignedIn) -> str | None:
    welcome = (await member.get("/me"))["welcome"]
    assert welcome is not None
    return welcome["host"] and str(welcome["host"]["display_name"])


async def test_a_newcomer_is_welcomed_by_a_host_and_without_one_by_the_team(
    app: FastAPI, rowan: SignedIn, database: Database
) -> None:
    assert await _host_of(rowan) is None
    host = await signed_in(app, "Marlow", roles=(Role.HOST,))
    assert (await rowan.get("/me"))["welcome"]["host"] == {
        "id": str(host.member_id),
        "display_name": "Marlow",
    }
    async with unit_of_work(database) as session:
        await breaks.take(session, host.member_id, BreakLength.DAY)
    assert await _host_of(rowan) is None
    async with unit_of_work(database) as session:
        await breaks.end(session, host.member_id)
    assert await _host_of(rowan) == "Marlow"
    async with unit_of_work(database) as session:
        await members.leave(session, host.member_id)
    assert await _host_of(rowan) is None


async def test_hosts_share_the_newcomers_and_each_keeps_theirs(app: FastAPI) -> None:
    for name in ("Marlow", "Linden", "Fern"):
        await signed_in(app, name, roles=(Role.HOST,))
    met = set()
    for _ in range(12):
        newcomer = await signed_in(app)
        host = await _host_of(newcomer)
        assert await _host_of(newcomer) == host
        met.add(host)
    assert len(met) > 1


async def test_a_closed_welcome_comes_back_on_no_device(rowan: SignedIn, sky: SignedIn) -> None:
    for _ in range(2):
        answer = await rowan.client.delete("/api/v1/me/welcome")
        assert answer.status_code == 204
    assert (await rowan.get("/me"))["welcome"] is None
    assert (await sky.get("/me"))["welcome"] is not None


async def test_whoever_has_written_something_needs_no_welcome(
    rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish("Hello.")
    me = await rowan.get("/me")
    assert (me["welcome"], me["has_posted"]) == (None, True)
    assert (await sky.get("/me"))["has_posted"] is False
    await sky.reply(post)
    me = await sky.get("/me")
    assert (me["welcome"], me["has_posted"]) == (None, False)
    await rowan.withdraw(post)
    assert (await rowan.get("/me"))["has_posted"] is True


@pytest.mark.parametrize("role", [Role.HOST, Role.MODERATOR, Role.RESEARCHER, Role.ADMINISTRATOR])
async def test_who_acts_for_the_house_is_no_newcomer(app: FastAPI, role: Role) -> None:
    one = await signed_in(app, roles=(role,))
    assert (await one.get("/me"))["welcome"] is None


@pytest.fixture
def former_url(postgres: str) -> Iterator[str]:
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, BEFORE)
    yield url
    databases.drop(postgres, url)


def _member(connection: psycopg.Connection, name: str, days: int) -> str:
    account, member = ids.new_id(), ids.new_id()
    connection.execute(
        "INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash,"
        " is_demo, adult_affirmed_at, rules_agreed_at, created_at)"
        " VALUES (%s, %s, %s, '', '!', false, now(), now(), now())",
        (account, member, account.bytes),
    )
    connection.execute(
        "INSERT INTO community.members (id, display_name, display_key, about, show_notes_open,"
        " joined_at) VALUES (%s, %s, %s, '', false, now() - make_interval(days => %s))",
        (member, name, name.casefold(), days),
    )
    return str(member)


def test_whoever_was_here_before_is_not_welcomed_as_a_newcomer(former_url: str) -> None:
    with psycopg.connect(former_url, autocommit=True) as connection:
        new, old, looked = (
            _member(connection, name, days)
            for name, days in (("New", 1), ("Old", 8), ("Looked", 1))
        )
        connection.execute(
            "INSERT INTO community.space_seen (member_id, space_id, seen_post_id)"
            " SELECT %s, id, %s FROM community.spaces",
            (looked, ids.new_id()),
        )
        migrations.upgrade(former_url)
        rows = connection.execute(
            "SELECT id::text, welcomed_at IS NULL FROM community.members"
        ).fetchall()
        assert dict(rows) == {new: True, old: False, looked: False}
