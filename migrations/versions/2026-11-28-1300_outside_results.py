"""Outside results: what measures found as everybody may see it, the figures that the next audit
must know, and which evaluations something was released from."""

from alembic import op

revision = "research_0018"
down_revision = "research_0017"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE research.outside_results (
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  evaluation_id uuid NOT NULL,
  place integer NOT NULL,
  measure text NOT NULL,
  parts jsonb NOT NULL CONSTRAINT ck_outside_results_parts CHECK (jsonb_typeof(parts) = 'array'),
  why text NOT NULL DEFAULT '',
  found_at timestamptz NOT NULL,
  CONSTRAINT pk_outside_results PRIMARY KEY (study_id, evaluation_id, measure),
  CONSTRAINT fk_outside_results_study_id_dataset_id_evaluation_id_evaluations
    FOREIGN KEY (study_id, dataset_id, evaluation_id)
    REFERENCES research.evaluations (study_id, dataset_id, id)
);
CREATE INDEX ix_outside_results_dataset_id ON research.outside_results (dataset_id);

CREATE TABLE research.outside_figures (
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  evaluation_id uuid NOT NULL,
  figures jsonb NOT NULL
    CONSTRAINT ck_outside_figures_figures CHECK (jsonb_typeof(figures) = 'object'),
  before uuid[] NOT NULL,
  found_at timestamptz NOT NULL,
  CONSTRAINT pk_outside_figures PRIMARY KEY (study_id, evaluation_id),
  CONSTRAINT fk_outside_figures_study_id_dataset_id_evaluation_id_evaluations
    FOREIGN KEY (study_id, dataset_id, evaluation_id)
    REFERENCES research.evaluations (study_id, dataset_id, id)
);
CREATE INDEX ix_outside_figures_dataset_id ON research.outside_figures (dataset_id);

CREATE TABLE research.released_evaluations (
  study_id uuid NOT NULL,
  evaluation_id uuid NOT NULL,
  released_at timestamptz NOT NULL,
  CONSTRAINT pk_released_evaluations PRIMARY KEY (study_id, evaluation_id),
  CONSTRAINT fk_released_evaluations_study_id_evaluation_id_outside_figures
    FOREIGN KEY (study_id, evaluation_id)
    REFERENCES research.outside_figures (study_id, evaluation_id)
);
"""

# Kept while the evaluation runs and its dataset is open, as what the team sees. The foreign key of
# the ledger keeps the figures of what was released.
_RULES = """
CREATE TRIGGER check_measure_result BEFORE INSERT ON research.{table}
  FOR EACH ROW EXECUTE FUNCTION research.check_measure_result();
CREATE TRIGGER keep_result BEFORE UPDATE ON research.{table}
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""
_LEDGER = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.released_evaluations
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.released_evaluations
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_TABLES)
    for table in ("outside_results", "outside_figures"):
        connection.exec_driver_sql(_RULES.format(table=table))
    connection.exec_driver_sql(_LEDGER)


def downgrade() -> None:
    """What was found for everybody goes, and with it what the next audit would have known."""
    op.execute("DROP TABLE research.released_evaluations")
    op.execute("DROP TABLE research.outside_figures")
    op.execute("DROP TABLE research.outside_results")
