"""Faces and signs that stand alone are shown as they were typed.

`render` is called and not copied, as in `community_0003`: what stands should be shown as what is
written from now on. Only texts with a mark are looked at, in batches that are committed one by
one. A text whose quotes are covered keeps its cover as it is.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.text import render

revision = "community_0012"
down_revision = "moderation_0006"
branch_labels = None
depends_on = None

BATCH = 500
_NOWHERE = "00000000-0000-0000-0000-000000000000"
_MARKED = r"body_source ~ '[*_>~`\[\\-]|1[.)]'"

_TEXTS = f"""
SELECT id, body_source, body_html FROM community.posts
WHERE id > :after AND erased_at IS NULL AND {_MARKED} ORDER BY id LIMIT :batch
"""
_FORMER = f"""
SELECT post_id, revision, body_source, body_html FROM community.post_revisions
WHERE (post_id, revision) > (:after, :revision) AND {_MARKED}
ORDER BY post_id, revision LIMIT :batch
"""
# Whoever edits at the same moment wins: their text is another.
_RENEW = """
UPDATE community.posts SET body_html = :html WHERE id = :id AND body_source = :source
"""
_RENEW_FORMER = """
UPDATE community.post_revisions SET body_html = :html WHERE post_id = :id AND revision = :revision
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        _walk(_TEXTS, {"after": _NOWHERE}, _renew_texts)
        _walk(_FORMER, {"after": _NOWHERE, "revision": 0}, _renew_former)


def downgrade() -> None:
    """The release before shows what stands as it was rendered."""


def _walk(
    query: str, after: dict[str, Any], renew: Callable[[Sequence[sa.Row[Any]]], dict[str, Any]]
) -> None:
    while rows := op.get_bind().execute(sa.text(query), {**after, "batch": BATCH}).fetchall():
        after = renew(rows)


def _renew_texts(rows: Sequence[sa.Row[Any]]) -> dict[str, Any]:
    _run(
        _RENEW,
        [
            {"id": row.id, "source": row.body_source, "html": html}
            for row in rows
            if (html := render(row.body_source)) != row.body_html
        ],
    )
    return {"after": rows[-1].id}


def _renew_former(rows: Sequence[sa.Row[Any]]) -> dict[str, Any]:
    _run(
        _RENEW_FORMER,
        [
            {"id": row.post_id, "revision": row.revision, "html": html}
            for row in rows
            if (html := render(row.body_source)) != row.body_html
        ],
    )
    return {"after": rows[-1].post_id, "revision": rows[-1].revision}


def _run(statement: str, values: list[dict[str, Any]]) -> None:
    if values:
        op.get_bind().execute(sa.text(statement), values)
