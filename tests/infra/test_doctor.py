"""`alongside doctor` sees each thing that can be wrong."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest

from app.core import open_files, xmin_horizon
from app.core.settings import Settings
from app.postgres import running
from app.run import doctor, revisions
from app.run.doctor import examine
from app.run.log_and_logins import DoctorFinding
from tests.infra.runs import alongside
from tests.support import databases
from tests.support.aging import age, without_partitions
from tests.support.settings import SECRET_KEY, settings_for


def found(settings: Settings, subject: str) -> DoctorFinding:
    """The finding on this subject."""
    (finding,) = [finding for finding in examine(settings) if finding.subject == subject]
    return finding


@pytest.fixture
def raw(settings: Settings) -> Iterator[psycopg.Connection]:
    with psycopg.connect(settings.database.url, autocommit=True) as connection:
        yield connection


def test_a_fresh_database_has_nothing_wrong(settings: Settings) -> None:
    findings = list(examine(settings))
    assert [finding for finding in findings if finding.state == "bad"] == []
    assert {finding.subject for finding in findings} == {
        *("settings", "disk", "open files", "database", "migrations", "logins", "version", "roles"),
        *("transactions", "events", "outbox", "jobs", "e-mails", "worried", "log"),
    }


def test_a_low_limit_of_open_files_is_told_with_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(settings, "open files").state == "good"
    monkeypatch.setattr(open_files, "LEAST", open_files.attainable() + 1)
    finding = found(settings, "open files")
    assert finding.state == "look"
    assert "LimitNOFILE" in finding.words


def test_an_open_transaction_is_an_alarm_from_a_minute_on_in_whatever_database(
    settings: Settings, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.clone(postgres, "template1")
    with psycopg.connect(url) as elsewhere:
        name = elsewhere.info.dbname
        elsewhere.execute("SELECT pg_current_xact_id()")
        assert found(settings, "transactions").state == "good"
        monkeypatch.setattr(xmin_horizon, "ALARM_SECONDS", 0.0)
        finding = found(settings, "transactions")
    databases.drop(postgres, url)
    assert finding.state == "bad"
    assert f"in database {name}" in finding.words
    assert "holds back live updates" in finding.words


def test_a_transaction_prepared_and_forgotten_is_named(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xmin_horizon, "ALARM_SECONDS", 0.0)
    with running(data_dir, settings={"max_prepared_transactions": "2"}) as server:
        databases.make_template(server)
        with psycopg.connect(server, autocommit=True) as elsewhere:
            elsewhere.execute("BEGIN")
            elsewhere.execute("SELECT pg_current_xact_id()")
            elsewhere.execute("PREPARE TRANSACTION 'forgotten'")
        finding = found(settings_for(databases.url_of(server, databases.TEMPLATE)), "transactions")
    assert finding.state == "bad"
    assert "ROLLBACK PREPARED 'forgotten'" in finding.words


def test_a_dead_letter_is_told(settings: Settings, raw: psycopg.Connection) -> None:
    raw.execute(
        "INSERT INTO core.dead_letters (subscriber, event_id, failed_at, error)"
        " VALUES ('letters', 1, now(), 'boom')"
    )
    words = found(settings, "events").words
    assert "1 could not be delivered" in words
    assert "alongside events redeliver" in words


def test_a_backlog_asks_for_the_worker(
    settings: Settings, raw: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw.execute("INSERT INTO core.cursors (subscriber, xid, id) VALUES ('letters', '0', 0)")
    raw.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        " SELECT 'post.published', now(), '{}', '{}' FROM generate_series(1, 5)"
    )
    assert found(settings, "events").words == "at most 5 wait for a subscriber"
    monkeypatch.setattr(doctor, "MOST_UNDELIVERED", 3)
    assert "is `alongside worker` running?" in found(settings, "events").words


def _tell(raw: psycopg.Connection) -> None:
    raw.execute(
        "INSERT INTO core.events (type, occurred_at, topics, payload)"
        " VALUES ('post.published', now(), '{}', '{}')"
    )


def test_what_is_kept_and_until_when_partitions_are_made_is_told(
    settings: Settings, raw: psycopg.Connection
) -> None:
    assert found(settings, "outbox").words.startswith("empty, partitions are made until 20")
    _tell(raw)
    finding = found(settings, "outbox")
    assert finding.state == "good"
    assert finding.words.startswith("kept since 20")


def test_partitions_that_nobody_makes_are_told(settings: Settings, raw: psycopg.Connection) -> None:
    without_partitions(settings.database.url)
    _tell(raw)
    finding = found(settings, "outbox")
    assert finding.state == "bad"
    assert "is `alongside worker` running?" in finding.words
    raw.execute("SELECT core.make_event_partitions(2)")
    finding = found(settings, "outbox")
    assert finding.state == "look"
    assert finding.words.endswith("1 came while theirs was missing")


def test_who_holds_old_events_back_is_named_and_can_be_forgotten(
    settings: Settings, raw: psycopg.Connection, data_dir: Path
) -> None:
    _tell(raw)
    raw.execute("INSERT INTO core.cursors (subscriber, xid, id) VALUES ('of.old', '0', 0)")
    age(settings.database.url, weeks=9)
    _tell(raw)
    finding = found(settings, "outbox")
    assert finding.state == "bad"
    assert "of.old has not passed them" in finding.words
    told = {"DATABASE_URL": settings.database.url, "ALONGSIDE_SECRET_KEY": SECRET_KEY}
    for name, code, words in (
        ("community", 1, "community is in use"),
        ("of.new", 1, "No subscriber is called of.new."),
        ("of.old", 0, "of.old is forgotten."),
    ):
        done = alongside(data_dir.parent, "events", "forget", name, **told)
        assert done.returncode == code, done.stderr
        assert words in done.stdout + done.stderr
    assert "does the worker's log say" in found(settings, "outbox").words
    raw.execute(
        "INSERT INTO core.cursors (subscriber, xid, id)"
        " SELECT 'community', e.xid, e.id FROM core.events e ORDER BY id DESC LIMIT 1"
    )
    raw.execute("SELECT core.drop_event_partition(14)")
    assert found(settings, "outbox").state == "good"


async def test_what_the_outbox_keeps_is_in_the_figures(
    client: httpx2.AsyncClient, settings: Settings, raw: psycopg.Connection
) -> None:
    _tell(raw)
    age(settings.database.url, weeks=9)
    lines = (await client.get("/metrics")).text.splitlines()
    pairs = (line.split() for line in lines if line.startswith("alongside_events_"))
    figures = {name: float(value) for name, value in pairs}
    assert figures["alongside_events_oldest_days"] == 63
    assert figures["alongside_events_ahead_days"] >= 14
    assert 42 <= figures["alongside_events_overdue_days"] <= 49
    assert figures["alongside_events_strays"] == 0


def test_an_old_database_is_told_to_migrate(settings: Settings, raw: psycopg.Connection) -> None:
    raw.execute("UPDATE public.alembic_version SET version_num = 'core_0001'")
    finding = found(settings, "migrations")
    assert finding.state == "bad"
    assert (
        finding.words == f"at core_0001, this version needs {revisions.head()}: alongside migrate"
    )
