"""Exact rows of doses and scores as the attacks read them: a row a person and period, as in the
file of periods, with nothing in bands."""

from datetime import date

import polars as pl

from app.research.answer_columns import CLUSTERS
from app.research.attacks.outgoing import Outgoing
from app.research.bands import OBSERVED
from app.research.exports.schemas import MAY_LEAVE
from app.research.period_file import PERIOD, PERSON, WAVE
from app.research.schedule import Schedule
from app.research.score_bands import BEGINS, ENDS
from app.research.special_codes import NOT_APPLICABLE

_KEY = [PERSON, PERIOD]


def outgoing(
    doses: pl.DataFrame, scores: pl.DataFrame, frozen_on: date, schedule: Schedule
) -> Outgoing:
    """Those rows of both files that may leave."""
    # Numbers of groups and areas are drawn for each study: they link no two.
    counted = _leaving(doses.drop(CLUSTERS, strict=False)).with_columns(
        pl.col(PERIOD).cast(pl.Int32)
    )
    told = _leaving(scores).drop("state")
    names = [
        name
        for name in told.columns
        if name not in (PERSON, WAVE) and not name.endswith(("_n", "_b"))
    ]
    frame = counted
    for later, ending in enumerate((BEGINS, ENDS)):
        ends = told.select(
            PERSON,
            (pl.col(WAVE) - later).cast(pl.Int32).alias(PERIOD),
            *(pl.col(name).alias(name + ending) for name in names),
        ).filter(pl.col(PERIOD) > 0)
        frame = frame.join(ends, on=_KEY, how="full", coalesce=True)
    frame = frame.with_columns(pl.exclude(_KEY).fill_null(NOT_APPLICABLE)).sort(_KEY)
    # An empty set of ranges says that every number stands for itself.
    return Outgoing("periods", frame, frozen_on, {OBSERVED: {}}, schedule)


def _leaving(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col(MAY_LEAVE) == 1).drop(MAY_LEAVE)
