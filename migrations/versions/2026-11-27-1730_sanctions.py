"""Sanctions under a decision: a warning, a limit, a suspension; what became of each; and what the
lower packages must know of them, each in a column of its own.

Nothing has to run for a sanction to end: what holds is asked by time. The database refuses what a
suspended or limited member writes, and hides what a moderator reads first.

The step down takes sanctions away, and with them what they held; lines of the log stay.
"""

from alembic import op

revision = "moderation_0007"
down_revision = "community_0013"
branch_labels = None
depends_on = None

_ACTS = (
    "'opened', 'worried', 'asked_again', 'claimed', 'extended', 'seen', 'released', 'decided', "
    "'alerted', 'reached_out', 'handed_over', 'appealed'"
)
_NEWS = "'reply', 'reaction', 'decision', 'report_answer', 'reach_out', 'hand_over'"

_TABLES = (
    "ALTER TABLE identity.accounts ADD COLUMN suspended_until timestamptz",
    """
    ALTER TABLE community.members
      ADD COLUMN no_posting_until timestamptz,
      ADD COLUMN read_first_until timestamptz
    """,
    """
    CREATE TABLE moderation.sanctions (
      id uuid NOT NULL,
      place bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
      decision_id uuid NOT NULL,
      case_id uuid NOT NULL,
      member_id uuid NOT NULL,
      moderator_id uuid NOT NULL,
      kind text NOT NULL,
      days integer,
      made_at timestamptz NOT NULL,
      CONSTRAINT pk_sanctions PRIMARY KEY (id),
      CONSTRAINT uq_sanctions_decision_id UNIQUE (decision_id),
      CONSTRAINT uq_sanctions_id UNIQUE (id, moderator_id),
      CONSTRAINT fk_sanctions_decision_id_decisions FOREIGN KEY (decision_id, case_id)
        REFERENCES moderation.decisions (id, case_id) ON DELETE RESTRICT,
      CONSTRAINT fk_sanctions_member_id_members FOREIGN KEY (member_id)
        REFERENCES community.members (id) ON DELETE RESTRICT,
      CONSTRAINT fk_sanctions_moderator_id_members FOREIGN KEY (moderator_id)
        REFERENCES community.members (id) ON DELETE RESTRICT,
      CONSTRAINT ck_sanctions_kind CHECK (kind IN ('warn', 'read_first', 'no_posting', 'suspend')),
      CONSTRAINT ck_sanctions_days CHECK (CASE kind WHEN 'warn' THEN days IS NULL
        WHEN 'suspend' THEN days IS NULL OR days BETWEEN 1 AND 366
        ELSE days IS NOT NULL AND days BETWEEN 1 AND 366 END),
      CONSTRAINT ck_sanctions_not_oneself CHECK (member_id <> moderator_id)
    )
    """,
    "CREATE INDEX ix_sanctions_member_id ON moderation.sanctions (member_id, place)",
    """
    CREATE TABLE moderation.sanction_changes (
      id uuid NOT NULL,
      place bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
      sanction_id uuid NOT NULL,
      proposed_by uuid NOT NULL,
      kind text NOT NULL,
      moderator_id uuid,
      ends_at timestamptz,
      reason text,
      changed_at timestamptz NOT NULL,
      CONSTRAINT pk_sanction_changes PRIMARY KEY (id),
      CONSTRAINT fk_sanction_changes_sanction_id_sanctions FOREIGN KEY (sanction_id, proposed_by)
        REFERENCES moderation.sanctions (id, moderator_id) ON DELETE RESTRICT,
      CONSTRAINT fk_sanction_changes_moderator_id_members FOREIGN KEY (moderator_id)
        REFERENCES community.members (id) ON DELETE RESTRICT,
      CONSTRAINT ck_sanction_changes_kind CHECK (kind IN
        ('confirmed', 'declined', 'upheld', 'shortened', 'lifted', 'over')),
      CONSTRAINT ck_sanction_changes_by_another CHECK (
        CASE kind WHEN 'over' THEN moderator_id IS NULL
          ELSE moderator_id IS NOT NULL AND moderator_id <> proposed_by END),
      CONSTRAINT ck_sanction_changes_shorter CHECK ((kind = 'shortened') = (ends_at IS NOT NULL)),
      CONSTRAINT ck_sanction_changes_reason_length
        CHECK (char_length(reason) BETWEEN 10 AND 1000)
    )
    """,
    """
    CREATE INDEX ix_sanction_changes_sanction_id
      ON moderation.sanction_changes (sanction_id, place)
    """,
    """
    CREATE UNIQUE INDEX uq_sanction_changes_settled ON moderation.sanction_changes (sanction_id)
      WHERE kind IN ('confirmed', 'declined')
    """,
    """
    CREATE UNIQUE INDEX uq_sanction_changes_over ON moderation.sanction_changes (sanction_id)
      WHERE kind = 'over'
    """,
    """
    ALTER TABLE moderation.appeals
      ADD COLUMN sanction_id uuid,
      ADD CONSTRAINT fk_appeals_sanction_id_sanctions FOREIGN KEY (sanction_id)
        REFERENCES moderation.sanctions (id) ON DELETE RESTRICT,
      DROP CONSTRAINT uq_appeals_decision_id,
      ADD CONSTRAINT uq_appeals_decision_id
        UNIQUE NULLS NOT DISTINCT (decision_id, sanction_id)
    """,
    f"""
    ALTER TABLE moderation.log
      DROP CONSTRAINT ck_log_act,
      ADD CONSTRAINT ck_log_act CHECK (act IN ({_ACTS}, 'sanctioned', 'confirmed', 'declined',
        'upheld', 'shortened', 'lifted', 'over'))
    """,
    f"""
    ALTER TABLE community.notifications
      DROP CONSTRAINT ck_notifications_kind,
      ADD CONSTRAINT ck_notifications_kind CHECK (kind IN ({_NEWS}, 'sanction'))
    """,
)

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON moderation.{table}
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON moderation.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""

# By the moment that the row gives itself, so that a history is written as it was. What was hidden
# may still be put right by its author; nobody else reads it before a moderator does.
_RULES = """
CREATE FUNCTION community.keep_to_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found record;
  happened timestamptz := CASE TG_OP WHEN 'INSERT' THEN NEW.created_at ELSE NEW.edited_at END;
BEGIN
  SELECT a.suspended_until, m.no_posting_until, m.read_first_until INTO found
  FROM community.members m JOIN identity.accounts a ON a.member_id = m.id
  WHERE m.id = NEW.author_id;
  IF found.suspended_until > happened THEN
    RAISE EXCEPTION 'the account is suspended'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'account_is_suspended';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.visibility = 'hidden' THEN
    RETURN NEW;
  END IF;
  IF found.no_posting_until > happened
      OR (TG_OP = 'UPDATE' AND found.read_first_until > happened) THEN
    RAISE EXCEPTION 'the member is limited'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_is_limited';
  END IF;
  IF found.read_first_until > happened THEN
    NEW.visibility := 'hidden';
    NEW.hidden_reason := 'A moderator reads this before others can.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold_to_standing BEFORE INSERT ON community.posts
  FOR EACH ROW EXECUTE FUNCTION community.keep_to_standing();
CREATE TRIGGER hold_edits_to_standing BEFORE UPDATE OF body_source ON community.posts
  FOR EACH ROW WHEN (NEW.erased_at IS NULL AND OLD.body_source <> NEW.body_source)
  EXECUTE FUNCTION community.keep_to_standing();

CREATE FUNCTION community.refuse_suspended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_refused boolean;
BEGIN
  IF TG_TABLE_NAME = 'reactions' THEN
    is_refused := EXISTS (SELECT FROM fresh JOIN identity.accounts a
      ON a.member_id = fresh.member_id AND a.suspended_until > fresh.created_at);
  ELSE
    is_refused := EXISTS (SELECT FROM fresh JOIN identity.accounts a
      ON a.member_id = fresh.reporter_id AND a.suspended_until > fresh.created_at);
  END IF;
  IF is_refused THEN
    RAISE EXCEPTION 'the account is suspended'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'account_is_suspended';
  END IF;
  RETURN NULL;
END $$;
"""
_WRITTEN = ("community.reactions", "moderation.reports")

_DOWN = (
    "DROP TRIGGER hold_edits_to_standing ON community.posts",
    "DROP TRIGGER hold_to_standing ON community.posts",
    "DROP FUNCTION community.keep_to_standing()",
    f"""
    ALTER TABLE community.notifications
      DROP CONSTRAINT ck_notifications_kind,
      ADD CONSTRAINT ck_notifications_kind CHECK (kind IN ({_NEWS})) NOT VALID
    """,
    f"""
    ALTER TABLE moderation.log
      DROP CONSTRAINT ck_log_act,
      ADD CONSTRAINT ck_log_act CHECK (act IN ({_ACTS})) NOT VALID
    """,
    "ALTER TABLE moderation.appeals DISABLE TRIGGER refuse_change",
    "DELETE FROM moderation.appeals WHERE sanction_id IS NOT NULL",
    "ALTER TABLE moderation.appeals ENABLE TRIGGER refuse_change",
    """
    ALTER TABLE moderation.appeals
      DROP CONSTRAINT uq_appeals_decision_id,
      DROP COLUMN sanction_id,
      ADD CONSTRAINT uq_appeals_decision_id UNIQUE (decision_id)
    """,
    "DROP TABLE moderation.sanction_changes",
    "DROP TABLE moderation.sanctions",
    """
    ALTER TABLE community.members
      DROP COLUMN no_posting_until,
      DROP COLUMN read_first_until
    """,
    "ALTER TABLE identity.accounts DROP COLUMN suspended_until",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
    for table in ("sanctions", "sanction_changes"):
        op.execute(_APPEND_ONLY.format(table=table))
    op.execute(_RULES)
    for table in _WRITTEN:
        op.execute(
            f"CREATE TRIGGER refuse_suspended AFTER INSERT ON {table}"
            " REFERENCING NEW TABLE AS fresh"
            " FOR EACH STATEMENT EXECUTE FUNCTION community.refuse_suspended()"
        )


def downgrade() -> None:
    for table in _WRITTEN:
        op.execute(f"DROP TRIGGER refuse_suspended ON {table}")
    op.execute("DROP FUNCTION community.refuse_suspended()")
    for statement in _DOWN:
        op.execute(statement)
