"""A report for each thing that is said of each text: a member who flags again after an edit, or for
another reason, loses neither the text nor the reason.

The step down keeps the first report of each member and case: the older version has room for one.
"""

import sqlalchemy as sa
from alembic import op

revision = "moderation_0002"
down_revision = "research_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("uq_reports_case_id_reporter_id", "reports", schema="moderation")
    op.create_unique_constraint(
        "uq_reports_case_id",
        "reports",
        ["case_id", "reporter_id", "revision", "is_worried", "reason"],
        schema="moderation",
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.execute(
        sa.text(
            "DELETE FROM moderation.reports r USING moderation.reports before"
            " WHERE before.case_id = r.case_id AND before.reporter_id = r.reporter_id"
            " AND before.id < r.id"
        )
    )
    op.drop_constraint("uq_reports_case_id", "reports", schema="moderation")
    op.create_unique_constraint(
        "uq_reports_case_id_reporter_id",
        "reports",
        ["case_id", "reporter_id"],
        schema="moderation",
    )
