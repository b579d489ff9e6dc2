"""Search knows the words of content notes and the names of members; news keeps why something was
decided apart from what.

`words`, `words_of` and `words_in` are called and not copied, as in `community_0003`: what stands
should be found as what is written from now on. Posts are renewed in batches that are committed one
by one; after an interruption it begins again and changes nothing twice.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.community.names import words_of
from app.community.quotes import words_of as words_of_html
from app.community.search_words import words

revision = "community_0005"
down_revision = "moderation_0004"
branch_labels = None
depends_on = None

BATCH = 500
_NOWHERE = "00000000-0000-0000-0000-000000000000"

_NAMES = """
SELECT id, display_name FROM community.members
WHERE id > :after AND left_at IS NULL ORDER BY id LIMIT :batch
"""
_NAME = """
UPDATE community.members SET name_words = array_to_tsvector(CAST(:words AS text[])) WHERE id = :id
"""
_NOTED = """
SELECT p.id, p.note_about, p.body_source, p.covered_html FROM community.posts p
WHERE p.id > :after AND p.note_about IS NOT NULL AND p.withdrawn_at IS NULL
ORDER BY p.id LIMIT :batch
"""
# "you'll" and "they'd" are one word now, and ´ is an apostrophe too. Some others come along.
_OTHERWISE = _NOTED.replace(
    "p.note_about IS NOT NULL",
    "(p.note_about IS NOT NULL OR p.body_source ~* '´|(you|they|it|that).(ll|d)')",
)
# Whoever edits at the same moment wins: their text is another.
_INDEX = """
UPDATE community.post_words w SET words = to_tsvector('community.every_word', :words)
FROM community.posts p WHERE w.post_id = :id AND p.id = w.post_id AND p.body_source = :source
"""

# A notice was one text: what was done, " Why: " and the reason, and for two acts how to ask again.
_AGAIN = "If this feels wrong, you can ask another moderator to look again."
_APART = f"""
UPDATE community.notifications SET
  reason = regexp_replace(substr(text, strpos(text, ' Why: ') + 6), ' {_AGAIN}$', ''),
  text = left(text, strpos(text, ' Why: ') - 1)
WHERE kind = 'decision' AND strpos(text, ' Why: ') > 0
"""
_TOGETHER = f"""
UPDATE community.notifications SET text = text || ' Why: ' || reason || CASE
    WHEN text LIKE 'We''ve hidden %' OR text LIKE 'What you wrote is still here.%'
    THEN ' {_AGAIN}' ELSE '' END
WHERE reason IS NOT NULL
"""


def upgrade() -> None:
    op.add_column(
        "members", sa.Column("name_words", postgresql.TSVECTOR(), nullable=True), schema="community"
    )
    _walk(_NAMES, _name)
    op.create_check_constraint(
        op.f("ck_members_left_is_not_found"),
        "members",
        "left_at IS NULL OR name_words IS NULL",
        schema="community",
    )
    op.create_index(
        "ix_members_name_words",
        "members",
        ["name_words"],
        schema="community",
        postgresql_using="gin",
    )
    op.add_column(
        "notifications", sa.Column("reason", sa.Text(), nullable=True), schema="community"
    )
    op.execute(_APART)
    op.create_check_constraint(
        op.f("ck_notifications_reason_of_a_text"),
        "notifications",
        "reason IS NULL OR text IS NOT NULL",
        schema="community",
    )
    with op.get_context().autocommit_block():
        _walk(_OTHERWISE, _index)


def downgrade() -> None:
    op.execute(_TOGETHER)
    op.drop_column("notifications", "reason", schema="community")
    op.drop_column("members", "name_words", schema="community")
    _walk(_NOTED, _index_text_alone)


def _walk(query: str, renew: Callable[[Sequence[sa.Row[Any]]], None]) -> None:
    after = _NOWHERE
    while (
        rows := op.get_bind().execute(sa.text(query), {"after": after, "batch": BATCH}).fetchall()
    ):
        renew(rows)
        after = rows[-1].id


def _name(rows: Sequence[sa.Row[Any]]) -> None:
    _run(_NAME, [{"id": row.id, "words": words_of(row.display_name)} for row in rows])


def _index(rows: Sequence[sa.Row[Any]]) -> None:
    _run(
        _INDEX,
        [
            {"id": row.id, "source": row.body_source, "words": words(_shown(row), row.note_about)}
            for row in rows
        ],
    )


def _index_text_alone(rows: Sequence[sa.Row[Any]]) -> None:
    _run(
        _INDEX,
        [{"id": row.id, "source": row.body_source, "words": words(_shown(row))} for row in rows],
    )


def _shown(row: sa.Row[Any]) -> str:
    """As `quotes.index`: nothing of a quote that is covered."""
    return (
        row.body_source if row.covered_html is None else " ".join(words_of_html(row.covered_html))
    )


def _run(statement: str, values: list[dict[str, Any]]) -> None:
    op.get_bind().execute(sa.text(statement), values)
