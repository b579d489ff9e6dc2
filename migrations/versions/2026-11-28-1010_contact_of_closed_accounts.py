"""Contact that was asked for by somebody whose account is closed: how to reach them is forgotten.

So it is for those whose link is gone already; their request says that nothing can be done.
"""

from alembic import op

revision = "research_0012"
down_revision = "research_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        """
        ALTER TABLE research.contact_requests ADD COLUMN closed_on date,
          DROP CONSTRAINT ck_contact_requests_answered;
        UPDATE research.contact_requests r
          SET closed_on = research.local_date(now()), reach = NULL
          WHERE answered_at IS NULL AND NOT EXISTS (
            SELECT FROM identity.study_links l WHERE l.participant_id = r.participant_id
            UNION ALL
            SELECT FROM identity.study_code_links l WHERE l.participant_id = r.participant_id);
        ALTER TABLE research.contact_requests
          ADD CONSTRAINT ck_contact_requests_answered
          CHECK ((answered_at IS NULL) = (answered_by IS NULL)
            AND (reach IS NOT NULL) = (num_nonnulls(answered_at, closed_on) = 0));
        """
    )


def downgrade() -> None:
    """Those that can't be answered any more go: the former version has no word for them."""
    op.get_bind().exec_driver_sql(
        """
        ALTER TABLE research.contact_requests DROP CONSTRAINT ck_contact_requests_answered;
        DELETE FROM research.contact_requests WHERE answered_at IS NULL AND closed_on IS NOT NULL;
        ALTER TABLE research.contact_requests DROP COLUMN closed_on,
          ADD CONSTRAINT ck_contact_requests_answered
          CHECK ((answered_at IS NULL) = (answered_by IS NULL)
            AND (answered_at IS NULL) = (reach IS NOT NULL));
        """
    )
