"""The team's hours and targets, how many people stand behind a case, and texts that are erased.

Cases learn how many different people worry, since when, and who flagged when it was one alone.
Posts can be covered where they quote what was hidden, and erased after they were taken back.

The step down keeps lines and posts of kinds that the older version did not know.
"""

import sqlalchemy as sa
from alembic import op

revision = "moderation_0003"
down_revision = "identity_0003"
branch_labels = None
depends_on = None

_LOG_ACTS = (
    "'opened', 'worried', 'asked_again', 'claimed', 'extended', 'seen', 'released', 'decided'"
)

_TEAM = (
    """
    CREATE TABLE moderation.hours (
      weekday integer NOT NULL,
      opens integer NOT NULL,
      closes integer NOT NULL,
      CONSTRAINT pk_hours PRIMARY KEY (weekday, opens),
      CONSTRAINT ck_hours_weekday CHECK (weekday BETWEEN 0 AND 6),
      CONSTRAINT ck_hours_within_a_day CHECK (opens >= 0 AND closes <= 1440 AND opens < closes)
    )
    """,
    """
    CREATE TABLE moderation.targets (
      kind text NOT NULL,
      minutes integer NOT NULL,
      CONSTRAINT pk_targets PRIMARY KEY (kind),
      CONSTRAINT ck_targets_kind CHECK (kind IN ('worried', 'breaks_rules', 'second_look')),
      CONSTRAINT ck_targets_minutes CHECK (minutes BETWEEN 15 AND 43200)
    )
    """,
    """
    INSERT INTO moderation.targets (kind, minutes)
    VALUES ('worried', 60), ('breaks_rules', 1440), ('second_look', 4320)
    """,
)

# A decided case refuses to be changed; what is counted here was true when it was decided.
_PEOPLE = (
    """
    ALTER TABLE moderation.cases
      ADD COLUMN worried_count integer NOT NULL DEFAULT 0,
      ADD COLUMN worried_at timestamptz,
      ADD COLUMN sole_reporter_id uuid,
      ADD COLUMN alerts integer NOT NULL DEFAULT 0,
      ADD COLUMN people integer NOT NULL GENERATED ALWAYS AS
        (greatest(CASE WHEN is_worried THEN worried_count ELSE report_count END, 1)) STORED
    """,
    "ALTER TABLE moderation.cases DISABLE TRIGGER decided_stays",
    """
    UPDATE moderation.cases c SET worried_count = found.worried, worried_at = found.worried_at,
      sole_reporter_id = CASE WHEN c.report_count = 1 AND NOT EXISTS (
        SELECT FROM moderation.second_looks s WHERE s.case_id = c.id) THEN found.reporter_id END
    FROM (
      SELECT case_id, count(DISTINCT reporter_id) FILTER (WHERE is_worried) AS worried,
        min(created_at) FILTER (WHERE is_worried) AS worried_at,
        min(reporter_id::text)::uuid AS reporter_id
      FROM moderation.reports GROUP BY case_id
    ) found
    WHERE found.case_id = c.id
    """,
    "ALTER TABLE moderation.cases ENABLE TRIGGER decided_stays",
    """
    ALTER TABLE moderation.cases
      ADD CONSTRAINT ck_cases_worried_count
        CHECK (worried_count BETWEEN 0 AND report_count
          AND is_worried = (worried_count > 0) AND is_worried = (worried_at IS NOT NULL)),
      ADD CONSTRAINT ck_cases_alerts CHECK (alerts BETWEEN 0 AND 2),
      ADD CONSTRAINT fk_cases_sole_reporter_id_members FOREIGN KEY (sole_reporter_id)
        REFERENCES community.members (id) ON DELETE RESTRICT
    """,
    "DROP INDEX moderation.ix_cases_queue",
    """
    CREATE INDEX ix_cases_queue ON moderation.cases
      ((NOT is_worried), (- people), place) WHERE decision_id IS NULL
    """,
    """
    CREATE INDEX ix_cases_sole_reporter_id ON moderation.cases
      (sole_reporter_id, is_worried, place)
      WHERE decision_id IS NULL AND sole_reporter_id IS NOT NULL
    """,
    "ALTER TABLE moderation.log DROP CONSTRAINT ck_log_ck_log_act",
    f"""
    ALTER TABLE moderation.log
      ADD CONSTRAINT ck_log_act CHECK (act IN ({_LOG_ACTS}, 'alerted'))
    """,
)

# What quotes a hidden text is shown to everyone with the quote covered; its author keeps the
# source. An erased text is empty: it was taken back, and its time is over.
_POSTS = (
    """
    ALTER TABLE community.posts
      ADD COLUMN covered_html text,
      ADD COLUMN erased_at timestamptz,
      DROP CONSTRAINT ck_posts_body_length,
      ADD CONSTRAINT ck_posts_body_length CHECK (
        CASE WHEN erased_at IS NULL THEN char_length(body_source) BETWEEN 1 AND 10000
        ELSE body_source = '' AND body_html = '' AND covered_html IS NULL END),
      ADD CONSTRAINT ck_posts_erased CHECK (erased_at IS NULL OR withdrawn_at IS NOT NULL)
    """,
    """
    CREATE INDEX ix_posts_withdrawn_at ON community.posts (withdrawn_at)
      WHERE withdrawn_at IS NOT NULL AND erased_at IS NULL
    """,
    """
    CREATE OR REPLACE FUNCTION community.shown_html(p community.posts)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN p.withdrawn_at IS NULL THEN coalesce(p.covered_html, p.body_html) ELSE '' END
    $$
    """,
)

_DOWN = (
    """
    CREATE OR REPLACE FUNCTION community.shown_html(p community.posts)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN p.withdrawn_at IS NULL THEN p.body_html ELSE '' END
    $$
    """,
    "DROP INDEX community.ix_posts_withdrawn_at",
    """
    ALTER TABLE community.posts
      DROP CONSTRAINT ck_posts_erased,
      DROP CONSTRAINT ck_posts_body_length,
      ADD CONSTRAINT ck_posts_body_length
        CHECK (char_length(body_source) BETWEEN 1 AND 10000) NOT VALID,
      DROP COLUMN covered_html,
      DROP COLUMN erased_at
    """,
    "ALTER TABLE moderation.log DROP CONSTRAINT ck_log_act",
    f"""
    ALTER TABLE moderation.log
      ADD CONSTRAINT ck_log_ck_log_act CHECK (act IN ({_LOG_ACTS})) NOT VALID
    """,
    "DROP INDEX moderation.ix_cases_queue",
    "DROP INDEX moderation.ix_cases_sole_reporter_id",
    """
    ALTER TABLE moderation.cases
      DROP CONSTRAINT ck_cases_worried_count,
      DROP CONSTRAINT ck_cases_alerts,
      DROP COLUMN people,
      DROP COLUMN worried_count,
      DROP COLUMN worried_at,
      DROP COLUMN sole_reporter_id,
      DROP COLUMN alerts
    """,
    """
    CREATE INDEX ix_cases_queue ON moderation.cases ((NOT is_worried), place)
      WHERE decision_id IS NULL
    """,
    "DROP TABLE moderation.targets",
    "DROP TABLE moderation.hours",
)


def upgrade() -> None:
    for statement in (*_TEAM, *_PEOPLE, *_POSTS):
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(sa.text(statement))
