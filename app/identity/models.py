"""Tables of accounts, their sign-ins, second factors, roles and the links in our letters."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

ACCOUNT = "identity.accounts.id"


class Account(SQLModel, table=True):
    """Someone's sign-in. The person in the community is the member of `member_id`.

    A closed account keeps its row, for what was written under it, and nothing that names anyone.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("member_id"),
        UniqueConstraint("email_hash"),
        UniqueConstraint("id", "staff_family"),
        CheckConstraint("staff_family IN ('moderation', 'research')", name="staff_family_is_known"),
        CheckConstraint(
            "CASE WHEN closed_at IS NULL"
            " THEN num_nulls(email_hash, email_sealed, password_hash) = 0"
            " ELSE num_nonnulls(email_hash, email_sealed, password_hash, staff_family) = 0 END",
            name="closed_holds_nothing",
        ),
        CheckConstraint(
            "decoy_of IS NULL OR (verified_at IS NULL AND closed_at IS NULL)",
            name="decoy_is_never_confirmed",
        ),
        Index("ix_accounts_decoy_of", "decoy_of", postgresql_where=text("decoy_of IS NOT NULL")),
        Index(
            "ix_accounts_unverified",
            "created_at",
            postgresql_where=text("verified_at IS NULL AND closed_at IS NULL"),
        ),
        {"schema": "identity"},
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID
    email_hash: bytes | None = Field(sa_column=Column(LargeBinary))
    email_sealed: bytes | None = Field(sa_column=Column(LargeBinary))
    password_hash: str | None = Field(sa_column=Column(Text))
    #: The family of its staff roles; a role of the other family has no row to point at.
    staff_family: str | None = Field(default=None, sa_column=Column(Text))
    #: Of a decoy: the hash of the address that someone joined with and that was known already. No
    #: letter leads to it; it holds the name asked for, and goes as an unconfirmed account does.
    decoy_of: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    is_demo: bool = False
    adult_affirmed_at: datetime
    rules_agreed_at: datetime
    created_at: datetime
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    #: The community is shut to it until then; by what moderators decided (`account_standing`).
    suspended_until: datetime | None = None


class AccountRole(SQLModel, table=True):
    """A role held now. `family` ties it to the account's own: moderation or research, not both."""

    __tablename__ = "account_roles"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "family"], ["identity.accounts.id", "identity.accounts.staff_family"]
        ),
        CheckConstraint(
            "CASE WHEN role IN ('moderator', 'safeguarding')"
            " THEN family IS NOT DISTINCT FROM 'moderation'"
            " WHEN role IN ('researcher', 'checker')"
            " THEN family IS NOT DISTINCT FROM 'research'"
            " ELSE role IN ('host', 'adviser', 'administrator') AND family IS NULL END",
            name="role_has_its_family",
        ),
        {"schema": "identity"},
    )

    account_id: UUID = Field(sa_column=Column(ForeignKey(ACCOUNT), primary_key=True))
    role: str = Field(sa_column=Column(Text, primary_key=True))
    family: str | None = Field(default=None, sa_column=Column(Text))


class RoleGrant(SQLModel, table=True):
    """A line of the ledger of appointments. Append-only; without a granter it came from the
    command line of the machine itself."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("act IN ('granted', 'taken_back')", name="act_is_known"),
        CheckConstraint("btrim(reason) <> ''", name="reason_is_given"),
        Index("ix_role_grants_account_id", "account_id", "id"),
        {"schema": "identity"},
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key=ACCOUNT)
    role: str = Field(sa_column=Column(Text, nullable=False))
    act: str = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    granter_id: UUID | None = Field(default=None, foreign_key=ACCOUNT)
    created_at: datetime


class SignIn(SQLModel, table=True):
    """One browser signed in. Its row goes when it ends."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_sessions_account_id", "account_id"),
        Index("ix_sessions_ends_at", "ends_at"),
        {"schema": "identity"},
    )

    id: UUID = Field(primary_key=True)
    token_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    account_id: UUID = Field(foreign_key=ACCOUNT)
    description: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    second_factor_passed_at: datetime | None = None


class KnownBrowser(SQLModel, table=True):
    """A browser that an account has signed in from: strangers' wrong passwords don't shut it out.

    `session_id` is its last sign-in there, by which it is forgotten; that row may be gone.
    """

    __tablename__ = "known_browsers"
    __table_args__ = (
        Index("ix_known_browsers_account_id", "account_id"),
        Index("ix_known_browsers_ends_at", "ends_at"),
        {"schema": "identity"},
    )

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    account_id: UUID = Field(foreign_key=ACCOUNT)
    session_id: UUID | None = None
    ends_at: datetime


class SecondFactor(SQLModel, table=True):
    """The shared secret of an authenticator app; `pending_sealed` waits for its first code."""

    __tablename__ = "second_factors"
    __table_args__ = (
        CheckConstraint(
            "(secret_sealed IS NULL) = (enrolled_at IS NULL)", name="enrolled_is_dated"
        ),
        {"schema": "identity"},
    )

    account_id: UUID = Field(sa_column=Column(ForeignKey(ACCOUNT), primary_key=True))
    secret_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    pending_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    enrolled_at: datetime | None = None
    #: The newest 30-second step whose code was taken: none at or before it is taken again.
    last_step: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class RecoveryCode(SQLModel, table=True):
    """A code for the day the phone is gone; its row goes when it is used."""

    __tablename__ = "recovery_codes"
    __table_args__ = ({"schema": "identity"},)

    account_id: UUID = Field(sa_column=Column(ForeignKey(ACCOUNT), primary_key=True))
    code_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    #: Of the key that the hash was made with; unknown for codes from before keys had ids.
    key_id: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class SecondFactorRemoval(SQLModel, table=True):
    """A line of the ledger of second factors taken off: asked for by one administrator, agreed by
    another, done by a command on the server, or by the owner. Append-only."""

    __tablename__ = "second_factor_removals"
    __table_args__ = (
        CheckConstraint(
            "CASE act"
            " WHEN 'asked' THEN actor_id <> account_id AND num_nonnulls(asked_id, asker_id) = 0"
            " WHEN 'agreed' THEN actor_id <> account_id AND actor_id <> asker_id"
            " AND asker_id <> account_id AND asked_id IS NOT NULL"
            " WHEN 'by_owner' THEN actor_id = account_id AND num_nonnulls(asked_id, asker_id) = 0"
            " WHEN 'by_command' THEN num_nonnulls(actor_id, asked_id, asker_id) = 0"
            " ELSE false END IS TRUE",
            name="act_has_its_people",
        ),
        CheckConstraint("btrim(reason) <> ''", name="reason_is_given"),
        UniqueConstraint("asked_id"),
        Index("ix_second_factor_removals_account_id", "account_id", "id"),
        {"schema": "identity"},
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key=ACCOUNT)
    act: str = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    actor_id: UUID | None = Field(default=None, foreign_key=ACCOUNT)
    asked_id: UUID | None = Field(default=None, foreign_key="identity.second_factor_removals.id")
    asker_id: UUID | None = Field(default=None, foreign_key=ACCOUNT)
    created_at: datetime


class MailedLink(SQLModel, table=True):
    """A link in a letter, good once and for a while."""

    __tablename__ = "mailed_links"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN purpose IN ('verification', 'password')"
            " THEN num_nonnulls(email_hash, email_sealed) = 0"
            " ELSE purpose = 'email' AND num_nulls(email_hash, email_sealed) = 0 END",
            name="purpose_has_its_address",
        ),
        Index("ix_mailed_links_account_id", "account_id"),
        Index("ix_mailed_links_expires_at", "expires_at"),
        {"schema": "identity"},
    )

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    account_id: UUID = Field(foreign_key=ACCOUNT)
    purpose: str = Field(sa_column=Column(Text, nullable=False))
    email_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    email_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    expires_at: datetime
