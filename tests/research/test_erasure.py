"""Stop and erase: what goes, what stays, which datasets close, and accounts that close."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.core.ids import new_id
from app.identity.events import AccountClosed, RoleGranted
from app.research import datasets, erasure, my_data, study_looks, subscribers, tasks
from app.research.demographics import AgeBand, Demographics
from app.research.errors.datasets import DatasetClosedError
from app.research.models import Study
from app.research.receipts import ReceiptState, as_letter
from tests.research.community_events import happen, happen_and_learn, learn, published, reacted
from tests.research.factories import START, freeze, join, later, opened, several, withdraw
from tests.research.recorded import context, rows


async def _everywhere(connection: AnyConnection, word: str) -> list[str]:
    """Every table, of all schemas, in which a word occurs in some row."""
    tables = await (
        await connection.execute(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            " AND tablename !~ '^events_'"  # partitions of core.events
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
        code = (
            await join(database, study, one, demographics=Demographics(age_band=AgeBand.FROM_25))
        ).pseudonym
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
    await freeze(database, study)
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


async def test_times_of_the_erased_become_days_where_the_programmes_people_live(
    database: Database, connection: AnyConnection
) -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    study, one = await opened(database), new_id()
    with clock.at(summer):
        await join(database, study, one)
    with clock.at(summer + timedelta(hours=20)):
        receipt = await withdraw(database, study, one, erase=True)
    assert receipt.at == summer + timedelta(hours=20)
    cursor = await connection.execute(
        "SELECT at AS moment, 'consent' AS what FROM research.consents"
        " UNION SELECT changed_at, 'change' FROM research.participants"
    )
    midnight = datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert {(row["what"], row["moment"]) for row in await cursor.fetchall()} == {
        ("consent", midnight),
        ("change", midnight),
    }


async def test_what_others_did_stays_theirs_without_the_one_who_left(
    database: Database, connection: AnyConnection
) -> None:
    study, one, _, _ = await _story(database)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    assert sorted(
        (row["kind"], row["other_side"], row["counterpart_id"]) for row in await rows(connection)
    ) == [("reacted", "member", None), ("received", "member", None)]


@pytest.mark.parametrize("is_theirs", [True, False])
async def test_many_rows_go_in_batches_by_a_job_and_nobody_reads_them_meanwhile(
    database: Database,
    connection: AnyConnection,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_theirs: bool,
) -> None:
    """Their own rows, and rows of others that name them."""
    study, one, other, code = await _story(database)
    with clock.at(later(hours=2)):
        pair = (one, other) if is_theirs else (other, one)
        await happen_and_learn(database, [reacted(*pair) for _ in range(8)])
    few = tuple(sql.replace("LIMIT 5000", "LIMIT 3") for sql in erasure._CLEAR_SOME)
    assert few != erasure._CLEAR_SOME
    monkeypatch.setattr(erasure, "_CLEAR_SOME", few)
    monkeypatch.setattr(erasure, "BATCH", 3)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    left = [row for row in await rows(connection) if code in row.values()]
    assert len(left) > 3
    assert await my_data.overview(database.pool, one) == []
    with clock.at(later(days=2)):
        dataset = await freeze(database, study)
    assert dataset.participant_count == 5
    held = "SELECT 1 FROM research.dataset_participants WHERE participant_id = %s"
    assert (await connection.execute(held, (code,))).rowcount == 0
    cursor = await connection.execute(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'research:clear_erased'"
    )
    ((asked,),) = [tuple(row.values()) for row in await cursor.fetchall()]
    assert asked == {"study_id": str(study.id), "participant_id": code}
    for _ in range(2):
        await tasks.clear_erased(context(database), **asked)
        assert not [row for row in await rows(connection) if code in row.values()]
    assert {row["other_side"] for row in await rows(connection)} == {"member"}


def test_a_batch_is_as_large_as_it_says() -> None:
    assert all(f"LIMIT {erasure.BATCH})" in sql for sql in erasure._CLEAR_SOME)


async def test_few_rows_need_no_job(database: Database, connection: AnyConnection) -> None:
    study, one, _, _ = await _story(database)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    cursor = await connection.execute("SELECT task_name FROM procrastinate_jobs")
    assert "research:clear_erased" not in {row["task_name"] for row in await cursor.fetchall()}


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
    elsewhere = await opened(database)
    with clock.at(later(hours=2)):
        await several(database, elsewhere, 5)
        held = await freeze(database, study)
        other = await freeze(database, elsewhere)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    async with unit_of_work(database) as session:
        with pytest.raises(DatasetClosedError, match="a dataset without them replaces it"):
            await datasets.access(session, held.id, to_download=True)
        assert (await datasets.access(session, held.id)).closed_at is not None
        assert (await datasets.access(session, other.id, to_download=True)).closed_at is None
    with clock.at(later(days=40)):
        fresh = await freeze(database, study)
    assert fresh.participant_count == 5


async def test_the_job_makes_a_successor_without_the_person(
    database: Database, connection: AnyConnection
) -> None:
    study, one, _, code = await _story(database)
    with clock.at(later(hours=2)):
        held = await freeze(database, study)
    with clock.at(later(days=1)):
        await withdraw(database, study, one, erase=True)
    await tasks.succeed(context(database), str(held.id))
    cursor = await connection.execute(
        "SELECT d.succeeds, p.participant_id FROM research.datasets d"
        " JOIN research.dataset_participants p ON p.dataset_id = d.id WHERE d.id <> %s",
        (held.id,),
    )
    found = await cursor.fetchall()
    assert {row["succeeds"] for row in found} == {held.id}
    assert code not in {row["participant_id"] for row in found}
    assert len(found) == 5


@pytest.mark.parametrize("erase", [False, True])
async def test_closing_the_account_withdraws_from_every_study_and_leaves_no_link(
    database: Database, connection: AnyConnection, *, erase: bool
) -> None:
    study, one, _, code = await _story(database)
    second = await opened(database)
    with clock.at(later(hours=2)):
        await study_looks.note(database.pool, second.id, member_id=one)
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
    assert await _everywhere(connection, str(one)) == ["core.events"]
    cursor = await connection.execute(
        "SELECT c.at AS moment FROM research.consents c WHERE participant_id = %s"
        " UNION SELECT changed_at FROM research.participants WHERE id = %s",
        (code, code),
    )
    moments = {row["moment"] for row in await cursor.fetchall()}
    days = {START.replace(hour=0, minute=0), later(days=1).replace(hour=0, minute=0)}
    assert moments == days


async def test_becoming_staff_is_stopping_and_what_stays_can_still_be_erased(
    database: Database,
) -> None:
    study, one, _, _ = await _story(database)
    for role in ("host", "moderator"):
        event = RoleGranted(account_id=new_id(), member_id=one, role=role)
        with clock.at(later(days=1)):
            await happen(database, event)
            await deliver(database, subscribers.ACCOUNTS)
        (held,) = await my_data.overview(database.pool, one)
        assert any(one.is_in_force for one in held.consents) == (role == "host")
    with clock.at(later(days=2)):
        erased = await withdraw(database, study, one, erase=True)
    assert erased.state is ReceiptState.ERASED


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
    assert "What I do here: no longer" in texts[0]
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
            " (study_id, participant_id, kind, version, actor_role, occurred_at, seconds)"
            " VALUES (%s, %s, 'read', 2, 'member', %s, 30)",
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
