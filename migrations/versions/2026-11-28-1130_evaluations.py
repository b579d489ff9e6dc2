"""Evaluations: all measures of a frozen dataset, what was found of each as the team may see it, and
how far the work has come."""

from alembic import op

revision = "research_0015"
down_revision = "research_0014"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE research.evaluations (
  id uuid PRIMARY KEY,
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'waiting'
    CONSTRAINT ck_evaluations_state
    CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
  measures text[] NOT NULL CONSTRAINT ck_evaluations_measures CHECK (cardinality(measures) > 0),
  software_version text NOT NULL,
  asked_by uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT uq_evaluations_study_id_dataset_id_id UNIQUE (study_id, dataset_id, id),
  CONSTRAINT ck_evaluations_ended
    CHECK ((ended_at IS NULL) = (state IN ('waiting', 'running'))),
  CONSTRAINT fk_evaluations_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id)
);
CREATE UNIQUE INDEX uq_evaluations_dataset_id ON research.evaluations (dataset_id)
  WHERE ended_at IS NULL;

CREATE TABLE research.measure_results (
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  evaluation_id uuid NOT NULL,
  measure text NOT NULL,
  parts jsonb NOT NULL CONSTRAINT ck_measure_results_parts CHECK (jsonb_typeof(parts) = 'array'),
  -- A sentence where nothing could be computed, as from a dataset of before the measure.
  why text NOT NULL DEFAULT '',
  found_at timestamptz NOT NULL,
  CONSTRAINT pk_measure_results PRIMARY KEY (study_id, evaluation_id, measure),
  CONSTRAINT fk_measure_results_study_id_dataset_id_evaluation_id_evaluations
    FOREIGN KEY (study_id, dataset_id, evaluation_id)
    REFERENCES research.evaluations (study_id, dataset_id, id)
);
CREATE INDEX ix_measure_results_dataset_id ON research.measure_results (dataset_id);
"""

# A result is kept while its evaluation runs and its dataset is open, and never changed.
_RULES = """
CREATE FUNCTION research.check_measure_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM research.evaluations e
      JOIN research.datasets d ON d.id = e.dataset_id
      WHERE e.id = NEW.evaluation_id AND e.state = 'running' AND d.closed_at IS NULL
      FOR SHARE OF e, d) THEN
    RAISE check_violation USING
      MESSAGE = 'a result is kept while its evaluation runs and its dataset is open',
      CONSTRAINT = 'evaluation_running';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_measure_result BEFORE INSERT ON research.measure_results
  FOR EACH ROW EXECUTE FUNCTION research.check_measure_result();
CREATE TRIGGER keep_result BEFORE UPDATE ON research.measure_results
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.measure_results
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

CREATE FUNCTION research.keep_ended_evaluation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
      OR (NEW.id, NEW.study_id, NEW.dataset_id, NEW.measures, NEW.software_version, NEW.asked_by,
          NEW.asked_at)
        IS DISTINCT FROM (OLD.id, OLD.study_id, OLD.dataset_id, OLD.measures,
          OLD.software_version, OLD.asked_by, OLD.asked_at) THEN
    RAISE check_violation USING MESSAGE = 'an evaluation that has ended stays as it is',
      CONSTRAINT = 'evaluation_ended';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_ended BEFORE UPDATE OR DELETE ON research.evaluations
  FOR EACH ROW EXECUTE FUNCTION research.keep_ended_evaluation();
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_TABLES)
    connection.exec_driver_sql(_RULES)


def downgrade() -> None:
    op.execute("DROP TABLE research.measure_results")
    op.execute("DROP TABLE research.evaluations")
    op.execute("DROP FUNCTION research.check_measure_result()")
    op.execute("DROP FUNCTION research.keep_ended_evaluation()")
