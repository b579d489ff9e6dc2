"""The bytes of a dataset's files, in the database: they go with it, and with its backup."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.research.errors.datasets import DatasetChangedError

#: Bytes in a chunk.
SIZE: Final = 1 << 20

_STORE: Final = """
    INSERT INTO research.dataset_chunks (study_id, dataset_id, name, number, content)
    VALUES (%s, %s, %s, %s, %s)
"""
_FETCH: Final = """
    SELECT content FROM research.dataset_chunk(%s, %s, %s, %s) AS content
    WHERE content IS NOT NULL
"""


async def store(
    session: AsyncSession, study_id: UUID, dataset_id: UUID, name: str, path: Path
) -> None:
    """Keep a file, chunk by chunk."""
    connection = await db.driver(session)
    with path.open("rb") as opened:
        number = 0
        while content := await asyncio.to_thread(opened.read, SIZE):
            await connection.execute(_STORE, (study_id, dataset_id, name, number, content))
            number += 1


async def fetch(
    pool: db.Pool, study_id: UUID, dataset_id: UUID, name: str, *, sha256: str, to: Path
) -> None:
    """Write a file as it was kept; raises DatasetChangedError when it is not what was frozen."""
    digest = hashlib.sha256()
    with to.open("wb") as opened:
        async for content in _chunks(pool, study_id, dataset_id, name):
            digest.update(content)
            await asyncio.to_thread(opened.write, content)
    if digest.hexdigest() != sha256:
        raise DatasetChangedError


async def _chunks(
    pool: db.Pool, study_id: UUID, dataset_id: UUID, name: str
) -> AsyncIterator[bytes]:
    number = 0
    while rows := await db.fetch(pool, _FETCH, (study_id, dataset_id, name, number)):
        yield rows[0]["content"]
        number += 1
