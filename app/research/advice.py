"""Advice: what advisers let everybody read, with what was done about it. You said, we did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.core import db
from app.research.instruments import wording_access

#: Nothing of a study that is still being prepared, nor of an edition that is not released, and
#: nothing that nobody has answered.
_MAY_SHOW: Final = """
    r.may_show AND s.state IS DISTINCT FROM 'draft'
      AND (r.kind <> 'edition' OR EXISTS (SELECT FROM research.editions e
        JOIN research.edition_decisions c ON c.edition_id = e.id AND c.decision = 'released'
        WHERE e.study_id = r.study_id AND e.number = r.version))
"""
_PUBLIC: Final = f"""
    SELECT s.title AS study, r.name, r.version, r.words, jsonb_agg(a.words ORDER BY a.id) AS answers
    FROM research.reviews r JOIN research.review_answers a ON a.review_id = r.id
    LEFT JOIN research.studies s ON s.id = r.study_id
    WHERE {_MAY_SHOW}
    GROUP BY r.id, s.title, r.name, r.version, r.words ORDER BY r.id DESC
"""  # noqa: S608 - a constant of ours
_OF_STUDY: Final = f"""
    SELECT r.words, jsonb_agg(a.words ORDER BY a.id) AS answers
    FROM research.reviews r JOIN research.review_answers a ON a.review_id = r.id
    LEFT JOIN research.studies s ON s.id = r.study_id
    WHERE {_MAY_SHOW} AND a.answered_at <= %(until)s AND (r.study_id = %(study)s
      OR (r.name, r.version) IN (SELECT * FROM unnest(%(names)s::text[], %(versions)s::int[])))
    GROUP BY r.id, r.words ORDER BY r.id
"""  # noqa: S608 - a constant of ours


async def public(pool: db.Pool) -> list[dict[str, Any]]:
    """All of it, the newest first."""
    rows = await db.fetch(pool, _PUBLIC, ())
    return [
        {
            "title": row["study"] or wording_access.find(row["name"], row["version"]).title,
            "words": row["words"],
            "answers": row["answers"],
        }
        for row in rows
    ]


async def of_study(
    pool: db.Pool, study_id: UUID, instruments: Sequence[tuple[str, int]], *, until: datetime
) -> list[dict[str, Any]]:
    """That of a study and of the instruments that it asks, as it stood then, the oldest first."""
    asked = {
        "study": study_id,
        "names": [name for name, _ in instruments],
        "versions": [version for _, version in instruments],
        "until": until,
    }
    return [dict(row) for row in await db.fetch(pool, _OF_STUDY, asked)]
