"""Analysis plans: written in versions, signed by a second person before a study is first frozen,
and what departs from them. Studies that were frozen before go on without one."""

from alembic import op

revision = "research_0016"
down_revision = "research_0015"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE research.analysis_plans (
  study_id uuid NOT NULL,
  version integer NOT NULL,
  questions text NOT NULL,
  primary_measures text[] NOT NULL,
  secondary_measures text[] NOT NULL,
  population text NOT NULL,
  missing_answers text NOT NULL,
  worthwhile_change text NOT NULL,
  reason text,
  written_by uuid NOT NULL,
  written_at timestamptz NOT NULL,
  CONSTRAINT pk_analysis_plans PRIMARY KEY (study_id, version),
  CONSTRAINT fk_analysis_plans_study_id_studies
    FOREIGN KEY (study_id) REFERENCES research.studies,
  CONSTRAINT ck_analysis_plans_version CHECK (version > 0),
  CONSTRAINT ck_analysis_plans_words CHECK (
    char_length(questions) BETWEEN 1 AND 4000 AND char_length(population) BETWEEN 1 AND 4000
    AND char_length(missing_answers) BETWEEN 1 AND 4000
    AND char_length(worthwhile_change) BETWEEN 1 AND 4000
    AND char_length(reason) BETWEEN 10 AND 2000),
  CONSTRAINT ck_analysis_plans_measures CHECK (
    array_position(primary_measures || secondary_measures, NULL) IS NULL
    AND cardinality(primary_measures) BETWEEN 1 AND 20 AND cardinality(secondary_measures) <= 50
    AND NOT primary_measures && secondary_measures
    AND array_to_string(primary_measures || secondary_measures, ' ')
      ~ '^[a-z][a-z0-9_]{1,40}( [a-z][a-z0-9_]{1,40})*$')
);

CREATE TABLE research.plan_signatures (
  study_id uuid NOT NULL,
  version integer NOT NULL,
  signed_by uuid NOT NULL,
  signed_at timestamptz NOT NULL,
  sha256 text NOT NULL,
  CONSTRAINT pk_plan_signatures PRIMARY KEY (study_id, version, signed_by),
  CONSTRAINT fk_plan_signatures_study_id_version_analysis_plans
    FOREIGN KEY (study_id, version) REFERENCES research.analysis_plans,
  CONSTRAINT ck_plan_signatures_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$')
);

CREATE TABLE research.plan_departures (
  study_id uuid NOT NULL,
  id uuid NOT NULL,
  version integer NOT NULL,
  dataset_id uuid,
  departs text NOT NULL,
  reason text NOT NULL,
  noted_by uuid NOT NULL,
  noted_at timestamptz NOT NULL,
  CONSTRAINT pk_plan_departures PRIMARY KEY (study_id, id),
  CONSTRAINT fk_plan_departures_study_id_version_analysis_plans
    FOREIGN KEY (study_id, version) REFERENCES research.analysis_plans,
  CONSTRAINT fk_plan_departures_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id),
  CONSTRAINT ck_plan_departures_words CHECK (
    char_length(departs) BETWEEN 10 AND 2000 AND char_length(reason) BETWEEN 10 AND 2000)
);
"""

_RULES = """
-- A version written after the first freeze departs from the plan, and says why; none before does.
CREATE FUNCTION research.take_analysis_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM research.studies WHERE id = NEW.study_id FOR SHARE;
  IF (NEW.reason IS NOT NULL)
      <> EXISTS (SELECT FROM research.datasets WHERE study_id = NEW.study_id) THEN
    RAISE EXCEPTION 'a plan gives a reason when, and only when, the study was frozen before'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_reason';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_analysis_plan BEFORE INSERT ON research.analysis_plans
  FOR EACH ROW EXECUTE FUNCTION research.take_analysis_plan();

CREATE FUNCTION research.take_plan_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM research.analysis_plans p WHERE p.study_id = NEW.study_id
      AND p.version = NEW.version AND p.written_by = NEW.signed_by) THEN
    RAISE EXCEPTION 'whoever wrote a plan does not sign it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'second_person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_plan_signature BEFORE INSERT ON research.plan_signatures
  FOR EACH ROW EXECUTE FUNCTION research.take_plan_signature();

-- The first dataset of a study needs a signed plan. Where there is one already, it was signed then,
-- or was frozen before there were plans.
CREATE FUNCTION research.require_signed_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM research.studies WHERE id = NEW.study_id FOR UPDATE;
  IF NOT EXISTS (SELECT FROM research.datasets WHERE study_id = NEW.study_id
      UNION ALL SELECT FROM research.plan_signatures WHERE study_id = NEW.study_id) THEN
    RAISE EXCEPTION 'no signed analysis plan before the first freeze of this study'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_signed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER require_signed_plan BEFORE INSERT ON research.datasets
  FOR EACH ROW EXECUTE FUNCTION research.require_signed_plan();
"""

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.{table}
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""
_KEPT = ("analysis_plans", "plan_signatures", "plan_departures")


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_TABLES)
    connection.exec_driver_sql(_RULES)
    for table in _KEPT:
        connection.exec_driver_sql(_APPEND_ONLY.format(table=table))


def downgrade() -> None:
    """Plans, signatures and departures go; datasets stay."""
    op.execute("DROP TRIGGER require_signed_plan ON research.datasets")
    op.execute(
        "DROP TABLE research.plan_departures, research.plan_signatures, research.analysis_plans"
    )
    for name in ("require_signed_plan", "take_plan_signature", "take_analysis_plan"):
        op.execute(f"DROP FUNCTION research.{name}()")
