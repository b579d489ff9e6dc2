"""What a post has said, for who reads its case: the texts that were flagged, and those of other
times. Each look at them is a line in the log."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db, pages
from app.identity.actors import Actor
from app.moderation import cases, log
from app.moderation.cases import Review
from app.moderation.log_models import LogAct

#: Former texts shown that nobody flagged, and flagged ones besides the first. `list_` has them all.
FORMER: Final = 10
FLAGGED: Final = 10
TEXTS_PAGE: Final = 10

# Texts that were flagged or decided about in this case, the earliest first. What was flagged
# stays readable here when it was edited or taken back: someone was hurt or worried by it.
_FLAGGED: Final = f"""
    SELECT * FROM (
    SELECT f.revision, coalesce(v.body_html, p.body_html) AS body_html,
      coalesce(v.created_at, p.edited_at, p.created_at) AS written_at,
      CASE WHEN v.post_id IS NULL THEN p.note_about ELSE v.note_about END AS note_about,
      row_number() OVER (ORDER BY f.revision) AS place,
      row_number() OVER (ORDER BY f.revision DESC) AS place_from_last
    FROM (
      SELECT r.case_id, r.revision FROM moderation.reports r WHERE r.case_id = %(case_id)s
      UNION
      SELECT s.case_id, d.subject_version FROM moderation.appeals s
      JOIN moderation.decisions d ON d.id = s.decision_id WHERE s.case_id = %(case_id)s
    ) f
    JOIN moderation.cases c ON c.id = f.case_id
    JOIN community.posts p ON p.id = c.post_id
    LEFT JOIN community.post_revisions v ON v.post_id = p.id AND v.revision = f.revision
    ) texts WHERE place = 1 OR place_from_last <= {FLAGGED}
    ORDER BY revision
"""

#: Of a post's text as it stands, and as a revision of it stood.
_PRESENT: Final = """p.revision, p.body_html, p.note_about,
  coalesce(p.edited_at, p.created_at) AS written_at"""
_REVISION: Final = "v.revision, v.body_html, v.note_about, v.created_at AS written_at"

# All texts that ever stood there, for who reads the case; of one taken back too.
_TEXTS: Final = f"""
    SELECT revision, body_html, note_about, written_at FROM (
      SELECT {_PRESENT} FROM community.posts p
      WHERE p.id = %(post_id)s AND p.revision < %(before)s
      UNION ALL
      SELECT {_REVISION} FROM community.post_revisions v
      WHERE v.post_id = %(post_id)s AND v.revision < %(before)s) texts
    ORDER BY revision DESC LIMIT {TEXTS_PAGE + 1}
"""


# What stood there at other times, the latest of it: a text is often edited before anyone looks.
_FORMER: Final = f"""
    SELECT * FROM (
      SELECT {_REVISION} FROM community.post_revisions v
      WHERE v.post_id = %(post_id)s AND v.revision <> %(now)s
        AND NOT EXISTS (SELECT FROM moderation.reports r
          WHERE r.case_id = %(case_id)s AND r.revision = v.revision)
        AND NOT EXISTS (SELECT FROM moderation.appeals s
          JOIN moderation.decisions d ON d.id = s.decision_id
          WHERE s.case_id = %(case_id)s AND d.subject_version = v.revision)
      ORDER BY v.revision DESC LIMIT {FORMER}) latest
    ORDER BY revision
"""


async def flagged(session: AsyncSession, case_id: UUID) -> list[DictRow]:
    """The texts that the case is about, the earliest first."""
    return await db.fetch_within(session, _FLAGGED, {"case_id": case_id})


async def former(
    session: AsyncSession, case_id: UUID, *, post_id: str, revision_now: int
) -> list[DictRow]:
    """The latest of the texts that nobody flagged, the earliest first; not the present one."""
    asked = {"case_id": case_id, "post_id": post_id, "now": revision_now}
    return await db.fetch_within(session, _FORMER, asked)


async def list_(
    session: AsyncSession, actor: Actor, case_id: UUID, *, cursor: str | None
) -> dict[str, Any]:
    """A page of all that the post has said, the latest first; for who may open the case. A look at
    it is a line in the log too."""
    review = await cases.access(session, actor, case_id)
    (before,) = pages.decode(cursor, pages.number) or (pages.LARGEST,)
    asked = {"post_id": review.post.id, "before": before}
    rows = await db.fetch_within(session, _TEXTS, asked)
    page = rows[:TEXTS_PAGE]
    following = pages.encode(page[-1]["revision"]) if len(rows) > len(page) else None
    if page:
        await note_look(session, actor, review, page[0]["revision"])
    return {"items": [shape(found) for found in page], "next_cursor": following}


def shape(row: DictRow) -> dict[str, Any]:
    """A row as the `CaseText` of the API."""
    note = row["note_about"]
    return {
        "revision": row["revision"],
        "body_html": row["body_html"],
        "note": None if note is None else {"about": note, "by": None},
        "written_at": row["written_at"],
    }


async def note_look(session: AsyncSession, actor: Actor, review: Review, revision: int) -> None:
    """That this moderator saw the case, with this text, is a line in the log."""
    seen = replace(review.subject, version=revision)
    await log.append(
        session, review.case.id, seen, LogAct.SEEN, actor_id=actor.member_id, revision=revision
    )
