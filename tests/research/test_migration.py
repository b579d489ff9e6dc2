"""What the release before recorded comes along, and what led from it to another table is gone."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg.rows import dict_row
from sqlalchemy import create_engine, make_url, pool

from app.core import clock, migrations
from app.core.db import Database
from app.core.settings import DatabaseSettings
from tests.research.community_events import happen_and_learn, published
from tests.research.former import (
    ANN,
    BEN,
    CAT,
    DAN,
    ENROLLED,
    EVE,
    MEMBERS,
    REVISION,
    Former,
    at,
)
from tests.support import databases

Looking = psycopg.Connection[dict[str, Any]]
#: The fraction of every exact time, and the numbers of events.
_LEADS = re.compile(r"\.771771|7710000|771999")
CLOSED = ENROLLED + timedelta(days=21)


def _fill(connection: psycopg.Connection[Any]) -> tuple[UUID, UUID, UUID]:
    former = Former(connection)
    former.published(ANN, at(hours=24))  # half past midnight of the next day
    former.published(ANN, at(hours=36.5))
    former.published(DAN, at(hours=37))
    former.replied(BEN, ANN, at(days=2))
    former.replied(ANN, BEN, at(days=3), to_reply=True)
    former.replied(ANN, ANN, at(days=4))
    former.replied(None, ANN, at(days=5))
    former.replied(BEN, EVE, at(days=5))
    former.replied(CAT, ANN, at(days=6))
    former.reacted(BEN, ANN, at(days=7))
    former.reacted(BEN, None, at(days=8), to_reply=True)
    former.reacted(ANN, CAT, at(days=9))
    former.reacted(DAN, ANN, at(days=10))
    former.row(ANN, "read", at(days=11), None, seconds=30)
    former.row(  # its event is gone
        BEN, "reacted", at(days=12), 771_999_999, counterpart_id=ANN, reaction="i_hear_you"
    )
    former.row(ANN, "replied", at(days=12), 771_999_998, counterpart_id=ANN, length_band="long")
    former.say(ANN, "activity", "given", ENROLLED + timedelta(days=13), 2)
    former.stop(DAN, ENROLLED + timedelta(days=14))
    former.stop(EVE, ENROLLED + timedelta(days=15, hours=4), "erased")
    former.appoint(CAT)
    open_ = former.frozen(1, None, ANN, BEN, CAT, DAN)
    closed = former.frozen(2, CLOSED, ANN, BEN)
    former.delivered()
    return former.study, open_, closed


@pytest.fixture(scope="module")
def upgraded(postgres: str) -> Iterator[tuple[str, UUID, UUID, UUID]]:
    """A database of the release before, with people in a study, brought up to this one."""
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, REVISION)
    with psycopg.connect(url, autocommit=True) as connection:
        before = _fill(connection)
    migrations.upgrade(url)
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT study_id, id FROM research.datasets ORDER BY number")
        (study, open_), (_, closed) = found.fetchall()
    assert not {study, open_, closed} & set(before)
    yield url, study, open_, closed
    databases.drop(postgres, url)


@pytest.fixture
def looking(upgraded: tuple[str, UUID, UUID, UUID]) -> Iterator[Looking]:
    with psycopg.connect(upgraded[0], autocommit=True, row_factory=dict_row) as connection:
        yield connection


def _found(looking: Looking, sql: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in looking.execute(sql.encode())), key=str)


def test_every_row_is_there_with_its_side_its_target_and_its_local_day(looking: Looking) -> None:
    columns = "participant_id, kind, day, time_band, other_side, counterpart_id, target"
    assert _found(looking, f"SELECT {columns} FROM research.activities") == sorted(
        [
            (ANN, "published", 1, "night", None, None, None),
            (ANN, "published", 1, "afternoon", None, None, None),
            (DAN, "published", 1, "afternoon", None, None, None),
            (BEN, "replied", 2, "night", "participant", ANN, "post"),
            (ANN, "received", 2, "night", "participant", BEN, "post"),
            (ANN, "replied", 3, "night", "participant", BEN, "reply"),
            (BEN, "received", 3, "night", "participant", ANN, "reply"),
            (ANN, "replied", 4, "night", "self", None, "post"),
            (ANN, "received", 5, "night", "member", None, "post"),
            (BEN, "replied", 5, "night", "member", None, "post"),
            (CAT, "replied", 6, "night", "participant", ANN, "post"),
            (ANN, "received", 6, "night", "staff", None, "post"),
            (BEN, "reacted", 7, "night", "participant", ANN, "post"),
            (ANN, "received", 7, "night", "participant", BEN, "post"),
            (BEN, "reacted", 8, "night", "member", None, "reply"),
            (ANN, "reacted", 9, "night", "staff", None, "post"),
            (CAT, "received", 9, "night", "participant", ANN, "post"),
            (DAN, "reacted", 10, "night", "participant", ANN, "post"),
            (ANN, "received", 10, "night", "participant", DAN, "post"),
            (ANN, "read", 11, "night", None, None, None),
            (BEN, "reacted", 12, "night", "participant", ANN, "post"),
            (ANN, "replied", 12, "night", "self", None, "post"),
        ],
        key=str,
    )


def test_what_was_known_of_a_post_stays_and_what_was_not_stays_unknown(looking: Looking) -> None:
    columns = (
        "participant_id, time_band, ordinal, intent, length_band, has_note, reaction, seconds,"
        " session, latency_band, actor_role, version"
    )
    kinds = "kind IN ('published', 'read')"
    post = ("saying_hello", "short", True, None, None, None, None, "member", 1)
    assert _found(looking, f"SELECT {columns} FROM research.activities WHERE {kinds}") == sorted(
        [
            (ANN, "night", 1, *post),
            (
                ANN,
                "afternoon",
                2,
                "saying_hello",
                "short",
                True,
                None,
                None,
                None,
                None,
                "member",
                1,
            ),
            (
                DAN,
                "afternoon",
                1,
                "saying_hello",
                "short",
                True,
                None,
                None,
                None,
                None,
                "member",
                1,
            ),
            (ANN, "night", None, None, None, None, None, 30, None, None, "member", 1),
        ],
        key=str,
    )
    others = (
        f"SELECT DISTINCT kind, reaction, length_band FROM research.activities WHERE NOT {kinds}"
    )
    assert _found(looking, others) == [
        ("reacted", "i_hear_you", None),
        ("received", "i_hear_you", None),
        ("received", None, None),
        ("replied", None, "long"),
    ]


def test_no_exact_time_and_no_number_of_an_event_is_left_in_any_table_of_research(
    looking: Looking,
) -> None:
    """Tried as the owner of the database, who may read everything."""
    tables = looking.execute(
        "SELECT oid::regclass::text AS name FROM pg_class"
        " WHERE relnamespace = 'research'::regnamespace AND relkind IN ('r', 'p')"
    ).fetchall()
    assert len(tables) > 15
    for table in tables:
        for row in looking.execute(f"SELECT t::text AS all FROM {table['name']} t"):
            assert not _LEADS.search(row["all"]), (table["name"], row["all"])
    ids = [row["id"] for row in looking.execute("SELECT id FROM research.activities")]
    assert {one.version for one in ids} == {4}


def test_people_keep_their_state_their_answers_and_the_local_day_of_joining(
    looking: Looking,
) -> None:
    columns = "id, state, was_staff, enrolled_on, area"
    assert _found(looking, f"SELECT {columns} FROM research.participants") == [
        (ANN, "taking_part", False, date(2026, 7, 1), "wales"),
        (BEN, "taking_part", False, date(2026, 7, 1), "wales"),
        (CAT, "stopped", True, date(2026, 7, 1), "wales"),
        (DAN, "stopped", False, date(2026, 7, 1), "wales"),
        (EVE, "erased", False, date(2026, 7, 1), None),
    ]
    state = "SELECT participant_id, session, posts, last_at, read_at FROM research.recording_states"
    assert _found(looking, state) == [
        (ANN, 0, 2, None, None),
        (BEN, 0, 0, None, None),
        (CAT, 0, 0, None, None),
        (DAN, 0, 1, None, None),
    ]


def test_the_ledger_of_consent_is_kept_with_its_study_and_of_the_erased_by_day(
    looking: Looking, upgraded: tuple[str, UUID, UUID, UUID]
) -> None:
    rows = looking.execute("SELECT * FROM research.consents ORDER BY id").fetchall()
    assert {row["study_id"] for row in rows} == {upgraded[1]}
    said = {
        code: [
            (row["purpose"], row["act"], row["sheet_version"], row["at"])
            for row in rows
            if row["participant_id"] == code
        ]
        for code in (ANN, DAN, EVE)
    }
    first = [("activity", "given"), ("text", "declined"), ("contact", "given")]
    joined = [(*act, 1, ENROLLED) for act in first]
    assert said[ANN] == [*joined, ("activity", "given", 2, ENROLLED + timedelta(days=13))]
    stopped = ENROLLED + timedelta(days=14)
    withdrawn = [("activity", "withdrawn", 1), ("contact", "withdrawn", 1)]
    assert said[DAN] == [*joined, *((*act, stopped) for act in withdrawn)]
    days = (datetime(2026, 6, 30, 23, tzinfo=UTC), datetime(2026, 7, 15, 23, tzinfo=UTC))
    assert said[EVE] == [
        *((*act, 1, days[0]) for act in first),
        *((*act, days[1]) for act in withdrawn),
    ]
    changed = "SELECT changed_at FROM research.participants WHERE state = 'erased'"
    assert _found(looking, changed) == [(days[1],)]
    assert _found(looking, "SELECT purpose FROM research.study_purposes") == [
        ("activity",),
        ("contact",),
        ("text",),
    ]
    assert _found(looking, "SELECT DISTINCT covers_acts FROM research.sheets") == [(False,)]


def test_datasets_that_held_rows_of_acts_are_closed_and_the_log_of_pulls_stays(
    looking: Looking, upgraded: tuple[str, UUID, UUID, UUID]
) -> None:
    _, study, open_, closed = upgraded
    rows = {row["id"]: row for row in looking.execute("SELECT * FROM research.datasets")}
    assert rows[open_]["closed_at"] is not None
    assert rows[closed]["closed_at"] == CLOSED
    assert {row["cut_off"] for row in rows.values()} == {date(2026, 7, 21)}
    held = "SELECT dataset_id, participant_id, study_id FROM research.dataset_participants"
    assert _found(looking, held) == sorted(
        [
            *((open_, code, study) for code in (ANN, BEN, CAT, DAN)),
            *((closed, code, study) for code in (ANN, BEN)),
        ],
        key=str,
    )
    assert _found(looking, "SELECT count(*), min(operator) FROM research.pulls") == [(2, "anyone")]


def test_ids_that_told_a_time_are_others_now_wherever_they_stand(
    looking: Looking, upgraded: tuple[str, UUID, UUID, UUID]
) -> None:
    _, study, open_, closed = upgraded
    assert {one.version for one in (study, open_, closed)} == {4}
    for table in ("studies", "sheets", "participants", "consents", "activities", "texts"):
        column = "id" if table == "studies" else "study_id"
        found = _found(looking, f"SELECT DISTINCT {column} FROM research.{table}")
        assert found in ([(study,)], [])
    assert _found(looking, "SELECT DISTINCT study_id FROM identity.study_links") == [(study,)]
    told = "SELECT DISTINCT payload ->> 'study_id' FROM core.events WHERE payload ? 'study_id'"
    assert _found(looking, told) in ([(str(study),)], [])
    assert _found(
        looking,
        "SELECT count(*) FROM research.pulls p JOIN research.datasets d"
        " ON d.id = p.dataset_id AND d.study_id = p.study_id",
    ) == [(2,)]
    assert _found(looking, "SELECT DISTINCT dataset_id FROM research.pulls") == sorted(
        [(open_,), (closed,)], key=str
    )


def test_the_rules_hold_for_what_came_along(
    looking: Looking, upgraded: tuple[str, UUID, UUID, UUID]
) -> None:
    for sql in (
        "DELETE FROM research.activities",
        f"DELETE FROM research.activities_{upgraded[1].hex}",
        "UPDATE research.participants SET enrolled_on = enrolled_on + 1",
        "DELETE FROM research.consents",
        "UPDATE research.datasets SET closed_at = NULL",
        "DELETE FROM research.dataset_participants",
        "UPDATE research.dataset_participants SET participant_id = participant_id",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            looking.execute(sql.encode())
    looking.execute("SET ROLE alongside_research")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        looking.execute("SELECT occurred_at FROM research.activities")


def _clone(postgres: str, upgraded: str) -> str:
    name = str(make_url(upgraded).database)
    return databases.clone(postgres, name)


async def test_recording_goes_on_where_it_stood(
    postgres: str, upgraded: tuple[str, UUID, UUID, UUID]
) -> None:
    url = _clone(postgres, upgraded[0])
    database = Database(DatabaseSettings.model_validate({"url": url}))
    await database.open()
    with clock.at(at(days=20)):
        await happen_and_learn(
            database, [published(MEMBERS[ANN]), published(MEMBERS[CAT]), published(MEMBERS[DAN])]
        )
    await database.close()
    with psycopg.connect(url) as connection:
        cursor = connection.execute(
            "SELECT participant_id, ordinal, session, day FROM research.activities"
            " WHERE session IS NOT NULL"
        )
        assert cursor.fetchall() == [(ANN, 3, 1, 20)]
        count = connection.execute("SELECT count(*) FROM research.activities").fetchone()
        assert count == (23,)
    databases.drop(postgres, url)


def test_with_people_in_studies_the_way_back_is_refused_in_words_and_nothing_is_lost(
    postgres: str, upgraded: tuple[str, UUID, UUID, UUID]
) -> None:
    url = _clone(postgres, upgraded[0])
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    step = ScriptDirectory.from_config(migrations.config()).get_revision("research_0004")
    with (
        engine.connect() as connection,
        pytest.raises(RuntimeError, match=r"exact times that are gone.*Restore a backup"),
    ):
        command.downgrade(migrations.config(connection), str(step.down_revision))
    with psycopg.connect(url) as looking:
        count = looking.execute("SELECT count(*) FROM research.activities").fetchone()
        assert count == (22,)
    databases.drop(postgres, url)
