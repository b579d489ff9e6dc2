"""Stop and erase: what goes, what stays, which datasets close, and accounts that close."""

from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.core.ids import new_id
from app.identity.events import AccountClosed
from app.research import datasets, subscribers
from app.research.about import About, AgeBand
from app.research.errors import DatasetClosedError
from app.research.exports import freezing
from app.research.models import Study
from app.research.receipts import ReceiptState, as_letter
from tests.research.factories import (
    ME,
    START,
    happen,
    happen_and_learn,
    join,
    later,
    learn,
    opened,
    published,
    reacted,
    several,
    withdraw,
)


async def _everywhere(connection: AnyConnection, word: str) -> list[str]:
    """Every table, of all schemas, in which a word occurs in some row."""
    tables = await (
        await connection.execute(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
    ).fetchall()
    found = []
    for table in tables:
        cursor = await connection.execute(
            f"SELECT count(*) FROM {table['name']} t WHERE t::text LIKE %s", (f"%{word}%",)
        )
        row = await cursor.fetchone()
        if row and row["count"]:
            found.append(table["name"])
    return sorted(found)


async def _story(database: Database) -> tuple[Study, UUID, UUID, str]:
    """Five people in a study; two of them answer each other."""
    study, one = await opened(database), new_id()
    with clock.at(START):
        code = (await join(database, study, one, about=About(age_band=AgeBand.FROM_25))).pseudonym
        others = await several(database, study, 5)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [published(one), published(one, to=others[0]), reacted(others[0], one)],
        )
    return study, one, others[0], code or ""


async def test_after_an_erasure_only_the_tombstone_and_the_acts_of_consent_are_left(
    database: Database, connection: AnyConnection
) -> None:
    study, one, _, code = await _story(database)
    await freezing.freeze(database, study.id, by=ME)
    with clock.at(later(days=1)):
        receipt = await withdraw(database, study, one, erase=True)
    assert (receipt.state, receipt.pseudonym) == (ReceiptState.ERASED, code)
    assert await _everywhere(connection, str(one)) == ["core.events"]
    assert await _everywhere(connection, code) == ["research.consents", "research.participants"]
    cursor = await connection.execute("SELECT * FROM research.participants WHERE id = %s", (code,))
    left = await cursor.fetchone()
    assert left is not None
    assert left["state"] == "erased"
    assert {left[name] for name in ("age_band", "area", "tenure_band")} == {None}


async def test_what_others_did_stays_theirs_without_the_one_who_left(
    database: Database, connection: AnyConnection
) -> None:
    study, one, _, _ = await _story(database)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    cursor = await connection.execute("SELECT kind, counterpart_id FROM research.activities")
    assert await cursor.fetchall() == [
        {"kind": "received", "counterpart_id": None},
        {"kind": "reacted", "counterpart_id": None},
    ]


async def test_nobody_can_tell_any_more_so_again_says_nothing_is_held(database: Database) -> None:
    study, one, _, code = await _story(database)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
        again = await withdraw(database, study, one, erase=True)
        back = await join(database, study, one)
    assert (again.already, again.state) == (True, ReceiptState.NOTHING_HELD)
    assert back.pseudonym != code


async def test_stopping_first_and_erasing_later_is_possible(
    database: Database, connection: AnyConnection
) -> None:
    study, one, _, code = await _story(database)
    with clock.at(later(days=1)):
        stopped = await withdraw(database, study, one)
        erased = await withdraw(database, study, one, erase=True)
    assert stopped.acts
    assert erased.acts == {}
    assert erased.state is ReceiptState.ERASED
    assert "research.activities" not in await _everywhere(connection, code)


async def test_an_erasure_closes_the_datasets_that_held_the_person_and_no_others(
    database: Database,
) -> None:
    study, one, _, _ = await _story(database)
    held = await freezing.freeze(database, study.id, by=ME)
    elsewhere = await opened(database)
    with clock.at(later(hours=2)):
        await several(database, elsewhere, 5)
    other = await freezing.freeze(database, elsewhere.id, by=ME)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    async with unit_of_work(database) as session:
        with pytest.raises(DatasetClosedError, match="freeze a new one"):
            await datasets.access(session, held.id, to_pull=True)
        assert (await datasets.access(session, held.id)).closed_at is not None
        assert (await datasets.access(session, other.id, to_pull=True)).closed_at is None
    fresh = await freezing.freeze(database, study.id, by=ME)
    assert (fresh.number, fresh.participant_count) == (2, 5)


@pytest.mark.parametrize("erase", [False, True])
async def test_closing_the_account_withdraws_from_every_study(
    database: Database, connection: AnyConnection, *, erase: bool
) -> None:
    study, one, _, code = await _story(database)
    second = await opened(database)
    with clock.at(later(hours=2)):
        await join(database, second, one)
    event = AccountClosed(account_id=new_id(), member_id=one, erase_study_data=erase)
    with clock.at(later(days=1)):
        await happen(database, event)
        await happen(database, published(one))
        assert await deliver(database, subscribers.ACCOUNTS) == 1
        await learn(database)
    cursor = await connection.execute(
        "SELECT state FROM research.participants WHERE study_id = ANY (%s) ORDER BY id",
        ([study.id, second.id],),
    )
    states = [row["state"] for row in await cursor.fetchall()]
    assert states.count("erased" if erase else "stopped") == 2
    cursor = await connection.execute(
        "SELECT count(*) FROM research.activities WHERE participant_id = %s", (code,)
    )
    assert await cursor.fetchone() == {"count": 0 if erase else 3}


async def test_a_letter_carries_the_receipt(database: Database) -> None:
    study, one, _, code = await _story(database)
    with clock.at(later(days=1)):
        texts = [
            as_letter(await withdraw(database, study, one))[1],
            as_letter(await withdraw(database, study, one, erase=True))[1],
            as_letter(await withdraw(database, study, one, erase=True))[1],
            as_letter(await join(database, study, one))[1],
        ]
    assert f"Your code in the study: {code}" in texts[0]
    assert "activity: no longer" in texts[0]
    assert "we have no copy" in texts[1]
    assert "holds nothing about you" in texts[2]
    assert "change your mind" in texts[3]


async def test_an_erasure_waits_for_an_activity_being_written_and_takes_it_along(
    database: Database, database_url: str, connection: AnyConnection
) -> None:
    study, one, _, code = await _story(database)
    async with await psycopg.AsyncConnection.connect(database_url) as writer:
        await writer.execute(
            "INSERT INTO research.activities"
            " (study_id, participant_id, kind, occurred_at, seconds, day)"
            " VALUES (%s, %s, 'read', %s, 30, 0)",
            (study.id, code, later(hours=3)),
        )
        await connection.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await connection.execute(
                "SELECT 1 FROM research.participants WHERE id = %s FOR UPDATE", (code,)
            )
        await writer.commit()
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    assert "research.activities" not in await _everywhere(connection, code)
