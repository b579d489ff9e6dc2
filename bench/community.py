"""A filled community to measure on: people with sign-ins, threads of known size, open cases."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from psycopg import conninfo, sql

from app.core import migrations
from app.core.encryption import Encryption
from app.core.ids import new_id
from app.core.settings import SecretSettings
from app.demo import bulk
from app.identity import addresses, passwords
from tests.support.settings import SECRET_KEY

MEMBERS = 20
#: Who write replies.
WRITING = 100
PASSWORD = "three quiet words"
ENCRYPTION = Encryption(SecretSettings.model_validate({"secret_key": SECRET_KEY}))


@dataclass(frozen=True, slots=True)
class Person:
    """Someone signed in."""

    member_id: UUID
    account_id: UUID
    cookie: str


def address(server: str, name: str) -> str:
    """The address of a new, empty database."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = conninfo.conninfo_to_dict(server)
    host = str(parts.get("host", "")).replace("/", "%2F")
    return f"postgresql://{parts['user']}@/{name}?host={host}&port={parts.get('port', 5432)}"


def create(server: str, name: str, *, posts: int) -> str:
    """A database of its own with about `posts` posts; returns its address."""
    url = address(server, name)
    migrations.upgrade(url)
    bulk.fill(url, posts=posts, days=365, seed=1, until=datetime.now(UTC))
    return url


def sign_in(url: str, *, role: str | None = None, count: int = MEMBERS) -> list[Person]:
    """`count` members with a sign-in each, put there without their passwords."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT id, member_id FROM identity.accounts a WHERE closed_at IS NULL"
            " AND NOT EXISTS (SELECT FROM identity.account_roles r WHERE r.account_id = a.id)"
            " AND NOT EXISTS (SELECT FROM identity.sessions s WHERE s.account_id = a.id)"
            " ORDER BY md5(id::text || %s) LIMIT %s",
            (role or "", count),
        ).fetchall()
        return [_open(connection, account, member, role) for account, member in rows]


def _open(
    connection: psycopg.Connection, account_id: UUID, member_id: UUID, role: str | None
) -> Person:
    token = secrets.token_urlsafe(32)
    address = addresses.parse(f"{account_id}@bench.test")
    connection.execute(
        "UPDATE identity.accounts SET email_hash = %s, email_sealed = %s WHERE id = %s",
        (address.hash(ENCRYPTION), address.encrypt(ENCRYPTION), account_id),
    )
    if role is not None:
        family = {"moderator": "moderation", "researcher": "research"}.get(role)
        connection.execute(
            "UPDATE identity.accounts SET staff_family = %s WHERE id = %s", (family, account_id)
        )
        connection.execute(
            "INSERT INTO identity.account_roles VALUES (%s, %s, %s)", (account_id, role, family)
        )
    connection.execute(
        "INSERT INTO identity.sessions (id, token_hash, account_id, description, created_at,"
        " last_seen_at, ends_at, second_factor_passed_at)"
        " VALUES (%s, %s, %s, 'bench', now(), now(), now() + interval '1 day', now())",
        (new_id(), hashlib.sha256(token.encode()).digest(), account_id),
    )
    return Person(member_id, account_id, f"session={token}")


def threads(url: str, *, replies: int = 19, limit: int = 400) -> list[UUID]:
    """Threads of exactly so many replies, spread over all that there are."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT id FROM community.posts WHERE parent_id IS NULL AND reply_count = %s"
            " ORDER BY md5(id::text) LIMIT %s",
            (replies, limit),
        ).fetchall()
    return [found for (found,) in rows]


#: Of 500 who are blocked so many write; the others are quiet people.
BLOCKED, WRITERS = 500, 50
_QUIET = """
    WITH joined AS (
      INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash,
        is_demo, adult_affirmed_at, rules_agreed_at, created_at, verified_at)
      SELECT i, i, sha256(i::text::bytea), '\\x00', '!', false, now(), now(), now(), now()
      FROM generate_series(1, %(quiet)s) n, LATERAL (SELECT gen_random_uuid() AS i WHERE n > 0) ids
      RETURNING member_id)
    INSERT INTO community.members (id, display_name, display_key, about, show_notes_open, joined_at)
    SELECT member_id, left(member_id::text, 30), member_id::text, '', false, now() FROM joined
    RETURNING id
"""
_BLOCK = """
    INSERT INTO community.blocks (blocker_id, blocked_id, created_at)
    SELECT CASE WHEN n %% 2 = 0 THEN %(who)s::uuid ELSE other END,
      CASE WHEN n %% 2 = 0 THEN other ELSE %(who)s::uuid END, now()
    FROM unnest(%(others)s::uuid[]) WITH ORDINALITY AS found (other, n)
"""


def block(url: str, member_id: UUID) -> None:
    """500 blocks, half of them by the others: 50 people who write and 450 who don't."""
    with psycopg.connect(url, autocommit=True) as connection:
        writers = connection.execute(
            "SELECT author_id FROM community.posts WHERE author_id <> %s GROUP BY author_id"
            " ORDER BY md5(author_id::text) LIMIT %s",
            (member_id, WRITERS),
        ).fetchall()
        quiet = connection.execute(_QUIET, {"quiet": BLOCKED - len(writers)}).fetchall()
        others = [found for (found,) in (*writers, *quiet)]
        connection.execute(_BLOCK, {"who": member_id, "others": others})
        connection.execute("ANALYZE community.blocks, community.members, identity.accounts")


def unblock(url: str) -> None:
    """All of them again."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM community.blocks")


def count_posts(url: str, ids: list[str]) -> int:
    """How many of these stand in the database."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM community.posts WHERE id = ANY (%s::uuid[])", (ids,)
        ).fetchone()
    return 0 if row is None else int(row[0])


async def give_password(url: str, person: Person) -> tuple[str, str]:
    """Let this member sign in by the front door; returns address and password."""
    hashed = await passwords.hash_(PASSWORD)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE identity.accounts SET password_hash = %s WHERE id = %s",
            (hashed, person.account_id),
        )
    return f"{person.account_id}@bench.test", PASSWORD
