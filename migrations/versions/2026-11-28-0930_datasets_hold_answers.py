"""Datasets hold answers: who was asked in which wave, what they answered, and which of it may leave
as rows, each through a function that tells no more than an export needs."""

from alembic import op

revision = "research_0010"
down_revision = "research_0009"
branch_labels = None
depends_on = None

_FUNCTIONS = """
-- Who was asked in which wave by a moment: it had opened for them, and consent was in force while
-- its window was open, or they answered it. Whoever was erased is in none.
CREATE FUNCTION research.asked_waves(study uuid, by_then timestamptz)
RETURNS TABLE (participant_id text, wave smallint, enrolled_on date, opens_at timestamptz,
  ends_at timestamptz)
LANGUAGE sql STABLE AS $$
  WITH turns AS (
    SELECT c.participant_id AS who, c.at, c.act = 'given' AS is_on,
      lead(c.at) OVER (PARTITION BY c.participant_id ORDER BY c.id) AS until
    FROM research.consents c WHERE c.study_id = study AND c.purpose = 'questionnaires'
  )
  SELECT p.id, w.number, p.enrolled_on, t.opens_at, t.ends_at
  FROM research.participants p
  JOIN research.waves w ON w.study_id = study
  CROSS JOIN LATERAL research.wave_times(study, w.number, p.enrolled_on) t
  WHERE p.study_id = study AND p.state <> 'erased' AND NOT p.was_staff AND t.opens_at <= by_then
    AND (EXISTS (SELECT FROM turns WHERE who = p.id AND is_on AND turns.at < t.closes_at
        AND coalesce(turns.until, 'infinity') > t.opens_at)
      OR EXISTS (SELECT FROM research.responses r WHERE r.study_id = study
        AND r.participant_id = p.id AND r.wave = w.number AND r.opened_at <= by_then))
$$;

-- The same up to the end of a day, with what became of each wave; days count from joining.
CREATE FUNCTION research.wave_rows(study uuid, until date)
RETURNS TABLE (participant_id text, wave integer, state text, mode text, language text,
  due_day integer, opened_day integer, saved_day integer, done_day integer, is_late boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.participant_id, a.wave::integer,
    CASE WHEN r.done_at < e.at THEN 'done' WHEN r.declined_at < e.at THEN 'declined'
      WHEN r.saved_at < e.at THEN 'begun' WHEN a.ends_at <= e.at THEN 'silent' ELSE 'open' END,
    CASE WHEN r.opened_at < e.at THEN r.mode END,
    (SELECT min(p.language) FROM research.response_parts p WHERE p.study_id = study
      AND p.participant_id = a.participant_id AND p.wave = a.wave),
    research.local_date(a.opens_at) - a.enrolled_on,
    CASE WHEN r.opened_at < e.at
      THEN coalesce(r.answered_on, research.local_date(r.opened_at)) - a.enrolled_on END,
    CASE WHEN r.saved_at < e.at
      THEN coalesce(r.answered_on, research.local_date(r.saved_at)) - a.enrolled_on END,
    CASE WHEN r.done_at < e.at
      THEN coalesce(r.answered_on, research.local_date(r.done_at)) - a.enrolled_on END,
    coalesce(r.late_at < e.at, false)
  FROM (SELECT research.local_moment(until + 1, '00:00') AS at) e
  CROSS JOIN LATERAL research.asked_waves(study, e.at - interval '1 microsecond') a
  LEFT JOIN research.responses r
    ON r.study_id = study AND r.participant_id = a.participant_id AND r.wave = a.wave
$$;

-- What was answered up to the end of a day; never words, and nothing of a wave that was declined.
CREATE FUNCTION research.given_answers(study uuid, until date)
RETURNS TABLE (participant_id text, wave integer, instrument text, version integer, item text,
  value integer, codes smallint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.participant_id, a.wave::integer, a.instrument, p.version::integer, a.item, a.value,
    a.codes
  FROM (SELECT research.local_moment(until + 1, '00:00') AS at) e
  CROSS JOIN research.answers a
  JOIN research.response_parts p USING (study_id, participant_id, wave, instrument)
  JOIN research.responses r USING (study_id, participant_id, wave)
  JOIN research.participants q ON q.study_id = study AND q.id = a.participant_id
  WHERE a.study_id = study AND a.saved_at < e.at AND q.state <> 'erased' AND NOT q.was_staff
    AND coalesce(r.declined_at >= e.at, true)
$$;

-- Whose rows of answers, or of what they did, the consent to a purpose reaches: given under a sheet
-- that speaks of it, from that day of theirs to the one on which it was taken back or given under
-- one that does not, if it was.
CREATE FUNCTION research.reached_rows(study uuid, of_purpose text)
RETURNS TABLE (who text, first_day integer, last_day integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT turns.who, turns.first_day, turns.last_day FROM (
    SELECT c.participant_id AS who, c.act = 'given' AND s.covers_answers AS is_reached,
      research.local_date(c.at) - p.enrolled_on AS first_day,
      coalesce(lead(research.local_date(c.at)) OVER acts - p.enrolled_on, 2147483647) AS last_day
    FROM research.consents c
    JOIN research.participants p ON p.id = c.participant_id
    JOIN research.sheets s ON s.study_id = c.study_id AND s.version = c.sheet_version
    WHERE c.study_id = study AND c.purpose = of_purpose AND p.state <> 'erased'
      AND NOT p.was_staff
    WINDOW acts AS (PARTITION BY c.participant_id ORDER BY c.id)) turns
  WHERE is_reached ORDER BY 1, 2
$$;

-- Versions of the sheet that anyone still in the study has agreed to, for what datasets hold.
CREATE OR REPLACE FUNCTION research.sheet_versions(study uuid) RETURNS SETOF integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT c.sheet_version FROM research.consents c
  JOIN research.participants p ON p.id = c.participant_id
  WHERE c.study_id = study AND c.purpose IN ('activity', 'questionnaires') AND c.act = 'given'
    AND p.state <> 'erased' AND NOT p.was_staff ORDER BY 1
$$;
"""

_SHEET_VERSIONS_BEFORE = """
CREATE OR REPLACE FUNCTION research.sheet_versions(study uuid) RETURNS SETOF integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT c.sheet_version FROM research.consents c
  JOIN research.participants p ON p.id = c.participant_id
  WHERE c.study_id = study AND c.purpose = 'activity' AND c.act = 'given'
    AND p.state <> 'erased' AND NOT p.was_staff ORDER BY 1
$$;
"""

_NAMES = (
    "wave_rows(uuid, date)",
    "given_answers(uuid, date)",
    "reached_rows(uuid, text)",
)

_TABLES = """
ALTER TABLE research.sheets ADD COLUMN covers_answers boolean NOT NULL DEFAULT false;
ALTER TABLE research.dataset_files DROP CONSTRAINT ck_dataset_files_name,
  ADD CONSTRAINT ck_dataset_files_name CHECK (name IN
    ('periods', 'flow', 'community', 'wave_flow', 'acts', 'responses', 'scores', 'doses'));
ALTER TABLE research.release_requests DROP CONSTRAINT ck_release_requests_file,
  ADD CONSTRAINT ck_release_requests_file CHECK (CASE file WHEN 'periods' THEN agreement_id IS NULL
    WHEN 'acts' THEN agreement_id IS NOT NULL WHEN 'answers' THEN agreement_id IS NOT NULL
    ELSE false END);
"""

_TABLES_BEFORE = """
ALTER TABLE research.release_requests DROP CONSTRAINT ck_release_requests_file,
  ADD CONSTRAINT ck_release_requests_file CHECK (CASE file WHEN 'periods' THEN agreement_id IS NULL
    WHEN 'acts' THEN agreement_id IS NOT NULL ELSE false END);
ALTER TABLE research.dataset_files DROP CONSTRAINT ck_dataset_files_name,
  ADD CONSTRAINT ck_dataset_files_name CHECK (name IN ('periods', 'flow', 'community', 'acts'));
ALTER TABLE research.sheets DROP COLUMN covers_answers;
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_TABLES)
    connection.exec_driver_sql(_FUNCTIONS)
    for name in _NAMES:
        op.execute(f"REVOKE ALL ON FUNCTION research.{name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION research.{name} TO alongside_research")


def downgrade() -> None:
    """A dataset that holds answers can't be told in the former version and stops the step."""
    connection = op.get_bind()
    for name in _NAMES:
        op.execute(f"DROP FUNCTION research.{name}")
    op.execute("DROP FUNCTION research.asked_waves(uuid, timestamptz)")
    connection.exec_driver_sql(_SHEET_VERSIONS_BEFORE)
    connection.exec_driver_sql(_TABLES_BEFORE)
