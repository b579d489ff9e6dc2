"""The ledger of questions that researchers ask inside, with the tables they were given.

It only grows, and the research role can't read it: it names accounts.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "research_0005"
down_revision = "research_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("question", postgresql.JSONB(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'told') = (answer IS NOT NULL)", name=op.f("ck_questions_answer")
        ),
        sa.CheckConstraint("outcome IN ('told', 'too_few')", name=op.f("ck_questions_outcome")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["research.studies.id"], name=op.f("fk_questions_study_id_studies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        schema="research",
    )
    op.create_index(
        "ix_questions_study_id_asked_on", "questions", ["study_id", "asked_on"], schema="research"
    )
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.questions"
        " FOR EACH ROW EXECUTE FUNCTION core.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.questions"
        " FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("questions", schema="research")
