"""Floods are slowed, in kind words; nobody who reads what they answer ever meets a limit."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.community import writing_limits
from app.core.allowances import Allowance, Allowances
from app.core.db import AnyConnection, Database
from app.core.errors import TooManyError
from app.research import browser_acts
from tests.people import SignedIn

FEW = Allowance("few", 8, 60, "Please wait.")


class Clock:
    """A clock that a test turns."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def taken(process: Allowances, database: Database, key: str, times: int) -> int:
    """How many of so many tries were let through."""
    found = 0
    for _ in range(times):
        try:
            await process.spend(database.pool, FEW, key)
        except TooManyError:
            continue
        found += 1
    return found


async def test_one_process_gives_the_allowance_and_no_more(database: Database) -> None:
    process = Allowances()
    assert await taken(process, database, "one", 20) == FEW.limit
    assert await taken(process, database, "other", 1) == 1, "of nobody else"


async def test_every_process_may_give_a_quarter_by_itself_and_no_more(database: Database) -> None:
    processes = [Allowances() for _ in range(4)]
    found = [await taken(process, database, "one", 20) for process in processes]
    assert found == [8, 2, 2, 2]


async def test_few_acts_ask_the_database_nothing(
    database: Database, connection: AnyConnection
) -> None:
    assert await taken(Allowances(), database, "one", FEW.limit // 4) == 2
    cursor = await connection.execute("SELECT count(*) AS spent FROM core.rate_limits")
    assert await cursor.fetchone() == {"spent": 0}


async def test_who_was_refused_is_refused_without_asking_until_the_window_is_over(
    database: Database, connection: AnyConnection
) -> None:
    clock = Clock()
    process = Allowances(clock)
    await taken(process, database, "one", 9)
    cursor = await connection.execute("SELECT spent FROM core.rate_limits")
    assert await cursor.fetchone() == {"spent": 9}
    with pytest.raises(TooManyError) as refused:
        await process.spend(database.pool, FEW, "one")
    assert 0 < refused.value.extensions["retry_after_seconds"] <= 60
    cursor = await connection.execute("SELECT spent FROM core.rate_limits")
    assert await cursor.fetchone() == {"spent": 9}
    clock.now += 61
    await connection.execute(
        "UPDATE core.rate_limits SET started_at = started_at - interval '61 seconds'"
    )
    assert await taken(process, database, "one", 20) == FEW.limit


async def flood(browser: SignedIn, method: str, path: str, times: int, **body: Any) -> list[Any]:
    asked = [
        browser.client.request(method, f"/api/v1{path}", json=body or None) for _ in range(times)
    ]
    return list(await asyncio.gather(*asked))


@pytest.mark.parametrize(
    ("allowance", "method", "path", "body"),
    [
        (writing_limits.POSTS, "POST", "/posts", {"body": "Hello."}),
        (writing_limits.REPLIES, "POST", "/posts/{post}/replies", {"body": "Hello."}),
        (writing_limits.EDITS, "PUT", "/posts/{own}", {"body": "Hello."}),
        (writing_limits.REACTIONS, "PUT", "/posts/{post}/reactions/i_hear_you", {}),
        (writing_limits.PROFILES, "PATCH", "/me", {"about": "I like tea."}),
        (writing_limits.BREAKS, "PUT", "/me/break", {"length": "day"}),
        (writing_limits.DELETIONS, "DELETE", "/posts/{own}", {}),
        (browser_acts.BATCHES, "POST", "/activities", {"items": [{"type": "help_opened"}]}),
    ],
)
async def test_a_flood_is_slowed_and_told_so_kindly(
    app: FastAPI,
    rowan: SignedIn,
    sky: SignedIn,
    allowance: Allowance,
    method: str,
    path: str,
    body: dict[str, Any],
) -> None:
    post, own = await rowan.publish(), await sky.publish()
    address = path.format(post=post["id"], own=own["id"])
    app.state.allowances = Allowances()
    times = allowance.limit + 5
    answers = await flood(sky, method, address, times, **body)
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 5
    assert {answer.status_code for answer in answers} <= {200, 201, 204, 429}
    assert int(refused[0].headers["Retry-After"]) > 0
    assert "short time" in refused[0].json()["detail"]
    (other,) = await flood(rowan, method, path.format(post=own["id"], own=post["id"]), 1, **body)
    assert other.status_code < 300, "nobody else is slowed"


async def test_taking_reactions_back_and_giving_them_again_is_one_allowance(
    app: FastAPI, rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish()
    path = f"/posts/{post['id']}/reactions/i_hear_you"
    half = writing_limits.REACTIONS.limit // 2
    given = await flood(sky, "PUT", path, half)
    back = await flood(sky, "DELETE", path, half + 5)
    assert [answer.status_code for answer in (*given, *back)].count(429) == 5


async def test_what_was_refused_can_be_sent_later_under_the_same_key(
    app: FastAPI, rowan: SignedIn
) -> None:
    app.state.allowances = Allowances()
    await flood(rowan, "POST", "/posts", writing_limits.POSTS.limit, body="Hello.")
    key = {"Idempotency-Key": str(uuid4())}
    refused = await rowan.client.post("/api/v1/posts", json={"body": "Late."}, headers=key)
    assert refused.status_code == 429
    assert "What you wrote is still here" in refused.json()["detail"]
    app.state.allowances = Allowances()
    later = await rowan.client.post("/api/v1/posts", json={"body": "Late."}, headers=key)
    assert later.status_code == 201
