"""Questionnaires in waves: what is asked when, who answered what, and what was sent about it.

Waves can come by the calendar instead of by weeks since joining. People who have no account take
part under the code of a card; which code is which participant stands in `identity` alone.
"""

from alembic import op

revision = "research_0009"
down_revision = "research_0008"
branch_labels = None
depends_on = None

_CODE = "^C-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{2}$"

_CODE_LINKS = f"""
CREATE TABLE identity.study_code_links (
  study_id uuid NOT NULL,
  code text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  CONSTRAINT pk_study_code_links PRIMARY KEY (study_id, code),
  CONSTRAINT uq_study_code_links_participant_id UNIQUE (participant_id),
  CONSTRAINT ck_study_code_links_code CHECK (code ~ '{_CODE}')
);

-- As before, with both kinds of links: a time becomes a day once nobody can tell whose it is.
CREATE OR REPLACE FUNCTION research.keep_consent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE day_only research.consents := OLD;
BEGIN
  IF TG_OP = 'UPDATE' AND NOT EXISTS (
      SELECT FROM identity.study_links WHERE participant_id = OLD.participant_id
      UNION ALL
      SELECT FROM identity.study_code_links WHERE participant_id = OLD.participant_id) THEN
    day_only.at := date_trunc('day', OLD.at, research.programme_zone());
    IF NEW IS NOT DISTINCT FROM day_only THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'consents is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

_PURPOSE = """
ALTER TABLE research.study_purposes DROP CONSTRAINT ck_study_purposes_purpose,
  ADD CONSTRAINT ck_study_purposes_purpose
  CHECK (purpose IN ('activity', 'questionnaires', 'text', 'contact'));
"""

_PLANS = """
ALTER TABLE research.waves ALTER COLUMN week DROP NOT NULL,
  ADD COLUMN opens_on date,
  ADD CONSTRAINT ck_waves_by_week_or_day CHECK (num_nonnulls(week, opens_on) = 1);

-- Planned before anyone joins. By weeks at least 12 apart: in less, what someone did could be
-- matched with the wall; by the calendar too, so that no window meets the next. One kind a study.
CREATE OR REPLACE FUNCTION research.take_wave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM research.studies WHERE id = NEW.study_id AND state = 'draft') THEN
    RAISE EXCEPTION 'waves are planned before a study opens'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waves_of_draft';
  END IF;
  IF NEW.number > 1 AND NOT EXISTS (SELECT FROM research.waves
      WHERE study_id = NEW.study_id AND number = NEW.number - 1
        AND (week + 12 <= NEW.week OR opens_on + 84 <= NEW.opens_on)) THEN
    RAISE EXCEPTION 'a wave comes at least 12 weeks after the one before'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waves_apart';
  END IF;
  RETURN NEW;
END $$;

-- Periods lie between waves that are counted from joining.
CREATE OR REPLACE FUNCTION research.period_starts(study uuid) RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    (SELECT array_agg(week * 7 ORDER BY number) FROM research.waves
      WHERE study_id = study AND week IS NOT NULL),
    ARRAY(SELECT generate_series(0, 43680, 84)))
$$;

CREATE TABLE research.question_plans (
  study_id uuid NOT NULL CONSTRAINT pk_question_plans PRIMARY KEY
    CONSTRAINT fk_question_plans_study_id_studies REFERENCES research.studies,
  opens_at time NOT NULL,
  window_days smallint NOT NULL,
  late_days smallint NOT NULL,
  reminders smallint NOT NULL,
  reminder_days smallint NOT NULL,
  CONSTRAINT ck_question_plans_window_days CHECK (window_days BETWEEN 3 AND 56),
  CONSTRAINT ck_question_plans_late_days CHECK (late_days BETWEEN 0 AND 28),
  CONSTRAINT ck_question_plans_reminders
    CHECK (reminders BETWEEN 0 AND 3 AND reminder_days BETWEEN 3 AND 28
      AND reminders * reminder_days < window_days)
);

CREATE TABLE research.wave_instruments (
  study_id uuid NOT NULL,
  wave smallint NOT NULL,
  position smallint NOT NULL,
  instrument text NOT NULL,
  version smallint NOT NULL,
  CONSTRAINT pk_wave_instruments PRIMARY KEY (study_id, wave, position),
  CONSTRAINT uq_wave_instruments_instrument UNIQUE (study_id, wave, instrument),
  CONSTRAINT fk_wave_instruments_study_id_wave_waves
    FOREIGN KEY (study_id, wave) REFERENCES research.waves,
  CONSTRAINT fk_wave_instruments_study_id_question_plans
    FOREIGN KEY (study_id) REFERENCES research.question_plans,
  CONSTRAINT ck_wave_instruments_position CHECK (position BETWEEN 1 AND 20 AND version >= 1)
);

-- What is asked is planned before anyone joins, and stays: else waves could not be compared.
CREATE FUNCTION research.keep_question_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE study uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.study_id ELSE NEW.study_id END;
BEGIN
  IF NOT EXISTS (SELECT FROM research.studies WHERE id = study AND state = 'draft') THEN
    RAISE EXCEPTION 'what is asked is planned before a study opens'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'question_plan_of_draft';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_question_plan BEFORE INSERT OR UPDATE OR DELETE ON research.question_plans
  FOR EACH ROW EXECUTE FUNCTION research.keep_question_plan();
CREATE TRIGGER keep_question_plan BEFORE INSERT OR UPDATE OR DELETE ON research.wave_instruments
  FOR EACH ROW EXECUTE FUNCTION research.keep_question_plan();
"""

_TIMES = """
-- A time of day on the programme's clock. One that the clocks leave out is an hour later.
CREATE FUNCTION research.local_moment(day date, at time) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$ SELECT (day + at) AT TIME ZONE 'Europe/London' $$;

-- When a wave opens for someone who joined on that day, when its window closes, and until when what
-- comes late is taken. The first wave since joining opens at once.
CREATE FUNCTION research.wave_times(study uuid, wave smallint, joined_on date)
RETURNS TABLE (opens_at timestamptz, closes_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT research.local_moment(d.day, CASE w.week WHEN 0 THEN '00:00' ELSE p.opens_at END),
    research.local_moment(d.day + p.window_days, p.opens_at),
    research.local_moment(d.day + p.window_days + p.late_days, p.opens_at)
  FROM research.question_plans p JOIN research.waves w ON w.study_id = p.study_id
  CROSS JOIN LATERAL (SELECT coalesce(w.opens_on, joined_on + 7 * w.week) AS day) d
  WHERE p.study_id = study AND w.number = wave
    AND EXISTS (SELECT FROM research.wave_instruments i
      WHERE i.study_id = study AND i.wave = w.number)
$$;
"""

_RESPONSES = """
CREATE TABLE research.responses (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wave smallint NOT NULL,
  mode text NOT NULL,
  due_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  saved_at timestamptz,
  done_at timestamptz,
  declined_at timestamptz,
  late_at timestamptz,
  entered_by uuid,
  answered_on date,
  CONSTRAINT pk_responses PRIMARY KEY (study_id, participant_id, wave),
  CONSTRAINT fk_responses_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT fk_responses_study_id_wave_waves
    FOREIGN KEY (study_id, wave) REFERENCES research.waves,
  CONSTRAINT ck_responses_mode CHECK (mode IN ('alone', 'assisted', 'paper')),
  CONSTRAINT ck_responses_entered CHECK ((mode = 'alone') = (entered_by IS NULL)
    AND (mode = 'paper') = (answered_on IS NOT NULL)),
  CONSTRAINT ck_responses_ended CHECK (num_nonnulls(done_at, declined_at) <= 1)
);

CREATE TABLE research.response_parts (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wave smallint NOT NULL,
  instrument text NOT NULL,
  version smallint NOT NULL,
  language text NOT NULL,
  wording smallint NOT NULL,
  CONSTRAINT pk_response_parts PRIMARY KEY (study_id, participant_id, wave, instrument),
  CONSTRAINT fk_response_parts_responses FOREIGN KEY (study_id, participant_id, wave)
    REFERENCES research.responses ON DELETE CASCADE,
  CONSTRAINT fk_response_parts_wave_instruments FOREIGN KEY (study_id, wave, instrument)
    REFERENCES research.wave_instruments (study_id, wave, instrument)
);

CREATE TABLE research.answers (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wave smallint NOT NULL,
  item text NOT NULL,
  instrument text NOT NULL,
  value integer,
  codes smallint[],
  words text,
  saved_at timestamptz NOT NULL,
  CONSTRAINT pk_answers PRIMARY KEY (study_id, participant_id, wave, item),
  CONSTRAINT fk_answers_response_parts FOREIGN KEY (study_id, participant_id, wave, instrument)
    REFERENCES research.response_parts ON DELETE CASCADE,
  CONSTRAINT ck_answers_one_kind CHECK (num_nonnulls(value, codes, words) <= 1
    AND (codes IS NULL OR cardinality(codes) > 0) AND words <> '')
);

-- Of paper only the day is known, and the whole of it counts: what was filled in on the day on
-- which a window closes came in time.
-- Whoever writes a response waits for acts of consent about the same person, and is held to what
-- stands then: consent in force, the wave open for them, and nothing changed once it is done.
CREATE FUNCTION research.take_response() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE joined date; touched timestamptz; since timestamptz; until timestamptz; times record;
BEGIN
  SELECT enrolled_on INTO joined FROM research.participants
    WHERE id = NEW.participant_id FOR SHARE;
  touched := greatest(NEW.opened_at, NEW.saved_at, NEW.done_at, NEW.declined_at);
  since := coalesce(research.local_moment(NEW.answered_on, '00:00'), touched);
  until := least(touched,
    research.local_moment(NEW.answered_on + 1, '00:00') - interval '1 microsecond');
  IF NOT research.may_record(NEW.participant_id, 'questionnaires', until) THEN
    RAISE EXCEPTION 'no consent to questionnaires in force for this participant'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_force';
  END IF;
  SELECT * INTO times FROM research.wave_times(NEW.study_id, NEW.wave, joined);
  IF times.opens_at IS NULL OR until < times.opens_at OR since >= times.ends_at
      OR since > until THEN
    RAISE EXCEPTION 'this wave is not open for this participant'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'wave_open';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.due_at := times.opens_at;
    NEW.late_at := NULL;
  ELSIF OLD.done_at IS NOT NULL OR NEW.study_id <> OLD.study_id
      OR NEW.participant_id <> OLD.participant_id OR NEW.wave <> OLD.wave THEN
    RAISE EXCEPTION 'a response that is done stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'response_done';
  ELSE
    NEW.due_at := OLD.due_at;
    NEW.late_at := OLD.late_at;
  END IF;
  IF since >= times.closes_at AND NEW.saved_at IS NOT NULL THEN
    NEW.late_at := coalesce(NEW.late_at, touched);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_response BEFORE INSERT OR UPDATE ON research.responses
  FOR EACH ROW EXECUTE FUNCTION research.take_response();

-- An answer is written in the moment in which its response was saved, and so under its rules.
CREATE FUNCTION research.take_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM research.responses
      WHERE study_id = NEW.study_id AND participant_id = NEW.participant_id AND wave = NEW.wave
        AND saved_at = NEW.saved_at AND done_at IS NULL) THEN
    RAISE EXCEPTION 'an answer is saved with its response'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_with_response';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_answer BEFORE INSERT OR UPDATE ON research.answers
  FOR EACH ROW EXECUTE FUNCTION research.take_answer();

-- What is done stays until its participant is erased; before, an answer can be taken back.
CREATE FUNCTION research.keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF research.is_erased(OLD.participant_id) OR EXISTS (SELECT FROM research.responses
      WHERE study_id = OLD.study_id AND participant_id = OLD.participant_id AND wave = OLD.wave
        AND done_at IS NULL) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'what was answered stays' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_answer BEFORE DELETE ON research.answers
  FOR EACH ROW EXECUTE FUNCTION research.keep_answer();
"""

_INVITATIONS = """
CREATE TABLE research.invitation_choices (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  part_of_day text,
  by_email boolean NOT NULL,
  stopped_at timestamptz,
  CONSTRAINT pk_invitation_choices PRIMARY KEY (study_id, participant_id),
  CONSTRAINT fk_invitation_choices_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT ck_invitation_choices_part_of_day
    CHECK (part_of_day IN ('morning', 'afternoon', 'evening'))
);

CREATE TABLE research.invitations (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wave smallint NOT NULL,
  number smallint NOT NULL,
  sent_at timestamptz NOT NULL,
  by_email boolean NOT NULL,
  CONSTRAINT pk_invitations PRIMARY KEY (study_id, participant_id, wave, number),
  CONSTRAINT fk_invitations_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT ck_invitations_number CHECK (number BETWEEN 0 AND 3)
);

-- Number 0 invites, the others remind: never more than the plan says, nor sooner, nor to anyone who
-- has answered, declined, stopped them or does not agree any more.
CREATE FUNCTION research.take_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE joined date; plan record; times record; before timestamptz;
BEGIN
  SELECT enrolled_on INTO joined FROM research.participants
    WHERE id = NEW.participant_id FOR SHARE;
  SELECT * INTO plan FROM research.question_plans WHERE study_id = NEW.study_id;
  SELECT * INTO times FROM research.wave_times(NEW.study_id, NEW.wave, joined);
  SELECT sent_at INTO before FROM research.invitations WHERE study_id = NEW.study_id
    AND participant_id = NEW.participant_id AND wave = NEW.wave AND number = NEW.number - 1;
  IF plan IS NULL OR times.opens_at IS NULL OR NEW.number > plan.reminders
    OR NEW.sent_at < times.opens_at OR NEW.sent_at >= times.closes_at
    OR NEW.number > 0 AND (before IS NULL
      OR NEW.sent_at < before + make_interval(days => plan.reminder_days) - interval '12 hours')
    OR NOT research.may_record(NEW.participant_id, 'questionnaires', NEW.sent_at)
    OR EXISTS (SELECT FROM research.responses r WHERE r.study_id = NEW.study_id
      AND r.participant_id = NEW.participant_id AND r.wave = NEW.wave
      AND num_nonnulls(r.done_at, r.declined_at) > 0)
    OR EXISTS (SELECT FROM research.invitation_choices c WHERE c.study_id = NEW.study_id
      AND c.participant_id = NEW.participant_id AND c.stopped_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the plan of the study has no such invitation'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_planned';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_invitation BEFORE INSERT ON research.invitations
  FOR EACH ROW EXECUTE FUNCTION research.take_invitation();
"""

_BY_HAND = """
CREATE TABLE research.contact_requests (
  id uuid NOT NULL CONSTRAINT pk_contact_requests PRIMARY KEY,
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wave smallint NOT NULL,
  reach bytea,
  asked_at timestamptz NOT NULL,
  answered_at timestamptz,
  answered_by uuid,
  CONSTRAINT uq_contact_requests_wave UNIQUE (study_id, participant_id, wave),
  CONSTRAINT fk_contact_requests_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT ck_contact_requests_answered
    CHECK ((answered_at IS NULL) = (answered_by IS NULL)
      AND (answered_at IS NULL) = (reach IS NOT NULL))
);

CREATE TABLE research.paper_entries (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wave smallint NOT NULL,
  entry smallint NOT NULL,
  answered_on date NOT NULL,
  answers json NOT NULL,
  entered_by uuid NOT NULL,
  entered_at timestamptz NOT NULL,
  CONSTRAINT pk_paper_entries PRIMARY KEY (study_id, participant_id, wave, entry),
  CONSTRAINT uq_paper_entries_entered_by UNIQUE (study_id, participant_id, wave, entered_by),
  CONSTRAINT fk_paper_entries_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT ck_paper_entries_entry CHECK (entry IN (1, 2))
);

-- Typed once and then once more, for somebody who was not erased; once two people have typed it,
-- neither entry changes. A response made of them never goes without them.
CREATE FUNCTION research.take_paper_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE entry research.paper_entries := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM FROM research.participants
    WHERE id = entry.participant_id AND state <> 'erased' FOR SHARE;
  IF TG_OP = 'DELETE' AND NOT FOUND THEN RETURN OLD; END IF;
  IF NOT FOUND OR TG_OP = 'UPDATE' OR EXISTS (SELECT FROM research.responses r
      WHERE r.study_id = entry.study_id AND r.participant_id = entry.participant_id
        AND r.wave = entry.wave AND r.done_at IS NOT NULL)
      OR TG_OP = 'INSERT' AND entry.entry = 2 AND NOT EXISTS (SELECT FROM research.paper_entries e
        WHERE e.study_id = entry.study_id AND e.participant_id = entry.participant_id
          AND e.wave = entry.wave AND e.entry = 1) THEN
    RAISE EXCEPTION 'paper is typed twice, before its response is made, and stays as it was typed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'paper_typed_twice';
  END IF;
  RETURN entry;
END $$;
CREATE TRIGGER take_paper_entry BEFORE INSERT OR UPDATE OR DELETE ON research.paper_entries
  FOR EACH ROW EXECUTE FUNCTION research.take_paper_entry();
"""

_ONLY_ERASED = """
-- Rows of people go with the erasure of the person, and in no other way.
CREATE FUNCTION research.keep_until_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND research.is_erased(OLD.participant_id) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'rows of a participant are kept until they are erased'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_until_erased BEFORE DELETE ON research.responses
  FOR EACH ROW EXECUTE FUNCTION research.keep_until_erased();
CREATE TRIGGER keep_until_erased BEFORE UPDATE OR DELETE ON research.invitations
  FOR EACH ROW EXECUTE FUNCTION research.keep_until_erased();
"""


def upgrade() -> None:
    connection = op.get_bind()
    for part in (
        _CODE_LINKS,
        _PURPOSE,
        _PLANS,
        _TIMES,
        _RESPONSES,
        _INVITATIONS,
        _BY_HAND,
        _ONLY_ERASED,
    ):
        connection.exec_driver_sql(part)


def downgrade() -> None:
    """Answers go; a study by the calendar, or one that asks for questionnaires, can't be told in
    the former version and stops the step."""
    connection = op.get_bind()
    connection.exec_driver_sql(
        """
        DROP TABLE research.paper_entries, research.contact_requests, research.invitations,
          research.invitation_choices, research.answers, research.response_parts,
          research.responses, research.wave_instruments, research.question_plans,
          identity.study_code_links;
        DROP FUNCTION research.keep_until_erased(), research.take_paper_entry(),
          research.take_invitation(), research.keep_answer(), research.take_answer(),
          research.take_response(),
          research.wave_times(uuid, smallint, date), research.local_moment(date, time),
          research.keep_question_plan();
        ALTER TABLE research.waves DROP CONSTRAINT ck_waves_by_week_or_day,
          DROP COLUMN opens_on, ALTER COLUMN week SET NOT NULL;
        ALTER TABLE research.study_purposes DROP CONSTRAINT ck_study_purposes_purpose,
          ADD CONSTRAINT ck_study_purposes_purpose
          CHECK (purpose IN ('activity', 'text', 'contact'));
        """
    )
