"""The outbox, cursors, rate limits and the job queue."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

from app.core.models import Xid8

revision = "core_0001"
down_revision = None
branch_labels = None
depends_on = None

_NOTIFY = """
CREATE FUNCTION core.notify_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('alongside_events', '');
  RETURN NULL;
END $$;
CREATE TRIGGER notify_of_events AFTER INSERT ON core.events
  FOR EACH STATEMENT EXECUTE FUNCTION core.notify_of_events();
"""

_APPEND_ONLY = """
CREATE FUNCTION core.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def _job_queue() -> str:
    """The queue's own schema without the extension that every server already has."""
    schema = SchemaManager.get_schema()
    return schema[schema.index("-- Enums") :]


def upgrade() -> None:
    op.execute("CREATE SCHEMA core")
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        schema="core",
    )
    op.create_index("ix_events_xid_id", "events", ["xid", "id"], schema="core")
    op.create_table(
        "cursors",
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("'0'::xid8"), nullable=False),
        sa.Column("id", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subscriber", name="pk_cursors"),
        schema="core",
    )
    op.create_table(
        "parked_events",
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber", "event_id", name="pk_parked_events"),
        schema="core",
    )
    op.create_table(
        "rate_limits",
        sa.Column("key", postgresql.BYTEA(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limits"),
        schema="core",
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_rate_limits_started_at", "rate_limits", ["started_at"], schema="core")
    op.execute(_NOTIFY)
    op.execute(_APPEND_ONLY)
    op.get_bind().exec_driver_sql(_job_queue().replace("%", "%%"))


def downgrade() -> None:
    op.execute("DROP SCHEMA core CASCADE")
    op.execute(
        """
        DO $$
        DECLARE found record;
        BEGIN
          FOR found IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename LIKE 'procrastinate%' LOOP
            EXECUTE format('DROP TABLE public.%I CASCADE', found.tablename);
          END LOOP;
          FOR found IN SELECT oid::regprocedure AS signature FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate%' LOOP
            EXECUTE format('DROP FUNCTION %s CASCADE', found.signature);
          END LOOP;
          FOR found IN SELECT typname FROM pg_type t
            WHERE typnamespace = 'public'::regnamespace AND typname LIKE 'procrastinate%'
              AND (t.typtype = 'e' OR t.typtype = 'c') LOOP
            EXECUTE format('DROP TYPE public.%I CASCADE', found.typname);
          END LOOP;
        END $$;
        """
    )
