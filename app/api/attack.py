"""The attacks, played on a file that someone asks to release."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from app.community import public_wall
from app.core.db import Database
from app.core.settings import DatabaseSettings
from app.research.dataset_models import Dataset


async def play(database: Database, dataset: Dataset, file: str) -> dict[str, Any]:
    """What the attacks find. In a process of its own: it counts for seconds, and what it needs
    stays out of this one's memory."""
    pool = ProcessPoolExecutor(1, get_context("spawn"))
    try:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, _play, database.settings, dataset.id, file)
    finally:
        pool.shutdown(wait=False)


def _play(settings: DatabaseSettings, dataset_id: UUID, file: str) -> dict[str, Any]:
    case = import_module("app.research.attacks.case")
    sources = case.Sources(public_wall.read, public_wall.given_by)
    found: dict[str, Any] = case.verdict(case.run(settings, dataset_id, file, sources))
    return found
