"""What checks of the moderation log found is kept: the worker makes them, and people read it."""

import sqlalchemy as sa
from alembic import op

revision = "moderation_0008"
down_revision = "community_0016"
branch_labels = None
depends_on = None

SCHEMA = "moderation"

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON moderation.log_checks
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON moderation.log_checks
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "log_checks",
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=True),
        sa.Column("is_intact", sa.Boolean(), nullable=False),
        sa.Column("broken_seq", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint("is_intact = (why IS NULL)", name="ck_log_checks_says_why"),
        sa.CheckConstraint("broken_seq IS NULL OR NOT is_intact", name="ck_log_checks_broken"),
        sa.CheckConstraint("checked >= 0", name="ck_log_checks_checked"),
        sa.CheckConstraint("(checked = 0) = (head_hash IS NULL)", name="ck_log_checks_head"),
        sa.PrimaryKeyConstraint("place", name="pk_log_checks"),
        schema=SCHEMA,
    )
    op.execute(_APPEND_ONLY)


def downgrade() -> None:
    """What was found goes; the log stays, and can be checked again from its first line."""
    op.drop_table("log_checks", schema=SCHEMA)
