"""Accounts, sign-ins, roles and their ledger, second factors, links in letters."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0001"
down_revision = "core_0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON identity.role_grants
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON identity.role_grants
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _account_id() -> sa.Column[object]:
    return sa.Column("account_id", sa.Uuid(), nullable=False)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["identity.accounts.id"], name=f"fk_{table}_account_id_accounts"
    )


def upgrade() -> None:
    op.execute("CREATE SCHEMA identity")
    _create_accounts()
    _create_roles()
    _create_sessions()
    _create_second_factors()
    _create_links()
    op.execute(_APPEND_ONLY)


def downgrade() -> None:
    op.execute("DROP SCHEMA identity CASCADE")


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("email_hash", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("staff_family", sa.Text(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        _at("adult_affirmed_at"),
        _at("rules_agreed_at"),
        _at("created_at"),
        _at("verified_at", nullable=True),
        _at("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("member_id", name="uq_accounts_member_id"),
        sa.UniqueConstraint("email_hash", name="uq_accounts_email_hash"),
        sa.UniqueConstraint("id", "staff_family", name="uq_accounts_id_staff_family"),
        sa.CheckConstraint(
            "staff_family IN ('moderation', 'research')",
            name=op.f("ck_accounts_staff_family_is_known"),
        ),
        sa.CheckConstraint(
            "CASE WHEN closed_at IS NULL"
            " THEN num_nulls(email_hash, email_sealed, password_hash) = 0"
            " ELSE num_nonnulls(email_hash, email_sealed, password_hash, staff_family) = 0 END",
            name=op.f("ck_accounts_closed_holds_nothing"),
        ),
        schema="identity",
    )
    op.create_index(
        "ix_accounts_unverified",
        "accounts",
        ["created_at"],
        schema="identity",
        postgresql_where=sa.text("verified_at IS NULL AND closed_at IS NULL"),
    )


def _create_roles() -> None:
    op.create_table(
        "account_roles",
        _account_id(),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "role", name="pk_account_roles"),
        _of_account("account_roles"),
        sa.ForeignKeyConstraint(
            ["account_id", "family"],
            ["identity.accounts.id", "identity.accounts.staff_family"],
            name="fk_account_roles_account_id_family_accounts",
        ),
        sa.CheckConstraint(
            "CASE WHEN role IN ('moderator', 'safeguarding')"
            " THEN family IS NOT DISTINCT FROM 'moderation'"
            " WHEN role IN ('researcher', 'checker')"
            " THEN family IS NOT DISTINCT FROM 'research'"
            " ELSE role IN ('host', 'adviser', 'administrator') AND family IS NULL END",
            name=op.f("ck_account_roles_role_has_its_family"),
        ),
        schema="identity",
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        _account_id(),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granter_id", sa.Uuid(), nullable=True),
        _at("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_role_grants"),
        _of_account("role_grants"),
        sa.ForeignKeyConstraint(
            ["granter_id"], ["identity.accounts.id"], name="fk_role_grants_granter_id_accounts"
        ),
        sa.CheckConstraint(
            "act IN ('granted', 'taken_back')", name=op.f("ck_role_grants_act_is_known")
        ),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_role_grants_reason_is_given")),
        schema="identity",
    )
    op.create_index(
        "ix_role_grants_account_id", "role_grants", ["account_id", "id"], schema="identity"
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _account_id(),
        sa.Column("description", sa.Text(), nullable=False),
        _at("created_at"),
        _at("last_seen_at"),
        _at("ends_at"),
        _at("second_factor_passed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        _of_account("sessions"),
        schema="identity",
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"], schema="identity")
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"], schema="identity")


def _create_second_factors() -> None:
    op.create_table(
        "second_factors",
        _account_id(),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pending_sealed", sa.LargeBinary(), nullable=True),
        _at("enrolled_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_second_factors"),
        _of_account("second_factors"),
        sa.CheckConstraint(
            "(secret_sealed IS NULL) = (enrolled_at IS NULL)",
            name=op.f("ck_second_factors_enrolled_is_dated"),
        ),
        schema="identity",
    )
    op.create_table(
        "recovery_codes",
        _account_id(),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_recovery_codes"),
        _of_account("recovery_codes"),
        schema="identity",
    )


def _create_links() -> None:
    op.create_table(
        "mailed_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _account_id(),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email_hash", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        _at("expires_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_mailed_links"),
        _of_account("mailed_links"),
        sa.CheckConstraint(
            "CASE WHEN purpose IN ('verification', 'password')"
            " THEN num_nonnulls(email_hash, email_sealed) = 0"
            " ELSE purpose = 'email' AND num_nulls(email_hash, email_sealed) = 0 END",
            name=op.f("ck_mailed_links_purpose_has_its_address"),
        ),
        schema="identity",
    )
    op.create_index("ix_mailed_links_account_id", "mailed_links", ["account_id"], schema="identity")
    op.create_index("ix_mailed_links_expires_at", "mailed_links", ["expires_at"], schema="identity")
