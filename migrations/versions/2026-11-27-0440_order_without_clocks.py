"""Order and read markers that rest on no clock.

Ids of posts and notifications hold the time of the server that made them. Where that clock was
set back, a reply sorted before its own thread, a post below what was there, and news below what
had been seen. From here on the database raises an id above those before it. What moderators read
in order gets a number for its place.

Posts and replies of the release before keep their ids: log and decisions name them.
"""

import sqlalchemy as sa
from alembic import op

revision = "community_0004"
down_revision = "community_0003"
branch_labels = None
depends_on = None

# The first 60 bits of such an id beside its version are time and chance (RFC 9562, 5.7); the id
# that follows has them one higher, and keeps its own 62 bits of chance.
_ABOVE = """
CREATE FUNCTION community.above(wanted uuid, top uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN top IS NULL OR wanted > top THEN wanted ELSE (
    SELECT (substr(h, 1, 12) || '7' || substr(h, 13, 3)
      || substr(replace(wanted::text, '-', ''), 17))::uuid
    FROM (SELECT lpad(to_hex(('x' || substr(t, 1, 12) || substr(t, 14, 3))::bit(60)::bigint + 1),
        15, '0') AS h
      FROM (SELECT replace(top::text, '-', '') AS t) bare) next) END
$$
"""

# Roots wait for each other from here to their commit, so that they become visible in the order of
# their ids: whoever has seen one has seen all before it. Replies wait for the row of their root in
# the statement that writes them, which comes before this trigger. A history is written as it was,
# but no reply before its thread.
_POSTS = """
CREATE FUNCTION community.keep_posts_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  top uuid;
BEGIN
  IF current_setting('alongside.writes_history', true) = 'yes' THEN
    IF NEW.id < NEW.thread_id THEN
      RAISE EXCEPTION 'a reply stands before its thread' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.parent_id IS NULL THEN
    PERFORM pg_advisory_xact_lock(7221018);
  END IF;
  SELECT id INTO top FROM community.posts ORDER BY id DESC LIMIT 1;
  IF NEW.id <= top THEN
    NEW.id := community.above(NEW.id, top);
  END IF;
  IF NEW.parent_id IS NULL THEN
    NEW.thread_id := NEW.id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_posts_in_order BEFORE INSERT ON community.posts
  FOR EACH ROW EXECUTE FUNCTION community.keep_posts_in_order();
CREATE FUNCTION community.refuse_new_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a post keeps its id and its thread' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER refuse_new_place BEFORE UPDATE OF id, thread_id, parent_id ON community.posts
  FOR EACH ROW WHEN ((OLD.id, OLD.thread_id, OLD.parent_id)
    IS DISTINCT FROM (NEW.id, NEW.thread_id, NEW.parent_id))
  EXECUTE FUNCTION community.refuse_new_place();
"""

_NOTIFICATIONS = """
CREATE FUNCTION community.keep_notifications_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  top uuid;
BEGIN
  PERFORM FROM community.members WHERE id = NEW.member_id FOR NO KEY UPDATE;
  SELECT id INTO top FROM community.notifications
    WHERE member_id = NEW.member_id ORDER BY id DESC LIMIT 1;
  IF NEW.id <= top THEN
    NEW.id := community.above(NEW.id, top);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_notifications_in_order BEFORE INSERT ON community.notifications
  FOR EACH ROW EXECUTE FUNCTION community.keep_notifications_in_order();
"""

_SEEN = """
ALTER TABLE community.space_seen ADD COLUMN seen_post_id uuid;
UPDATE community.space_seen s SET seen_post_id = coalesce(
  (SELECT p.id FROM community.posts p
   WHERE p.space_id = s.space_id AND p.parent_id IS NULL AND p.created_at <= s.seen_until
   ORDER BY p.created_at DESC, p.id DESC LIMIT 1),
  '00000000-0000-0000-0000-000000000000');
ALTER TABLE community.space_seen ALTER COLUMN seen_post_id SET NOT NULL,
  DROP COLUMN seen_until;
"""

_SEEN_BY_TIME = """
ALTER TABLE community.space_seen ADD COLUMN seen_until timestamptz;
UPDATE community.space_seen s SET seen_until = coalesce(
  (SELECT p.created_at FROM community.posts p WHERE p.id = s.seen_post_id), '-infinity');
ALTER TABLE community.space_seen ALTER COLUMN seen_until SET NOT NULL,
  DROP COLUMN seen_post_id;
"""

#: Indexes of posts by what they were ordered by, and by what they are.
_POST_INDEXES = (
    ("ix_posts_wall", "space_id, {0}id", "parent_id IS NULL"),
    ("ix_posts_unanswered", "space_id, is_answered, {0}id", "parent_id IS NULL"),
    ("ix_posts_intent", "space_id, intent, {0}id", "intent IS NOT NULL"),
)

#: Tables that get a place, by what they were ordered by until now.
_PLACED = {
    "cases": "opened_at",
    "decisions": "decided_at",
    "reports": "created_at",
    "second_looks": "asked_at",
}

# Reactions were put in order for who gave them by their time.
_REACTIONS = """
ALTER TABLE community.reactions ADD COLUMN place bigint;
UPDATE community.reactions t SET place = o.place
  FROM (SELECT post_id, member_id, kind,
      row_number() OVER (ORDER BY created_at, post_id, kind) AS place
    FROM community.reactions) o
  WHERE (o.post_id, o.member_id, o.kind) = (t.post_id, t.member_id, t.kind);
ALTER TABLE community.reactions ALTER COLUMN place SET NOT NULL,
  ALTER COLUMN place ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('community.reactions', 'place'),
  (SELECT count(*) + 1 FROM community.reactions), false);
DROP INDEX community.ix_reactions_member_id_created_at;
CREATE INDEX ix_reactions_member_id_place ON community.reactions (member_id, place);
DROP INDEX community.ix_posts_author_id_created_at_id;
CREATE INDEX ix_posts_author_id_id ON community.posts (author_id, id);
"""

_REACTIONS_BY_TIME = """
ALTER TABLE community.reactions DROP COLUMN place;
CREATE INDEX ix_reactions_member_id_created_at
  ON community.reactions (member_id, created_at, post_id);
DROP INDEX community.ix_posts_author_id_id;
CREATE INDEX ix_posts_author_id_created_at_id ON community.posts (author_id, created_at, id);
"""

_PLACE = """
ALTER TABLE moderation.{0} DISABLE TRIGGER USER;
ALTER TABLE moderation.{0} ADD COLUMN place bigint;
UPDATE moderation.{0} t SET place = o.place
  FROM (SELECT id, row_number() OVER (ORDER BY {1}, id) AS place FROM moderation.{0}) o
  WHERE o.id = t.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE moderation.{0} ALTER COLUMN place SET NOT NULL,
  ALTER COLUMN place ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('moderation.{0}', 'place'),
  (SELECT count(*) + 1 FROM moderation.{0}), false);
ALTER TABLE moderation.{0} ENABLE TRIGGER USER;
"""

_MODERATION_INDEXES = """
DROP INDEX moderation.ix_cases_queue;
CREATE INDEX ix_cases_queue ON moderation.cases ((NOT is_worried), {0})
  WHERE decision_id IS NULL;
DROP INDEX moderation.ix_reports_reporter_id;
CREATE INDEX ix_reports_reporter_id ON moderation.reports (reporter_id, {1});
DROP INDEX moderation.ix_decisions_post_id;
CREATE INDEX ix_decisions_post_id ON moderation.decisions (post_id, {2});
"""


def upgrade() -> None:
    op.execute(_ABOVE)
    op.execute(_POSTS)
    op.execute(_NOTIFICATIONS)
    op.execute(_SEEN)
    _index_posts("")
    op.execute(_REACTIONS)
    for table, time in _PLACED.items():
        op.execute(_PLACE.format(table, time))
    op.execute(_MODERATION_INDEXES.format("place", "place", "place"))
    op.execute("DROP INDEX moderation.ix_decisions_decided_at")
    op.execute("CREATE INDEX ix_decisions_place ON moderation.decisions (place)")


def _index_posts(time: str) -> None:
    for name, columns, rule in _POST_INDEXES:
        op.execute(f"DROP INDEX community.{name}")
        op.execute(f"CREATE INDEX {name} ON community.posts ({columns.format(time)}) WHERE {rule}")


def downgrade() -> None:
    op.execute("DROP INDEX moderation.ix_decisions_place")
    op.execute(
        _MODERATION_INDEXES.format("opened_at, id", "created_at DESC, id DESC", "decided_at")
    )
    op.create_index(
        "ix_decisions_decided_at",
        "decisions",
        [sa.text("decided_at DESC"), sa.text("id DESC")],
        schema="moderation",
    )
    for table in _PLACED:
        op.drop_column(table, "place", schema="moderation")
    op.execute(_REACTIONS_BY_TIME)
    _index_posts("created_at, ")
    op.execute(_SEEN_BY_TIME)
    for table, name in (
        ("notifications", "keep_notifications_in_order"),
        ("posts", "keep_posts_in_order"),
        ("posts", "refuse_new_place"),
    ):
        op.execute(f"DROP TRIGGER {name} ON community.{table}")
        op.execute(f"DROP FUNCTION community.{name}()")
    op.execute("DROP FUNCTION community.above(uuid, uuid)")
