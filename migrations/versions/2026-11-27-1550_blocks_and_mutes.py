"""Members can block and mute each other: whose posts someone does not see, and who is apart."""

import sqlalchemy as sa
from alembic import op

revision = "community_0011"
down_revision = "community_0010"
branch_labels = None
depends_on = None

# Whoever reads cases looks after everyone: no block takes a post out of their sight, a mute of
# their own does. Both stand in FROM and are put into the statement.
_RULE = """
CREATE FUNCTION community.apart_from(viewer uuid, sees_hidden boolean)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT b.blocked_id FROM community.blocks b WHERE b.blocker_id = viewer AND NOT sees_hidden
  UNION ALL
  SELECT b.blocker_id FROM community.blocks b WHERE b.blocked_id = viewer AND NOT sees_hidden
$$;
CREATE FUNCTION community.unseen_by(viewer uuid, sees_hidden boolean)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT b.blocked_id FROM community.blocks b WHERE b.blocker_id = viewer AND NOT sees_hidden
  UNION ALL
  SELECT b.blocker_id FROM community.blocks b WHERE b.blocked_id = viewer AND NOT sees_hidden
  UNION ALL
  SELECT m.muted_id FROM community.mutes m WHERE m.muter_id = viewer
$$;
"""


def upgrade() -> None:
    _pairs("blocks", "blocker_id", "blocked_id")
    _pairs("mutes", "muter_id", "muted_id")
    op.get_bind().exec_driver_sql(_RULE)


def _pairs(table: str, who: str, whom: str) -> None:
    op.create_table(
        table,
        sa.Column(who, sa.Uuid(), nullable=False),
        sa.Column(whom, sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(who, whom, name=f"pk_{table}"),
        sa.ForeignKeyConstraint([who], ["community.members.id"], name=f"fk_{table}_{who}_members"),
        sa.ForeignKeyConstraint(
            [whom], ["community.members.id"], name=f"fk_{table}_{whom}_members"
        ),
        sa.CheckConstraint(f"{who} <> {whom}", name="of_another"),
        schema="community",
    )
    op.create_index(f"ix_{table}_{whom}_{who}", table, [whom, who], schema="community")


def downgrade() -> None:
    op.execute("DROP FUNCTION community.unseen_by(uuid, boolean)")
    op.execute("DROP FUNCTION community.apart_from(uuid, boolean)")
    op.drop_table("mutes", schema="community")
    op.drop_table("blocks", schema="community")
