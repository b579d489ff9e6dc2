"""Newcomers are welcomed once. Whoever was here before, or has looked around, is no newcomer."""

import sqlalchemy as sa
from alembic import op

revision = "community_0006"
down_revision = "community_0005"
branch_labels = None
depends_on = None

_FILL = """
    UPDATE community.members m SET welcomed_at = now()
    WHERE m.joined_at < now() - interval '7 days' OR m.left_at IS NOT NULL
      OR EXISTS (SELECT FROM community.space_seen s WHERE s.member_id = m.id)
      OR EXISTS (SELECT FROM community.posts p WHERE p.author_id = m.id)
"""


def upgrade() -> None:
    op.add_column(
        "members",
        sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True),
        schema="community",
    )
    op.execute(sa.text(_FILL))


def downgrade() -> None:
    op.drop_column("members", "welcomed_at", schema="community")
