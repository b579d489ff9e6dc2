"""Writing to an author and asking the safeguarding lead; filters of the log.

What a moderator does in an open case beside deciding it is a step, kept for good. What the author
is sent is news of a kind of its own, and so is what the lead is asked.

The step down keeps lines and news of kinds that the older version did not know.
"""

import sqlalchemy as sa
from alembic import op

revision = "moderation_0004"
down_revision = "moderation_0003"
branch_labels = None
depends_on = None

_LOG_ACTS = (
    "'opened', 'worried', 'asked_again', 'claimed', 'extended', 'seen', 'released', 'decided', "
    "'alerted'"
)
_NEWS = "'reply', 'reaction', 'decision', 'report_answer'"

_UP = (
    "ALTER TABLE moderation.cases ADD COLUMN handed_over_at timestamptz",
    """
    CREATE INDEX ix_cases_handed_over ON moderation.cases (place)
      WHERE decision_id IS NULL AND handed_over_at IS NOT NULL
    """,
    """
    CREATE TABLE moderation.steps (
      id uuid NOT NULL,
      place bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
      case_id uuid NOT NULL,
      post_id uuid NOT NULL,
      moderator_id uuid NOT NULL,
      kind text NOT NULL,
      words text NOT NULL,
      revision integer NOT NULL,
      made_at timestamptz NOT NULL,
      CONSTRAINT pk_steps PRIMARY KEY (id),
      CONSTRAINT fk_steps_case_id_cases FOREIGN KEY (case_id)
        REFERENCES moderation.cases (id) ON DELETE RESTRICT,
      CONSTRAINT fk_steps_post_id_posts FOREIGN KEY (post_id)
        REFERENCES community.posts (id) ON DELETE RESTRICT,
      CONSTRAINT fk_steps_moderator_id_members FOREIGN KEY (moderator_id)
        REFERENCES community.members (id) ON DELETE RESTRICT,
      CONSTRAINT ck_steps_kind CHECK (kind IN ('reached_out', 'handed_over')),
      CONSTRAINT ck_steps_words_length CHECK (char_length(words) BETWEEN 10 AND 1000)
    )
    """,
    "CREATE INDEX ix_steps_case_id ON moderation.steps (case_id, kind, place)",
    "CREATE INDEX ix_steps_post_id ON moderation.steps (post_id, place)",
    """
    CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON moderation.steps
      FOR EACH ROW EXECUTE FUNCTION core.refuse_change()
    """,
    """
    CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON moderation.steps
      FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change()
    """,
    f"""
    ALTER TABLE moderation.log
      DROP CONSTRAINT ck_log_act,
      ADD CONSTRAINT ck_log_act
        CHECK (act IN ({_LOG_ACTS}, 'reached_out', 'handed_over'))
    """,
    "CREATE INDEX ix_log_actor_id ON moderation.log (actor_id, seq)",
    "CREATE INDEX ix_log_act ON moderation.log (act, seq)",
    "CREATE INDEX ix_log_at ON moderation.log (at)",
    f"""
    ALTER TABLE community.notifications
      DROP CONSTRAINT ck_notifications_kind,
      ADD CONSTRAINT ck_notifications_kind
        CHECK (kind IN ({_NEWS}, 'reach_out', 'hand_over'))
    """,
)

_DOWN = (
    f"""
    ALTER TABLE community.notifications
      DROP CONSTRAINT ck_notifications_kind,
      ADD CONSTRAINT ck_notifications_kind CHECK (kind IN ({_NEWS})) NOT VALID
    """,
    "DROP INDEX moderation.ix_log_at",
    "DROP INDEX moderation.ix_log_act",
    "DROP INDEX moderation.ix_log_actor_id",
    f"""
    ALTER TABLE moderation.log
      DROP CONSTRAINT ck_log_act,
      ADD CONSTRAINT ck_log_act CHECK (act IN ({_LOG_ACTS})) NOT VALID
    """,
    "DROP TABLE moderation.steps",
    "DROP INDEX moderation.ix_cases_handed_over",
    "ALTER TABLE moderation.cases DROP COLUMN handed_over_at",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(sa.text(statement))
