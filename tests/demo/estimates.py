"""Plain estimates over the files of a frozen dataset, by other means than the product has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A slope with its interval of 95 %."""

    value: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def with_doses(scores: pl.DataFrame, doses: pl.DataFrame) -> pl.DataFrame:
    """Scores of handed-in waves, each beside what was counted in the period that it ends."""
    before = doses.with_columns((pl.col("period") + 1).alias("wave")).drop("period", "may_leave")
    done = scores.filter(pl.col("state") == 1).with_columns(pl.col("wave").cast(pl.Int32))
    return done.join(before.with_columns(pl.col("wave").cast(pl.Int32)), on=["participant", "wave"])


def slopes(rows: pl.DataFrame, outcome: str) -> tuple[Estimate, Estimate]:
    """How an outcome moves with ln(1 + giving) and ln(1 + receiving) within each person: whatever
    differs between people, for whatever reason, is taken out."""
    kept = rows.filter(pl.col(outcome) >= 0).select(
        "participant",
        pl.col(outcome).cast(pl.Float64),
        pl.col("giving", "receiving").clip(0).cast(pl.Float64).log1p(),
    )
    within = kept.select(
        pl.col(name) - pl.col(name).mean().over("participant")
        for name in (outcome, "giving", "receiving")
    ).to_numpy()
    y, x = within[:, 0], within[:, 1:]
    free = len(y) - kept.get_column("participant").n_unique() - x.shape[1]
    return _fitted(x, y, free)


def _fitted(x: Numbers, y: Numbers, free: int) -> tuple[Estimate, Estimate]:
    found: Any = np.linalg.solve(x.T @ x, x.T @ y)
    left = y - x @ found
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * (left @ left) / free)
    giving, receiving = (
        Estimate(float(b), float(b - 1.96 * se), float(b + 1.96 * se))
        for b, se in zip(found, errors, strict=True)
    )
    return giving, receiving
