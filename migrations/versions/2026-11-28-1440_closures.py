"""Studies hear that the community was closed to a participant: a row with the day, held to the same
consent as what they do, without why or until when."""

from alembic import op

revision = "research_0024"
down_revision = "research_0022"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE research.closures (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  day integer NOT NULL,
  occurred_at timestamptz,
  CONSTRAINT pk_closures PRIMARY KEY (study_id, participant_id, day),
  CONSTRAINT fk_closures_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT ck_closures_no_exact_time CHECK (occurred_at IS NULL)
);
"""

# Whoever agreed to `activity` before read no word of this: their consent doesn't reach it, until
# they agree again.
_SPOKEN_OF = """
DO $$ BEGIN
  EXECUTE format('CREATE FUNCTION research.closures_spoken_of_since() RETURNS timestamptz'
    ' LANGUAGE sql IMMUTABLE AS $f$ SELECT %L::timestamptz $f$',
    CASE WHEN EXISTS (SELECT FROM research.consents WHERE purpose = 'activity')
      THEN now()::text ELSE '-infinity' END);
END $$;

CREATE FUNCTION research.may_record_closure(participant text, closed_at timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT research.may_record(participant, 'activity', closed_at) AND (
    SELECT c.at >= research.closures_spoken_of_since() FROM research.consents c
    WHERE c.participant_id = participant AND c.purpose = 'activity' AND c.at <= closed_at
    ORDER BY c.id DESC LIMIT 1)
$$;
"""

_RULES = """
-- As take_activity: the moment is handed over, asked for consent, counted in days and let go.
CREATE FUNCTION research.take_closure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE enrolled date;
BEGIN
  SELECT enrolled_on INTO enrolled FROM research.participants
    WHERE id = NEW.participant_id FOR SHARE;
  IF NOT research.may_record_closure(NEW.participant_id, NEW.occurred_at) THEN
    RAISE EXCEPTION 'no consent to a record of closures in force for this participant'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_force';
  END IF;
  NEW.day := research.local_date(NEW.occurred_at) - enrolled;
  NEW.occurred_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER take_closure BEFORE INSERT ON research.closures
  FOR EACH ROW EXECUTE FUNCTION research.take_closure();
CREATE TRIGGER keep_until_erased BEFORE UPDATE OR DELETE ON research.closures
  FOR EACH ROW EXECUTE FUNCTION research.keep_until_erased();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.closures
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""

_WITHOUT_CONSENT = """
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
"""
# What leaves this function doesn't tell the two apart.
_CLOSED = """
  UNION
  SELECT l.participant_id, l.day FROM research.closures l
  JOIN research.participants p ON p.study_id = l.study_id AND p.id = l.participant_id
  JOIN research.last_days(study, until) d ON d.participant_id = l.participant_id
  WHERE l.study_id = study AND l.day <= d.last_day AND p.state <> 'erased' AND NOT p.was_staff
"""
_AWAY_DAYS = """
CREATE OR REPLACE FUNCTION research.away_days(study uuid, until date)
RETURNS TABLE (participant_id text, day integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ {} $$;
"""

_FROM_NOW_ON = """
INSERT INTO core.cursors (subscriber, xid, id)
  SELECT 'research.closures', xid, id FROM core.events ORDER BY xid DESC, id DESC LIMIT 1
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_TABLE)
    connection.exec_driver_sql(_SPOKEN_OF.replace("%", "%%"))
    connection.exec_driver_sql(_RULES)
    connection.exec_driver_sql(_AWAY_DAYS.format(_WITHOUT_CONSENT + _CLOSED))
    connection.exec_driver_sql(_FROM_NOW_ON)


def downgrade() -> None:
    """What was recorded of closures goes."""
    op.get_bind().exec_driver_sql(_AWAY_DAYS.format(_WITHOUT_CONSENT))
    op.execute("DELETE FROM core.cursors WHERE subscriber = 'research.closures'")
    op.execute("DROP TABLE research.closures")
    op.execute("DROP FUNCTION research.take_closure()")
    op.execute("DROP FUNCTION research.may_record_closure(text, timestamptz)")
    op.execute("DROP FUNCTION research.closures_spoken_of_since()")
