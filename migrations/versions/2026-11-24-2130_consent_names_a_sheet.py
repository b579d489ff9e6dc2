"""Consent can only be given to a sheet that the study has, whoever writes; and events of studies
name nobody any more, those of the past included.

The step down leaves the events as they are: what was taken out can't be known again.
"""

import sqlalchemy as sa
from alembic import op

revision = "research_0003"
down_revision = "moderation_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION research.require_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT EXISTS (
            SELECT FROM research.participants p
            JOIN research.sheets s ON s.study_id = p.study_id AND s.version = NEW.sheet_version
            WHERE p.id = NEW.participant_id
          ) THEN
            RAISE EXCEPTION 'the study has no such sheet'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_names_a_sheet';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER require_sheet BEFORE INSERT ON research.consents
          FOR EACH ROW EXECUTE FUNCTION research.require_sheet();
        """
    )
    op.execute(
        sa.text(
            "UPDATE core.events SET payload = payload - 'participant_id'"
            " WHERE type IN ('consent.given', 'consent.withdrawn', 'participant.erased')"
        )
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER require_sheet ON research.consents")
    op.execute("DROP FUNCTION research.require_sheet()")
