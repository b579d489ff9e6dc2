"""Reactions: once a kind, counted right, names for the author alone."""

import asyncio

import pytest
from fastapi import FastAPI

from app.community.choices import ReactionKind
from app.core.db import AnyConnection
from tests.people import SignedIn, signed_in


async def count_rows(connection: AnyConnection, table: str) -> int:
    cursor = await connection.execute(f"SELECT count(*) AS rows FROM {table}")
    row = await cursor.fetchone()
    return int(row["rows"]) if row else 0


@pytest.mark.parametrize("kind", list(ReactionKind))
async def test_a_reaction_is_given_once_and_taken_back(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, connection: AnyConnection, kind: str
) -> None:
    post = await rowan.publish()
    await sky.react(post, kind)
    await sky.react(post, kind)
    assert await count_rows(connection, "community.reactions") == 1
    assert (await sky.wall())[0]["reactions"] == {
        "given": [kind],
        "mine": [kind],
        "names": None,
        "more": None,
    }
    assert (await moss.wall())[0]["reactions"]["mine"] == []
    assert (await rowan.wall())[0]["reactions"] == {
        "given": [kind],
        "mine": [],
        "names": {kind: ["Sky"]},
        "more": {kind: 0},
    }
    for _ in range(2):
        answer = await sky.client.delete(f"/api/v1/posts/{post['id']}/reactions/{kind}")
        assert answer.status_code == 204
    assert (await rowan.wall())[0]["reactions"]["given"] == []
    cursor = await connection.execute("SELECT type FROM core.events ORDER BY id")
    assert [row["type"] for row in await cursor.fetchall()] == [
        "post.published",
        "reaction.given",
        "reaction.taken_back",
    ]


async def test_the_author_reads_three_names_and_how_many_more(
    app: FastAPI, rowan: SignedIn
) -> None:
    post = await rowan.publish()
    for number in range(5):
        async with (other := await signed_in(app, f"Friend {number}")).client:
            await other.react(post)
    (found,) = await rowan.wall()
    assert found["reactions"]["names"] == {"i_hear_you": ["Friend 4", "Friend 3", "Friend 2"]}
    assert found["reactions"]["more"] == {"i_hear_you": 2}


async def test_reactions_are_for_others(rowan: SignedIn, connection: AnyConnection) -> None:
    post = await rowan.publish()
    answer = await rowan.client.put(f"/api/v1/posts/{post['id']}/reactions/i_like_this")
    assert (answer.status_code, answer.json()["type"]) == (403, "own-post")
    assert await count_rows(connection, "community.reactions") == 0


async def test_there_are_four_reactions(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish()
    answer = await sky.client.put(f"/api/v1/posts/{post['id']}/reactions/i_hate_this")
    assert answer.status_code == 422


async def test_what_was_taken_back_takes_no_reaction(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish()
    await sky.reply(post)
    await rowan.withdraw(post)
    answer = await sky.client.put(f"/api/v1/posts/{post['id']}/reactions/i_hear_you")
    assert (answer.status_code, answer.json()["type"]) == (409, "post-withdrawn")


async def test_reactions_at_the_same_moment_all_count(
    app: FastAPI, rowan: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    others = [await signed_in(app) for _ in range(8)]
    await asyncio.gather(*(other.react(post) for other in others for _ in range(3)))
    await asyncio.gather(
        *(
            other.client.delete(f"/api/v1/posts/{post['id']}/reactions/i_hear_you")
            for other in others[:3]
            for _ in range(2)
        )
    )
    cursor = await connection.execute(
        "SELECT i_hear_you_count, (SELECT count(*) FROM community.reactions) AS rows"
        " FROM community.posts"
    )
    assert await cursor.fetchone() == {"i_hear_you_count": 5, "rows": 5}
    for other in others:
        await other.client.aclose()
