"""Events stand in a partition a week, so that old ones go as whole tables; parked ones keep
themselves.

The key is the day on which the database took the event: it only moves forward, is known ahead, and
neither the clocks of servers nor a restore into another cluster changes it. What stood here before
becomes the first partition as it is, without being written again.
"""

from alembic import op

revision = "core_0003"
down_revision = "community_0008"
branch_labels = None
depends_on = None

_PARKED = """
ALTER TABLE core.parked_events
  ADD COLUMN xid xid8, ADD COLUMN type text, ADD COLUMN occurred_at timestamptz,
  ADD COLUMN topics text[], ADD COLUMN payload jsonb;
UPDATE core.parked_events p SET xid = e.xid, type = e.type, occurred_at = e.occurred_at,
  topics = e.topics, payload = e.payload
FROM core.events e WHERE e.id = p.event_id;
"""

# Names say the day before which everything in a partition was recorded.
_PARTITIONED = """
DO $$
DECLARE
  today date := (now() AT TIME ZONE 'UTC')::date;
  ends_on date := date_trunc('week', today)::date + 7;
  first text := 'events_before_' || to_char(ends_on, 'YYYY_MM_DD');
  reached bigint := (SELECT last_value + is_called::integer FROM core.events_id_seq);
BEGIN
  LOCK TABLE core.events IN ACCESS EXCLUSIVE MODE;
  DROP TRIGGER notify_of_events ON core.events;
  ALTER TABLE core.events ALTER COLUMN id DROP IDENTITY;
  EXECUTE format('ALTER TABLE core.events ADD COLUMN recorded_on date NOT NULL DEFAULT %L', today);
  ALTER TABLE core.events ALTER COLUMN recorded_on SET DEFAULT (now() AT TIME ZONE 'UTC')::date;
  ALTER TABLE core.events DROP CONSTRAINT pk_events;
  EXECUTE format('ALTER TABLE core.events ADD CONSTRAINT %I PRIMARY KEY (id, recorded_on)',
    'pk_' || first);
  EXECUTE format('ALTER INDEX core.ix_events_xid_id RENAME TO %I', 'ix_' || first || '_xid_id');
  EXECUTE format('ALTER TABLE core.events RENAME TO %I', first);
  CREATE TABLE core.events (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    type text NOT NULL,
    occurred_at timestamptz NOT NULL,
    topics text[] NOT NULL,
    payload jsonb NOT NULL,
    recorded_on date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
    CONSTRAINT pk_events PRIMARY KEY (id, recorded_on)
  ) PARTITION BY RANGE (recorded_on);
  CREATE INDEX ix_events_xid_id ON core.events (xid, id);
  PERFORM setval('core.events_id_seq', reached, false);
  EXECUTE format('ALTER TABLE core.events ATTACH PARTITION core.%I'
    ' FOR VALUES FROM (MINVALUE) TO (%L)', first, ends_on);
  CREATE TABLE core.events_other PARTITION OF core.events DEFAULT;
END $$;
CREATE TRIGGER notify_of_events AFTER INSERT ON core.events
  FOR EACH STATEMENT EXECUTE FUNCTION core.notify_of_events();

CREATE VIEW core.event_partitions AS
  SELECT name, to_date(day, 'YYYY_MM_DD') AS ends_on FROM (
    SELECT c.relname::text AS name, substring(c.relname FROM '^events_before_(.*)$') AS day
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'core.events'::regclass) AS found
  WHERE day IS NOT NULL;
"""

# Whoever waits for a lock holds up all that come after: a twentieth of a second at most, then the
# caller tries again later. Only the owner of the tables may do this, so the functions run as it,
# and take nothing but a number.
_FUNCTIONS = """
-- Makes the partitions of this week and of so many to come; says how many.
CREATE FUNCTION core.make_event_partitions(weeks integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms' AS $$
DECLARE
  monday date := date_trunc('week', now() AT TIME ZONE 'UTC')::date;
  starts_on date := greatest(monday, (SELECT max(ends_on) FROM core.event_partitions));
  fresh text;
  made integer := 0;
BEGIN
  IF weeks IS NULL OR weeks NOT BETWEEN 1 AND 8 THEN
    RAISE EXCEPTION 'one to eight weeks ahead' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT pg_try_advisory_xact_lock(7221016) THEN
    RETURN 0;
  END IF;
  WHILE starts_on <= monday + 7 * weeks LOOP
    fresh := 'events_before_' || to_char(starts_on + 7, 'YYYY_MM_DD');
    -- A week that has begun in `events_other` stays there: moving it would hold writers up.
    IF NOT EXISTS (SELECT FROM core.events_other
        WHERE recorded_on >= starts_on AND recorded_on < starts_on + 7) THEN
      EXECUTE format('CREATE TABLE core.%I (LIKE core.events INCLUDING DEFAULTS)', fresh);
      EXECUTE format('ALTER TABLE core.events ATTACH PARTITION core.%I'
        ' FOR VALUES FROM (%L) TO (%L)', fresh, starts_on, starts_on + 7);
      made := made + 1;
    END IF;
    starts_on := starts_on + 7;
  END LOOP;
  RETURN made;
END $$;

-- Whether a partition may go: every cursor has passed its last event, and a later one is there to
-- be the end of the stream, whose position everyone goes on from.
CREATE FUNCTION core.event_partition_is_passed(partition text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE last record;
BEGIN
  IF NOT EXISTS (SELECT FROM core.event_partitions WHERE name = partition) THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT xid, id FROM core.%I ORDER BY xid DESC, id DESC LIMIT 1', partition)
    INTO last;
  RETURN last.id IS NULL OR (
    EXISTS (SELECT FROM core.cursors)
    AND NOT EXISTS (SELECT FROM core.cursors c WHERE (c.xid, c.id) < (last.xid, last.id))
    AND coalesce((SELECT (e.xid, e.id) > (last.xid, last.id) FROM core.events e
      WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY e.xid DESC, e.id DESC LIMIT 1), false));
END $$;

-- Drops the oldest partition that all have passed and that ended so many days ago; says its name,
-- NULL when there is none.
CREATE FUNCTION core.drop_event_partition(days integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms' AS $$
DECLARE
  today date := (now() AT TIME ZONE 'UTC')::date;
  old text;
BEGIN
  IF days IS NULL OR days < 1 THEN
    RAISE EXCEPTION 'one day at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT pg_try_advisory_xact_lock(7221016) THEN
    RETURN NULL;
  END IF;
  SELECT name INTO old FROM core.event_partitions
  WHERE ends_on <= today - days AND core.event_partition_is_passed(name)
  ORDER BY ends_on LIMIT 1;
  IF old IS NULL THEN
    RETURN NULL;
  END IF;
  -- Of what a worker of the release before set aside; what has been passed is set aside no more.
  IF EXISTS (SELECT FROM core.parked_events WHERE payload IS NULL) THEN
    EXECUTE format('UPDATE core.parked_events p SET xid = e.xid, type = e.type,'
      ' occurred_at = e.occurred_at, topics = e.topics, payload = e.payload'
      ' FROM core.%I e WHERE e.id = p.event_id AND p.payload IS NULL', old);
  END IF;
  LOCK TABLE ONLY core.events IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('LOCK TABLE ONLY core.%I IN ACCESS EXCLUSIVE MODE', old);
  -- Now that nobody writes: a transaction that began in that week may have been the last.
  IF NOT core.event_partition_is_passed(old) THEN
    RETURN NULL;
  END IF;
  EXECUTE format('ALTER TABLE core.events DETACH PARTITION core.%I', old);
  EXECUTE format('DROP TABLE core.%I', old);
  RETURN old;
END $$;

REVOKE ALL ON FUNCTION core.make_event_partitions, core.event_partition_is_passed,
  core.drop_event_partition FROM PUBLIC;
SELECT core.make_event_partitions(2);
"""

_WHOLE = """
DROP FUNCTION core.drop_event_partition, core.event_partition_is_passed,
  core.make_event_partitions;
DROP VIEW core.event_partitions;
LOCK TABLE core.events IN ACCESS EXCLUSIVE MODE;
CREATE TABLE core.events_whole (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  topics text[] NOT NULL,
  payload jsonb NOT NULL
);
INSERT INTO core.events_whole (id, xid, type, occurred_at, topics, payload)
  OVERRIDING SYSTEM VALUE SELECT id, xid, type, occurred_at, topics, payload FROM core.events;
SELECT setval('core.events_whole_id_seq', last_value, is_called) FROM core.events_id_seq;
DROP TABLE core.events;
ALTER TABLE core.events_whole RENAME TO events;
ALTER SEQUENCE core.events_whole_id_seq RENAME TO events_id_seq;
ALTER TABLE core.events ADD CONSTRAINT pk_events PRIMARY KEY (id);
CREATE INDEX ix_events_xid_id ON core.events (xid, id);
CREATE TRIGGER notify_of_events AFTER INSERT ON core.events
  FOR EACH STATEMENT EXECUTE FUNCTION core.notify_of_events();
-- What was parked and is kept nowhere else comes back into its place.
INSERT INTO core.events (id, xid, type, occurred_at, topics, payload) OVERRIDING SYSTEM VALUE
  SELECT DISTINCT ON (event_id) event_id, xid, type, occurred_at, topics, payload
  FROM core.parked_events WHERE payload IS NOT NULL
  ON CONFLICT DO NOTHING;
ALTER TABLE core.parked_events DROP COLUMN xid, DROP COLUMN type, DROP COLUMN occurred_at,
  DROP COLUMN topics, DROP COLUMN payload;
"""


def upgrade() -> None:
    for statements in (_PARKED, _PARTITIONED, _FUNCTIONS):
        op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(_WHOLE.replace("%", "%%"))
