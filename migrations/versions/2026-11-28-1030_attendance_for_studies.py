"""Studies hear of meetings: a row each time that a participant came to one, held to the same
consent as what they do; and random numbers that stand for groups and areas."""

from alembic import op

revision = "research_0013"
down_revision = "research_0012"
branch_labels = None
depends_on = None

_TABLES = """
-- Which group or area a number stands for in a study. Random: the order of numbers tells nothing.
CREATE TABLE research.clusters (
  study_id uuid NOT NULL,
  kind text NOT NULL,
  number integer NOT NULL,
  thing_id uuid NOT NULL,
  CONSTRAINT pk_clusters PRIMARY KEY (study_id, kind, number),
  CONSTRAINT uq_clusters_thing_id UNIQUE (study_id, kind, thing_id),
  CONSTRAINT fk_clusters_study_id_studies FOREIGN KEY (study_id) REFERENCES research.studies,
  CONSTRAINT ck_clusters_kind CHECK (kind IN ('group', 'area')),
  CONSTRAINT ck_clusters_number CHECK (number BETWEEN 1 AND 9999)
);

CREATE TABLE research.attendances (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  day integer NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  occurred_at timestamptz,
  minutes smallint NOT NULL,
  mode text NOT NULL,
  group_cluster integer NOT NULL,
  area_cluster integer,
  times smallint NOT NULL,
  CONSTRAINT pk_attendances PRIMARY KEY (study_id, participant_id, day, id),
  CONSTRAINT fk_attendances_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT ck_attendances_no_exact_time CHECK (occurred_at IS NULL),
  CONSTRAINT ck_attendances_minutes CHECK (minutes BETWEEN 1 AND 1440),
  CONSTRAINT ck_attendances_mode CHECK (mode IN ('in_person', 'online')),
  CONSTRAINT ck_attendances_group_cluster CHECK (group_cluster BETWEEN 1 AND 9999),
  CONSTRAINT ck_attendances_area_cluster CHECK (area_cluster BETWEEN 1 AND 9999),
  CONSTRAINT ck_attendances_times CHECK (times IN (1, -1))
);
"""

# Whoever agreed to `activity` before read no word of meetings: their consent doesn't reach them,
# until they agree again.
_SPOKEN_OF = """
DO $$ BEGIN
  EXECUTE format('CREATE FUNCTION research.meetings_spoken_of_since() RETURNS timestamptz'
    ' LANGUAGE sql IMMUTABLE AS $f$ SELECT %L::timestamptz $f$',
    CASE WHEN EXISTS (SELECT FROM research.consents WHERE purpose = 'activity')
      THEN now()::text ELSE '-infinity' END);
END $$;

-- Whether a meeting may be recorded: consent to activity was in force when it was held and still
-- is, and was given in words that speak of meetings.
CREATE FUNCTION research.may_record_meeting(participant text, held_at timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT research.may_record(participant, 'activity', held_at) AND (
    SELECT c.at >= research.meetings_spoken_of_since() FROM research.consents c
    WHERE c.participant_id = participant AND c.purpose = 'activity' AND c.at <= held_at
    ORDER BY c.id DESC LIMIT 1)
$$;
"""

_RULES = """
-- As take_activity: the time of the meeting is handed over, asked for consent, counted in days and
-- let go. Nobody is taken off a list that they are not on.
CREATE FUNCTION research.take_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE enrolled date;
BEGIN
  SELECT enrolled_on INTO enrolled FROM research.participants
    WHERE id = NEW.participant_id FOR SHARE;
  IF NOT research.may_record_meeting(NEW.participant_id, NEW.occurred_at) THEN
    RAISE EXCEPTION 'no consent to a record of meetings in force for this participant'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_force';
  END IF;
  NEW.day := research.local_date(NEW.occurred_at) - enrolled;
  NEW.occurred_at := NULL;
  IF NEW.times < 0 AND NOT EXISTS (
      SELECT FROM research.attendances a WHERE a.study_id = NEW.study_id
        AND a.participant_id = NEW.participant_id AND a.day = NEW.day
        AND a.minutes = NEW.minutes AND a.mode = NEW.mode AND a.group_cluster = NEW.group_cluster
        AND a.area_cluster IS NOT DISTINCT FROM NEW.area_cluster
      HAVING sum(a.times) > 0) THEN
    RAISE EXCEPTION 'nobody is taken off a list that they are not on'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_recorded';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_attendance BEFORE INSERT ON research.attendances
  FOR EACH ROW EXECUTE FUNCTION research.take_attendance();
CREATE TRIGGER keep_until_erased BEFORE UPDATE OR DELETE ON research.attendances
  FOR EACH ROW EXECUTE FUNCTION research.keep_until_erased();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.attendances
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.clusters
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.clusters
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

GRANT SELECT (study_id, participant_id, day, minutes, mode, group_cluster, area_cluster, times)
  ON research.attendances TO alongside_research;
"""

# Meetings until now are not taken in.
_FROM_NOW_ON = """
INSERT INTO core.cursors (subscriber, xid, id)
  SELECT 'research.attendance', xid, id FROM core.events ORDER BY xid DESC, id DESC LIMIT 1
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_TABLES)
    connection.exec_driver_sql(_SPOKEN_OF.replace("%", "%%"))
    connection.exec_driver_sql(_RULES)
    connection.exec_driver_sql(_FROM_NOW_ON)


def downgrade() -> None:
    """What was recorded of meetings goes."""
    op.execute("DELETE FROM core.cursors WHERE subscriber = 'research.attendance'")
    op.execute("DROP TABLE research.attendances, research.clusters")
    op.execute("DROP FUNCTION research.take_attendance()")
    op.execute("DROP FUNCTION research.may_record_meeting(text, timestamptz)")
    op.execute("DROP FUNCTION research.meetings_spoken_of_since()")
