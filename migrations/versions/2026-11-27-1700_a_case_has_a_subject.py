"""A case, a decision, a step and a line of the log have a subject: its kind, id and version.

Which kinds there are stands in one CHECK, of cases; whatever else names a subject names it
together with its case, so that it can't be another. A line of the log says in which format it was
hashed: what was written before is format 1 and keeps its hash, what is written from here on is
format 2 and follows it.

The step down keeps the formats, so that a later step up still verifies every line. In between the
release before calls the first line of format 2 changed.
"""

from alembic import op

revision = "moderation_0005"
down_revision = "core_0003"
branch_labels = None
depends_on = None

_CASES = (
    "ALTER TABLE moderation.cases RENAME COLUMN post_id TO subject_id",
    """
    ALTER TABLE moderation.cases
      DROP CONSTRAINT fk_cases_post_id_posts,
      ADD COLUMN subject_kind text,
      ADD COLUMN subject_version integer
    """,
    "ALTER TABLE moderation.cases DISABLE TRIGGER decided_stays",
    # The text that the case opened about: the first that was flagged, else the one decided about
    # before, or by it, else the one that stood there when a moderator took it.
    """
    UPDATE moderation.cases c SET
      subject_kind = CASE WHEN p.parent_id IS NULL THEN 'post' ELSE 'reply' END,
      subject_version = coalesce(
        (SELECT min(r.revision) FROM moderation.reports r WHERE r.case_id = c.id),
        (SELECT min(d.revision) FROM moderation.second_looks s
          JOIN moderation.decisions d ON d.id = s.decision_id WHERE s.case_id = c.id),
        (SELECT d.revision FROM moderation.decisions d WHERE d.id = c.decision_id),
        c.claim_revision, p.revision)
    FROM community.posts p WHERE p.id = c.subject_id
    """,
    "ALTER TABLE moderation.cases ENABLE TRIGGER decided_stays",
    """
    ALTER TABLE moderation.cases
      ALTER COLUMN subject_kind SET NOT NULL,
      ALTER COLUMN subject_version SET NOT NULL,
      ADD COLUMN post_id uuid GENERATED ALWAYS AS
        (CASE WHEN subject_kind IN ('post', 'reply') THEN subject_id END) STORED,
      ADD CONSTRAINT ck_cases_subject_kind CHECK (subject_kind IN ('post', 'reply')),
      ADD CONSTRAINT ck_cases_subject_version CHECK (subject_version >= 1),
      ADD CONSTRAINT fk_cases_post_id_posts FOREIGN KEY (post_id)
        REFERENCES community.posts (id) ON DELETE RESTRICT,
      ADD CONSTRAINT uq_cases_id UNIQUE (id, subject_kind, subject_id)
    """,
    "DROP INDEX moderation.uq_cases_open_post_id",
    "DROP INDEX moderation.ix_cases_post_id",
    """
    CREATE UNIQUE INDEX uq_cases_open_subject ON moderation.cases (subject_kind, subject_id)
      WHERE decision_id IS NULL
    """,
    "CREATE INDEX ix_cases_post_id ON moderation.cases (post_id)",
)


def _of_its_case(table: str) -> tuple[str, ...]:
    """A decision or a step is about the subject of its case."""
    index = f"ALTER INDEX moderation.ix_{table}_post_id RENAME TO ix_{table}_subject_id"
    return (
        f"ALTER TABLE moderation.{table} RENAME COLUMN post_id TO subject_id",
        f"ALTER TABLE moderation.{table} RENAME COLUMN revision TO subject_version",
        f"""
        ALTER TABLE moderation.{table}
          DROP CONSTRAINT fk_{table}_post_id_posts,
          DROP CONSTRAINT fk_{table}_case_id_cases,
          ADD COLUMN subject_kind text
        """,
        f"ALTER TABLE moderation.{table} DISABLE TRIGGER refuse_change",
        f"""
        UPDATE moderation.{table} t SET subject_kind = c.subject_kind
        FROM moderation.cases c WHERE c.id = t.case_id
        """,
        f"ALTER TABLE moderation.{table} ENABLE TRIGGER refuse_change",
        f"""
        ALTER TABLE moderation.{table}
          ALTER COLUMN subject_kind SET NOT NULL,
          ADD CONSTRAINT ck_{table}_subject_version CHECK (subject_version >= 1),
          ADD CONSTRAINT fk_{table}_case_id_cases FOREIGN KEY (case_id, subject_kind, subject_id)
            REFERENCES moderation.cases (id, subject_kind, subject_id) ON DELETE RESTRICT
        """,
        index,
    )


_LOG = (
    "ALTER TABLE moderation.log RENAME COLUMN post_id TO subject_id",
    """
    ALTER TABLE moderation.log
      DROP CONSTRAINT fk_log_case_id_cases,
      ADD COLUMN IF NOT EXISTS format integer,
      ADD COLUMN IF NOT EXISTS subject_version integer,
      ADD COLUMN subject_kind text
    """,
    "ALTER TABLE moderation.log DISABLE TRIGGER refuse_change",
    """
    UPDATE moderation.log l SET subject_kind = c.subject_kind, format = coalesce(l.format, 1)
    FROM moderation.cases c WHERE c.id = l.case_id
    """,
    "ALTER TABLE moderation.log ENABLE TRIGGER refuse_change",
    """
    ALTER TABLE moderation.log
      ALTER COLUMN subject_kind SET NOT NULL,
      ALTER COLUMN format SET NOT NULL,
      ADD CONSTRAINT ck_log_format CHECK (format BETWEEN 1 AND 2),
      ADD CONSTRAINT ck_log_subject_version CHECK (subject_version >= 1),
      ADD CONSTRAINT ck_log_names_a_version CHECK ((format = 1) = (subject_version IS NULL)),
      ADD CONSTRAINT fk_log_case_id_cases FOREIGN KEY (case_id, subject_kind, subject_id)
        REFERENCES moderation.cases (id, subject_kind, subject_id) ON DELETE RESTRICT
    """,
    # By whichever format the line says it has. A later format is one branch more.
    """
    CREATE FUNCTION moderation.line_hash(line moderation.log) RETURNS bytea
    LANGUAGE plpgsql STABLE AS $$
    DECLARE
      fields text[];
      happened text := to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    BEGIN
      IF line.format = 1 THEN
        fields := ARRAY[line.seq::text, happened, line.act, line.actor_id::text,
          line.case_id::text, line.subject_id::text, line.facts];
      ELSIF line.format = 2 THEN
        fields := ARRAY[line.format::text, line.seq::text, happened, line.act,
          line.actor_id::text, line.case_id::text, line.subject_kind, line.subject_id::text,
          line.subject_version::text, line.facts];
      ELSE
        RAISE EXCEPTION 'no format % of a line is known', line.format;
      END IF;
      RETURN sha256(convert_to(
        (SELECT string_agg(moderation.netstring(field), '' ORDER BY place)
          FROM unnest(fields) WITH ORDINALITY AS f (field, place)), 'UTF8') || line.prev_hash);
    END $$
    """,
    # The lock makes numbering and linking one after another, as before.
    """
    CREATE OR REPLACE FUNCTION moderation.link_log() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      last record;
    BEGIN
      PERFORM pg_advisory_xact_lock(7221017);
      SELECT seq, hash INTO last FROM moderation.log ORDER BY seq DESC LIMIT 1;
      NEW.format := 2;
      NEW.seq := coalesce(last.seq, 0) + 1;
      NEW.prev_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
      NEW.hash := moderation.line_hash(NEW);
      RETURN NEW;
    END $$
    """,
)

_LINK_AS_BEFORE = """
CREATE OR REPLACE FUNCTION moderation.link_log() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$
"""

_LOG_DOWN = (
    "DROP FUNCTION moderation.line_hash(moderation.log)",
    """
    ALTER TABLE moderation.log
      DROP CONSTRAINT fk_log_case_id_cases,
      DROP CONSTRAINT ck_log_format,
      DROP CONSTRAINT ck_log_subject_version,
      DROP CONSTRAINT ck_log_names_a_version,
      ALTER COLUMN format DROP NOT NULL,
      DROP COLUMN subject_kind
    """,
    "ALTER TABLE moderation.log RENAME COLUMN subject_id TO post_id",
    """
    ALTER TABLE moderation.log ADD CONSTRAINT fk_log_case_id_cases FOREIGN KEY (case_id)
      REFERENCES moderation.cases (id) ON DELETE RESTRICT
    """,
    _LINK_AS_BEFORE,
)


def _by_post(table: str) -> tuple[str, ...]:
    return (
        f"""
        ALTER TABLE moderation.{table}
          DROP CONSTRAINT fk_{table}_case_id_cases,
          DROP CONSTRAINT ck_{table}_subject_version,
          DROP COLUMN subject_kind
        """,
        f"ALTER TABLE moderation.{table} RENAME COLUMN subject_id TO post_id",
        f"ALTER TABLE moderation.{table} RENAME COLUMN subject_version TO revision",
        f"""
        ALTER TABLE moderation.{table}
          ADD CONSTRAINT fk_{table}_case_id_cases FOREIGN KEY (case_id)
            REFERENCES moderation.cases (id) ON DELETE RESTRICT,
          ADD CONSTRAINT fk_{table}_post_id_posts FOREIGN KEY (post_id)
            REFERENCES community.posts (id) ON DELETE RESTRICT
        """,
        f"ALTER INDEX moderation.ix_{table}_subject_id RENAME TO ix_{table}_post_id",
    )


_CASES_DOWN = (
    "DROP INDEX moderation.uq_cases_open_subject",
    """
    ALTER TABLE moderation.cases
      DROP CONSTRAINT uq_cases_id,
      DROP COLUMN post_id,
      DROP COLUMN subject_kind,
      DROP COLUMN subject_version
    """,
    "ALTER TABLE moderation.cases RENAME COLUMN subject_id TO post_id",
    """
    ALTER TABLE moderation.cases ADD CONSTRAINT fk_cases_post_id_posts FOREIGN KEY (post_id)
      REFERENCES community.posts (id) ON DELETE RESTRICT
    """,
    """
    CREATE UNIQUE INDEX uq_cases_open_post_id ON moderation.cases (post_id)
      WHERE decision_id IS NULL
    """,
    "CREATE INDEX ix_cases_post_id ON moderation.cases (post_id)",
)


def upgrade() -> None:
    for statement in (
        *_CASES,
        *_of_its_case("decisions"),
        *_of_its_case("steps"),
        *_LOG,
    ):
        op.execute(statement)


def downgrade() -> None:
    for statement in (*_LOG_DOWN, *_by_post("steps"), *_by_post("decisions"), *_CASES_DOWN):
        op.execute(statement)
