"""Meetings and suspensions of before are not taken in: who agreed to activity then had read no word
of them."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from psycopg import sql
from sqlalchemy import create_engine, make_url, pool

from app.core import migrations
from app.core.ids import new_id
from tests.support import databases

#: The migration, its subscriber and what asks whether words reached it.
MEETINGS = ("research_0013", "attendance", "may_record_meeting")
CLOSURES = ("research_0024", "closures", "may_record_closure")
each = pytest.mark.parametrize(("revision", "subscriber", "may_record"), [MEETINGS, CLOSURES])
_HELD = """
    INSERT INTO core.events (type, topics, payload, occurred_at)
    VALUES ('attendance.recorded', '{}', '{}', now())
"""
_CURSOR = "SELECT xid, id FROM core.cursors WHERE subscriber = %s"


@pytest.fixture
def fresh_url(postgres: str) -> Iterator[str]:
    url = databases.clone(postgres)
    yield url
    databases.drop(postgres, url)


def _migrate(url: str, act: str, to: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        getattr(command, act)(migrations.config(connection), to)


@each
def test_the_subscriber_begins_after_what_was_told_before(
    fresh_url: str, revision: str, subscriber: str, may_record: str
) -> None:
    _migrate(fresh_url, "downgrade", f"{revision}-1")
    with psycopg.connect(fresh_url) as connection:
        connection.execute(_HELD)
        connection.execute(_HELD)
        last = connection.execute("SELECT xid, id FROM core.events ORDER BY id DESC").fetchone()
    _migrate(fresh_url, "upgrade", revision)
    with psycopg.connect(fresh_url) as connection:
        assert connection.execute(_CURSOR, (f"research.{subscriber}",)).fetchone() == last


_AGREED = """
    INSERT INTO research.studies (id, title, summary, state, created_at, opened_at)
    VALUES (%(study)s, 'Before', 'Why.', 'open', now(), now());
    INSERT INTO research.study_purposes (study_id, purpose) VALUES (%(study)s, 'activity');
    INSERT INTO research.sheets (study_id, version, body_source, body_html, covers_acts,
      published_at) VALUES (%(study)s, 1, 'Read.', 'Read.', false, now());
    INSERT INTO research.participants (id, study_id, state, enrolled_on, was_staff, changed_at)
    VALUES ('P-7K3QF-2X', %(study)s, 'taking_part', research.local_date(now()), false, now());
"""
_CONSENT = """
    INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)
    VALUES (%s, 'P-7K3QF-2X', 'activity', 'given', 1, clock_timestamp())
"""
_MAY = sql.SQL("SELECT research.{}('P-7K3QF-2X', clock_timestamp())")


@each
def test_a_consent_from_before_reaches_neither_until_it_is_given_again(
    fresh_url: str, revision: str, subscriber: str, may_record: str
) -> None:
    may = _MAY.format(sql.Identifier(may_record))
    _migrate(fresh_url, "downgrade", f"{revision}-1")
    study = new_id()
    with psycopg.connect(fresh_url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_AGREED, {"study": study})
        connection.execute(_CONSENT, (study,))
    _migrate(fresh_url, "upgrade", revision)
    with psycopg.connect(fresh_url) as connection:
        assert connection.execute(may).fetchone() == (False,)
        connection.execute(_CONSENT, (study,))
        assert connection.execute(may).fetchone() == (True,)


@each
def test_the_way_back_leaves_no_cursor(
    fresh_url: str, revision: str, subscriber: str, may_record: str
) -> None:
    with psycopg.connect(fresh_url) as connection:
        connection.execute(_HELD)
    for act, to in (("downgrade", f"{revision}-1"), ("upgrade", "head")):
        _migrate(fresh_url, act, to)
    _migrate(fresh_url, "downgrade", f"{revision}-1")
    with psycopg.connect(fresh_url) as connection:
        assert connection.execute(_CURSOR, (f"research.{subscriber}",)).fetchone() is None
