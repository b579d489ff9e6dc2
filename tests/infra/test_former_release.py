"""A community that a former release made is restored into this one, and goes on: all that people
wrote, decided and agreed to is there, and works."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from psycopg.rows import dict_row

from app.core import delivery, migrations
from app.core.db import Database
from app.core.events import registry
from app.demo.sign_ins import PASSWORD, SECOND_FACTOR
from app.jobs.subscribers import SUBSCRIBERS
from app.main import create_app
from app.moderation import log_verification
from app.run import backups
from tests.people import code_now, new_client
from tests.support import databases
from tests.support.settings import settings_for

MADE = Path(__file__).parents[1] / "data" / "former_release" / "community.dump"
Rows = list[dict[str, Any]]

#: What stands in the same words before and after, by what it is.
KEPT = {
    "people": "SELECT id, display_name, about, joined_at, left_at FROM community.members",
    "sign-ins": "SELECT id, member_id, email_hash, password_hash, closed_at FROM identity.accounts",
    "posts": """SELECT id, thread_id, parent_id, author_id, intent, note_about, note_by,
        body_source, body_html, visibility, hidden_reason, reply_count, is_answered, created_at,
        withdrawn_at, edited_at, revision FROM community.posts""",
    "former texts": "SELECT post_id, revision, body_source FROM community.post_revisions",
    "reactions": "SELECT post_id, member_id, kind, created_at FROM community.reactions",
    "notifications": "SELECT id, member_id, kind, post_id FROM community.notifications",
    "read threads": "SELECT member_id, thread_id, seen_post_id FROM community.thread_seen",
    "read wall": "SELECT member_id, space_id, seen_post_id FROM community.space_seen",
    "events": "SELECT id, xid::text AS xid, type, occurred_at FROM core.events",
    "cursors": """SELECT subscriber, xid::text AS xid, id FROM core.cursors
        WHERE subscriber NOT IN ('research.attendance', 'research.closures') -- came later""",
    "flags": "SELECT case_id, reporter_id, reason, detail FROM moderation.reports",
    "decisions": "SELECT id, case_id, act, reason, note_about FROM moderation.decisions",
    "log": "SELECT seq, at, act, actor_id, case_id, facts, hash FROM moderation.log",
    "participants": "SELECT id, study_id, state, enrolled_on FROM research.participants",
    "consent": """SELECT id, study_id, participant_id, purpose, act, sheet_version, at
        FROM research.consents""",
    "activities": """SELECT id, study_id, participant_id, day, kind, occurred_at, time_band, target
        FROM research.activities""",
    "sheets": "SELECT study_id, version, body_source, body_html FROM research.sheets",
    "datasets": "SELECT id, study_id, number, participant_count, sha256 FROM research.datasets",
}


def read(url: str, query: str) -> Rows:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute(query.encode()).fetchall()


def in_order(rows: Rows) -> list[str]:
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    made = databases.clone(postgres, "template0")
    backups.restore(made, MADE, replace=False)
    yield made
    databases.drop(postgres, made)


@pytest.fixture
async def app(url: str) -> AsyncIterator[FastAPI]:
    """This release, on it."""
    migrations.upgrade(url)
    made = create_app(settings_for(url, demo=True))
    async with made.router.lifespan_context(made):
        yield made


async def sign_in(app: FastAPI, who: str, *, code: str | None = None) -> httpx2.AsyncClient:
    client = new_client(app)
    body = {"email": f"{who}@demo.test", "password": PASSWORD} | ({"code": code} if code else {})
    answer = await client.post("/api/v1/session", json=body)
    assert answer.status_code == 200, answer.text
    return client


async def get(client: httpx2.AsyncClient, path: str) -> Any:
    answer = await client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_everything_stands_in_the_words_in_which_it_was_written(url: str) -> None:
    before = {name: in_order(read(url, query)) for name, query in KEPT.items()}
    assert all(before.values()), "the release left something of each"
    migrations.upgrade(url)
    for name, query in KEPT.items():
        assert in_order(read(url, query)) == before[name], name


def test_every_event_is_one_that_this_release_takes(url: str) -> None:
    migrations.upgrade(url)
    spaces = {str(row["id"]) for row in read(url, "SELECT id FROM community.spaces")}
    for row in read(url, "SELECT type, topics, payload FROM core.events"):
        event = registry()[row["type"]].model_validate(row["payload"])
        for topic in row["topics"]:
            assert topic != "wall"
            assert not topic.startswith("space:") or topic.removeprefix("space:") in spaces, event
    (letter,) = read(url, "SELECT * FROM core.dead_letters")
    (source,) = read(url, f"SELECT * FROM core.events WHERE id = {letter['event_id']}")
    for field in ("type", "topics", "payload", "occurred_at"):
        assert letter[field] == source[field], field


async def test_a_member_reads_on_where_they_were(app: FastAPI) -> None:
    robin = await sign_in(app, "member")
    mine = [item["post"] for item in (await get(robin, "/me/activity"))["items"]]
    by_words = {post["body_source"]: post for post in mine if post["body_source"]}
    hidden = by_words["Second, with a method in it."]
    assert (hidden["state"], hidden["hidden_reason"]) == ("hidden", "It was looked at.")
    assert by_words["Third, about food."]["note"] == {"about": "eating", "by": "moderator"}
    thread = await get(robin, f"/threads/{by_words['First, about sleep, edited.']['id']}")
    assert len(thread["replies"]["items"]) == 2
    assert thread["read_until"] is not None
    wall = await get(robin, "/wall")
    assert wall["read_until"] is not None
    assert not any(post["is_unseen"] for post in wall["items"] if post["id"] <= wall["read_until"])
    found = await get(robin, "/search?q=sleep")
    assert by_words["First, about sleep, edited."]["id"] in {one["id"] for one in found["items"]}
    answer = await robin.post("/api/v1/posts", json={"body": "And on it goes."})
    assert answer.status_code == 201


async def test_a_moderator_takes_up_the_appeal_and_the_log_verifies_across(app: FastAPI) -> None:
    database: Database = app.state.database
    before = await log_verification.check(database.pool)
    assert before.is_intact, before.why
    ash = await sign_in(app, "safeguarding", code=code_now(SECOND_FACTOR))
    cases = (await get(ash, "/cases"))["items"]
    (appealed,) = [case for case in cases if case["is_appeal"]]
    path = f"/cases/{appealed['id']}"
    assert (await ash.post(f"/api/v1{path}/claim")).status_code == 200
    case = await get(ash, path)
    assert case["appeal"]["words"] == "Please look once more."
    assert [one["act"] for one in case["decisions"]] == ["hide"]
    decision = {"act": "restore", "reason": "It names no method.", "version": case["version"]}
    answer = await ash.post(f"/api/v1{path}/decision", json=decision)
    assert answer.status_code == 201, answer.text
    after = await log_verification.check(database.pool)
    assert after.is_intact, after.why
    assert after.checked > before.checked


async def test_what_was_frozen_is_the_same_to_the_byte(app: FastAPI, url: str) -> None:
    wren = await sign_in(app, "researcher", code=code_now(SECOND_FACTOR))
    (study,) = (await get(wren, "/studies"))["items"]
    (dataset,) = (await get(wren, f"/studies/{study['id']}/datasets"))["items"]
    files = {file["name"]: file["sha256"] for file in dataset["files"]}
    assert set(files) == {"community", "flow", "periods"}
    rows = read(
        url,
        "SELECT name, string_agg(content, '' ORDER BY number) AS content"
        " FROM research.dataset_chunks GROUP BY name",
    )
    assert {row["name"]: hashlib.sha256(row["content"]).hexdigest() for row in rows} == files


async def test_subscribers_go_on_where_theirs_were(app: FastAPI) -> None:
    database: Database = app.state.database
    for subscriber in SUBSCRIBERS:
        while await delivery.deliver(database, subscriber):
            pass
    async with database.pool.connection() as connection:
        rows = await (
            await connection.execute("SELECT count(*) AS n FROM core.dead_letters")
        ).fetchall()
    assert rows == [{"n": 1}], "nothing new could not be taken"
