"""Decoys, which hold the name of a joining that met a known address, and browsers that an account
has signed in from.

The step down leaves decoys as what they look like: accounts that nobody confirms, which go after
seven days.
"""

import sqlalchemy as sa
from alembic import op

revision = "identity_0004"
down_revision = "community_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "accounts", sa.Column("decoy_of", sa.LargeBinary(), nullable=True), schema="identity"
    )
    op.create_check_constraint(
        op.f("ck_accounts_decoy_is_never_confirmed"),
        "accounts",
        "decoy_of IS NULL OR (verified_at IS NULL AND closed_at IS NULL)",
        schema="identity",
    )
    op.create_index(
        "ix_accounts_decoy_of",
        "accounts",
        ["decoy_of"],
        schema="identity",
        postgresql_where=sa.text("decoy_of IS NOT NULL"),
    )
    op.create_table(
        "known_browsers",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_known_browsers")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["identity.accounts.id"],
            name=op.f("fk_known_browsers_account_id_accounts"),
        ),
        schema="identity",
    )
    for column in ("account_id", "ends_at"):
        op.create_index(
            f"ix_known_browsers_{column}", "known_browsers", [column], schema="identity"
        )


def downgrade() -> None:
    op.drop_table("known_browsers", schema="identity")
    op.drop_index("ix_accounts_decoy_of", "accounts", schema="identity")
    op.drop_constraint(op.f("ck_accounts_decoy_is_never_confirmed"), "accounts", schema="identity")
    op.drop_column("accounts", "decoy_of", schema="identity")
