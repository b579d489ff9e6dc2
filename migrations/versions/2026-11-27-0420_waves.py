"""Waves of a study: its periods lie between them. Studies without any keep periods of 12 weeks."""

from alembic import op

revision = "research_0007"
down_revision = "research_0006"
branch_labels = None
depends_on = None

_WAVES = """
CREATE TABLE research.waves (
  study_id uuid NOT NULL CONSTRAINT fk_waves_study_id_studies REFERENCES research.studies,
  number smallint NOT NULL,
  week smallint NOT NULL,
  CONSTRAINT pk_waves PRIMARY KEY (study_id, number),
  CONSTRAINT ck_waves_number CHECK (number BETWEEN 1 AND 12),
  CONSTRAINT ck_waves_week CHECK ((number = 1) = (week = 0) AND week BETWEEN 0 AND 520)
);

-- Planned before anyone joins: two datasets of one study with other periods would tell more than
-- either. At least 12 weeks apart: in less, what someone did could be matched with the wall.
CREATE FUNCTION research.take_wave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM research.studies WHERE id = NEW.study_id AND state = 'draft') THEN
    RAISE EXCEPTION 'waves are planned before a study opens'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waves_of_draft';
  END IF;
  IF NEW.number > 1 AND NOT EXISTS (SELECT FROM research.waves
      WHERE study_id = NEW.study_id AND number = NEW.number - 1 AND week + 12 <= NEW.week) THEN
    RAISE EXCEPTION 'a wave comes at least 12 weeks after the one before'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waves_apart';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_wave BEFORE INSERT ON research.waves
  FOR EACH ROW EXECUTE FUNCTION research.take_wave();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.waves
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.waves
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

-- The first day of every period, counted from joining: with each wave, or every 84 days.
CREATE FUNCTION research.period_starts(study uuid) RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    (SELECT array_agg(week * 7 ORDER BY number) FROM research.waves WHERE study_id = study),
    ARRAY(SELECT generate_series(0, 43680, 84)))
$$;
REVOKE ALL ON FUNCTION research.period_starts(uuid) FROM PUBLIC;
"""

_SPANS = """
-- Days on which consent to activity was in force, by participant and period{kind}
CREATE OR REPLACE FUNCTION research.observed_periods(study uuid, until date)
RETURNS TABLE (participant_id text, period integer, days integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH people AS (
    SELECT p.id, p.enrolled_on, least(until, research.local_date(s.closed_at)) AS last_on
    FROM research.participants p JOIN research.studies s ON s.id = p.study_id
    WHERE p.study_id = study AND p.state <> 'erased' AND NOT p.was_staff
  ), turns AS (
    SELECT c.participant_id AS who, c.id, research.local_date(c.at) AS turned_on,
      c.act = 'given' AS is_on,
      lag(c.act = 'given', 1, false) OVER (PARTITION BY c.participant_id ORDER BY c.id) AS was_on
    FROM research.consents c WHERE c.study_id = study AND c.purpose = 'activity'
  ), spans AS (
    SELECT who, is_on, turned_on,
      lead(turned_on) OVER (PARTITION BY who ORDER BY id) AS turned_off_on
    FROM turns WHERE is_on <> was_on
  ), whole AS (
    SELECT who, turned_on - p.enrolled_on AS first_day,
      least(coalesce(turned_off_on, p.last_on), p.last_on) - p.enrolled_on AS last_day,
      lag(turned_off_on - p.enrolled_on) OVER (PARTITION BY who ORDER BY turned_on, turned_off_on)
        AS left_off
    FROM spans s JOIN people p ON p.id = s.who WHERE is_on
  ), days AS (
    SELECT who, greatest(first_day, coalesce(left_off + 1, first_day)) AS first_day, last_day
    FROM whole
  ){rest}
$$;
"""

# Only as many periods as anyone has reached: else each span would be held against all of them.
_BY_STARTS = """, starts AS (
    SELECT research.period_starts(study) AS found, (SELECT max(last_day) FROM days) AS reached
  ), periods AS (
    SELECT n AS number, found[n] AS first_day, coalesce(found[n + 1], 2147483647) - 1 AS last_day
    FROM starts CROSS JOIN LATERAL generate_series(1, width_bucket(reached, found)) n
  )
  SELECT d.who, p.number,
    sum(least(d.last_day, p.last_day) - greatest(d.first_day, p.first_day) + 1)::integer
  FROM days d JOIN periods p ON p.first_day <= d.last_day AND d.first_day <= p.last_day
  WHERE d.last_day >= d.first_day
  GROUP BY d.who, p.number"""

_BY_84_DAYS = """
  SELECT who, n + 1, sum(least(last_day, n * 84 + 83) - greatest(first_day, n * 84) + 1)::integer
  FROM days CROSS JOIN LATERAL generate_series(first_day / 84, last_day / 84) n
  WHERE last_day >= first_day
  GROUP BY who, n"""


def _observed(kind: str, rest: str) -> str:
    return _SPANS.replace("{kind}", kind).replace("{rest}", rest)


def upgrade() -> None:
    for part in (_WAVES, _observed(", up to and with `until`.", _BY_STARTS)):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(_observed(" of 84 days.", _BY_84_DAYS))
    op.execute("DROP FUNCTION research.period_starts(uuid)")
    op.execute("DROP TABLE research.waves")
    op.execute("DROP FUNCTION research.take_wave()")
