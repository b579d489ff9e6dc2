"""Roles given and taken back, each with its reason in a ledger that is never rewritten."""

from typing import Final
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, events
from app.core.encryption import Encryption
from app.core.ids import new_id
from app.identity import addresses, sessions
from app.identity.errors import (
    LastAdministratorError,
    NotAppointableError,
    RoleFamiliesError,
)
from app.identity.events import RoleGranted, RoleTakenBack
from app.identity.permissions import Permission
from app.identity.roles import FAMILY_OF, PERMISSIONS_OF, STAFF, Role

#: One at a time: the last administrator can't be taken back by two others at once.
_APPOINTMENTS_LOCK: Final = 7_221_016

# Each by its key: so few roles are never counted by the database, which would read all accounts.
_LIST = """
    SELECT a.id AS account_id, a.member_id, array_agg(r.role ORDER BY r.role) AS roles,
      f.enrolled_at IS NOT NULL AS is_enrolled
    FROM identity.account_roles r
    CROSS JOIN LATERAL (SELECT id, member_id FROM identity.accounts
      WHERE id = r.account_id OFFSET 0) a
    LEFT JOIN identity.second_factors f ON f.account_id = a.id
    GROUP BY a.id, a.member_id, f.enrolled_at
    ORDER BY a.id
"""

_ADDRESSES = """
    SELECT a.email_sealed FROM identity.accounts a
    WHERE a.email_sealed IS NOT NULL AND EXISTS (SELECT FROM identity.account_roles r
      WHERE r.account_id = a.id AND r.role = ANY (%(roles)s))
    ORDER BY a.id
"""

_LEDGER = """
    INSERT INTO identity.role_grants (id, account_id, role, act, reason, granter_id, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


async def list_(pool: db.Pool) -> list[DictRow]:
    """Everyone who holds a role."""
    return await db.fetch(pool, _LIST)


async def addresses_with(
    session: AsyncSession, encryption: Encryption, permission: Permission
) -> list[str]:
    """The addresses of everyone whose roles give this permission."""
    roles = [role.value for role, held in PERMISSIONS_OF.items() if permission in held]
    rows = await db.fetch_within(session, _ADDRESSES, {"roles": roles})
    return [addresses.open_(encryption, row["email_sealed"]) for row in rows]


async def find(pool: db.Pool, key: UUID) -> UUID | None:
    """The open account of an account id or of a member id."""
    rows = await db.fetch(
        pool,
        "SELECT id FROM identity.accounts WHERE (id = %s OR member_id = %s) AND closed_at IS NULL",
        (key, key),
    )
    return rows[0]["id"] if rows else None


async def grant(
    session: AsyncSession, *, account_id: UUID, role: Role, reason: str, granter_id: UUID | None
) -> None:
    """Give a role; again is fine. Raises RoleFamiliesError, NotAppointableError.

    Their sign-ins end with a staff role: they were opened for as long as a member's last.
    The account's own family is set only while it has none: the composite key does the rest.
    """
    connection = await db.driver(session)
    member_id = await _appointable(connection, account_id)
    family = FAMILY_OF.get(role)
    if family is not None:
        await connection.execute(
            "UPDATE identity.accounts SET staff_family = %s WHERE id = %s AND staff_family IS NULL",
            (family, account_id),
        )
    if not await _add_role(connection, account_id, role):
        return
    await _note(connection, account_id, role, "granted", reason, granter_id)
    if role in STAFF:
        await sessions.end_all(session, account_id=account_id)
    event = RoleGranted(account_id=account_id, member_id=member_id, role=role)
    await events.record(session, event, topics=[f"me:{member_id}"])


async def _add_role(connection: db.AnyConnection, account_id: UUID, role: Role) -> bool:
    try:
        cursor = await connection.execute(
            "INSERT INTO identity.account_roles (account_id, role, family) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (account_id, role, FAMILY_OF.get(role)),
        )
    except psycopg.errors.ForeignKeyViolation as error:
        raise RoleFamiliesError from error
    return cursor.rowcount == 1


async def _appointable(connection: db.AnyConnection, account_id: UUID) -> UUID:
    cursor = await connection.execute(
        "SELECT member_id FROM identity.accounts"
        " WHERE id = %s AND verified_at IS NOT NULL AND closed_at IS NULL FOR NO KEY UPDATE",
        (account_id,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotAppointableError
    member_id: UUID = row[0]
    return member_id


async def take_back(
    session: AsyncSession, *, account_id: UUID, role: Role, reason: str, granter_id: UUID | None
) -> None:
    """Take a role back; again is fine. Raises LastAdministratorError."""
    connection = await db.driver(session)
    await connection.execute(
        "SELECT FROM identity.accounts WHERE id = %s FOR NO KEY UPDATE", (account_id,)
    )
    if role is Role.ADMINISTRATOR:
        await _keep_one_administrator(connection, account_id)
    cursor = await connection.execute(
        """
        DELETE FROM identity.account_roles r USING identity.accounts a
        WHERE r.account_id = a.id AND a.id = %s AND r.role = %s RETURNING a.member_id
        """,
        (account_id, role),
    )
    row = await cursor.fetchone()
    if row is None:
        return
    await connection.execute(
        """
        UPDATE identity.accounts a SET staff_family = NULL
        WHERE a.id = %s AND NOT EXISTS (SELECT FROM identity.account_roles r
          WHERE r.account_id = a.id AND r.family IS NOT NULL)
        """,
        (account_id,),
    )
    await _note(connection, account_id, role, "taken_back", reason, granter_id)
    event = RoleTakenBack(account_id=account_id, member_id=row[0], role=role)
    await events.record(session, event, topics=[f"me:{row[0]}"])


async def leave(session: AsyncSession, *, account_id: UUID) -> None:
    """Lay down every role as the account closes; raises LastAdministratorError."""
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT role FROM identity.account_roles WHERE account_id = %s ORDER BY role", (account_id,)
    )
    for (role,) in await cursor.fetchall():
        await take_back(
            session,
            account_id=account_id,
            role=Role(role),
            reason="The account was closed.",
            granter_id=account_id,
        )


async def _keep_one_administrator(connection: db.AnyConnection, account_id: UUID) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_APPOINTMENTS_LOCK,))
    cursor = await connection.execute(
        "SELECT account_id FROM identity.account_roles WHERE role = 'administrator'"
    )
    if await cursor.fetchall() == [(account_id,)]:
        raise LastAdministratorError


async def _note(
    connection: db.AnyConnection,
    account_id: UUID,
    role: Role,
    act: str,
    reason: str,
    granter_id: UUID | None,
) -> None:
    await connection.execute(
        _LEDGER, (new_id(), account_id, role, act, reason, granter_id, clock.now())
    )
