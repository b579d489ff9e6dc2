"""How members' names look, a mark for those who act for the house, a ledger of second factors
taken off, and by which key a recovery code is known.

Of members whose names look alike already, the one who was here first has the look; the others
keep their names, and no look of their own: the rule is for names chosen from now on.
"""

import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from homoglyph.data import load_prototypes

revision = "identity_0003"
down_revision = "community_0004"
branch_labels = None
depends_on = None

BATCH = 500
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_PROTOTYPES = load_prototypes()

# The mark follows the roles in the transaction that gives or takes them. One role is shown, the
# one that others need to know of first. Research roles are no part of the community.
_MARK = """
CREATE FUNCTION community.mark_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE community.members m SET staff_role = (
    SELECT r.role FROM identity.account_roles r
    WHERE r.account_id = a.id AND r.role IN ('safeguarding', 'moderator', 'administrator')
    ORDER BY array_position(ARRAY['safeguarding', 'moderator', 'administrator'], r.role) LIMIT 1)
  FROM identity.accounts a
  WHERE a.id = coalesce(NEW.account_id, OLD.account_id) AND m.id = a.member_id;
  RETURN NULL;
END $$
"""
_MARK_NOW = """
UPDATE community.members m SET staff_role = held.role
FROM (
  SELECT DISTINCT ON (a.member_id) a.member_id, r.role
  FROM identity.accounts a JOIN identity.account_roles r ON r.account_id = a.id
  WHERE r.role IN ('safeguarding', 'moderator', 'administrator')
  ORDER BY a.member_id, array_position(ARRAY['safeguarding', 'moderator', 'administrator'], r.role)
) held WHERE held.member_id = m.id
"""


def upgrade() -> None:
    for name in ("look", "folded_look", "staff_role"):
        op.add_column("members", sa.Column(name, sa.Text(), nullable=True), schema="community")
    _fill_looks()
    for name in ("look", "folded_look"):
        op.create_unique_constraint(
            op.f(f"uq_members_{name}"), "members", [name], schema="community"
        )
    op.create_check_constraint(
        op.f("ck_members_left_has_no_look"),
        "members",
        "left_at IS NULL OR num_nonnulls(look, folded_look) = 0",
        schema="community",
    )
    op.create_check_constraint(
        op.f("ck_members_staff_role_is_known"),
        "members",
        "staff_role IN ('safeguarding', 'moderator', 'administrator')",
        schema="community",
    )
    op.execute(_MARK)
    op.execute(
        "CREATE TRIGGER mark_staff AFTER INSERT OR DELETE ON identity.account_roles"
        " FOR EACH ROW EXECUTE FUNCTION community.mark_staff()"
    )
    op.execute(_MARK_NOW)
    _create_ledger()
    op.add_column(
        "recovery_codes", sa.Column("key_id", sa.LargeBinary(), nullable=True), schema="identity"
    )


def _fill_looks() -> None:
    connection = op.get_bind()
    looks: set[str] = set()
    folded_looks: set[str] = set()
    for rows in _batches(connection):
        found = []
        for member_id, name in rows:
            look, folded = _skeleton(_one_line(name)), _folded(name)
            if look in looks or folded in folded_looks:
                continue
            looks.add(look)
            folded_looks.add(folded)
            found.append({"id": member_id, "look": look, "folded": folded})
        if found:
            connection.execute(
                sa.text(
                    "UPDATE community.members SET look = :look, folded_look = :folded"
                    " WHERE id = :id"
                ),
                found,
            )


def _batches(connection: sa.Connection) -> Iterator[list[tuple[object, str]]]:
    """Who has a name, the earliest first (ids sort by time)."""
    last = "00000000-0000-0000-0000-000000000000"
    query = sa.text(
        "SELECT id, display_name FROM community.members"
        " WHERE id > CAST(:last AS uuid) AND left_at IS NULL ORDER BY id LIMIT :batch"
    )
    while True:
        rows = [
            (row[0], row[1]) for row in connection.execute(query, {"last": last, "batch": BATCH})
        ]
        if not rows:
            return
        yield rows
        last = str(rows[-1][0])


def _visible(text: str) -> str:
    shown = _INVISIBLE.sub("", text)
    return "".join(sign for sign in shown if unicodedata.category(sign) != "Cf")


def _skeleton(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", _visible(text))
    return unicodedata.normalize("NFD", decomposed.translate(_PROTOTYPES))


def _one_line(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", _visible(name)).split())


def _folded(name: str) -> str:
    text = _one_line(unicodedata.normalize("NFKC", _one_line(name).casefold()))
    for _ in range(2):
        text = _skeleton(unicodedata.normalize("NFKC", text).casefold())
    return text.casefold()


def _create_ledger() -> None:
    op.create_table(
        "second_factor_removals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("asked_id", sa.Uuid(), nullable=True),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE act"
            " WHEN 'asked' THEN actor_id <> account_id AND num_nonnulls(asked_id, asker_id) = 0"
            " WHEN 'agreed' THEN actor_id <> account_id AND actor_id <> asker_id"
            " AND asker_id <> account_id AND asked_id IS NOT NULL"
            " WHEN 'by_owner' THEN actor_id = account_id AND num_nonnulls(asked_id, asker_id) = 0"
            " WHEN 'by_command' THEN num_nonnulls(actor_id, asked_id, asker_id) = 0"
            " ELSE false END IS TRUE",
            name=op.f("ck_second_factor_removals_act_has_its_people"),
        ),
        sa.CheckConstraint(
            "btrim(reason) <> ''", name=op.f("ck_second_factor_removals_reason_is_given")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["identity.accounts.id"],
            name=op.f("fk_second_factor_removals_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["identity.accounts.id"],
            name=op.f("fk_second_factor_removals_actor_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"],
            ["identity.second_factor_removals.id"],
            name=op.f("fk_second_factor_removals_asked_id_second_factor_removals"),
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"],
            ["identity.accounts.id"],
            name=op.f("fk_second_factor_removals_asker_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor_removals")),
        sa.UniqueConstraint("asked_id", name=op.f("uq_second_factor_removals_asked_id")),
        schema="identity",
    )
    op.create_index(
        "ix_second_factor_removals_account_id",
        "second_factor_removals",
        ["account_id", "id"],
        schema="identity",
    )
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON identity.second_factor_removals"
        " FOR EACH ROW EXECUTE FUNCTION core.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON identity.second_factor_removals"
        " FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change()"
    )


def downgrade() -> None:
    op.drop_column("recovery_codes", "key_id", schema="identity")
    op.drop_table("second_factor_removals", schema="identity")
    op.execute("DROP TRIGGER mark_staff ON identity.account_roles")
    op.execute("DROP FUNCTION community.mark_staff()")
    for name in ("look", "folded_look", "staff_role"):
        op.drop_column("members", name, schema="community")
