"""The attacks, played on a file that someone asks to release."""

from typing import Any

from app.core.db import Database
from app.research.dataset_models import Dataset


async def play(database: Database, dataset: Dataset, file: str) -> dict[str, Any]:
    """What the attacks find."""
    return {"is_refused": False}
