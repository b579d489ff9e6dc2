"""Reports, cases, decisions, second looks, and the hash-chained log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "moderation_0001"
down_revision = "community_0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_ACTS = "'nothing', 'fold', 'hide', 'restore'"
_REASONS = "'hurtful', 'unsafe_method', 'personal_details', 'spam', 'something_else'"
_LOG_ACTS = (
    "'opened', 'worried', 'asked_again', 'claimed', 'extended', 'seen', 'released', 'decided'"
)

# The lock makes numbering and linking one after another: each line is committed before the next
# is numbered, so there are no gaps and no two lines follow the same one. READ COMMITTED gives the
# SELECT a snapshot taken after the lock.
_CHAIN = """
CREATE FUNCTION moderation.netstring(field text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN field IS NULL THEN '~'
    ELSE octet_length(convert_to(field, 'UTF8'))::text || ':' || field END
$$;

CREATE FUNCTION moderation.link_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(7221017);
  SELECT seq, hash INTO last FROM moderation.log ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.prev_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
  NEW.hash := sha256(
    convert_to(
      moderation.netstring(NEW.seq::text)
      || moderation.netstring(to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
      || moderation.netstring(NEW.act)
      || moderation.netstring(NEW.actor_id::text)
      || moderation.netstring(NEW.case_id::text)
      || moderation.netstring(NEW.post_id::text)
      || moderation.netstring(NEW.facts),
      'UTF8')
    || NEW.prev_hash);
  RETURN NEW;
END $$;

CREATE TRIGGER link_log BEFORE INSERT ON moderation.log
  FOR EACH ROW EXECUTE FUNCTION moderation.link_log();
"""

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON moderation.{table}
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON moderation.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""

_DECIDED_STAYS = """
CREATE TRIGGER decided_stays BEFORE UPDATE OR DELETE ON moderation.cases
  FOR EACH ROW WHEN (OLD.decision_id IS NOT NULL) EXECUTE FUNCTION core.refuse_change();
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA moderation")
    _cases()
    _reports()
    _decisions()
    _second_looks()
    _log()
    for table in ("decisions", "second_looks", "log"):
        op.execute(_APPEND_ONLY.format(table=table))
    op.execute(_DECIDED_STAYS)
    op.execute(_CHAIN)


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("is_worried", sa.Boolean(), nullable=False),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", _TIME, nullable=True),
        sa.Column("claim_expires_at", _TIME, nullable=True),
        sa.Column("claim_revision", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("report_count >= 0", name="ck_cases_report_count"),
        sa.CheckConstraint(
            "num_nulls(claimed_by, claimed_at, claim_expires_at, claim_revision) IN (0, 4)",
            name="ck_cases_claim_is_whole",
        ),
        sa.CheckConstraint("claim_expires_at > claimed_at", name="ck_cases_claim_lasts"),
        _points_at("cases", "post_id", "community.posts"),
        _points_at("cases", "claimed_by", "community.members"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        schema="moderation",
    )
    is_open = sa.text("decision_id IS NULL")
    op.create_index(
        "uq_cases_open_post_id",
        "cases",
        ["post_id"],
        unique=True,
        schema="moderation",
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_cases_queue",
        "cases",
        [sa.text("(NOT is_worried)"), "opened_at", "id"],
        schema="moderation",
        postgresql_where=is_open,
    )
    op.create_index("ix_cases_post_id", "cases", ["post_id"], schema="moderation")
    op.create_index(
        "ix_cases_claimed_by",
        "cases",
        ["claimed_by"],
        schema="moderation",
        postgresql_where=sa.text("decision_id IS NULL AND claimed_by IS NOT NULL"),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("is_worried", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name="ck_reports_reason"),
        sa.CheckConstraint("is_worried OR reason IS NOT NULL", name="ck_reports_says_why"),
        sa.CheckConstraint("char_length(detail) <= 1000", name="ck_reports_detail_length"),
        sa.CheckConstraint("revision >= 1", name="ck_reports_revision"),
        _points_at("reports", "case_id", "moderation.cases"),
        _points_at("reports", "reporter_id", "community.members"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("case_id", "reporter_id", name="uq_reports_case_id_reporter_id"),
        schema="moderation",
    )
    op.create_index(
        "ix_reports_reporter_id",
        "reports",
        ["reporter_id", sa.text("created_at DESC"), sa.text("id DESC")],
        schema="moderation",
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note_about", sa.Text(), nullable=True),
        sa.Column("author_note", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decided_at", _TIME, nullable=False),
        sa.CheckConstraint(f"act IN ({_ACTS})", name="ck_decisions_act"),
        sa.CheckConstraint(
            "(act = 'fold') = (note_about IS NOT NULL)", name="ck_decisions_fold_has_note"
        ),
        sa.CheckConstraint(
            "act = 'fold' OR author_note IS NULL", name="ck_decisions_fold_keeps_note"
        ),
        sa.CheckConstraint(
            "char_length(reason) BETWEEN 10 AND 1000", name="ck_decisions_reason_length"
        ),
        _points_at("decisions", "case_id", "moderation.cases"),
        _points_at("decisions", "post_id", "community.posts"),
        _points_at("decisions", "moderator_id", "community.members"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("case_id", name="uq_decisions_case_id"),
        sa.UniqueConstraint("id", "case_id", name="uq_decisions_id"),
        schema="moderation",
    )
    op.create_index(
        "ix_decisions_post_id", "decisions", ["post_id", "decided_at"], schema="moderation"
    )
    op.create_index(
        "ix_decisions_decided_at",
        "decisions",
        [sa.text("decided_at DESC"), sa.text("id DESC")],
        schema="moderation",
    )
    op.create_foreign_key(
        "fk_cases_decision_id_decisions",
        "cases",
        "decisions",
        ["decision_id", "id"],
        ["id", "case_id"],
        source_schema="moderation",
        referent_schema="moderation",
    )


def _second_looks() -> None:
    op.create_table(
        "second_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.CheckConstraint("char_length(words) <= 1000", name="ck_second_looks_words_length"),
        _points_at("second_looks", "decision_id", "moderation.decisions"),
        _points_at("second_looks", "case_id", "moderation.cases"),
        _points_at("second_looks", "asked_by", "community.members"),
        sa.PrimaryKeyConstraint("id", name="pk_second_looks"),
        sa.UniqueConstraint("decision_id", name="uq_second_looks_decision_id"),
        schema="moderation",
    )
    op.create_index("ix_second_looks_case_id", "second_looks", ["case_id"], schema="moderation")


def _log() -> None:
    op.create_table(
        "log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("prev_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint(f"act IN ({_LOG_ACTS})", name="ck_log_act"),
        sa.CheckConstraint("seq >= 1", name="ck_log_seq"),
        sa.CheckConstraint("jsonb_typeof(facts::jsonb) = 'object'", name="ck_log_facts_is_object"),
        _points_at("log", "actor_id", "community.members"),
        _points_at("log", "case_id", "moderation.cases"),
        sa.PrimaryKeyConstraint("seq", name="pk_log"),
        sa.UniqueConstraint("prev_hash", name="uq_log_prev_hash"),
        schema="moderation",
    )
    op.create_index("ix_log_case_id", "log", ["case_id", "seq"], schema="moderation")


def _points_at(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.rpartition('.')[2]}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def downgrade() -> None:
    op.execute("DROP SCHEMA moderation CASCADE")
