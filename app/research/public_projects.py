"""Projects: what everybody reads of a study, without an account: its page and what was released."""

from typing import Any, Final
from uuid import UUID

from app.core import db
from app.research.edition_models import FileName
from app.research.errors.editions import EditionNotFoundError
from app.research.errors.project_pages import ProjectNotFoundError

#: A study has one from its first released edition on, or once it is no draft and a page was
#: written.
_PROJECTS: Final = """
    SELECT s.id AS study_id, s.title FROM research.studies s
    WHERE (%(study)s::uuid IS NULL OR s.id = %(study)s) AND (
      EXISTS (SELECT FROM research.editions e JOIN research.edition_decisions c
        ON c.edition_id = e.id AND c.decision = 'released' WHERE e.study_id = s.id)
      OR s.state <> 'draft' AND EXISTS (
        SELECT FROM research.project_pages p WHERE p.study_id = s.id))
    ORDER BY lower(s.title)
"""
_PAGE: Final = """
    SELECT about_html, contact, related FROM research.project_pages
    WHERE study_id = %(study)s ORDER BY version DESC LIMIT 1
"""
_EDITIONS: Final = """
    SELECT e.number, e.kind, c.decided_at AS released_at,
      (SELECT jsonb_agg(jsonb_build_object(
          'name', f.name, 'byte_size', f.byte_size, 'sha256', f.sha256) ORDER BY f.name)
        FROM research.edition_files f WHERE f.edition_id = e.id) AS files
    FROM research.editions e JOIN research.edition_decisions c
      ON c.edition_id = e.id AND c.decision = 'released'
    WHERE e.study_id = %(study)s ORDER BY c.decided_at DESC, e.number DESC
"""
_FILE: Final = """
    SELECT s.title, e.kind, f.sha256, f.content FROM research.editions e
    JOIN research.edition_decisions c ON c.edition_id = e.id AND c.decision = 'released'
    JOIN research.edition_files f ON f.edition_id = e.id
    JOIN research.studies s ON s.id = e.study_id
    WHERE e.study_id = %(study)s AND e.number = %(number)s AND f.name = %(name)s
"""


async def list_(pool: db.Pool) -> list[dict[str, Any]]:
    """All projects, by title."""
    return [dict(row) for row in await db.fetch(pool, _PROJECTS, {"study": None})]


async def read(pool: db.Pool, study_id: UUID) -> dict[str, Any]:
    """One, with its released editions, the newest first; raises ProjectNotFoundError."""
    found = await db.fetch(pool, _PROJECTS, {"study": study_id})
    if not found:
        raise ProjectNotFoundError
    pages = await db.fetch(pool, _PAGE, {"study": study_id})
    page = dict(pages[0]) if pages else {"about_html": "", "contact": "", "related": []}
    editions = await db.fetch(pool, _EDITIONS, {"study": study_id})
    return {**found[0], **page, "editions": [dict(row) for row in editions]}


async def file(pool: db.Pool, study_id: UUID, number: int, name: FileName) -> dict[str, Any]:
    """The bytes of a released edition's file; raises EditionNotFoundError."""
    rows = await db.fetch(pool, _FILE, {"study": study_id, "number": number, "name": str(name)})
    if not rows:
        raise EditionNotFoundError
    return dict(rows[0])
