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
from app.research.release_models import Released


async def play(database: Database, dataset_id: UUID, file: Released) -> dict[str, Any]:
    """What the attacks find in a file: `is_refused`, and a list of `findings`."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        return await asyncio.get_running_loop().run_in_executor(
            pool, attack, database.settings, dataset_id, file
        )
    finally:
        # Never waited for on the loop: whoever asked may have gone away.
        pool.shutdown(wait=False, cancel_futures=True)


def attack(settings: DatabaseSettings, dataset_id: UUID, file: Released) -> dict[str, Any]:
    """The same where it is called."""
    attack_input: Any = import_module("app.research.attacks.attack_input")
    wall: Any = import_module("app.community.public_wall")
    sources = attack_input.Sources(wall.read, wall.given_by)
    found: dict[str, Any] = attack_input.verdict(
        attack_input.run(settings, dataset_id, file, sources)
    )
    return found
