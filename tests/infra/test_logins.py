"""With three logins the servers can change no ledger, and exports can read for research alone."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import httpx2
import psycopg
import pytest
from psycopg import sql

from app.core import clock, logins
from app.core.db import Database
from app.core.errors import PostgresError
from app.core.settings import DatabaseSettings, Settings
from app.identity.roles import Role
from app.research.dataset_models import Dataset
from app.research.models import Study
from app.run import log_and_logins
from app.run.doctor import examine
from tests.infra.runs import alongside, running_alongside
from tests.people import PASSWORD, People, sign_in, someone
from tests.research import instrument_words
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import START, download, freeze, later, opened, release, several
from tests.support import databases
from tests.support.logins import EXPORTS, SERVERS, apart, as_user
from tests.support.settings import SECRET_KEY, settings_for

REFUSED = psycopg.errors.InsufficientPrivilege


@pytest.fixture
def logged_in(database_url: str) -> DatabaseSettings:
    """Three logins, made as `alongside migrate` makes them."""
    settings = apart(database_url)
    assert logins.prepare(settings)
    return settings


@pytest.fixture
def settings(database_url: str, logged_in: DatabaseSettings) -> Settings:
    """Everything that asks for the application here gets the one with three logins."""
    return settings_for(database_url).model_copy(update={"database": logged_in})


@pytest.fixture
def servers(logged_in: DatabaseSettings) -> Iterator[psycopg.Connection]:
    with psycopg.connect(logged_in.url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def exports(logged_in: DatabaseSettings) -> Iterator[psycopg.Connection]:
    with psycopg.connect(logged_in.research, autocommit=True) as connection:
        yield connection


def tables(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT n.nspname, c.relname FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')"
            " AND n.nspname IN ('core', 'identity', 'community', 'moderation', 'research')"
        )
        return rows.fetchall()


def ledgers(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT DISTINCT n.nspname, c.relname FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE p.proname = 'refuse_change' AND t.tgname = 'refuse_change'"
        ).fetchall()


def test_the_servers_can_change_the_shape_of_no_table(
    servers: psycopg.Connection, database_url: str
) -> None:
    found = tables(database_url)
    assert len(found) > 40
    for table in found:
        name = sql.Identifier(*table)
        for statement in (
            "ALTER TABLE {} ADD COLUMN more text",
            "ALTER TABLE {} DISABLE TRIGGER USER",
            "ALTER TABLE {} OWNER TO CURRENT_USER",
            "DROP TABLE {}",
            "TRUNCATE {}",
            "CREATE TRIGGER mine BEFORE INSERT ON {} EXECUTE FUNCTION core.refuse_change()",
        ):
            with pytest.raises(REFUSED):
                servers.execute(sql.SQL(statement).format(name))


def test_the_servers_can_neither_change_nor_empty_a_ledger(
    servers: psycopg.Connection, database_url: str
) -> None:
    found = ledgers(database_url)
    assert {("identity", "role_grants"), ("research", "release_decisions")} <= set(found)
    for ledger in found:
        name = sql.Identifier(*ledger)
        servers.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(name))
        for statement in ("DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with pytest.raises(REFUSED):
                servers.execute(sql.SQL(statement).format(name))


async def test_what_stands_in_a_ledger_is_kept_by_its_trigger(
    database: Database, settings: Settings, servers: psycopg.Connection
) -> None:
    """The right to update is needed to lock a row, and no more comes of it."""
    await someone(database, settings, roles=[Role.MODERATOR])
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        servers.execute("UPDATE identity.role_grants SET reason = 'another'")


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "DROP FUNCTION core.refuse_change() CASCADE",
        "CREATE OR REPLACE FUNCTION core.refuse_change() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE core.mine (n integer)",
        "CREATE SCHEMA mine",
        "UPDATE public.alembic_version SET version_num = 'core_0001'",
        "CREATE ROLE more",
        "SET ROLE alongside",
    ],
)
def test_the_servers_have_no_way_around_the_rules(
    servers: psycopg.Connection, statement: LiteralString
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        servers.execute(statement)


def test_exports_read_the_same_as_the_research_role_and_write_nothing(
    exports: psycopg.Connection, database_url: str
) -> None:
    allowed = {"activities", "activity_types", "attendances", "participants"}
    for schema, table in tables(database_url):
        if schema == "research" and (table in allowed or table.startswith("activities")):
            continue
        with pytest.raises(REFUSED):
            exports.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(schema, table)))
    for statement in (
        "SELECT enrolled_on FROM research.participants",
        "INSERT INTO research.activities (kind) VALUES ('read')",
        "CREATE TABLE research.mine (n integer)",
        f"SET ROLE {SERVERS}",
        "SET ROLE alongside_app",
    ):
        with pytest.raises(REFUSED):
            exports.execute(statement.encode())


@pytest.fixture
async def frozen(database: Database) -> tuple[Study, Dataset, list[UUID]]:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 6)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [published(one, length=400) for one in members])
    with clock.at(later(days=3)):
        dataset = await freeze(database, study)
        await release(database, dataset)
    return study, dataset, members


async def test_a_freeze_a_question_and_a_download_read_with_the_login_of_exports(
    database: Database, frozen: tuple[Study, Dataset, list[UUID]], database_url: str, tmp_path: Path
) -> None:
    """Without it, none of them reads anything: nothing falls back on the servers' login."""
    study, dataset, _ = frozen
    folder = await download(database, dataset, tmp_path / "out")
    assert (folder / "periods.csv").stat().st_size > 0
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(EXPORTS)))
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [EXPORTS]
        )
        try:
            with pytest.raises(psycopg.OperationalError):
                await download(database, dataset, tmp_path / "again")
            with pytest.raises(psycopg.OperationalError), clock.at(later(days=40)):
                await freeze(database, study)
        finally:
            owner.execute(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(EXPORTS)))


async def test_people_join_sign_in_write_and_leave_with_the_servers_login(
    client: httpx2.AsyncClient, database: Database, settings: Settings
) -> None:
    rowan = await someone(database, settings)
    assert (await sign_in(client, rowan)).status_code == 200
    answer = await client.post("/api/v1/posts", json={"body": "Good morning."})
    assert answer.status_code == 201
    assert "Good morning." in (await client.get("/api/v1/wall")).text
    body = {"password": PASSWORD, "erase_study_data": True}
    assert (await client.post("/api/v1/me/closure", json=body)).status_code == 204


async def test_words_are_licensed_read_and_locked_with_the_servers_login(
    people: People, exports: psycopg.Connection
) -> None:
    sol = await people.member("Sol", roles=(Role.ADMINISTRATOR,))
    made = await instrument_words.record(sol)
    await instrument_words.enter(sol)
    assert (await sol.get("/instruments/swemwbs/preview"))["title"] == "Placeholder title"
    for relation in ("readable_wordings", "instrument_wordings", "instrument_licences"):
        with pytest.raises(REFUSED):
            exports.execute(f"SELECT FROM research.{relation}")
    ended = await sol.post(
        f"/instruments/swemwbs/licences/{made['id']}/end", reason="The study is over."
    )
    assert ended.status_code == 204
    assert await sol.status("/instruments/swemwbs/preview") == 409


def test_the_doctor_says_who_signs_in_as_what(
    settings: Settings, logged_in: DatabaseSettings, database_url: str
) -> None:
    found = [one for one in examine(settings) if one.subject == "logins"]
    assert [one.state for one in found] == ["good"] * 3
    words = " · ".join(one.words for one in found)
    for part in (f"{SERVERS}, which owns nothing", "owns the tables", EXPORTS):
        assert part in words


def test_the_doctor_tells_of_one_login_for_all_and_of_exports_that_read_too_much(
    database_url: str, logged_in: DatabaseSettings
) -> None:
    one = DatabaseSettings.model_validate({"url": database_url})
    found = list(log_and_logins.look_at_logins(one, is_embedded=False))
    assert [finding.state for finding in found] == ["look", "look"]
    assert "could change ledgers" in found[0].words
    assert [f.state for f in log_and_logins.look_at_logins(one, is_embedded=True)] == ["good"]

    swapped = logged_in.model_copy(update={"research_url": logged_in.url})
    (*_, last) = log_and_logins.look_at_logins(swapped, is_embedded=False)
    assert last.state == "bad"
    assert "can read about people" in last.words
    nobody = logged_in.model_copy(update={"research_url": as_user(database_url, "nobody_here")})
    (*_, last) = log_and_logins.look_at_logins(nobody, is_embedded=False)
    assert last.state == "bad"
    assert "cannot sign in" in last.words


def test_logins_are_prepared_again_and_keep_their_passwords(
    database_url: str, logged_in: DatabaseSettings
) -> None:
    def kept() -> list[tuple[str, str]]:
        with psycopg.connect(database_url) as owner:
            return owner.execute(
                "SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY (%s)"
                " ORDER BY rolname",
                [[SERVERS, EXPORTS]],
            ).fetchall()

    before = kept()
    assert [password[:14] for _, password in before] == ["SCRAM-SHA-256$"] * 2
    assert logins.prepare(logged_in)
    assert kept() == before
    assert not logins.prepare(DatabaseSettings.model_validate({"url": database_url}))


def test_one_user_for_two_parts_is_refused(database_url: str) -> None:
    twice = DatabaseSettings.model_validate({"url": database_url, "owner_url": database_url})
    with pytest.raises(PostgresError, match="name one user twice"):
        logins.prepare(twice)


def test_an_owner_who_may_make_no_roles_is_told_what_to_do(
    database_url: str, logged_in: DatabaseSettings
) -> None:
    small = logged_in.model_copy(
        update={
            "owner_url": logged_in.url,
            "url": as_user(database_url, "someone_new"),
        }
    )
    with pytest.raises(PostgresError, match="Three logins"):
        logins.prepare(small)


@pytest.fixture
def fresh(postgres: str) -> Iterator[str]:
    """An empty database of a server of one's own."""
    url = databases.clone(postgres, "template1")
    yield url
    databases.drop(postgres, url)


def environment(owner: str) -> dict[str, str]:
    parts = apart(owner)
    return {
        "DATABASE_URL": parts.url,
        "ALONGSIDE_DATABASE_OWNER_URL": parts.owner,
        "ALONGSIDE_DATABASE_RESEARCH_URL": parts.research,
        "ALONGSIDE_SECRET_KEY": SECRET_KEY,
    }


def about_logins(folder: Path, told: dict[str, str]) -> list[str]:
    lines = alongside(folder, "doctor", **told).stdout.splitlines()
    return [line for line in lines if "logins" in line]


def test_migrations_backups_and_restores_are_the_owners(fresh: str, tmp_path: Path) -> None:
    told = environment(fresh)
    done = alongside(tmp_path, "migrate", **told)
    assert done.returncode == 0, done.stderr
    assert "Its logins have what they need and no more." in done.stdout
    said = about_logins(tmp_path, told)
    assert f"{SERVERS}, which owns nothing" in said[0]
    file = tmp_path / "safe.dump"
    for arguments in (["backup", str(file)], ["restore", "--replace", str(file)]):
        done = alongside(tmp_path, *arguments, **told)
        assert done.returncode == 0, done.stderr
    assert about_logins(tmp_path, told) == said, "and rights are as they were"
    without = {**told, "ALONGSIDE_DATABASE_OWNER_URL": ""}
    done = alongside(tmp_path, "restore", "--replace", str(file), **without)
    assert done.returncode != 0
    assert about_logins(tmp_path, told) == said, "and nothing was changed"


def test_one_command_starts_everything_with_three_logins(fresh: str, data_dir: Path) -> None:
    with running_alongside(data_dir.parent / "var", below=(), **environment(fresh)) as run:
        assert run.answers()
        with psycopg.connect(fresh) as owner:
            users = owner.execute(
                "SELECT DISTINCT usename FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        assert users == [(SERVERS,)]
        assert run.end(signal.SIGTERM) == 0
