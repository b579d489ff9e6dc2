"""Three logins of a database: its owner, the servers and workers, and research.

Whoever owns a table can switch its triggers off, empty and drop it: append-only ledgers and "no
consent, no row" hold against everyone else. So the servers sign in as a member of `alongside_app`,
which reads and writes rows and owns nothing, and exports as one of `alongside_research`. A database
with one login for all goes on working; `alongside doctor` says which it is.
"""

from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from app.core.errors import PostgresError
from app.core.settings import DatabaseSettings
from app.core.table_base import SCHEMAS

APP: Final = "alongside_app"
RESEARCH: Final = "alongside_research"
#: Roles live outside a database, so a backup names them without holding them.
ROLES: Final = (RESEARCH, APP)

_ROWS: Final = """
    GRANT USAGE ON SCHEMA {schema} TO {app};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {app};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {app};
    GRANT EXECUTE ON ALL ROUTINES IN SCHEMA {schema} TO {app};
    ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}
      GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
"""
#: The queue of jobs stands in `public`, where others may have tables too.
_QUEUE: Final = """
    SELECT c.relname, c.relkind = 'S' FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'procrastinate%'
      AND c.relkind IN ('r', 'p', 'S')
"""
#: Tables whose rows a trigger never lets anyone change (bits of pg_trigger.tgtype: 8 DELETE, 16
#: UPDATE). Whoever may not update may not lock a row either, so that right stays; the trigger
#: refuses, and only the owner can switch it off.
_LEDGERS: Final = """
    SELECT n.nspname, c.relname FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE t.tgfoid = 'core.refuse_change()'::regprocedure AND t.tgtype & 24 = 24
      AND NOT t.tgisinternal AND t.tgqual IS NULL AND t.tgattr = '' AND NOT c.relispartition
"""


def prepare(settings: DatabaseSettings) -> bool:
    """Give the logins of the settings what they need and no more, as the owner; makes those that
    are missing, with the passwords of their addresses. Safe to run again; False where one login
    does everything. Raises PostgresError."""
    if settings.owner_url is None and settings.research_url is None:
        return False
    given = (settings.owner_url, settings.url, settings.research_url)
    users = [_user(url) for url in given if url]
    if len(set(users)) < len(users):
        raise PostgresError(
            "The addresses of the database name one user twice: give owner, servers and research "
            "a user each (docs/operations.md, “Three logins”)."
        )
    with psycopg.connect(settings.owner, connect_timeout=5) as connection:
        try:
            _make(connection, settings)
        except psycopg.errors.InsufficientPrivilege as problem:
            raise PostgresError(
                f"{users[0]} may not make roles or hand out rights "
                f"({problem.diag.message_primary}): run the statements of docs/operations.md, "
                "“Three logins”, as an administrator of the server, then this again."
            ) from problem
    return True


_STANDING: Final = """
    SELECT current_user::text AS user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
      AS is_superuser,
      EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (%(schemas)s) AND pg_has_role(c.relowner, 'USAGE')) AS is_owner,
      EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (%(others)s) AND c.relkind IN ('r', 'p', 'v', 'm')
          AND has_table_privilege(c.oid, 'SELECT')) AS reads_people,
      (SELECT oid::text || ' ' || datname FROM pg_database WHERE datname = current_database())
        AS database
"""


@dataclass(frozen=True, slots=True)
class LoginRights:
    """What a login is in the database it reaches."""

    user: str
    is_superuser: bool
    is_owner: bool
    #: Whether it may read a table outside schema `research`.
    reads_people: bool
    database: str


def look(url: str) -> LoginRights:
    """What the login of an address may do; raises psycopg's OperationalError."""
    others = [schema for schema in SCHEMAS if schema != "research"]
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(_STANDING, {"schemas": list(SCHEMAS), "others": others}).fetchone()
    if row is None:
        raise PostgresError("The database says nothing of its login.")
    return LoginRights(*row)


def make_roles(connection: psycopg.Connection) -> None:
    """The roles that rights are given to; nobody signs in as them."""
    for role in ROLES:
        if not _is_there(connection, role):
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))


def _make(connection: psycopg.Connection, settings: DatabaseSettings) -> None:
    make_roles(connection)
    _give_rows(connection)
    if settings.owner_url:
        _join(connection, settings.url, APP)
    # Without a login of its own, research is a role that the servers step down to.
    app, research = sql.Identifier(APP), sql.Identifier(RESEARCH)
    if settings.research_url:
        _join(connection, settings.research_url, RESEARCH)
        connection.execute(sql.SQL("REVOKE {} FROM {}").format(research, app))
    else:
        connection.execute(sql.SQL("GRANT {} TO {}").format(research, app))


def _give_rows(connection: psycopg.Connection) -> None:
    app = sql.Identifier(APP)
    for schema in SCHEMAS:
        connection.execute(sql.SQL(_ROWS).format(schema=sql.Identifier(schema), app=app))
    # Everyone may use `public` until it is made again, as a restore does.
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
    connection.execute(sql.SQL("GRANT SELECT ON public.alembic_version TO {}").format(app))
    for name, is_sequence in connection.execute(_QUEUE).fetchall():
        rights = "USAGE, SELECT ON SEQUENCE" if is_sequence else "SELECT, INSERT, UPDATE, DELETE ON"
        connection.execute(
            sql.SQL("GRANT {} {} TO {}").format(
                sql.SQL(rights), sql.Identifier("public", name), app
            )
        )
    for ledger in connection.execute(_LEDGERS).fetchall():
        connection.execute(
            sql.SQL("REVOKE DELETE ON {} FROM {}").format(sql.Identifier(*ledger), app)
        )


def _join(connection: psycopg.Connection, url: str, role: str) -> None:
    """Make the login of an address a member of the role; one that is there keeps its password."""
    parts = conninfo_to_dict(url)
    user = _user(url)
    login = sql.Identifier(user)
    if not _is_there(connection, user):
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(login))
        password = str(parts.get("password") or "")
        if password:  # hashed here: no log of the server ever shows it
            hashed = connection.pgconn.encrypt_password(
                password.encode(), user.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(login, sql.Literal(hashed))
            )
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), login))


def _is_there(connection: psycopg.Connection, role: str) -> bool:
    found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    return bool(found.rowcount)


def _user(url: str) -> str:
    user = conninfo_to_dict(url).get("user")
    if not user:
        raise PostgresError("Each address of the database needs its user: postgresql://user:…@…")
    return str(user)
