"""Staff who took part before the rule are stopped by its migration, and their data stays."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from alembic import command
from psycopg.rows import dict_row
from sqlalchemy import create_engine, make_url, pool

from app.core import clock, migrations
from app.core.ids import new_id
from tests.support import databases


@pytest.fixture
def old_url(postgres: str) -> Iterator[str]:
    """A database before the rule."""
    url = databases.clone(postgres)
    _migrate(url, BEFORE)
    yield url
    databases.drop(postgres, url)


BEFORE, AFTER = "research_0003", "identity_0002"


def _migrate(url: str, to: str) -> None:
    """One step down, with all that came later, or up to that step and no further."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as opened_one:
        act = command.upgrade if to == AFTER else command.downgrade
        act(migrations.config(opened_one), to)


_BEFORE = """
INSERT INTO research.studies (id, title, summary, state, created_at, opened_at)
VALUES (%(study)s, 'Before', 'x', 'open', now() - interval '9 days', now() - interval '8 days');
INSERT INTO research.sheets (study_id, version, body_source, body_html, published_at)
SELECT %(study)s, n, 'x', 'x', now() - interval '9 days' FROM generate_series(1, 2) n;
"""


_ONE = """
INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash, is_demo,
  adult_affirmed_at, rules_agreed_at, created_at, verified_at)
SELECT %(id)s, %(id)s, %(id)s::text::bytea, 'x', 'x', false, now(), now(), now(), now();
INSERT INTO research.participants (id, study_id, state, enrolled_at, changed_at)
VALUES (%(code)s, %(study)s, 'taking_part', %(at)s, %(at)s);
INSERT INTO identity.study_links VALUES (%(study)s, %(id)s, %(code)s);
INSERT INTO research.consents (participant_id, purpose, act, sheet_version, at) VALUES
  (%(code)s, 'activity', 'given', 1, %(at)s), (%(code)s, 'contact', 'declined', 1, %(at)s),
  (%(code)s, 'text', 'given', 1, %(at)s), (%(code)s, 'text', 'withdrawn', 2, %(at)s);
"""


def test_staff_who_took_part_before_are_stopped_and_their_data_stays(old_url: str) -> None:
    study, moderator, host = new_id(), new_id(), new_id()
    # One consent act lies in the future: a clock was set back.
    later = clock.now().replace(year=2030)
    with psycopg.connect(old_url, row_factory=dict_row) as connection:
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(_BEFORE, {"study": study})
        for who, code in ((moderator, "P-00000-01"), (host, "P-00000-02")):
            values = {"id": who, "code": code, "study": study, "at": later}
            cursor.execute(_ONE, values)
        cursor.execute(
            "INSERT INTO identity.account_roles VALUES (%s, 'administrator', NULL),"
            " (%s, 'host', NULL)",
            (moderator, host),
        )
        cursor.execute(
            "INSERT INTO research.activities (study_id, occurred_at, source_event_id, day,"
            " participant_id, kind, length_band, has_note) VALUES"
            " (%s, %s, 1, 0, 'P-00000-01', 'published', 'short', false)",
            (study, later),
        )
    _migrate(old_url, AFTER)
    with psycopg.connect(old_url, row_factory=dict_row) as connection:
        states = connection.execute("SELECT id, state FROM research.participants ORDER BY id")
        assert [row["state"] for row in states] == ["stopped", "taking_part"]
        last = connection.execute(
            "SELECT participant_id, purpose, act, sheet_version, at > %s AS is_last"
            " FROM research.consents ORDER BY id DESC LIMIT 1",
            (later,),
        ).fetchall()
        assert last == [
            {
                "participant_id": "P-00000-01",
                "purpose": "activity",
                "act": "withdrawn",
                "sheet_version": 2,
                "is_last": True,
            }
        ]
        kept = connection.execute(
            "SELECT (SELECT count(*) FROM research.consents) AS acts,"
            " (SELECT count(*) FROM research.activities) AS activities,"
            " (SELECT count(*) FROM identity.study_links) AS links"
        ).fetchone()
        assert kept == {"acts": 9, "activities": 1, "links": 2}
    _migrate(old_url, BEFORE)
    _migrate(old_url, AFTER)


def test_pulls_of_before_keep_the_name_the_machine_gave(old_url: str) -> None:
    study, dataset = new_id(), new_id()
    add = (
        "INSERT INTO research.pulls (dataset_id, pulled_at, pulled_by, operator, how, what, format)"
        " VALUES (%s, now(), %s, %s, 'command_line', 'all', 'csv')"
    )
    with psycopg.connect(old_url) as connection:
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(_BEFORE, {"study": study})
        cursor.execute(
            "INSERT INTO research.datasets (id, study_id, number, frozen_at, operator, cutoff_id,"
            " participant_count, sheet_versions, disclosure, software_version)"
            " VALUES (%s, %s, 1, now(), 'pat', 0, 6, '{1}', '{}', 'x')",
            (dataset, study),
        )
        cursor.execute(add, (dataset, None, "pat"))
    _migrate(old_url, AFTER)
    with psycopg.connect(old_url, autocommit=True) as connection:
        connection.execute(add, (dataset, UUID(int=1), None))
        for who, name in ((None, None), (UUID(int=1), "pat")):
            with pytest.raises(psycopg.errors.CheckViolation):
                connection.execute(add, (dataset, who, name))
        found = connection.execute("SELECT operator FROM research.pulls ORDER BY id").fetchall()
        assert found == [("pat",), (None,)]
