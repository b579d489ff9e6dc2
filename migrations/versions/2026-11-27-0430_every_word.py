"""Search keeps every word, and what was written is rendered and indexed as the code of now does.

English stems as before, but no word is left out: "not again" is what people look for. Rows are
renewed in batches that are committed one by one, so that nobody who writes waits for all of them;
after an interruption it begins again and changes nothing twice. `render` and `words` are called
and not copied: what an older release wrote should stand as this one would have written it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.community.search_words import words
from app.core.text import render

revision = "community_0003"
down_revision = "research_0007"
branch_labels = None
depends_on = None

BATCH = 500

_CONFIGURE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = 'every_word'
      AND cfgnamespace = 'community'::regnamespace) THEN
    CREATE TEXT SEARCH DICTIONARY community.stems
      (TEMPLATE = pg_catalog.snowball, LANGUAGE = english);
    CREATE TEXT SEARCH CONFIGURATION community.every_word (COPY = pg_catalog.english);
    ALTER TEXT SEARCH CONFIGURATION community.every_word
      ALTER MAPPING REPLACE pg_catalog.english_stem WITH community.stems;
  END IF;
END $$
"""

_TEXTS = """
SELECT id, body_source, body_html FROM community.posts WHERE id > :after ORDER BY id LIMIT :batch
"""
_FORMER = """
SELECT post_id, revision, body_source, body_html FROM community.post_revisions
WHERE (post_id, revision) > (:after, :revision) ORDER BY post_id, revision LIMIT :batch
"""
# Whoever edits at the same moment wins: their text is another.
_RENEW = """
UPDATE community.posts SET body_html = :html WHERE id = :id AND body_source = :source
"""
_INDEX = """
UPDATE community.post_words w SET words = to_tsvector('community.every_word', :words)
FROM community.posts p WHERE w.post_id = :id AND p.id = w.post_id AND p.body_source = :source
"""
_RENEW_FORMER = """
UPDATE community.post_revisions SET body_html = :html WHERE post_id = :id AND revision = :revision
"""
# A sheet is a ledger's: its words stay as they are, only how they are laid out is done again.
_SHEETS = "SELECT study_id, version, body_source FROM research.sheets"
_RENEW_SHEET = """
UPDATE research.sheets SET body_html = :html WHERE study_id = :study_id AND version = :version
"""

_INDEX_AS_BEFORE = """
UPDATE community.post_words w SET words = to_tsvector('english', p.body_source)
FROM community.posts p WHERE p.id = w.post_id
"""


def upgrade() -> None:
    op.execute(_CONFIGURE)
    _renew_sheets()
    with op.get_context().autocommit_block():
        _walk(_TEXTS, {"after": _NOWHERE}, _renew_texts)
        _walk(_FORMER, {"after": _NOWHERE, "revision": 0}, _renew_former)


def downgrade() -> None:
    op.execute(_INDEX_AS_BEFORE)
    op.execute("DROP TEXT SEARCH CONFIGURATION community.every_word")
    op.execute("DROP TEXT SEARCH DICTIONARY community.stems")


_NOWHERE = "00000000-0000-0000-0000-000000000000"


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
    _run(
        _INDEX,
        [
            {"id": row.id, "source": row.body_source, "words": words(row.body_source)}
            for row in rows
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


def _renew_sheets() -> None:
    rows = op.get_bind().execute(sa.text(_SHEETS)).fetchall()
    if not rows:
        return
    op.execute("ALTER TABLE research.sheets DISABLE TRIGGER USER")
    _run(
        _RENEW_SHEET,
        [
            {"study_id": row.study_id, "version": row.version, "html": render(row.body_source)}
            for row in rows
        ],
    )
    op.execute("ALTER TABLE research.sheets ENABLE TRIGGER USER")


def _run(statement: str, values: list[dict[str, Any]]) -> None:
    if values:
        op.get_bind().execute(sa.text(statement), values)
