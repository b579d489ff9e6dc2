"""The programme: organisations, areas, groups with hosts and members, meetings and attendance."""

from alembic import op

revision = "programme_0001"
down_revision = "moderation_0008"
branch_labels = None
depends_on = None

SCHEMA = "programme"

_CODE = "^C-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{2}$"

_TABLES = f"""
CREATE SCHEMA programme;

CREATE TABLE programme.organisations (
  id uuid NOT NULL CONSTRAINT pk_organisations PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT ck_organisations_name_length
    CHECK (btrim(name) <> '' AND char_length(name) <= 80)
);
CREATE UNIQUE INDEX uq_organisations_name ON programme.organisations (lower(name));

CREATE TABLE programme.areas (
  id uuid NOT NULL CONSTRAINT pk_areas PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT ck_areas_name_length CHECK (btrim(name) <> '' AND char_length(name) <= 80)
);
CREATE UNIQUE INDEX uq_areas_name ON programme.areas (lower(name));

CREATE TABLE programme.groups (
  id uuid NOT NULL CONSTRAINT pk_groups PRIMARY KEY,
  organisation_id uuid NOT NULL
    CONSTRAINT fk_groups_organisation_id_organisations REFERENCES programme.organisations,
  area_id uuid CONSTRAINT fk_groups_area_id_areas REFERENCES programme.areas,
  name text NOT NULL,
  mode text NOT NULL,
  kind text NOT NULL,
  about text NOT NULL,
  place text NOT NULL,
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  CONSTRAINT ck_groups_name_length CHECK (btrim(name) <> '' AND char_length(name) <= 80),
  CONSTRAINT ck_groups_mode CHECK (mode IN ('in_person', 'online')),
  CONSTRAINT ck_groups_kind
    CHECK (kind IN ('peer_led', 'facilitated', 'activity_based', 'one_to_one')),
  CONSTRAINT ck_groups_meets_somewhere CHECK (mode = 'online' OR area_id IS NOT NULL),
  CONSTRAINT ck_groups_about_length CHECK (char_length(about) <= 500),
  CONSTRAINT ck_groups_place_length CHECK (char_length(place) <= 120)
);
CREATE UNIQUE INDEX uq_groups_area_id_name ON programme.groups (area_id, lower(name))
  NULLS NOT DISTINCT WHERE closed_at IS NULL;
CREATE INDEX ix_groups_organisation_id ON programme.groups (organisation_id);

CREATE TABLE programme.group_hosts (
  id uuid NOT NULL CONSTRAINT pk_group_hosts PRIMARY KEY,
  group_id uuid NOT NULL CONSTRAINT fk_group_hosts_group_id_groups REFERENCES programme.groups,
  account_id uuid NOT NULL
    CONSTRAINT fk_group_hosts_account_id_accounts REFERENCES identity.accounts,
  since timestamptz NOT NULL,
  until timestamptz,
  CONSTRAINT ck_group_hosts_ends_after_it_begins CHECK (until >= since)
);
CREATE UNIQUE INDEX uq_group_hosts_now ON programme.group_hosts (group_id, account_id)
  WHERE until IS NULL;
CREATE INDEX ix_group_hosts_account_id ON programme.group_hosts (account_id);

CREATE TABLE programme.group_members (
  group_id uuid NOT NULL
    CONSTRAINT fk_group_members_group_id_groups REFERENCES programme.groups,
  member_id uuid NOT NULL
    CONSTRAINT fk_group_members_member_id_accounts REFERENCES identity.accounts (member_id),
  joined_at timestamptz NOT NULL,
  CONSTRAINT pk_group_members PRIMARY KEY (group_id, member_id)
);
CREATE INDEX ix_group_members_member_id ON programme.group_members (member_id);

CREATE TABLE programme.meetings (
  id uuid NOT NULL CONSTRAINT pk_meetings PRIMARY KEY,
  group_id uuid NOT NULL CONSTRAINT fk_meetings_group_id_groups REFERENCES programme.groups,
  starts_at timestamptz NOT NULL,
  minutes integer NOT NULL,
  others_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  CONSTRAINT uq_meetings_group_id_starts_at UNIQUE (group_id, starts_at),
  CONSTRAINT ck_meetings_minutes CHECK (minutes BETWEEN 15 AND 480),
  CONSTRAINT ck_meetings_others_count CHECK (others_count BETWEEN 0 AND 200),
  CONSTRAINT ck_meetings_nobody_at_cancelled
    CHECK (cancelled_at IS NULL OR others_count = 0)
);

CREATE TABLE programme.participation_codes (
  code text COLLATE "C" NOT NULL CONSTRAINT pk_participation_codes PRIMARY KEY,
  group_id uuid NOT NULL
    CONSTRAINT fk_participation_codes_group_id_groups REFERENCES programme.groups,
  created_at timestamptz NOT NULL,
  CONSTRAINT ck_participation_codes_code CHECK (code ~ '{_CODE}')
);
CREATE INDEX ix_participation_codes_group_id ON programme.participation_codes (group_id);

CREATE TABLE programme.attendances (
  id uuid NOT NULL CONSTRAINT pk_attendances PRIMARY KEY,
  meeting_id uuid NOT NULL
    CONSTRAINT fk_attendances_meeting_id_meetings REFERENCES programme.meetings,
  member_id uuid
    CONSTRAINT fk_attendances_member_id_accounts REFERENCES identity.accounts (member_id),
  code text COLLATE "C"
    CONSTRAINT fk_attendances_code_participation_codes REFERENCES programme.participation_codes,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT ck_attendances_of_one_person CHECK (num_nonnulls(member_id, code) = 1),
  CONSTRAINT uq_attendances_meeting_id_member_id UNIQUE (meeting_id, member_id),
  CONSTRAINT uq_attendances_meeting_id_code UNIQUE (meeting_id, code)
);
CREATE INDEX ix_attendances_member_id ON programme.attendances (member_id);
CREATE INDEX ix_attendances_code ON programme.attendances (code);
"""

# Figures are made from these lists, so they are written while people remember, and of meetings
# that took place. The meeting is locked: a cancellation in the same moment is waited for and seen.
_RULE = """
CREATE FUNCTION programme.check_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  meeting programme.meetings;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'attendance is recorded and taken back, never rewritten'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_stays';
  END IF;
  SELECT * INTO meeting FROM programme.meetings WHERE id = NEW.meeting_id FOR SHARE;
  IF meeting.cancelled_at IS NOT NULL
    OR NEW.recorded_at < meeting.starts_at - interval '2 hours'
    OR NEW.recorded_at > meeting.starts_at + interval '28 days'
  THEN
    RAISE EXCEPTION 'attendance of this meeting is not open'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_is_open';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_attendance BEFORE INSERT OR UPDATE ON programme.attendances
  FOR EACH ROW EXECUTE FUNCTION programme.check_attendance();

CREATE FUNCTION programme.keep_who_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.cancelled_at IS NOT NULL
    AND EXISTS (SELECT FROM programme.attendances WHERE meeting_id = NEW.id)
  THEN
    RAISE EXCEPTION 'people were at this meeting'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_at_cancelled';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_who_came BEFORE UPDATE OF cancelled_at ON programme.meetings
  FOR EACH ROW EXECUTE FUNCTION programme.keep_who_came();
"""


def upgrade() -> None:
    bind = op.get_bind()
    bind.exec_driver_sql(_TABLES)
    bind.exec_driver_sql(_RULE)


def downgrade() -> None:
    """Groups and who came go: the release before knows none."""
    op.execute("DELETE FROM core.cursors WHERE subscriber = 'programme'")
    op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
