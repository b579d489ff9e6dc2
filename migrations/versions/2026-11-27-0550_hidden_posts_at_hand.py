"""Hidden posts at hand: a server reads them at its start, to tell of them to whoever may see them.

An index of those alone, which are few: without it each start would read all posts.
"""

from alembic import op

revision = "community_0007"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_posts_hidden ON community.posts (id, author_id)"
        " WHERE visibility = 'hidden'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX community.ix_posts_hidden")
