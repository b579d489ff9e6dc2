"""A second delivery changes nothing, and which event became which row is forgotten soon."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.core.ids import new_id
from app.research import activity, erasure, subscribers, tasks
from tests.research.community_events import happen, happen_and_learn, learn, published, reacted
from tests.research.factories import ONLY_ACTIVITY, START, join, later, opened, withdraw
from tests.research.recorded import context, rows, taking_part


async def _deliveries(connection: AnyConnection) -> int:
    cursor = await connection.execute("SELECT count(*) AS n FROM research.deliveries")
    (row,) = await cursor.fetchall()
    return int(row["n"])


async def _state(connection: AnyConnection) -> Any:
    cursor = await connection.execute("SELECT * FROM research.recording_states ORDER BY 1, 2")
    return await cursor.fetchall()


async def test_a_second_delivery_adds_nothing(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    await taking_part(database, one, other)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database, [published(one, to=other), published(one), reacted(other, one)]
        )
    before, state = await rows(connection), await _state(connection)
    await connection.execute("DELETE FROM core.cursors")
    await learn(database)
    assert await rows(connection) == before
    assert await _state(connection) == state
    assert len(before) == 5


async def test_a_batch_that_failed_half_way_is_written_once(
    database: Database, connection: AnyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen(database, published(member), published(member))
    # The second event fails whenever it is written: the first one is delivered alone.
    spoiled = activity._REMEMBER.replace("UPDATE", "UPDATED")
    with monkeypatch.context() as patched:
        patched.setattr(activity, "_REMEMBER", spoiled)
        await deliver(database, subscribers.ACTIVITY)
        assert await rows(connection) == []
        assert await _deliveries(connection) == 0
    with clock.at(clock.now() + timedelta(minutes=1)):
        await learn(database)
    assert [row["ordinal"] for row in await rows(connection)].count(1) == 1
    assert len(await rows(connection)) == 2


async def test_the_next_batch_forgets_which_events_the_last_one_delivered(
    database: Database, connection: AnyConnection
) -> None:
    member, outsider = new_id(), new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member), reacted(member, outsider)])
    assert await _deliveries(connection) == 2
    with clock.at(later(hours=2)):
        await happen_and_learn(database, [published(member)])
    assert await _deliveries(connection) == 1
    with clock.at(later(hours=3)):
        await happen_and_learn(database, [published(outsider)])
    assert await _deliveries(connection) == 0


async def test_the_periodic_job_forgets_what_no_batch_follows(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member)])
    assert await _deliveries(connection) == 1
    await tasks.forget(context(database), timestamp=0)
    assert await _deliveries(connection) == 0


async def test_which_event_was_which_row_is_forgotten_once_the_event_is_dropped(
    database: Database, connection: AnyConnection
) -> None:
    """It was passed, or it would not have been dropped; nothing is left that leads to it."""
    member = new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member)])
    await connection.execute("DELETE FROM core.events")
    assert await _deliveries(connection) == 1
    await tasks.forget(context(database), timestamp=0)
    assert await _deliveries(connection) == 0
    assert len(await rows(connection)) == 1


async def test_what_the_cursor_has_not_passed_is_not_forgotten(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member)])
    await connection.execute("UPDATE core.cursors SET xid = '0', id = 0")
    await tasks.forget(context(database), timestamp=0)
    assert await _deliveries(connection) == 1


async def test_an_erasure_forgets_at_once(database: Database, connection: AnyConnection) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member)])
    with clock.at(later(hours=2)):
        await withdraw(database, study, member, erase=True)
    assert await _deliveries(connection) == 0
    assert await _state(connection) == []


async def test_no_researcher_reads_which_events_were_delivered_or_what_recording_needs(
    connection: AnyConnection,
) -> None:
    await connection.execute("SET ROLE alongside_research")
    for table in ("deliveries", "recording_states"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(f"SELECT count(*) FROM research.{table}")


async def test_clearing_what_is_clear_says_so(database: Database) -> None:
    study = await opened(database)
    async with unit_of_work(database) as session:
        assert await erasure.clear_some(session, study.id, "P-00000-00")
