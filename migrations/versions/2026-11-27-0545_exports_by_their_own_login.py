"""All that an export reads can be read by the research role: what leads to people through functions
that give no more than the export needs, as `observed_periods` does."""

from alembic import op

revision = "core_0002"
down_revision = "identity_0004"
branch_labels = None
depends_on = None

_FUNCTIONS = """
-- People by period: who looked at a study, consented, stopped or was erased. Counts alone.
CREATE FUNCTION research.flow_of_people(study uuid, until date, days integer)
RETURNS TABLE (period integer, looked bigint, consented bigint, stopped bigint, erased bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH opened AS (
    SELECT research.local_date(opened_at) AS opened_on FROM research.studies WHERE id = study
  ), people AS (
    SELECT p.state, (p.enrolled_on - opened_on) / days + 1 AS joined,
      (research.local_date(p.changed_at) - opened_on) / days + 1 AS changed
    FROM research.participants p, opened WHERE p.study_id = study AND NOT p.was_staff)
  SELECT n,
    coalesce((SELECT c.people FROM research.look_counts c
      WHERE c.study_id = study AND c.period = n), 0),
    (SELECT count(*) FROM people WHERE joined = n),
    (SELECT count(*) FROM people WHERE state = 'stopped' AND changed = n),
    (SELECT count(*) FROM people WHERE state = 'erased' AND changed = n)
  FROM opened, generate_series(1, greatest((until - opened_on) / days + 1, 1)) n
$$;

-- Versions of the sheet that anyone still in the study has agreed to.
CREATE FUNCTION research.sheet_versions(study uuid) RETURNS SETOF integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT c.sheet_version FROM research.consents c
  JOIN research.participants p ON p.id = c.participant_id
  WHERE c.study_id = study AND c.purpose = 'activity' AND c.act = 'given'
    AND p.state <> 'erased' AND NOT p.was_staff ORDER BY 1
$$;

-- Whose acts the consent reaches, and from which day of theirs to which: given under a sheet that
-- speaks of it, up to the day on which it was taken back or given under one that does not.
CREATE FUNCTION research.reached_acts(study uuid, until date)
RETURNS TABLE (who text, first_day integer, last_day integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT turns.who, turns.first_day, turns.last_day FROM (
    SELECT c.participant_id AS who, c.act = 'given' AND s.covers_acts AS is_reached,
      research.local_date(c.at) - p.enrolled_on AS first_day,
      least(until, lead(research.local_date(c.at)) OVER acts) - p.enrolled_on AS last_day
    FROM research.consents c
    JOIN research.participants p ON p.id = c.participant_id
    JOIN research.sheets s ON s.study_id = c.study_id AND s.version = c.sheet_version
    WHERE c.study_id = study AND c.purpose = 'activity' AND p.state <> 'erased'
      AND NOT p.was_staff
    WINDOW acts AS (PARTITION BY c.participant_id ORDER BY c.id)) turns
  WHERE is_reached ORDER BY 1, 2
$$;

-- A part of a file of a frozen dataset, for a pull that knows which.
CREATE FUNCTION research.dataset_chunk(study uuid, dataset uuid, file text, part integer)
RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT content FROM research.dataset_chunks
  WHERE study_id = study AND dataset_id = dataset AND name = file AND number = part
$$;
"""

_NAMES = (
    "flow_of_people(uuid, date, integer)",
    "sheet_versions(uuid)",
    "reached_acts(uuid, date)",
    "dataset_chunk(uuid, uuid, text, integer)",
)


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_FUNCTIONS.replace("%", "%%"))
    for name in _NAMES:
        op.execute(f"REVOKE ALL ON FUNCTION research.{name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION research.{name} TO alongside_research")


def downgrade() -> None:
    for name in _NAMES:
        op.execute(f"DROP FUNCTION research.{name}")
