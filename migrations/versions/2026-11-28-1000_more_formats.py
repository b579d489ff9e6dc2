"""Datasets are downloaded as SPSS and Stata files too, and the log of downloads says so."""

from alembic import op

revision = "research_0011"
down_revision = "research_0010"
branch_labels = None
depends_on = None

_FORMATS = """
ALTER TABLE research.pulls DROP CONSTRAINT ck_pulls_format,
  ADD CONSTRAINT ck_pulls_format CHECK (format IN ({formats})){valid}
"""


def upgrade() -> None:
    formats = "'csv', 'parquet', 'sav', 'dta', 'json'"
    op.execute(_FORMATS.format(formats=formats, valid=""))


def downgrade() -> None:
    """What was downloaded as .sav or .dta stays in the log: the former rule is held from now on."""
    op.execute(_FORMATS.format(formats="'csv', 'parquet', 'json'", valid=" NOT VALID"))
