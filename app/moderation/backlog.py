"""What waits for the team, as figures: for `/metrics`, and for `alongside doctor`."""

from typing import Final, LiteralString

from prometheus_client import Gauge

from app.core import clock, db
from app.core.logs import logger
from app.moderation.hours_models import TargetKind

#: Open cases that nobody is looking at, by what they are: how many, how long the oldest has
#: waited, and how long it should.
FIGURES: Final[LiteralString] = """
    SELECT t.kind, count(c.id) AS waiting,
      coalesce(extract(epoch FROM max(%(now)s - c.since)), 0)::float AS seconds,
      t.minutes * 60 AS target_seconds
    FROM moderation.targets t
    LEFT JOIN (
      SELECT id, CASE WHEN is_worried THEN 'worried' WHEN report_count > 0 THEN 'breaks_rules'
          ELSE 'appeal' END AS kind,
        coalesce(worried_at, opened_at) AS since
      FROM moderation.cases
      WHERE decision_id IS NULL AND (claim_expires_at IS NULL OR claim_expires_at <= %(now)s)
    ) c ON c.kind = t.kind
    GROUP BY t.kind, t.minutes
    ORDER BY t.kind
"""

_WAITING = Gauge(
    "alongside_cases_waiting", "Open cases that nobody is looking at", labelnames=["kind"]
)
_OLDEST = Gauge(
    "alongside_case_oldest_seconds",
    "How long the oldest of them has waited",
    labelnames=["kind"],
)
_TARGET = Gauge(
    "alongside_case_target_seconds", "How long one should wait at most", labelnames=["kind"]
)
for _kind in TargetKind:
    for _gauge in (_WAITING, _OLDEST, _TARGET):
        _gauge.labels(kind=_kind.value)


async def measure(pool: db.Pool) -> None:
    """Bring the figures up to date. Without a database they say that they are not known, and the
    other figures leave all the same."""
    try:
        rows = await db.fetch(pool, FIGURES, {"now": clock.now()})
    except Exception:
        logger.exception("what waits for the team could not be counted")
        for kind in TargetKind:
            _WAITING.labels(kind=kind.value).set(float("nan"))
            _OLDEST.labels(kind=kind.value).set(float("nan"))
        return
    for row in rows:
        _WAITING.labels(kind=row["kind"]).set(row["waiting"])
        _OLDEST.labels(kind=row["kind"]).set(row["seconds"])
        _TARGET.labels(kind=row["kind"]).set(row["target_seconds"])
