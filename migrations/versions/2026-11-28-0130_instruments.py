"""Licences of instruments, and the words that a licence lets us show: both only grow.

The words stand in a table that nothing reads but a view, and the view shows them while a licence of
the instrument is in force by the database's own clock.
"""

import sqlalchemy as sa
from alembic import op

revision = "research_0008"
down_revision = "programme_0001"
branch_labels = None
depends_on = None

_TABLES = ("instrument_licences", "instrument_licence_ends", "instrument_wordings")

_RULES = """
-- The licence under which an instrument's words may be shown now; of several the one that runs
-- longest, and none once it has run out or was ended.
CREATE FUNCTION research.licence_in_force(of_instrument text) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.id FROM research.instrument_licences l
  WHERE l.instrument = of_instrument
    AND research.local_date(clock_timestamp()) BETWEEN l.starts_on AND l.expires_on
    AND NOT EXISTS (SELECT FROM research.instrument_licence_ends e WHERE e.licence_id = l.id)
  ORDER BY l.expires_on DESC, l.id LIMIT 1
$$;
REVOKE ALL ON FUNCTION research.licence_in_force(text) FROM PUBLIC;

CREATE FUNCTION research.take_wording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.licence_id IS DISTINCT FROM research.licence_in_force(NEW.instrument) THEN
    RAISE EXCEPTION 'words are entered under the licence that is in force'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'wording_under_licence';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_wording BEFORE INSERT ON research.instrument_wordings
  FOR EACH ROW EXECUTE FUNCTION research.take_wording();

-- The one place from which entered words are read.
CREATE VIEW research.readable_wordings WITH (security_barrier) AS
  SELECT w.instrument, w.structure, w.language, w.version, w.words
  FROM research.instrument_wordings w
  WHERE research.licence_in_force(w.instrument) IS NOT NULL;
"""

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.{table}
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""


def upgrade() -> None:
    _licences()
    _wordings()
    connection = op.get_bind()
    connection.exec_driver_sql(_RULES)
    for table in _TABLES:
        connection.exec_driver_sql(_APPEND_ONLY.format(table=table))


def _licences() -> None:
    op.create_table(
        "instrument_licences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("licence_number", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "char_length(licence_number) BETWEEN 1 AND 100"
            " AND char_length(scope) BETWEEN 3 AND 500",
            name=op.f("ck_instrument_licences_words"),
        ),
        sa.CheckConstraint(
            "expires_on >= starts_on AND expires_on <= starts_on + 3653",
            name=op.f("ck_instrument_licences_expires"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_licences")),
        sa.UniqueConstraint("instrument", "id", name="uq_instrument_licences_instrument_id"),
        schema="research",
    )
    op.create_table(
        "instrument_licence_ends",
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "char_length(reason) BETWEEN 3 AND 500", name=op.f("ck_instrument_licence_ends_reason")
        ),
        sa.ForeignKeyConstraint(
            ["licence_id"],
            ["research.instrument_licences.id"],
            name=op.f("fk_instrument_licence_ends_licence_id_instrument_licences"),
        ),
        sa.PrimaryKeyConstraint("licence_id", name=op.f("pk_instrument_licence_ends")),
        schema="research",
    )


def _wordings() -> None:
    op.create_table(
        "instrument_wordings",
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("structure", sa.SmallInteger(), nullable=False),
        sa.Column("licence_id", sa.Uuid(), nullable=False),
        # Not jsonb, which orders keys anew: the order of labels is the order on screen.
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'", name=op.f("ck_instrument_wordings_language")
        ),
        sa.CheckConstraint(
            "version >= 1 AND structure >= 1", name=op.f("ck_instrument_wordings_versions")
        ),
        sa.ForeignKeyConstraint(
            ["instrument", "licence_id"],
            ["research.instrument_licences.instrument", "research.instrument_licences.id"],
            name="fk_instrument_wordings_instrument_licence_id",
        ),
        sa.PrimaryKeyConstraint(
            "instrument", "language", "version", name=op.f("pk_instrument_wordings")
        ),
        schema="research",
    )


def downgrade() -> None:
    """Licences and entered words go; both can be entered again from the licence holder's papers."""
    op.execute("DROP VIEW research.readable_wordings")
    for table in reversed(_TABLES):
        op.drop_table(table, schema="research")
    op.execute("DROP FUNCTION research.take_wording()")
    op.execute("DROP FUNCTION research.licence_in_force(text)")
