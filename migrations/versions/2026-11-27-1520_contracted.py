"""Search finds "he's", "she's" and "who's" written without their apostrophe.

`words` is called and not copied, as in `community_0003`: what stands should be found as what is
written from now on. Whoever edits at the same moment wins: their text is another.
"""

import sqlalchemy as sa
from alembic import op

from app.community.quotes import words_of as words_of_html
from app.community.search_words import words

revision = "community_0008"
down_revision = "community_0007"
branch_labels = None
depends_on = None

_WRITTEN = r"""
SELECT p.id, p.note_about, p.body_source, p.covered_html FROM community.posts p
WHERE p.withdrawn_at IS NULL AND concat_ws(' ', p.note_about, p.body_source) ~* '\y(s?he|who)s\y'
"""
_INDEX = """
UPDATE community.post_words w SET words = to_tsvector('community.every_word', :words)
FROM community.posts p WHERE w.post_id = :id AND p.id = w.post_id AND p.body_source = :source
"""


def upgrade() -> None:
    for row in op.get_bind().execute(sa.text(_WRITTEN)).fetchall():
        html = row.covered_html
        shown = row.body_source if html is None else " ".join(words_of_html(html))
        renewed = {"id": row.id, "source": row.body_source, "words": words(shown, row.note_about)}
        op.get_bind().execute(sa.text(_INDEX), renewed)


def downgrade() -> None:
    """The release before finds such a text by fewer words; nothing is lost."""
