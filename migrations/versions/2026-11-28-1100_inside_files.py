"""Datasets hold what measures are computed from: who took part from when until when, and when
somebody was away, each through a function that tells no more than that needs."""

from alembic import op

revision = "research_0014"
down_revision = "research_0013"
branch_labels = None
depends_on = None

_FUNCTIONS = """
-- When everyone joined, in periods of 84 days since the study opened, and from which day of theirs
-- to which activity could be recorded; `ended` is 1 at the end of the study or the cut, 2 where
-- they stopped. Nothing for the days of who never agreed to it.
CREATE FUNCTION research.people_of(study uuid, until date)
RETURNS TABLE (participant_id text, joined integer, first_day integer, last_day integer,
  ended integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH turns AS (
    SELECT c.participant_id AS who, c.act = 'given' AS is_on, research.local_date(c.at) AS day,
      lead(research.local_date(c.at)) OVER (PARTITION BY c.participant_id ORDER BY c.id) AS next,
      row_number() OVER (PARTITION BY c.participant_id ORDER BY c.id DESC) AS from_last
    FROM research.consents c WHERE c.study_id = study AND c.purpose = 'activity'
      AND research.local_date(c.at) <= until
  ), spans AS (
    SELECT who, min(day) AS first_on, bool_or(from_last = 1) AS is_on, max(next) AS last_end
    FROM turns WHERE is_on GROUP BY who
  )
  SELECT p.id, (p.enrolled_on - research.local_date(s.opened_at)) / 84 + 1,
    a.first_on - p.enrolled_on,
    CASE WHEN a.who IS NOT NULL THEN
      least(until, research.local_date(s.closed_at), CASE WHEN NOT a.is_on THEN a.last_end END)
        - p.enrolled_on END,
    CASE WHEN a.is_on THEN 1 WHEN NOT a.is_on THEN 2 END
  FROM research.participants p
  JOIN research.studies s ON s.id = p.study_id
  LEFT JOIN spans a ON a.who = p.id
  WHERE p.study_id = study AND p.state <> 'erased' AND NOT p.was_staff AND p.enrolled_on <= until
$$;

-- Days since joining with which a time without consent to activity began, that ended again.
CREATE FUNCTION research.away_days(study uuid, until date)
RETURNS TABLE (participant_id text, day integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT turns.who, turns.day FROM (
    SELECT c.participant_id AS who, c.act = 'given' AS is_on,
      research.local_date(c.at) - p.enrolled_on AS day,
      lag(c.act = 'given') OVER acts AS was_on,
      bool_or(c.act = 'given') OVER (acts ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
        AS comes_back
    FROM research.consents c
    JOIN research.participants p ON p.id = c.participant_id
    WHERE c.study_id = study AND c.purpose = 'activity' AND research.local_date(c.at) <= until
      AND p.state <> 'erased' AND NOT p.was_staff
    WINDOW acts AS (PARTITION BY c.participant_id ORDER BY c.id)) turns
  WHERE NOT turns.is_on AND turns.was_on AND turns.comes_back
$$;
"""

_NAMES = ("people_of(uuid, date)", "away_days(uuid, date)")
_FILES = """
ALTER TABLE research.dataset_files DROP CONSTRAINT ck_dataset_files_name,
  ADD CONSTRAINT ck_dataset_files_name CHECK (name IN ({names}));
"""
_BEFORE = "'periods', 'flow', 'community', 'wave_flow', 'acts', 'responses', 'scores', 'doses'"
_INSIDE = "'people', 'days', 'pairs', 'answered', 'groups'"


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_FILES.format(names=f"{_BEFORE}, {_INSIDE}"))
    connection.exec_driver_sql(_FUNCTIONS)
    for name in _NAMES:
        op.execute(f"REVOKE ALL ON FUNCTION research.{name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION research.{name} TO alongside_research")


def downgrade() -> None:
    """A dataset that was frozen with these files can't be told in the former version and stops the
    step."""
    for name in _NAMES:
        op.execute(f"DROP FUNCTION research.{name}")
    op.get_bind().exec_driver_sql(_FILES.format(names=_BEFORE))
