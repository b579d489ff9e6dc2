"""Tables of the studies: sheets, participants and their consents, activities, texts, datasets."""

from alembic import op

revision = "research_0001"
down_revision = "moderation_0001"
branch_labels = None
depends_on = None

_STUDIES = """
CREATE TABLE research.studies (
  id uuid CONSTRAINT pk_studies PRIMARY KEY,
  title text NOT NULL CONSTRAINT uq_studies_title UNIQUE,
  summary text NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  opened_at timestamptz,
  closed_at timestamptz,
  CONSTRAINT ck_studies_title CHECK (char_length(title) BETWEEN 1 AND 200),
  CONSTRAINT ck_studies_state CHECK (state IN ('draft', 'open', 'closed')),
  CONSTRAINT ck_studies_opened CHECK ((state = 'draft') = (opened_at IS NULL)),
  CONSTRAINT ck_studies_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE TABLE research.sheets (
  study_id uuid NOT NULL CONSTRAINT fk_sheets_study_id_studies REFERENCES research.studies,
  version integer NOT NULL,
  body_source text NOT NULL,
  body_html text NOT NULL,
  published_at timestamptz NOT NULL,
  published_by uuid,
  CONSTRAINT pk_sheets PRIMARY KEY (study_id, version),
  CONSTRAINT ck_sheets_version CHECK (version > 0)
);
"""

_PARTICIPANTS = """
CREATE TABLE research.participants (
  id text COLLATE "C" CONSTRAINT pk_participants PRIMARY KEY,
  study_id uuid NOT NULL CONSTRAINT fk_participants_study_id_studies REFERENCES research.studies,
  state text NOT NULL,
  enrolled_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  tenure_band text,
  age_band text,
  area text,
  peer_support_before text,
  CONSTRAINT uq_participants_study_id_id UNIQUE (study_id, id),
  CONSTRAINT ck_participants_id CHECK (id ~ '^P-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{2}$'),
  CONSTRAINT ck_participants_state CHECK (state IN ('taking_part', 'stopped', 'erased')),
  CONSTRAINT ck_participants_erased CHECK (state <> 'erased'
    OR num_nonnulls(tenure_band, age_band, area, peer_support_before) = 0)
);
CREATE TABLE research.consents (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_consents PRIMARY KEY,
  participant_id text COLLATE "C" NOT NULL
    CONSTRAINT fk_consents_participant_id_participants REFERENCES research.participants,
  purpose text NOT NULL,
  act text NOT NULL,
  sheet_version integer NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT ck_consents_purpose CHECK (purpose IN ('activity', 'text', 'contact')),
  CONSTRAINT ck_consents_act CHECK (act IN ('given', 'declined', 'withdrawn'))
);
CREATE INDEX ix_consents_participant_id_purpose_id
  ON research.consents (participant_id, purpose, id);
CREATE TABLE identity.study_links (
  study_id uuid NOT NULL,
  member_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL CONSTRAINT uq_study_links_participant_id UNIQUE,
  CONSTRAINT pk_study_links PRIMARY KEY (study_id, member_id)
);
CREATE INDEX ix_study_links_member_id ON identity.study_links (member_id);
"""

_ACTIVITIES = """
CREATE TABLE research.activities (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_activities PRIMARY KEY,
  study_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  source_event_id bigint,
  day integer NOT NULL,
  seconds integer,
  has_note boolean,
  participant_id text COLLATE "C" NOT NULL,
  counterpart_id text COLLATE "C",
  kind text NOT NULL,
  hour_band text NOT NULL GENERATED ALWAYS AS (
    (ARRAY['night', 'morning', 'afternoon', 'evening'])[
      1 + floor(extract(hour FROM occurred_at AT TIME ZONE 'UTC') / 6)::integer]) STORED,
  intent text,
  reaction text,
  length_band text,
  CONSTRAINT fk_activities_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT fk_activities_study_id_counterpart_id_participants
    FOREIGN KEY (study_id, counterpart_id) REFERENCES research.participants (study_id, id),
  CONSTRAINT ck_activities_kind
    CHECK (kind IN ('published', 'replied', 'reacted', 'received', 'read')),
  CONSTRAINT ck_activities_source CHECK ((kind = 'read') = (source_event_id IS NULL)),
  CONSTRAINT ck_activities_seconds CHECK (
    CASE WHEN kind = 'read' THEN seconds BETWEEN 1 AND 600 ELSE seconds IS NULL END),
  CONSTRAINT ck_activities_written CHECK ((kind IN ('published', 'replied')) =
    (length_band IS NOT NULL) AND (has_note IS NULL OR length_band IS NOT NULL)),
  CONSTRAINT ck_activities_intent CHECK (intent IS NULL OR kind = 'published'),
  CONSTRAINT ck_activities_reaction CHECK (CASE WHEN kind = 'reacted' THEN reaction IS NOT NULL
    ELSE reaction IS NULL OR kind = 'received' END),
  CONSTRAINT ck_activities_counterpart CHECK (counterpart_id IS NULL
    OR kind = 'replied'
    OR (kind IN ('reacted', 'received') AND counterpart_id <> participant_id))
);
-- Holds all that an export reads, so that a participant's rows are read side by side.
CREATE INDEX ix_activities_participant_id_id ON research.activities (participant_id, id)
  INCLUDE (day, hour_band, kind, counterpart_id, intent, reaction, length_band, has_note, seconds);
CREATE INDEX ix_activities_counterpart_id ON research.activities (counterpart_id)
  WHERE counterpart_id IS NOT NULL;
CREATE UNIQUE INDEX uq_activities_source_event_id_participant_id_kind
  ON research.activities (source_event_id, participant_id, kind)
  WHERE source_event_id IS NOT NULL;
CREATE TABLE research.texts (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_texts PRIMARY KEY,
  study_id uuid NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  post_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  body text NOT NULL,
  CONSTRAINT uq_texts_participant_id_post_id UNIQUE (participant_id, post_id),
  CONSTRAINT fk_texts_study_id_participant_id_participants
    FOREIGN KEY (study_id, participant_id) REFERENCES research.participants (study_id, id)
);
CREATE INDEX ix_texts_post_id ON research.texts (post_id);
"""

_DATASETS = """
CREATE TABLE research.datasets (
  id uuid CONSTRAINT pk_datasets PRIMARY KEY,
  study_id uuid NOT NULL CONSTRAINT fk_datasets_study_id_studies REFERENCES research.studies,
  number integer NOT NULL,
  frozen_at timestamptz NOT NULL,
  frozen_by uuid,
  operator text,
  cutoff_id bigint NOT NULL,
  participant_count integer NOT NULL,
  sheet_versions integer[] NOT NULL,
  disclosure jsonb NOT NULL,
  software_version text NOT NULL,
  row_counts jsonb,
  file_hashes jsonb,
  sha256 text,
  closed_at timestamptz,
  CONSTRAINT uq_datasets_study_id_number UNIQUE (study_id, number),
  CONSTRAINT ck_datasets_who CHECK (num_nonnulls(frozen_by, operator) = 1),
  CONSTRAINT ck_datasets_sealed CHECK (num_nulls(row_counts, file_hashes, sha256) IN (0, 3))
);
CREATE TABLE research.dataset_participants (
  dataset_id uuid NOT NULL
    CONSTRAINT fk_dataset_participants_dataset_id_datasets REFERENCES research.datasets,
  participant_id text COLLATE "C" NOT NULL
    CONSTRAINT fk_dataset_participants_participant_id_participants REFERENCES research.participants,
  tenure_band text NOT NULL,
  age_band text NOT NULL,
  area text NOT NULL,
  peer_support_before text NOT NULL,
  CONSTRAINT pk_dataset_participants PRIMARY KEY (dataset_id, participant_id)
);
CREATE INDEX ix_dataset_participants_participant_id
  ON research.dataset_participants (participant_id);
CREATE TABLE research.pulls (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_pulls PRIMARY KEY,
  dataset_id uuid NOT NULL CONSTRAINT fk_pulls_dataset_id_datasets REFERENCES research.datasets,
  pulled_at timestamptz NOT NULL,
  pulled_by uuid,
  operator text,
  how text NOT NULL,
  what text NOT NULL,
  format text NOT NULL,
  CONSTRAINT ck_pulls_who CHECK (CASE how WHEN 'screen' THEN pulled_by IS NOT NULL
    WHEN 'command_line' THEN operator IS NOT NULL ELSE false END),
  CONSTRAINT ck_pulls_format CHECK (format IN ('csv', 'parquet', 'json'))
);
CREATE INDEX ix_pulls_dataset_id_id ON research.pulls (dataset_id, id);
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA research")
    for part in (_STUDIES, _PARTICIPANTS, _ACTIVITIES, _DATASETS):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    op.execute("DROP TABLE identity.study_links")
    op.execute("DROP SCHEMA research CASCADE")
