"""Copies of texts: kept for those who agreed, replaced and dropped as their authors act."""

import asyncio
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.delivery import deliver
from app.core.ids import new_id
from app.research import subscribers, texts
from app.research.models import Purpose
from tests.research.community_events import edited, happen, published, withdrawn
from tests.research.factories import EVERYTHING, ONLY_ACTIVITY, START, choose, join, later, opened
from tests.support.waiting import eventually, waiting


class Shelf:
    """Posts and their present texts."""

    def __init__(self) -> None:
        self.texts: dict[UUID, str] = {}

    async def __call__(self, _: AsyncSession, post_id: UUID) -> str | None:
        """The text, or None when it was taken back."""
        return self.texts.get(post_id)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def _learn(database: Database, shelf: Shelf) -> None:
    await deliver(database, subscribers.text_subscriber(shelf))


async def _kept(connection: AnyConnection) -> list[str]:
    cursor = await connection.execute("SELECT body FROM research.texts ORDER BY body")
    return [row["body"] for row in await cursor.fetchall()]


async def test_only_the_texts_of_those_who_agreed_are_kept(
    database: Database, connection: AnyConnection, shelf: Shelf
) -> None:
    study, agrees, declines, outside = await opened(database), new_id(), new_id(), new_id()
    with clock.at(START):
        await join(database, study, agrees, EVERYTHING)
        await join(database, study, declines, ONLY_ACTIVITY)
    posts = [published(member) for member in (agrees, declines, outside)]
    shelf.texts = {
        post.post_id: word for post, word in zip(posts, ("mine", "hers", "his"), strict=True)
    }
    with clock.at(later(hours=1)):
        await happen(database, *posts)
    await _learn(database, shelf)
    assert await _kept(connection) == ["mine"]
    await connection.execute("DELETE FROM core.cursors")
    await _learn(database, shelf)
    assert await _kept(connection) == ["mine"]


async def test_a_text_taken_back_before_it_was_copied_is_not_kept(
    database: Database, connection: AnyConnection, shelf: Shelf
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member)
    with clock.at(later(hours=1)):
        await happen(database, published(member))
    await _learn(database, shelf)
    assert await _kept(connection) == []


async def test_an_edit_replaces_and_a_withdrawal_removes(
    database: Database, connection: AnyConnection, shelf: Shelf
) -> None:
    study, member, post_id = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, member)
    shelf.texts[post_id] = "first"
    with clock.at(later(hours=1)):
        await happen(database, published(member, post_id=post_id))
    await _learn(database, shelf)
    shelf.texts[post_id] = "second"
    with clock.at(later(hours=2)):
        await happen(database, edited(member, post_id))
    await _learn(database, shelf)
    assert await _kept(connection) == ["second"]
    with clock.at(later(hours=3)):
        await happen(database, withdrawn(member, post_id))
    await _learn(database, shelf)
    assert await _kept(connection) == []


async def test_after_consent_to_text_is_taken_back_an_edit_removes_the_copy(
    database: Database, connection: AnyConnection, shelf: Shelf
) -> None:
    study, member, post_id = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, member)
    shelf.texts[post_id] = "first"
    with clock.at(later(hours=1)):
        await happen(database, published(member, post_id=post_id))
    await _learn(database, shelf)
    with clock.at(later(hours=2)):
        await choose(database, study, member, {Purpose.ACTIVITY: True})
    assert await _kept(connection) == ["first"]
    with clock.at(later(hours=3)):
        await happen(database, edited(member, post_id))
    await _learn(database, shelf)
    assert await _kept(connection) == []


async def test_an_edit_of_a_text_that_was_never_kept_keeps_nothing(
    database: Database, connection: AnyConnection, shelf: Shelf
) -> None:
    study, member, post_id = await opened(database), new_id(), new_id()
    shelf.texts[post_id] = "before joining"
    with clock.at(START):
        await happen(database, published(member, post_id=post_id))
        await _learn(database, shelf)
        await join(database, study, member)
    with clock.at(later(hours=1)):
        await happen(database, edited(member, post_id))
    await _learn(database, shelf)
    assert await _kept(connection) == []


async def test_an_edit_and_an_erasure_wait_for_each_other_in_no_ring(
    database: Database, database_url: str, connection: AnyConnection, shelf: Shelf
) -> None:
    study, member, post_id = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, member)
    shelf.texts[post_id] = "first"
    with clock.at(later(hours=1)):
        await happen(database, published(member, post_id=post_id))
        await _learn(database, shelf)
    with clock.at(later(hours=2)):
        await happen(database, edited(member, post_id))
    shelf.texts[post_id] = "second"
    async with await psycopg.AsyncConnection.connect(database_url) as erasing:
        await erasing.execute("SELECT 1 FROM research.participants FOR UPDATE")
        learning = asyncio.create_task(_learn(database, shelf))
        await eventually(lambda: waiting(connection))
        # The next step of an erasure: it must find the text in nobody else's hands.
        await erasing.execute("SELECT 1 FROM research.texts FOR UPDATE NOWAIT")
        await erasing.rollback()
        await learning
    assert await _kept(connection) == ["second"]


async def test_who_is_locked_for_a_text_is_found_by_an_index(connection: AnyConnection) -> None:
    """After every reply, and a study may have many participants."""
    await connection.execute("SET enable_seqscan = off")
    asked = {"member_ids": [new_id()], "posts": [new_id()]}
    cursor = await connection.execute(f"EXPLAIN {texts._LOCK}", asked)
    plan = "\n".join(str(row["QUERY PLAN"]) for row in await cursor.fetchall())
    assert "pk_participants" in plan
    assert "Seq Scan" not in plan
