"""Everything sealed, under the present key: after it was changed, before the former one goes."""

import base64
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, LiteralString
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db, mail
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.identity import addresses, second_factors

BATCH: Final = 500
#: Seals up to `BATCH` rows anew, and says how many.
Batch = Callable[[AsyncSession, Encryption], Awaitable[int]]

_ACCOUNTS: Final = f"""
    SELECT id, email_sealed FROM identity.accounts
    WHERE email_sealed IS NOT NULL AND substr(email_sealed, 1, %(width)s) <> %(key_id)s
    LIMIT {BATCH} FOR UPDATE
"""  # noqa: S608 - a constant of ours
_LINKS: Final = f"""
    SELECT token_hash, email_sealed FROM identity.mailed_links
    WHERE email_sealed IS NOT NULL AND substr(email_sealed, 1, %(width)s) <> %(key_id)s
    LIMIT {BATCH} FOR UPDATE
"""  # noqa: S608 - a constant of ours
_FACTORS: Final = f"""
    SELECT account_id, secret_sealed, pending_sealed FROM identity.second_factors
    WHERE substr(secret_sealed, 1, %(width)s) <> %(key_id)s
      OR substr(pending_sealed, 1, %(width)s) <> %(key_id)s
    LIMIT {BATCH} FOR UPDATE
"""  # noqa: S608 - a constant of ours
_LETTERS: Final = f"""
    SELECT id, args->>'box' FROM procrastinate_jobs
    WHERE task_name = 'core:send_letter' AND status IN ('todo', 'failed')
      AND substr(decode(args->>'box', 'base64'), 1, %(width)s) <> %(key_id)s
    LIMIT {BATCH} FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant of ours
_OLD_CODES: Final = """
    SELECT count(DISTINCT account_id)::integer FROM identity.recovery_codes
    WHERE key_id IS DISTINCT FROM %(key_id)s
"""


async def reseal(database: Database, encryption: Encryption, *others: Batch) -> int:
    """Seal everything anew, a batch a unit of work; again is fine, also after it was broken off.
    `others` seal what the packages above hold. Returns how many rows were written; raises
    EncryptionError when a key is missing."""
    written = 0
    for batch in (_accounts, _links, _factors, _letters, *others):
        while True:
            async with unit_of_work(database) as session:
                done = await batch(session, encryption)
            written += done
            if done < BATCH:
                break
    return written


async def accounts_with_old_codes(database: Database, encryption: Encryption) -> int:
    """How many accounts hold recovery codes that only a former key knows: nobody but their owners
    has the codes, so they can't be hashed anew."""
    async with unit_of_work(database) as session:
        ((count,),) = await _rows(session, encryption, _OLD_CODES)
        return int(count)


async def _accounts(session: AsyncSession, encryption: Encryption) -> int:
    """Addresses, and decoys with the address they stand beside."""
    return await _addresses(
        session,
        await _rows(session, encryption, _ACCOUNTS),
        encryption,
        "WITH fresh AS (SELECT %s::bytea AS box, %s::bytea AS hash, %s::uuid AS id), decoys AS ("
        " UPDATE identity.accounts d SET decoy_of = fresh.hash"
        " FROM fresh JOIN identity.accounts former ON former.id = fresh.id"
        " WHERE d.decoy_of = former.email_hash)"
        " UPDATE identity.accounts a SET email_sealed = fresh.box, email_hash = fresh.hash"
        " FROM fresh WHERE a.id = fresh.id",
    )


async def _links(session: AsyncSession, encryption: Encryption) -> int:
    return await _addresses(
        session,
        await _rows(session, encryption, _LINKS),
        encryption,
        "UPDATE identity.mailed_links SET email_sealed = %s, email_hash = %s WHERE token_hash = %s",
    )


async def _addresses(
    session: AsyncSession, rows: list[Any], encryption: Encryption, update: LiteralString
) -> int:
    fresh = []
    for key, box in rows:
        address = addresses.Address(addresses.open_(encryption, box))
        fresh.append((address.encrypt(encryption), address.hash(encryption), key))
    return await _write(session, update, fresh)


async def _factors(session: AsyncSession, encryption: Encryption) -> int:
    def anew(box: bytes | None) -> bytes | None:
        if box is None:
            return None
        secret = encryption.open(box, purpose=second_factors.PURPOSE)
        return encryption.close(secret, purpose=second_factors.PURPOSE)

    rows = await _rows(session, encryption, _FACTORS)
    update: LiteralString = (
        "UPDATE identity.second_factors SET secret_sealed = %s, pending_sealed = %s"
        " WHERE account_id = %s"
    )
    return await _write(session, update, [(anew(row[1]), anew(row[2]), row[0]) for row in rows])


async def _letters(session: AsyncSession, encryption: Encryption) -> int:
    fresh: list[tuple[str, UUID]] = []
    for job_id, box in await _rows(session, encryption, _LETTERS):
        letter = encryption.open(base64.b64decode(box), purpose=mail.PURPOSE)
        closed = base64.b64encode(encryption.close(letter, purpose=mail.PURPOSE)).decode()
        fresh.append((orjson.dumps({"box": closed}).decode(), job_id))
    update: LiteralString = "UPDATE procrastinate_jobs SET args = args || %s::jsonb WHERE id = %s"
    return await _write(session, update, fresh)


async def _rows(session: AsyncSession, encryption: Encryption, query: LiteralString) -> list[Any]:
    connection = await db.driver(session)
    values = {"key_id": encryption.key_id, "width": len(encryption.key_id)}
    cursor = await connection.execute(query, values)
    return await cursor.fetchall()


async def _write(session: AsyncSession, update: LiteralString, rows: Iterable[Any]) -> int:
    fresh = list(rows)
    connection = await db.driver(session)
    async with connection.cursor() as cursor:
        await cursor.executemany(update, fresh)
    return len(fresh)
