"""Dead letters bear their name: `core.parked_events` is `core.dead_letters` from here on.

A worker of the release before that has to set an event aside can't, and tries again until this
release takes over: nothing is lost.
"""

from alembic import op

revision = "core_0004"
down_revision = "community_0018"
branch_labels = None
depends_on = None

_DROPS = "core.drop_event_partition(integer)"


def upgrade() -> None:
    _rename("parked_events", "parked_at", "dead_letters", "failed_at")


def _rename(table: str, column: str, to_table: str, to_column: str) -> None:
    """With what is named after it, and the function that names it."""
    op.alter_column(table, column, new_column_name=to_column, schema="core")
    op.rename_table(table, to_table, schema="core")
    op.execute(f"ALTER INDEX core.pk_{table} RENAME TO pk_{to_table}")
    body = f"replace(pg_get_functiondef('{_DROPS}'::regprocedure),"
    op.execute(f"DO $$ BEGIN EXECUTE {body} 'core.{table}', 'core.{to_table}'); END $$")


def downgrade() -> None:
    _rename("dead_letters", "failed_at", "parked_events", "parked_at")
