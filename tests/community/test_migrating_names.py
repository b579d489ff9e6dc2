"""Members of the release before keep their names; what looks like one of them is taken from now."""

from collections.abc import Iterator

import psycopg
import pytest

from app.core import ids, migrations
from tests.support import databases

BEFORE = "community_0004"


@pytest.fixture
def former_url(postgres: str) -> Iterator[str]:
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, BEFORE)
    yield url
    databases.drop(postgres, url)


def _member(connection: psycopg.Connection, name: str | None, role: str | None = None) -> str:
    account, member = ids.new_id(), ids.new_id()
    connection.execute(
        "INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash,"
        " staff_family, is_demo, adult_affirmed_at, rules_agreed_at, created_at, closed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, false, now(), now(), now(), CASE WHEN %s THEN now() END)",
        (
            *(account, member),
            *((None, None, None) if name is None else (account.bytes, b"", "!")),
            *(role and "moderation", name is None),
        ),
    )
    connection.execute(
        "INSERT INTO community.members (id, display_name, display_key, about, show_notes_open,"
        " joined_at, left_at) VALUES (%s, %s, %s, '', false, now(), CASE WHEN %s THEN now() END)",
        (member, name or "Someone who has left", name and name.casefold(), name is None),
    )
    if role:
        connection.execute(
            "INSERT INTO identity.account_roles VALUES (%s, %s, 'moderation')", (account, role)
        )
    return str(member)


def test_the_first_of_two_that_look_alike_has_the_look_and_both_their_names(
    former_url: str,
) -> None:
    with psycopg.connect(former_url, autocommit=True) as connection:
        first = _member(connection, "Rowan", "moderator")
        later = _member(connection, "R\u043ewan")
        gone = _member(connection, None)
        migrations.upgrade(former_url)
        rows = connection.execute(
            "SELECT id::text, display_name, look, folded_look, staff_role FROM community.members"
        ).fetchall()
        assert {row[0]: row[1:] for row in rows} == {
            first: ("Rowan", "Rowan", "rowan", "moderator"),
            later: ("R\u043ewan", None, None, None),
            gone: ("Someone who has left", None, None, None),
        }
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(
                "UPDATE community.members SET look = 'Rowan' WHERE id = %s", (later,)
            )
