"""The rows of a frozen dataset."""

import polars as pl

from app.core.db import Database
from app.research.dataset_models import Dataset
from app.research.exports.files import read_frame


async def rows(database: Database, dataset: Dataset, name: str = "periods") -> pl.DataFrame:
    """Of one of its files."""
    return await read_frame(database, dataset.id, name)
