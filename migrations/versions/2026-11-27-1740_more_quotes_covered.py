"""Quotation marks, inline code and content notes that repeat hidden words are covered too.

`repeated_quotes` and `words` are called and not copied, as in `community_0003`. Only threads
with something hidden are looked at, one by one, each committed for itself; after an interruption it
begins again and changes nothing twice.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.community import repeated_quotes
from app.community.quotes import words_of
from app.community.search_words import words

revision = "community_0014"
down_revision = "moderation_0007"
branch_labels = None
depends_on = None

_NOWHERE = "00000000-0000-0000-0000-000000000000"
_NOTE = "words a moderator has hidden"

_THREAD = """
SELECT thread_id FROM community.posts
WHERE visibility = 'hidden' AND erased_at IS NULL AND thread_id > :after
ORDER BY thread_id LIMIT 1
"""
_HIDDEN = """
SELECT body_html FROM community.posts
WHERE thread_id = :thread AND visibility = 'hidden' AND erased_at IS NULL
UNION ALL
SELECT v.body_html FROM community.posts p
JOIN community.post_revisions v ON v.post_id = p.id
WHERE p.thread_id = :thread AND p.visibility = 'hidden'
"""
_QUOTING = """
SELECT id, body_source, body_html, covered_html, is_note_covered, note_about,
  CASE WHEN note_by = 'author' THEN note_about END AS own_note
FROM community.posts
WHERE thread_id = :thread AND withdrawn_at IS NULL AND visibility = 'visible' ORDER BY id
"""
# Whoever edits at the same moment wins: their text is another.
_COVER = """
WITH covered AS (
  UPDATE community.posts SET covered_html = :html, is_note_covered = :is_note_covered
  WHERE id = :id AND body_source = :source AND note_about IS NOT DISTINCT FROM :note
    AND withdrawn_at IS NULL
  RETURNING id)
UPDATE community.post_words w SET words = to_tsvector('community.every_word', :words)
FROM covered WHERE w.post_id = covered.id
"""


def upgrade() -> None:
    op.execute(
        "ALTER TABLE community.posts"
        " ADD COLUMN IF NOT EXISTS is_note_covered boolean NOT NULL DEFAULT false"
    )
    with op.get_context().autocommit_block():
        after = _NOWHERE
        while found := _rows(_THREAD, after=after):
            after = found[0].thread_id
            _cover(after)


def downgrade() -> None:
    """The release before goes on showing texts as they are covered. It shows the notes again, and
    finds them by their words when the post is edited."""
    op.execute("ALTER TABLE community.posts DROP COLUMN is_note_covered")


def _rows(query: str, **values: Any) -> Sequence[sa.Row[Any]]:
    return op.get_bind().execute(sa.text(query), values).fetchall()


def _cover(thread: Any) -> None:
    hidden = [row.body_html for row in _rows(_HIDDEN, thread=thread)]
    rows = _rows(_QUOTING, thread=thread)
    shown = repeated_quotes.covered([row.body_html for row in rows], hidden)
    repeating = repeated_quotes.notes_repeating([row.own_note for row in rows], hidden)
    for row, html, is_note_covered in zip(rows, shown, repeating, strict=True):
        if (html, is_note_covered) != (row.covered_html, row.is_note_covered):
            said = row.body_source if html is None else " ".join(words_of(html))
            values = {
                "id": row.id,
                "source": row.body_source,
                "note": row.note_about,
                "html": html,
                "is_note_covered": is_note_covered,
                "words": words(said, _NOTE if is_note_covered else row.note_about),
            }
            op.get_bind().execute(sa.text(_COVER), values)
