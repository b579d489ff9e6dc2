"""Rules of the studies that hold for every writer, raw SQL included, and the role that may read.

No consent, no row; ledgers only grow; what an erased participant left behind can go, and nothing
else can.
"""

from alembic import op

revision = "research_0002"
down_revision = "research_0001"
branch_labels = None
depends_on = None

_CONSENT_IN_FORCE = """
CREATE FUNCTION research.days_between(enrolled timestamptz, moment timestamptz)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (moment AT TIME ZONE 'UTC')::date - (enrolled AT TIME ZONE 'UTC')::date
$$;

CREATE FUNCTION research.may_record(participant text, wanted text, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE is_running boolean; then_act text; now_act text;
BEGIN
  SELECT p.state = 'taking_part' AND s.opened_at <= moment
      AND (s.closed_at IS NULL OR moment < s.closed_at)
    INTO is_running
    FROM research.participants p JOIN research.studies s ON s.id = p.study_id
    WHERE p.id = participant;
  IF is_running IS NOT TRUE THEN RETURN false; END IF;
  SELECT c.act INTO now_act FROM research.consents c
    WHERE c.participant_id = participant AND c.purpose = wanted ORDER BY c.id DESC LIMIT 1;
  IF now_act IS DISTINCT FROM 'given' THEN RETURN false; END IF;
  SELECT c.act INTO then_act FROM research.consents c
    WHERE c.participant_id = participant AND c.purpose = wanted AND c.at <= moment
    ORDER BY c.id DESC LIMIT 1;
  RETURN then_act IS NOT DISTINCT FROM 'given';
END $$;

-- A consent act changes the participant's row, so that it waits for every activity being
-- written about them, and every activity after it waits for the act.
CREATE FUNCTION research.take_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE research.participants SET changed_at = NEW.at
    WHERE id = NEW.participant_id AND state <> 'erased';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an erased participant takes no consent'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_erased';
  END IF;
  IF NEW.at < (SELECT max(c.at) FROM research.consents c
               WHERE c.participant_id = NEW.participant_id) THEN
    RAISE EXCEPTION 'consent acts follow one another in time'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_order';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_consent BEFORE INSERT ON research.consents
  FOR EACH ROW EXECUTE FUNCTION research.take_consent();

CREATE FUNCTION research.require_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Two statements on purpose: the second one's snapshot is younger than the lock.
  PERFORM 1 FROM research.participants WHERE id = NEW.participant_id FOR SHARE;
  IF NOT research.may_record(NEW.participant_id, TG_ARGV[0], NEW.occurred_at) THEN
    RAISE EXCEPTION 'no consent to % in force for this participant', TG_ARGV[0]
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_force';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER require_consent BEFORE INSERT ON research.texts
  FOR EACH ROW EXECUTE FUNCTION research.require_consent('text');

-- Once a statement, not once a row: a batch of 20 costs a third of what row triggers cost. Locks
-- are taken in one order, and the checks' snapshots are younger than the locks.
CREATE FUNCTION research.require_consent_to_activity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT participant_id AS id FROM fresh
    UNION SELECT counterpart_id FROM fresh WHERE counterpart_id IS NOT NULL
    ORDER BY 1
  LOOP
    PERFORM 1 FROM research.participants WHERE id = found.id FOR SHARE;
  END LOOP;
  FOR found IN SELECT DISTINCT participant_id, counterpart_id, occurred_at, day FROM fresh LOOP
    IF NOT research.may_record(found.participant_id, 'activity', found.occurred_at)
      OR found.counterpart_id IS NOT NULL
        AND NOT research.may_record(found.counterpart_id, 'activity', found.occurred_at) THEN
      RAISE EXCEPTION 'no consent to activity in force for this participant'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_force';
    END IF;
    IF found.day IS DISTINCT FROM (SELECT research.days_between(enrolled_at, found.occurred_at)
        FROM research.participants WHERE id = found.participant_id) THEN
      RAISE EXCEPTION 'the day is counted from enrolment'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'day_from_enrolment';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER require_consent AFTER INSERT ON research.activities
  REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION research.require_consent_to_activity();
"""

_REFUSALS = """
CREATE FUNCTION research.is_erased(participant text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM research.participants WHERE id = participant AND state = 'erased')
$$;

CREATE FUNCTION research.keep_activity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cut research.activities := OLD;
BEGIN
  IF TG_OP = 'DELETE' AND research.is_erased(OLD.participant_id) THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND research.is_erased(OLD.counterpart_id) THEN
    cut.counterpart_id := NULL;
    cut.hour_band := NEW.hour_band; -- generated: not yet there in a BEFORE trigger
    IF NEW IS NOT DISTINCT FROM cut THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'activities is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_activity BEFORE UPDATE OR DELETE ON research.activities
  FOR EACH ROW EXECUTE FUNCTION research.keep_activity();

CREATE FUNCTION research.keep_dataset_participant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND research.is_erased(OLD.participant_id) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'a dataset never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_dataset_participant BEFORE UPDATE OR DELETE ON research.dataset_participants
  FOR EACH ROW EXECUTE FUNCTION research.keep_dataset_participant();

CREATE FUNCTION research.keep_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed research.datasets := OLD;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.closed_at IS NULL THEN allowed.closed_at := NEW.closed_at; END IF;
    IF OLD.sha256 IS NULL THEN
      allowed.row_counts := NEW.row_counts;
      allowed.file_hashes := NEW.file_hashes;
      allowed.sha256 := NEW.sha256;
    END IF;
    IF NEW IS NOT DISTINCT FROM allowed THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'a dataset never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_dataset BEFORE UPDATE OR DELETE ON research.datasets
  FOR EACH ROW EXECUTE FUNCTION research.keep_dataset();

CREATE FUNCTION research.keep_participant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state <> 'erased' AND NEW.id = OLD.id
    AND NEW.study_id = OLD.study_id AND NEW.enrolled_at = OLD.enrolled_at THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a participant stays, and an erased one stays erased'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_participant BEFORE UPDATE OR DELETE ON research.participants
  FOR EACH ROW EXECUTE FUNCTION research.keep_participant();

CREATE FUNCTION research.keep_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a text is taken away or put in anew, never changed'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_text BEFORE UPDATE ON research.texts
  FOR EACH ROW EXECUTE FUNCTION research.keep_text();
"""

#: Ledgers, whose rows never change; and all that no TRUNCATE may empty.
_LEDGERS = ("sheets", "consents", "pulls")
_KEPT = (*_LEDGERS, "participants", "activities", "datasets", "dataset_participants")

_ROLE = """
DO $$
BEGIN
  BEGIN
    CREATE ROLE alongside_research NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  -- A superuser may become anyone; anybody else is made a member, so that exports can step down.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT alongside_research TO %I', current_user);
  END IF;
END $$;
GRANT USAGE ON SCHEMA research TO alongside_research;
GRANT SELECT ON ALL TABLES IN SCHEMA research TO alongside_research;
ALTER DEFAULT PRIVILEGES IN SCHEMA research GRANT SELECT ON TABLES TO alongside_research;
"""

_FUNCTIONS = (
    "may_record",
    "is_erased",
    "take_consent",
    "require_consent",
    "require_consent_to_activity",
    "days_between",
    "keep_activity",
    "keep_dataset_participant",
    "keep_dataset",
    "keep_participant",
    "keep_text",
)


def upgrade() -> None:
    for part in (_CONSENT_IN_FORCE, _REFUSALS):
        op.get_bind().exec_driver_sql(part.replace("%", "%%"))
    for table in _LEDGERS:
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.{table}"
            " FOR EACH ROW EXECUTE FUNCTION core.refuse_change()"
        )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change()"
        )
    op.get_bind().exec_driver_sql(_ROLE.replace("%", "%%"))


def downgrade() -> None:
    """The role itself stays: it belongs to the server, and other databases may use it."""
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA research"
        " REVOKE SELECT ON TABLES FROM alongside_research"
    )
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA research FROM alongside_research")
    op.execute("REVOKE ALL ON SCHEMA research FROM alongside_research")
    for table in _KEPT:
        op.execute(f"DROP TRIGGER refuse_truncate ON research.{table}")
    for table in _LEDGERS:
        op.execute(f"DROP TRIGGER refuse_change ON research.{table}")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION research.{function} CASCADE")
