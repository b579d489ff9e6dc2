"""Clock, ids, pages, encryption, limits, settings: small parts that everything stands on."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core import clock, db, ids, limits, pages
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption, EncryptionError
from app.core.errors import TooManyError
from app.core.settings import DatabaseSettings, SecretSettings, ServerSettings
from tests.support.settings import SECRET_KEY

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_ids_sort_by_the_time_they_were_made() -> None:
    made = []
    for minutes in range(5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            made.append(ids.new_id())
    assert made == sorted(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}


async def test_a_long_statement_takes_its_parameters_by_name(database: Database) -> None:
    """Each as often as it is named, beside a remainder sign; one that is not named is left."""
    padding = "-- " + 5_000 * "x"
    asked = f"SELECT %(b)s::int - %(a)s::int + %(b)s::int AS found, 7 %% 4 AS rest {padding}"
    values = {"a": 1, "b": 10, "c": 100}
    assert await db.fetch(database.pool, asked, values) == [{"found": 19, "rest": 3}]
    assert await db.fetch_tuples(database.pool, asked, values) == [(19, 3)]
    async with unit_of_work(database) as session:
        assert await db.fetch_within(session, asked, values) == [{"found": 19, "rest": 3}]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "Please wait a moment and"),
        (45, "Please wait a minute and"),
        (601, "Please wait 11 minutes and"),
        (3_295, "Please wait an hour and"),
        (3_600, "Please wait an hour and"),
    ],
)
def test_how_long_to_wait_is_said_and_never_too_short(seconds: int, said: str) -> None:
    assert TooManyError(retry_after_seconds=seconds).detail.startswith(said)
    assert TooManyError("My own words.", retry_after_seconds=seconds).detail == "My own words."


def test_the_earliest_id_of_a_moment_is_below_all_made_from_then_on() -> None:
    with clock.at(NOON - timedelta(milliseconds=1)):
        before = ids.new_id()
    with clock.at(NOON):
        assert before < ids.earliest(NOON) < min(ids.new_id() for _ in range(50))


def test_ids_are_those_of_the_release_before() -> None:
    """A bound for a moment, and what a seed draws: rows of years lie on either side of it."""
    moment = datetime(2026, 3, 1, 12, 30, 15, 123_999, tzinfo=UTC)
    assert ids.earliest(moment) == UUID("019ca960-bc53-7000-8000-000000000000")
    with clock.at(moment), ids.drawn_from(Random(7)):
        assert ids.new_id() == UUID("019ca960-bc53-752e-89a7-834df2a74de4")
        assert ids.random_id().version == 4


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_a_cursor_gives_back_its_key(key: list[str]) -> None:
    assert pages.decode(pages.encode(*key), *[str] * len(key)) == tuple(key)


@given(st.text())
def test_a_cursor_of_somebody_elses_making_is_refused_or_read(cursor: str) -> None:
    try:
        key = pages.decode(cursor, str, str)
    except pages.BadCursorError:
        return
    assert key is not None
    assert len(key) == 2


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (pages.number, "x"),
        (pages.number, "1.5"),
        (pages.number, " 1"),
        (pages.number, "-1"),
        (pages.number, "\u0661"),
        (pages.number, "9" * 19),
        (pages.number, "1" + "0" * 5_000),
        (pages.flag, "true"),
        (UUID, "1"),
    ],
)
def test_a_part_of_a_cursor_that_isnt_of_its_kind_is_refused(kind: pages.Kind, part: str) -> None:
    with pytest.raises(pages.BadCursorError):
        pages.decode(pages.encode(part), kind)


def test_a_cursor_gives_back_each_part_as_its_kind() -> None:
    key = (UUID(int=7), -pages.LARGEST, False)
    assert pages.decode(pages.encode(*key), UUID, pages.negative, pages.flag) == key


ENCRYPTION = Encryption(SecretSettings.model_validate({"secret_key": SECRET_KEY}))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_seal_opens_only_for_its_purpose(text: str) -> None:
    box = ENCRYPTION.close(text, purpose="e-mail")
    assert ENCRYPTION.open(box, purpose="e-mail") == text
    with pytest.raises(EncryptionError):
        ENCRYPTION.open(box, purpose="letter")
    with pytest.raises(EncryptionError):
        ENCRYPTION.open(box[:-1] + bytes([box[-1] ^ 1]), purpose="e-mail")


async def test_a_limit_holds_across_processes_and_ends_with_its_window(
    database: Database,
) -> None:
    with clock.at(NOON):
        for _ in range(3):
            await limits.spend(database.pool, "door", limit=3, per_seconds=60)
    with clock.at(NOON + timedelta(seconds=20)), pytest.raises(TooManyError) as refused:
        await limits.spend(database.pool, "door", limit=3, per_seconds=60)
    assert refused.value.extensions["retry_after_seconds"] == 40
    with clock.at(NOON + timedelta(seconds=61)):
        await limits.spend(database.pool, "door", limit=3, per_seconds=60)


async def test_what_was_spent_is_forgotten_when_its_window_is_over(
    database: Database, connection: AnyConnection
) -> None:
    with clock.at(NOON):
        await limits.spend(database.pool, "door", limit=1, per_seconds=60)
    with clock.at(NOON + timedelta(minutes=1)):
        await limits.spend(database.pool, "gate", limit=1, per_seconds=3600)
    with clock.at(NOON + timedelta(minutes=60)):
        async with unit_of_work(database) as session:
            await limits.forget(session)
        with pytest.raises(TooManyError):
            await limits.spend(database.pool, "gate", limit=1, per_seconds=3600)
    cursor = await connection.execute("SELECT count(*) AS kept FROM core.rate_limits")
    assert await cursor.fetchone() == {"kept": 1}
    with pytest.raises(ValueError, match="longer"):
        await limits.spend(database.pool, "door", limit=1, per_seconds=3601)


async def test_many_at_once_cannot_slip_under_a_limit(database: Database) -> None:
    tries = [limits.spend(database.pool, "gate", limit=10, per_seconds=60) for _ in range(50)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 10


@pytest.mark.parametrize(
    "secret", ["", "changeme", "secret", base64.b64encode(b"short").decode(), "A" * 44]
)
def test_a_placeholder_is_no_secret(secret: str) -> None:
    with pytest.raises(ValidationError, match="32 random bytes"):
        SecretSettings.model_validate({"secret_key": secret})


def test_a_demo_is_refused_outside_this_machine() -> None:
    with pytest.raises(ValidationError, match="only for 127"):
        ServerSettings.model_validate({"demo": True, "host": "0.0.0.0"})  # noqa: S104
    with pytest.raises(ValidationError, match="https"):
        ServerSettings.model_validate({"public_url": "http://community.example"})
    assert ServerSettings.model_validate({"demo": True}).demo


def test_the_cookie_is_bound_to_the_host_wherever_https_is_spoken() -> None:
    secure = ServerSettings.model_validate({"public_url": "https://community.example"})
    assert secure.cookie_name == "__Host-session"
    assert ServerSettings.model_validate({}).cookie_name == "session"


def test_an_address_of_another_database_is_refused() -> None:
    with pytest.raises(ValidationError, match="postgresql://"):
        DatabaseSettings.model_validate({"url": "mysql://localhost/x"})
    plain = DatabaseSettings.model_validate({"url": "postgresql+psycopg://a@/b"})
    assert plain.url == "postgresql://a@/b"


async def test_what_goes_past_the_session_is_undone_with_its_savepoint(database: Database) -> None:
    """The savepoint is sent when the driver is asked for: to remember the driver would lose it."""
    async with unit_of_work(database) as session:
        await (await db.driver(session)).execute("CREATE TEMP TABLE kept (n int)")
        nested = await session.begin_nested()
        await (await db.driver(session)).execute("INSERT INTO kept VALUES (1)")
        await nested.rollback()
        assert await db.fetch_within(session, "SELECT count(*) AS n FROM kept", {}) == [{"n": 0}]
