"""Research rows that lead nowhere: no exact time, no number of an event, no order of arrival.

Activities are partitioned by study, know who the other side was and which session they belong to.
Purposes belong to a study, and keys say what triggers said. Rows of the version before are carried
over; what could be joined with another table is gone afterwards. Datasets of the version before
are closed: they held rows of single acts.

There is no step down for people: their times can't be known again. It gives empty tables back.
"""

from alembic import op

revision = "research_0004"
down_revision = "community_0002"
branch_labels = None
depends_on = None

_CALENDAR = """
-- The programme's own zone. Days, periods and times of day are those that its people live by.
CREATE FUNCTION research.programme_zone() RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT 'Europe/London' $$;

CREATE FUNCTION research.local_date(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT (moment AT TIME ZONE 'Europe/London')::date
$$;

CREATE FUNCTION research.time_band_of(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN h < 6 THEN 'night' WHEN h < 12 THEN 'morning' WHEN h < 18 THEN 'afternoon'
    ELSE 'evening' END
  FROM (SELECT extract(hour FROM moment AT TIME ZONE 'Europe/London') AS h) hours
$$;
"""

#: Ids of studies and datasets are given out; those of version 7 tell a time. Random ones instead.
_IDS = """
CREATE TEMP TABLE fresh_ids ON COMMIT DROP AS
  SELECT id AS old, gen_random_uuid() AS new FROM research.studies
  UNION ALL SELECT id, gen_random_uuid() FROM research.datasets;

ALTER TABLE research.activities
  DROP CONSTRAINT fk_activities_study_id_participant_id_participants,
  DROP CONSTRAINT fk_activities_study_id_counterpart_id_participants;
ALTER TABLE research.texts DROP CONSTRAINT fk_texts_study_id_participant_id_participants;
ALTER TABLE research.participants DROP CONSTRAINT fk_participants_study_id_studies;
ALTER TABLE research.sheets DROP CONSTRAINT fk_sheets_study_id_studies;
ALTER TABLE research.datasets DROP CONSTRAINT fk_datasets_study_id_studies;
ALTER TABLE research.pulls DROP CONSTRAINT fk_pulls_dataset_id_datasets;
ALTER TABLE research.dataset_participants
  DROP CONSTRAINT fk_dataset_participants_dataset_id_datasets;
ALTER TABLE research.activities DISABLE TRIGGER USER;
ALTER TABLE research.texts DISABLE TRIGGER USER;
ALTER TABLE research.participants DISABLE TRIGGER USER;
ALTER TABLE research.sheets DISABLE TRIGGER USER;
ALTER TABLE research.datasets DISABLE TRIGGER USER;
ALTER TABLE research.pulls DISABLE TRIGGER USER;
ALTER TABLE research.dataset_participants DISABLE TRIGGER USER;
ALTER TABLE identity.study_links DISABLE TRIGGER USER;

UPDATE research.studies t SET id = f.new FROM fresh_ids f WHERE t.id = f.old;
UPDATE research.sheets t SET study_id = f.new FROM fresh_ids f WHERE t.study_id = f.old;
UPDATE research.participants t SET study_id = f.new FROM fresh_ids f WHERE t.study_id = f.old;
UPDATE research.activities t SET study_id = f.new FROM fresh_ids f WHERE t.study_id = f.old;
UPDATE research.texts t SET study_id = f.new FROM fresh_ids f WHERE t.study_id = f.old;
UPDATE research.datasets t SET study_id = f.new FROM fresh_ids f WHERE t.study_id = f.old;
UPDATE research.datasets t SET id = f.new FROM fresh_ids f WHERE t.id = f.old;
UPDATE research.pulls t SET dataset_id = f.new FROM fresh_ids f WHERE t.dataset_id = f.old;
UPDATE research.dataset_participants t SET dataset_id = f.new FROM fresh_ids f
  WHERE t.dataset_id = f.old;
UPDATE identity.study_links t SET study_id = f.new FROM fresh_ids f WHERE t.study_id = f.old;
UPDATE core.events e SET payload = e.payload || jsonb_build_object('study_id', f.new)
  FROM fresh_ids f WHERE e.payload ->> 'study_id' = f.old::text;
UPDATE core.events e SET payload = e.payload || jsonb_build_object('dataset_id', f.new)
  FROM fresh_ids f WHERE e.payload ->> 'dataset_id' = f.old::text;

ALTER TABLE research.texts ENABLE TRIGGER USER;
ALTER TABLE research.participants ENABLE TRIGGER USER;
ALTER TABLE research.sheets ENABLE TRIGGER USER;
ALTER TABLE research.datasets ENABLE TRIGGER USER;
ALTER TABLE research.pulls ENABLE TRIGGER USER;
ALTER TABLE research.dataset_participants ENABLE TRIGGER USER;
ALTER TABLE identity.study_links ENABLE TRIGGER USER;
ALTER TABLE research.participants ADD CONSTRAINT fk_participants_study_id_studies
  FOREIGN KEY (study_id) REFERENCES research.studies;
ALTER TABLE research.sheets ADD CONSTRAINT fk_sheets_study_id_studies
  FOREIGN KEY (study_id) REFERENCES research.studies;
ALTER TABLE research.datasets ADD CONSTRAINT fk_datasets_study_id_studies
  FOREIGN KEY (study_id) REFERENCES research.studies;
ALTER TABLE research.pulls ADD CONSTRAINT fk_pulls_dataset_id_datasets
  FOREIGN KEY (dataset_id) REFERENCES research.datasets;
ALTER TABLE research.texts ADD CONSTRAINT fk_texts_study_id_participant_id_participants
  FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id);
"""

_PART = """
-- The part a member plays as a peer: what they do as staff no study records.
CREATE FUNCTION identity.part_of(member uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT r.role FROM identity.accounts a JOIN identity.account_roles r ON r.account_id = a.id
    WHERE a.member_id = member AND r.role IN ('host', 'adviser')
    ORDER BY r.role DESC LIMIT 1), 'member')
$$;
"""

_STUDIES = """
CREATE TABLE research.study_purposes (
  study_id uuid NOT NULL
    CONSTRAINT fk_study_purposes_study_id_studies REFERENCES research.studies,
  purpose text NOT NULL,
  CONSTRAINT pk_study_purposes PRIMARY KEY (study_id, purpose),
  CONSTRAINT ck_study_purposes_purpose CHECK (purpose IN ('activity', 'text', 'contact'))
);
INSERT INTO research.study_purposes
  SELECT s.id, p FROM research.studies s CROSS JOIN unnest(ARRAY['activity', 'text', 'contact']) p;

ALTER TABLE research.sheets ADD covers_acts boolean NOT NULL DEFAULT false;
ALTER TABLE research.sheets ALTER covers_acts DROP DEFAULT;

CREATE TABLE research.look_counts (
  study_id uuid NOT NULL CONSTRAINT fk_look_counts_study_id_studies REFERENCES research.studies,
  period integer NOT NULL,
  people integer NOT NULL,
  CONSTRAINT pk_look_counts PRIMARY KEY (study_id, period),
  CONSTRAINT ck_look_counts_counts CHECK (period > 0 AND people > 0)
);
CREATE TABLE identity.study_looks (
  study_id uuid NOT NULL,
  member_id uuid NOT NULL,
  CONSTRAINT pk_study_looks PRIMARY KEY (study_id, member_id)
);
CREATE INDEX ix_study_looks_member_id ON identity.study_looks (member_id);
"""

_PARTICIPANTS = """
ALTER TABLE research.participants DISABLE TRIGGER keep_participant;
ALTER TABLE research.participants
  ADD enrolled_on date,
  ADD was_staff boolean NOT NULL DEFAULT false;
UPDATE research.participants SET enrolled_on = research.local_date(enrolled_at),
  changed_at = CASE state WHEN 'erased'
    THEN date_trunc('day', changed_at, 'Europe/London') ELSE changed_at END;
UPDATE research.participants p SET was_staff = true FROM identity.study_links l
  WHERE l.participant_id = p.id AND identity.is_staff(l.member_id);
ALTER TABLE research.participants
  ALTER enrolled_on SET NOT NULL, ALTER was_staff DROP DEFAULT, DROP enrolled_at;
ALTER TABLE research.participants ENABLE TRIGGER keep_participant;

CREATE TABLE research.consents_apart (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  purpose text NOT NULL,
  act text NOT NULL,
  sheet_version integer NOT NULL,
  at timestamptz NOT NULL
);
INSERT INTO research.consents_apart (study_id, participant_id, purpose, act, sheet_version, at)
  SELECT p.study_id, c.participant_id, c.purpose, c.act, c.sheet_version,
    CASE p.state WHEN 'erased'
      THEN date_trunc('day', c.at, 'Europe/London') ELSE c.at END
  FROM research.consents c JOIN research.participants p ON p.id = c.participant_id ORDER BY c.id;
DROP TABLE research.consents;
ALTER TABLE research.consents_apart RENAME TO consents;
ALTER SEQUENCE research.consents_apart_id_seq RENAME TO consents_id_seq;
ALTER TABLE research.consents
  ADD CONSTRAINT pk_consents PRIMARY KEY (study_id, participant_id, id),
  ADD CONSTRAINT ck_consents_act CHECK (act IN ('given', 'declined', 'withdrawn')),
  ADD CONSTRAINT fk_consents_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  ADD CONSTRAINT fk_consents_study_id_purpose_study_purposes
    FOREIGN KEY (study_id, purpose) REFERENCES research.study_purposes,
  ADD CONSTRAINT fk_consents_study_id_sheet_version_sheets
    FOREIGN KEY (study_id, sheet_version) REFERENCES research.sheets (study_id, version);
CREATE INDEX ix_consents_participant_id_purpose_id
  ON research.consents (participant_id, purpose, id);
"""

_CONSENT_RULES = """
DROP FUNCTION research.require_sheet();

CREATE OR REPLACE FUNCTION research.take_consent() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- A ledger that only grows. Once nobody can tell any more whose they are, times become days: an
-- exact one could be held against the moment at which an account was closed.
CREATE FUNCTION research.keep_consent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE day_only research.consents := OLD;
BEGIN
  IF TG_OP = 'UPDATE' AND NOT EXISTS (
      SELECT FROM identity.study_links WHERE participant_id = OLD.participant_id) THEN
    day_only.at := date_trunc('day', OLD.at, research.programme_zone());
    IF NEW IS NOT DISTINCT FROM day_only THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'consents is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_consent BEFORE UPDATE OR DELETE ON research.consents
  FOR EACH ROW EXECUTE FUNCTION research.keep_consent();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.consents
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

CREATE OR REPLACE FUNCTION research.keep_participant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state <> 'erased' AND NEW.id = OLD.id
    AND NEW.study_id = OLD.study_id AND NEW.enrolled_on = OLD.enrolled_on THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a participant stays, and an erased one stays erased'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- One statement, for it is asked for every row: whether the study ran, whether consent was in force
-- at that moment and still is, and whether they work for the community (staff are never
-- participants, from the moment they are appointed).
CREATE OR REPLACE FUNCTION research.may_record(participant text, wanted text, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM research.participants p JOIN research.studies s ON s.id = p.study_id
    WHERE p.id = participant AND p.state = 'taking_part' AND NOT p.was_staff
      AND s.opened_at <= moment AND (s.closed_at IS NULL OR moment < s.closed_at)
      AND 'given' = (SELECT c.act FROM research.consents c
        WHERE c.participant_id = participant AND c.purpose = wanted
        ORDER BY c.id DESC LIMIT 1)
      AND 'given' = (SELECT c.act FROM research.consents c
        WHERE c.participant_id = participant AND c.purpose = wanted AND c.at <= moment
        ORDER BY c.id DESC LIMIT 1)
      AND NOT EXISTS (SELECT FROM identity.study_links l
        WHERE l.participant_id = participant AND identity.is_staff(l.member_id)));
END $$;
"""

_REGISTRY = """
CREATE TABLE research.activity_types (
  kind text NOT NULL,
  version smallint NOT NULL,
  fields text[] NOT NULL,
  CONSTRAINT pk_activity_types PRIMARY KEY (kind, version)
);
INSERT INTO research.activity_types VALUES
  ('published', 1, '{intent,length_band,has_note,ordinal}'),
  ('replied', 1, '{other_side,counterpart_id,target,length_band,has_note}'),
  ('reacted', 1, '{other_side,counterpart_id,target,reaction}'),
  ('received', 1, '{other_side,counterpart_id,target,reaction,latency_band}'),
  ('took_back', 1, '{other_side,counterpart_id,target,reaction}'),
  ('lost', 1, '{other_side,counterpart_id,target,reaction}'),
  ('read', 1, '{seconds}'),
  ('read', 2, '{seconds}'),
  ('help_opened', 1, '{}'),
  ('note_opened', 1, '{}'),
  ('break_taken', 1, '{}');
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.activity_types
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.activity_types
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""

_ACTIVITIES = """
CREATE TABLE research.activities_apart (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  day integer NOT NULL,
  session integer,
  seconds integer,
  version smallint NOT NULL,
  ordinal smallint,
  has_note boolean,
  occurred_at timestamptz,
  kind text NOT NULL,
  time_band text NOT NULL,
  actor_role text NOT NULL,
  other_side text,
  target text,
  intent text,
  reaction text,
  length_band text,
  latency_band text,
  counterpart_id text COLLATE "C",
  CONSTRAINT ck_activities_no_exact_time CHECK (occurred_at IS NULL),
  CONSTRAINT ck_activities_time_band
    CHECK (time_band IN ('night', 'morning', 'afternoon', 'evening')),
  CONSTRAINT ck_activities_actor_role CHECK (actor_role IN ('member', 'host', 'adviser')),
  CONSTRAINT ck_activities_other_side CHECK (CASE
    WHEN kind IN ('replied', 'reacted', 'received', 'lost') THEN other_side IS NOT NULL
      AND other_side IN ('participant', 'member', 'staff', 'self')
    WHEN kind = 'took_back' THEN (other_side IS NULL) = (reaction IS NULL)
    ELSE other_side IS NULL END),
  CONSTRAINT ck_activities_counterpart CHECK (CASE WHEN other_side = 'participant'
    THEN counterpart_id IS NOT NULL AND counterpart_id <> participant_id
    ELSE counterpart_id IS NULL END),
  CONSTRAINT ck_activities_target CHECK (CASE
    WHEN kind IN ('replied', 'reacted', 'received', 'took_back', 'lost')
      THEN target IS NOT NULL AND target IN ('post', 'reply')
    ELSE target IS NULL END),
  CONSTRAINT ck_activities_intent CHECK (intent IS NULL OR kind = 'published'),
  CONSTRAINT ck_activities_reaction CHECK (CASE WHEN kind IN ('reacted', 'lost')
    THEN reaction IS NOT NULL ELSE reaction IS NULL OR kind IN ('received', 'took_back') END),
  CONSTRAINT ck_activities_length CHECK (CASE WHEN kind IN ('published', 'replied')
    THEN length_band IS NOT NULL AND length_band IN ('brief', 'short', 'medium', 'long')
    ELSE length_band IS NULL AND has_note IS NULL END),
  CONSTRAINT ck_activities_latency CHECK (latency_band IS NULL OR kind = 'received'
    AND reaction IS NULL AND latency_band IN
      ('under_10_minutes', 'under_1_hour', 'under_6_hours', 'under_1_day', 'later')),
  CONSTRAINT ck_activities_ordinal
    CHECK (ordinal IS NULL OR kind = 'published' AND ordinal BETWEEN 1 AND 100),
  CONSTRAINT ck_activities_session CHECK (session > 0),
  CONSTRAINT ck_activities_seconds CHECK (CASE WHEN kind = 'read'
    THEN seconds IS NOT NULL AND seconds BETWEEN 1 AND 600 ELSE seconds IS NULL END)
) PARTITION BY LIST (study_id);

-- A partition is made beside the table and then attached: writers of other studies go on.
CREATE FUNCTION research.add_partition(study uuid, parent text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE name text := 'activities_' || replace(study::text, '-', '');
BEGIN
  EXECUTE format('CREATE TABLE research.%I (LIKE research.%I INCLUDING DEFAULTS'
    ' INCLUDING CONSTRAINTS)', name, parent);
  EXECUTE format('ALTER TABLE research.%I ATTACH PARTITION research.%I FOR VALUES IN (%L)',
    parent, name, study);
  EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.%I'
    ' FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change()', name);
END $$;
SELECT research.add_partition(id, 'activities_apart') FROM research.studies;

WITH known AS (
  SELECT a.*, e.type AS event_type, e.payload,
    CASE WHEN a.kind IN ('replied') THEN e.payload ->> 'parent_author_id'
      WHEN a.kind = 'reacted' THEN e.payload ->> 'author_id'
      WHEN a.kind = 'received' AND e.type = 'post.published' THEN e.payload ->> 'author_id'
      WHEN a.kind = 'received' THEN e.payload ->> 'actor_id' END::uuid AS other,
    l.member_id AS counterpart_member
  FROM research.activities a
  LEFT JOIN core.events e ON e.id = a.source_event_id
  LEFT JOIN identity.study_links l ON l.participant_id = a.counterpart_id
), sided AS (
  SELECT k.*, CASE WHEN kind NOT IN ('replied', 'reacted', 'received') THEN NULL
      WHEN counterpart_id = participant_id
        OR kind = 'replied' AND payload ->> 'author_id' = other::text THEN 'self'
      WHEN identity.is_staff(coalesce(other, counterpart_member)) THEN 'staff'
      WHEN counterpart_id IS NOT NULL THEN 'participant'
      ELSE 'member' END AS other_side
  FROM known k
)
INSERT INTO research.activities_apart (study_id, participant_id, day, version, ordinal, has_note,
  kind, time_band, actor_role, other_side, target, intent, reaction, length_band, counterpart_id,
  seconds)
SELECT s.study_id, s.participant_id, research.local_date(s.occurred_at) - p.enrolled_on, 1,
  CASE s.kind WHEN 'published' THEN least(100, row_number() OVER (
    PARTITION BY s.participant_id, s.kind ORDER BY s.id)) END,
  s.has_note, s.kind, research.time_band_of(s.occurred_at), 'member', s.other_side,
  CASE WHEN s.other_side IS NULL THEN NULL
    WHEN s.event_type = 'post.published'
      THEN CASE s.payload ->> 'parent_id' WHEN s.payload ->> 'thread_id' THEN 'post'
        ELSE 'reply' END
    WHEN s.payload ->> 'post_id' <> s.payload ->> 'thread_id' THEN 'reply' ELSE 'post' END,
  s.intent, s.reaction, s.length_band,
  CASE s.other_side WHEN 'participant' THEN s.counterpart_id END, s.seconds
FROM sided s JOIN research.participants p ON p.id = s.participant_id
-- In no order of time: where a row lies in the file tells nothing either.
ORDER BY gen_random_uuid();

DROP TABLE research.activities;
ALTER TABLE research.activities_apart RENAME TO activities;
ALTER TABLE research.activities
  ADD CONSTRAINT pk_activities PRIMARY KEY (study_id, participant_id, day, id),
  ADD CONSTRAINT fk_activities_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  ADD CONSTRAINT fk_activities_study_id_counterpart_id_participants
    FOREIGN KEY (study_id, counterpart_id) REFERENCES research.participants (study_id, id),
  ADD CONSTRAINT fk_activities_kind_version_activity_types
    FOREIGN KEY (kind, version) REFERENCES research.activity_types;
CREATE INDEX ix_activities_counterpart_id ON research.activities (counterpart_id)
  WHERE counterpart_id IS NOT NULL;
"""

_RECORDING = """
-- What the rules of recording need and no researcher may read: the session that runs, when reading
-- was last told of (an exact time, forgotten after half an hour), how many posts there were.
CREATE TABLE research.recording_states (
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  session integer NOT NULL,
  posts integer NOT NULL,
  last_at timestamptz,
  read_at timestamptz,
  CONSTRAINT pk_recording_states PRIMARY KEY (study_id, participant_id),
  CONSTRAINT fk_recording_states_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id)
);
INSERT INTO research.recording_states (study_id, participant_id, session, posts)
  SELECT p.study_id, p.id, 0, coalesce(max(a.ordinal), 0)
  FROM research.participants p
  LEFT JOIN research.activities a ON a.study_id = p.study_id AND a.participant_id = p.id
  WHERE p.state <> 'erased' GROUP BY p.study_id, p.id;

-- Which events have become rows, until the subscriber's cursor has passed them: a second delivery
-- then changes nothing, and no row of a study names an event.
CREATE TABLE research.deliveries (
  event_id bigint NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  CONSTRAINT pk_deliveries PRIMARY KEY (event_id, participant_id, kind)
);

-- Hands the exact time over and lets it go: consent is asked for at that moment and now, day and
-- time of day are counted from it, and nothing of it is stored.
CREATE FUNCTION research.take_activity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE enrolled date;
BEGIN
  IF NEW.counterpart_id IS NOT NULL THEN
    PERFORM 1 FROM research.participants
      WHERE id IN (NEW.participant_id, NEW.counterpart_id) ORDER BY id FOR SHARE;
    IF NOT research.may_record(NEW.counterpart_id, 'activity', NEW.occurred_at) THEN
      RAISE EXCEPTION 'no consent to activity in force for the other participant'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_force';
    END IF;
  END IF;
  SELECT enrolled_on INTO enrolled FROM research.participants
    WHERE id = NEW.participant_id FOR SHARE;
  IF NOT research.may_record(NEW.participant_id, 'activity', NEW.occurred_at) THEN
    RAISE EXCEPTION 'no consent to activity in force for this participant'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_in_force';
  END IF;
  NEW.day := research.local_date(NEW.occurred_at) - enrolled;
  NEW.time_band := research.time_band_of(NEW.occurred_at);
  NEW.occurred_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER take_activity BEFORE INSERT ON research.activities
  FOR EACH ROW EXECUTE FUNCTION research.take_activity();

CREATE OR REPLACE FUNCTION research.keep_activity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cut research.activities := OLD;
BEGIN
  IF TG_OP = 'DELETE' AND research.is_erased(OLD.participant_id) THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND research.is_erased(OLD.counterpart_id) THEN
    cut.counterpart_id := NULL;
    cut.other_side := 'member';
    IF NEW IS NOT DISTINCT FROM cut THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'activities is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_activity BEFORE UPDATE OR DELETE ON research.activities
  FOR EACH ROW EXECUTE FUNCTION research.keep_activity();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.activities
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
DROP FUNCTION research.require_consent_to_activity();
DROP FUNCTION research.days_between(timestamptz, timestamptz);

CREATE FUNCTION research.open_partition() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM research.add_partition(NEW.id, 'activities');
  RETURN NULL;
END $$;
CREATE TRIGGER open_partition AFTER INSERT ON research.studies
  FOR EACH ROW EXECUTE FUNCTION research.open_partition();
"""

_DATASETS = """
ALTER TABLE research.datasets DISABLE TRIGGER keep_dataset;
UPDATE research.datasets SET closed_at = now() WHERE closed_at IS NULL;
ALTER TABLE research.datasets
  ADD cut_off date, ADD options jsonb, ADD attack jsonb,
  ADD succeeds uuid CONSTRAINT fk_datasets_succeeds_datasets REFERENCES research.datasets,
  ADD early_reason_id uuid;
UPDATE research.datasets SET cut_off = research.local_date(frozen_at), options = '{}';
ALTER TABLE research.datasets
  ALTER cut_off SET NOT NULL, ALTER options SET NOT NULL,
  DROP CONSTRAINT ck_datasets_who, DROP CONSTRAINT ck_datasets_sealed,
  DROP cutoff_id, DROP row_counts, DROP file_hashes,
  ADD CONSTRAINT ck_datasets_who CHECK (CASE WHEN succeeds IS NULL
    THEN num_nonnulls(frozen_by, operator) = 1 ELSE num_nonnulls(frozen_by, operator) = 0 END),
  ADD CONSTRAINT uq_datasets_study_id_id UNIQUE (study_id, id),
  ADD CONSTRAINT uq_datasets_succeeds UNIQUE (succeeds);
ALTER TABLE research.datasets ENABLE TRIGGER keep_dataset;

CREATE TABLE research.dataset_sources (
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  source text NOT NULL,
  cut_off date NOT NULL,
  CONSTRAINT pk_dataset_sources PRIMARY KEY (study_id, dataset_id, source),
  CONSTRAINT fk_dataset_sources_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id)
);
INSERT INTO research.dataset_sources
  SELECT study_id, id, 'activity', cut_off FROM research.datasets;

CREATE TABLE research.dataset_files (
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  name text NOT NULL,
  rows bigint NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  CONSTRAINT pk_dataset_files PRIMARY KEY (study_id, dataset_id, name),
  CONSTRAINT fk_dataset_files_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id),
  CONSTRAINT ck_dataset_files_name CHECK (name IN ('periods', 'flow', 'community', 'acts'))
);
CREATE TABLE research.dataset_chunks (
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  name text NOT NULL,
  number integer NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT pk_dataset_chunks PRIMARY KEY (study_id, dataset_id, name, number),
  CONSTRAINT fk_dataset_chunks_study_id_dataset_id_name_dataset_files
    FOREIGN KEY (study_id, dataset_id, name) REFERENCES research.dataset_files
);
ALTER TABLE research.dataset_chunks ALTER content SET STORAGE EXTERNAL;

ALTER TABLE research.dataset_participants DISABLE TRIGGER keep_dataset_participant;
ALTER TABLE research.dataset_participants
  ADD study_id uuid,
  DROP tenure_band, DROP age_band, DROP area, DROP peer_support_before,
  DROP CONSTRAINT fk_dataset_participants_participant_id_participants,
  DROP CONSTRAINT pk_dataset_participants;
UPDATE research.dataset_participants d SET study_id = s.study_id
  FROM research.datasets s WHERE s.id = d.dataset_id;
ALTER TABLE research.dataset_participants
  ALTER study_id SET NOT NULL,
  ADD CONSTRAINT pk_dataset_participants PRIMARY KEY (study_id, dataset_id, participant_id),
  ADD CONSTRAINT fk_dataset_participants_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id),
  ADD CONSTRAINT fk_dataset_participants_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id);
ALTER TABLE research.dataset_participants ENABLE TRIGGER keep_dataset_participant;

-- The key's own check waits for an erasure of the same person; this one, afterwards, sees it.
CREATE FUNCTION research.refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh f JOIN research.participants p ON p.id = f.participant_id
             WHERE p.state = 'erased') THEN
    RAISE EXCEPTION 'someone in it was erased meanwhile'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'erased_meanwhile';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER refuse_erased AFTER INSERT ON research.dataset_participants
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION research.refuse_erased();

CREATE OR REPLACE FUNCTION research.keep_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed research.datasets := OLD;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.closed_at IS NULL THEN allowed.closed_at := NEW.closed_at; END IF;
    IF OLD.attack IS NULL THEN allowed.attack := NEW.attack; END IF;
    IF NEW IS NOT DISTINCT FROM allowed THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'a dataset never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The bytes of a dataset go when it is closed, and only then.
CREATE FUNCTION research.keep_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM research.datasets
      WHERE id = OLD.dataset_id AND closed_at IS NOT NULL) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'a dataset never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER keep_chunk BEFORE UPDATE OR DELETE ON research.dataset_chunks
  FOR EACH ROW EXECUTE FUNCTION research.keep_chunk();
"""

_RELEASES = """
-- A second person's reason for freezing again within 28 days, good for one freeze.
CREATE TABLE research.early_freezes (
  id uuid CONSTRAINT pk_early_freezes PRIMARY KEY,
  study_id uuid NOT NULL CONSTRAINT fk_early_freezes_study_id_studies REFERENCES research.studies,
  reason text NOT NULL,
  allowed_by uuid NOT NULL,
  allowed_at timestamptz NOT NULL,
  CONSTRAINT uq_early_freezes_study_id_id UNIQUE (study_id, id),
  CONSTRAINT ck_early_freezes_reason CHECK (char_length(reason) BETWEEN 10 AND 500)
);
ALTER TABLE research.datasets
  ADD CONSTRAINT uq_datasets_early_reason_id UNIQUE (early_reason_id),
  ADD CONSTRAINT fk_datasets_study_id_early_reason_id_early_freezes
    FOREIGN KEY (study_id, early_reason_id) REFERENCES research.early_freezes (study_id, id);

CREATE FUNCTION research.keep_freezes_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM research.studies WHERE id = NEW.study_id FOR UPDATE;
  IF NEW.succeeds IS NULL AND NEW.early_reason_id IS NULL AND EXISTS (
      SELECT FROM research.datasets d
      WHERE d.study_id = NEW.study_id AND d.succeeds IS NULL
        AND d.cut_off > NEW.cut_off - 28) THEN
    RAISE EXCEPTION 'freezes of a study stand 28 days apart'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'freezes_apart';
  END IF;
  IF NEW.early_reason_id IS NOT NULL AND NEW.frozen_by IS NOT DISTINCT FROM (
      SELECT allowed_by FROM research.early_freezes WHERE id = NEW.early_reason_id) THEN
    RAISE EXCEPTION 'a second person gives the reason'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'second_person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_freezes_apart BEFORE INSERT ON research.datasets
  FOR EACH ROW EXECUTE FUNCTION research.keep_freezes_apart();

CREATE TABLE research.data_agreements (
  id uuid CONSTRAINT pk_data_agreements PRIMARY KEY,
  study_id uuid NOT NULL
    CONSTRAINT fk_data_agreements_study_id_studies REFERENCES research.studies,
  recipient text NOT NULL,
  aim text NOT NULL,
  ends_on date NOT NULL,
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  CONSTRAINT uq_data_agreements_study_id_id UNIQUE (study_id, id),
  CONSTRAINT ck_data_agreements_words CHECK (char_length(recipient) BETWEEN 3 AND 200
    AND char_length(aim) BETWEEN 10 AND 1000),
  CONSTRAINT ck_data_agreements_ends CHECK (ends_on >= research.local_date(made_at)
    AND ends_on <= research.local_date(made_at) + 1827)
);

CREATE TABLE research.release_requests (
  id uuid CONSTRAINT pk_release_requests PRIMARY KEY,
  study_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  file text NOT NULL,
  agreement_id uuid,
  note text NOT NULL,
  requested_by uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  CONSTRAINT uq_release_requests_study_id_id UNIQUE (study_id, id),
  CONSTRAINT fk_release_requests_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id),
  CONSTRAINT fk_release_requests_study_id_agreement_id_data_agreements
    FOREIGN KEY (study_id, agreement_id) REFERENCES research.data_agreements (study_id, id),
  CONSTRAINT ck_release_requests_file CHECK (CASE file WHEN 'periods' THEN agreement_id IS NULL
    WHEN 'acts' THEN agreement_id IS NOT NULL ELSE false END),
  CONSTRAINT ck_release_requests_note CHECK (char_length(note) <= 1000)
);
CREATE INDEX ix_release_requests_dataset_id ON research.release_requests (dataset_id, file);

CREATE TABLE research.release_decisions (
  study_id uuid NOT NULL,
  request_id uuid NOT NULL,
  decision text NOT NULL,
  note text NOT NULL,
  decided_by uuid NOT NULL,
  decided_at timestamptz NOT NULL,
  attack jsonb NOT NULL,
  CONSTRAINT pk_release_decisions PRIMARY KEY (study_id, request_id),
  CONSTRAINT fk_release_decisions_study_id_request_id_release_requests
    FOREIGN KEY (study_id, request_id) REFERENCES research.release_requests (study_id, id),
  CONSTRAINT ck_release_decisions_decision CHECK (decision IN ('released', 'refused')),
  CONSTRAINT ck_release_decisions_note CHECK (char_length(note) BETWEEN 3 AND 1000)
);
-- Whoever froze or asked never decides.
CREATE FUNCTION research.require_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM research.release_requests r
      JOIN research.datasets d ON d.id = r.dataset_id
      WHERE r.id = NEW.request_id AND NEW.decided_by IN (r.requested_by, d.frozen_by)) THEN
    RAISE EXCEPTION 'whoever asked does not decide'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'second_person';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER require_second_person BEFORE INSERT ON research.release_decisions
  FOR EACH ROW EXECUTE FUNCTION research.require_second_person();

ALTER TABLE research.pulls ADD request_id uuid
  CONSTRAINT fk_pulls_request_id_release_requests REFERENCES research.release_requests;
"""

_OBSERVED = """
-- Days on which consent to activity was in force, by participant and period of 84 days from
-- enrolment, up to and with `until`. Consent given again the same day is one day.
CREATE FUNCTION research.observed_periods(study uuid, until date)
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
  )
  SELECT who, n + 1, sum(least(last_day, n * 84 + 83) - greatest(first_day, n * 84) + 1)::integer
  FROM days CROSS JOIN LATERAL generate_series(first_day / 84, last_day / 84) n
  WHERE last_day >= first_day
  GROUP BY who, n
$$;
"""

_LAST_DAYS = """
-- The last day of each participant, counted from enrolment, that a cut holds. It says that it gives
-- many rows: else acts are looked up person by person, which takes seven times as long.
CREATE FUNCTION research.last_days(study uuid, until date)
RETURNS TABLE (participant_id text, last_day integer)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100000
SET search_path = pg_catalog, pg_temp AS $$
  SELECT id, until - enrolled_on FROM research.participants
  WHERE study_id = study AND state <> 'erased' AND NOT was_staff
$$;
"""

#: What the research role may read: nothing that is equal to, or ordered like, a column elsewhere.
_GRANTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA research REVOKE SELECT ON TABLES FROM alongside_research;
REVOKE ALL ON ALL TABLES IN SCHEMA research FROM alongside_research;
GRANT SELECT (study_id, participant_id, day, time_band, kind, version, actor_role, other_side,
  counterpart_id, target, intent, reaction, length_band, has_note, ordinal, latency_band, session,
  seconds) ON research.activities TO alongside_research;
GRANT SELECT (id, study_id, state, was_staff, tenure_band, age_band, area, peer_support_before)
  ON research.participants TO alongside_research;
GRANT SELECT ON research.activity_types TO alongside_research;
REVOKE ALL ON FUNCTION research.observed_periods(uuid, date) FROM PUBLIC;
REVOKE ALL ON FUNCTION research.last_days(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION research.observed_periods(uuid, date) TO alongside_research;
GRANT EXECUTE ON FUNCTION research.last_days(uuid, date) TO alongside_research;
"""

_LEDGERS = ("early_freezes", "data_agreements", "release_requests", "release_decisions")


def upgrade() -> None:
    for part in (
        _CALENDAR, _IDS, _PART, _STUDIES, _PARTICIPANTS, _CONSENT_RULES, _REGISTRY, _ACTIVITIES,
        _RECORDING, _DATASETS, _RELEASES, _OBSERVED, _LAST_DAYS, _GRANTS,
    ):  # fmt: skip
        op.get_bind().exec_driver_sql(part.replace("%", "%%"))
    for table in (*_LEDGERS, "dataset_sources", "dataset_files"):
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.{table}"
            " FOR EACH ROW EXECUTE FUNCTION core.refuse_change()"
        )
    for table in (*_LEDGERS, "dataset_sources", "dataset_files", "dataset_chunks"):
        op.execute(
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change()"
        )


def downgrade() -> None:
    """The tables of the version before, for a database in which nobody takes part."""
    bind = op.get_bind()
    if bind.exec_driver_sql("SELECT count(*) FROM research.participants").scalar():
        raise RuntimeError(
            "People take part in studies, and the version before needs exact times that are gone."
            " Restore a backup made before the upgrade instead."
        )
    former = op.get_context().script
    first = former.get_revision("research_0001").module
    rest = (former.get_revision(name).module for name in ("research_0002", "research_0003"))
    op.execute("DROP TABLE identity.study_looks")
    op.execute("DROP SCHEMA research CASCADE")
    op.execute("DROP FUNCTION identity.part_of(uuid)")
    op.execute("CREATE SCHEMA research")
    people = first._PARTICIPANTS.partition("CREATE TABLE identity.study_links")[0]
    for part in (first._STUDIES, people, first._ACTIVITIES, first._DATASETS):
        bind.exec_driver_sql(part)
    for module in rest:
        module.upgrade()
    bind.exec_driver_sql(former.get_revision("identity_0002").module._PULLED_BY)
