"""Looks of moderation leave the queue: the worker looks itself, once a minute.

What was asked for under the names of former releases has nobody who takes it any more, and would
be kept as a job that failed.
"""

from alembic import op

revision = "moderation_0009"
down_revision = "community_0017"
branch_labels = None
depends_on = None

_NAMES = "('moderation:look', 'moderation:alert', 'moderation:tell_over')"


def upgrade() -> None:
    op.execute(f"DELETE FROM procrastinate_periodic_defers WHERE task_name IN {_NAMES}")
    op.execute(f"DELETE FROM procrastinate_jobs WHERE task_name IN {_NAMES} AND status = 'todo'")


def downgrade() -> None:
    """The release before asks for its own each minute."""
