"""Charts of what a measure found, drawn from what the team may see of it."""

from alembic import op

revision = "research_0022"
down_revision = "research_0021"
branch_labels = None
depends_on = None

# Results of before have none. With a default that is the same for all, nothing is written anew,
# and servers of the release before go on putting results in.
_COLUMN = """
ALTER TABLE research.measure_results
  ADD COLUMN charts jsonb NOT NULL DEFAULT '{}',
  ADD CONSTRAINT ck_measure_results_charts CHECK (
    jsonb_typeof(charts) = 'object'
    AND NOT jsonb_path_exists(charts, '$.* ? (@.type() != "string")')
    AND octet_length(charts::text) <= 8000000)
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_COLUMN)


def downgrade() -> None:
    op.execute("ALTER TABLE research.measure_results DROP COLUMN charts")
