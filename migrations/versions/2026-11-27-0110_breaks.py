"""Breaks: a member rests from the community for a while."""

import sqlalchemy as sa
from alembic import op

revision = "community_0002"
down_revision = "identity_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "breaks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_breaks"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["community.members.id"], name="fk_breaks_member_id_members"
        ),
        sa.CheckConstraint("ends_at > started_at", name="ends_after_start"),
        sa.CheckConstraint("ended_at BETWEEN started_at AND ends_at", name="ended_within"),
        schema="community",
    )
    op.create_index(
        "uq_breaks_member_id",
        "breaks",
        ["member_id"],
        unique=True,
        schema="community",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_breaks_member_id", "breaks", ["member_id"], schema="community")


def downgrade() -> None:
    op.drop_table("breaks", schema="community")
