"""The attacks on a file that someone asks to release, in a process of their own.

They take seconds and much memory, and the server that asks for them answers others meanwhile.
"""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from app.core.db import Database
from app.core.settings import DatabaseSettings


async def play(database: Database, dataset_id: UUID, file: str) -> dict[str, Any]:
    """What the attacks find in a file: `is_refused`, and a list of `findings`."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        waiting = asyncio.get_running_loop().run_in_executor(
            pool, attack, database.settings, dataset_id, file
        )
        return await waiting


def attack(settings: DatabaseSettings, dataset_id: UUID, file: str) -> dict[str, Any]:
    """The same where it is called."""
    case: Any = import_module("app.research.attacks.case")
    wall: Any = import_module("app.community.public_wall")
    sources = case.Sources(wall.read, wall.given_by)
    found: dict[str, Any] = case.verdict(case.run(settings, dataset_id, file, sources))
    return found
