"""Erasures, deliveries and jobs at the same moment: some wait, and never in a ring."""

import asyncio

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.research import activity, deliveries, participation, tasks
from app.research.receipts import ReceiptState
from tests.research.community_events import happen, happen_and_learn, learn, published, reacted
from tests.research.factories import ONLY_ACTIVITY, START, join, later, opened, several, withdraw
from tests.research.recorded import context
from tests.support.waiting import eventually, waiting


async def test_people_who_answered_each_other_can_all_be_erased_at_once(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 5)
    pairs = [(one, other) for one in members for other in members if one != other]
    with clock.at(later(hours=1)):
        for _ in range(20):
            await happen_and_learn(database, [reacted(*pair) for pair in pairs])
    receipts = await asyncio.gather(
        *(withdraw(database, study, member, erase=True) for member in members)
    )
    assert {receipt.state for receipt in receipts} == {ReceiptState.ERASED}
    cursor = await connection.execute("SELECT count(*) FROM research.activities")
    assert await cursor.fetchone() == {"count": 0}


async def test_an_erasure_stands_behind_another_of_its_study_with_nothing_in_its_hands(
    database: Database, database_url: str, connection: AnyConnection
) -> None:
    study, elsewhere = await opened(database), await opened(database)
    with clock.at(START):
        one, other = await several(database, study, 2)
        (stranger,) = await several(database, elsewhere, 1)
    async with unit_of_work(database) as session:
        await participation.lock(session, [one])
        await withdraw(database, elsewhere, stranger, erase=True)
        erasing = asyncio.create_task(withdraw(database, study, other, erase=True))
        await eventually(lambda: waiting(connection))
        async with await psycopg.AsyncConnection.connect(database_url) as looking:
            for table, column in (("recording_states", "participant_id"), ("participants", "id")):
                await looking.execute(
                    f"SELECT 1 FROM research.{table} t JOIN identity.study_links l"
                    f" ON l.participant_id = t.{column} WHERE l.member_id = %s"
                    " FOR UPDATE OF t NOWAIT",
                    (other,),
                )
    assert (await erasing).state is ReceiptState.ERASED


async def test_a_delivery_that_waits_for_an_erasure_holds_nothing_the_erasure_needs(
    database: Database, database_url: str, connection: AnyConnection
) -> None:
    study, member, outsider = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    for hours in (1, 2):
        with clock.at(later(hours=hours)):
            await happen(database, published(member), reacted(member, outsider))
        if hours == 1:
            await learn(database)
    async with await psycopg.AsyncConnection.connect(database_url) as erasing:
        await erasing.execute("SELECT 1 FROM research.recording_states FOR UPDATE")
        learning = asyncio.create_task(learn(database))
        await eventually(lambda: waiting(connection))
        for table in ("participants", "deliveries", "activities"):
            cursor = await erasing.execute(f"SELECT 1 FROM research.{table} FOR UPDATE NOWAIT")
            assert cursor.rowcount
        await erasing.rollback()
        await learning


async def test_two_batches_lock_people_in_one_order_whatever_happened_first(
    database: Database, database_url: str, connection: AnyConnection
) -> None:
    study = await opened(database)
    members = [new_id() for _ in range(3)]
    with clock.at(START):
        receipts = [await join(database, study, member, ONLY_ACTIVITY) for member in members]
    codes = {receipt.pseudonym or "": one for receipt, one in zip(receipts, members, strict=True)}
    (_, first), (second_code, second), (third_code, third) = sorted(codes.items())
    with clock.at(later(hours=1)):
        await happen(database, reacted(third, first), reacted(second, third))
    lock = "SELECT 1 FROM research.recording_states WHERE participant_id = %s FOR UPDATE NOWAIT"
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute(lock, (second_code,))
        learning = asyncio.create_task(learn(database))
        await eventually(lambda: waiting(connection))
        # It waits for the second, so it must not hold the third.
        await other.execute(lock, (third_code,))
        await other.rollback()
        await learning


@pytest.mark.parametrize("is_job", [True, False])
async def test_forgetting_what_was_delivered_waits_for_nobody(
    database: Database, database_url: str, connection: AnyConnection, *, is_job: bool
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member) for _ in range(3)])
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT 1 FROM research.deliveries LIMIT 1 FOR UPDATE")
        async with unit_of_work(database) as session:
            if is_job:
                await deliveries.forget_passed(session)
            else:
                await activity.write(session, [])
        await other.rollback()
    cursor = await connection.execute("SELECT count(*) FROM research.deliveries")
    assert await cursor.fetchone() == {"count": 1}


async def test_forgetting_exact_times_waits_for_nobody(
    database: Database, database_url: str, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 3)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member) for member in members])
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("SELECT 1 FROM research.recording_states LIMIT 1 FOR UPDATE")
        with clock.at(later(hours=2)):
            await tasks.forget(context(database), timestamp=0)
        await other.rollback()
    cursor = await connection.execute(
        "SELECT count(last_at) AS kept, count(*) AS people FROM research.recording_states"
    )
    assert await cursor.fetchone() == {"kept": 1, "people": 3}
