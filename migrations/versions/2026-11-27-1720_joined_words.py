"""Search finds words and names however they are spelled: "e-mail" and "email", "116 123", "50 mg".

`words` and `words_of` are called and not copied, as in `community_0003`: what stands should be
found as what is written from now on. Posts are renewed in batches that are committed one by one;
after an interruption it begins again and changes nothing twice.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.community.names import words_of
from app.community.quotes import words_of as words_of_html
from app.community.search_words import words

revision = "community_0013"
down_revision = "community_0012"
branch_labels = None
depends_on = None

BATCH = 500
_NOWHERE = "00000000-0000-0000-0000-000000000000"

_NAMES = """
SELECT id, display_name FROM community.members
WHERE id > :after AND left_at IS NULL ORDER BY id LIMIT :batch
"""
_NAME = """
UPDATE community.members SET name_words = array_to_tsvector(CAST(:words AS text[]))
WHERE id = :id AND display_name = :name
"""
_TEXTS = """
SELECT id, note_about, body_source, covered_html FROM community.posts
WHERE id > :after AND withdrawn_at IS NULL ORDER BY id LIMIT :batch
"""
# Whoever edits at the same moment wins: their text is another.
_INDEX = """
UPDATE community.post_words w SET words = to_tsvector('community.every_word', :words)
FROM community.posts p WHERE w.post_id = :id AND p.id = w.post_id AND p.body_source = :source
  AND p.note_about IS NOT DISTINCT FROM :note AND p.covered_html IS NOT DISTINCT FROM :covered
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        _walk(_NAMES, _NAME, _name)
        _walk(_TEXTS, _INDEX, _text)


def downgrade() -> None:
    """The release before reads the same words, but finds fewer: it asks for "50mg" in one, which
    is two words here, until that text is edited. Nothing is lost."""


def _walk(query: str, renew: str, values: Callable[[sa.Row[Any]], dict[str, Any]]) -> None:
    after = _NOWHERE
    while rows := _batch(query, after):
        op.get_bind().execute(sa.text(renew), [values(row) for row in rows])
        after = rows[-1].id


def _batch(query: str, after: str) -> Sequence[sa.Row[Any]]:
    return op.get_bind().execute(sa.text(query), {"after": after, "batch": BATCH}).fetchall()


def _name(row: sa.Row[Any]) -> dict[str, Any]:
    return {"id": row.id, "name": row.display_name, "words": words_of(row.display_name)}


def _text(row: sa.Row[Any]) -> dict[str, Any]:
    """As `quotes.index`: nothing of a quote that is covered."""
    html = row.covered_html
    shown = row.body_source if html is None else " ".join(words_of_html(html))
    return {
        "id": row.id,
        "source": row.body_source,
        "note": row.note_about,
        "covered": html,
        "words": words(shown, row.note_about),
    }
