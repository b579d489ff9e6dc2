"""What a member flagged, and what became of it: one statement a page, to bytes."""

from typing import Any, Final

from psycopg.rows import DictRow

from app.community.post_view import as_bytes
from app.core import db, pages
from app.identity.actors import Actor
from app.moderation import messages
from app.moderation.case_models import StepKind
from app.moderation.decision_models import Act

PAGE: Final = 20

#: The limit is written in: as a parameter, a tenth of all reports would be planned for.
_REPORTS: Final = f"""
    SELECT r.id, r.place, c.post_id, p.thread_id, r.is_worried, r.reason, r.detail, r.created_at,
      d.act, d.reason AS why, d.decided_at,
      coalesce(p.withdrawn_at <= d.decided_at, false) AS is_taken_back,
      ARRAY(SELECT DISTINCT s.kind FROM moderation.steps s WHERE s.case_id = c.id) AS steps
    FROM moderation.reports r
    JOIN moderation.cases c ON c.id = r.case_id
    JOIN community.posts p ON p.id = c.post_id
    LEFT JOIN moderation.decisions d ON d.id = c.decision_id
    WHERE r.reporter_id = %(viewer)s AND r.place < %(before)s
    ORDER BY r.place DESC
    LIMIT {PAGE + 1}
"""  # noqa: S608 - a constant of ours


async def list_(pool: db.Pool, actor: Actor, *, cursor: str | None) -> bytes:
    """The member's own flags, newest first."""
    (before,) = pages.decode(cursor, pages.number) or (pages.LARGEST,)
    asked = {"viewer": actor.member_id, "before": before}
    rows = await db.fetch(pool, _REPORTS, asked)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = None if last is None else pages.encode(last["place"])
    return as_bytes({"items": [_shape(row) for row in rows[:PAGE]], "next_cursor": following})


def _shape(row: DictRow) -> dict[str, Any]:
    act = row["act"]
    answer = None
    if act is not None:
        answer = messages.answer(
            Act(act),
            reason=row["why"],
            is_worried=row["is_worried"],
            is_taken_back=row["is_taken_back"],
            steps=[StepKind(kind) for kind in row["steps"]],
        )
    return {
        "id": row["id"],
        "post_id": row["post_id"],
        "thread_id": row["thread_id"],
        "kind": "worried" if row["is_worried"] else "breaks_rules",
        "reason": row["reason"],
        "detail": row["detail"],
        "created_at": row["created_at"],
        "state": "waiting" if act is None else "answered",
        "answer": answer,
        "answered_at": row["decided_at"],
    }
