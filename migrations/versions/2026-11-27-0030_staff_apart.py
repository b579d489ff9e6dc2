"""Research stands apart: who holds a research role neither reads the community nor writes in it,
and staff take part in no study. Staff who did so until today stop; what was recorded stays theirs
to see and to erase.

The step down gives the rules back, not the consents: who stopped stays stopped.
"""

from alembic import op

revision = "identity_0002"
down_revision = "research_0003"
branch_labels = None
depends_on = None

_IS_STAFF = """
CREATE FUNCTION identity.is_staff(member uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM identity.accounts a JOIN identity.account_roles r ON r.account_id = a.id
    WHERE a.member_id = member AND r.role IN
      ('moderator', 'safeguarding', 'researcher', 'checker', 'administrator'))
$$;

-- The account first and locked: an appointment in the same moment is waited for, and then seen.
CREATE FUNCTION identity.refuse_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM identity.accounts WHERE member_id = NEW.member_id FOR SHARE;
  IF identity.is_staff(NEW.member_id) THEN
    RAISE EXCEPTION 'staff take part in no study'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_stand_apart';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_staff BEFORE INSERT OR UPDATE ON identity.study_links
  FOR EACH ROW EXECUTE FUNCTION identity.refuse_staff();
"""

# reader: the viewer, or no row when research stands apart. Inlined where it stands in FROM, so
# that (SELECT id FROM community.reader(x)) is one look-up a statement, before the first row.
# may_see_as: what reads ask, with that reader; nobody (null) sees nothing. `reader` stands in it
# once, or PostgreSQL would refuse to put a look-up in its place.
# may_see: the whole rule for whoever has a member, one look-up a row.
_READING = """
CREATE FUNCTION community.reader(viewer uuid)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT a.member_id FROM identity.accounts a
  WHERE a.member_id = viewer AND a.staff_family IS DISTINCT FROM 'research'
$$;
CREATE FUNCTION community.may_see_as(p community.posts, reader uuid, sees_hidden boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (p.withdrawn_at IS NULL OR p.reply_count > 0)
     AND CASE p.author_id = reader
       WHEN true THEN true
       WHEN false THEN p.visibility = 'visible' OR sees_hidden
       ELSE false END
$$;
CREATE OR REPLACE FUNCTION community.may_see(p community.posts, viewer uuid, sees_hidden boolean)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT community.may_see_as(p, (SELECT id FROM community.reader(viewer)), sees_hidden)
$$;
"""

# Once a statement, so that loading many rows costs one join.
_WRITING = """
CREATE FUNCTION community.refuse_research() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_refused boolean;
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'posts' THEN
      is_refused := EXISTS (SELECT FROM fresh JOIN identity.accounts a
        ON a.member_id = fresh.author_id AND a.staff_family = 'research');
    WHEN 'reactions' THEN
      is_refused := EXISTS (SELECT FROM fresh JOIN identity.accounts a
        ON a.member_id = fresh.member_id AND a.staff_family = 'research');
    ELSE
      is_refused := EXISTS (SELECT FROM fresh JOIN identity.accounts a
        ON a.member_id = fresh.reporter_id AND a.staff_family = 'research');
  END CASE;
  IF is_refused THEN
    RAISE EXCEPTION 'research stands apart from the community'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'research_stands_apart';
  END IF;
  RETURN NULL;
END $$;
"""

_WRITTEN = ("community.posts", "community.reactions", "moderation.reports")

# In the order of pseudonyms, as everyone locks them.
_STOP_STAFF = """
DO $$
DECLARE found record; moment timestamptz;
BEGIN
  FOR found IN
    SELECT p.id, p.changed_at FROM research.participants p
    JOIN identity.study_links l ON l.participant_id = p.id
    WHERE p.state = 'taking_part' AND identity.is_staff(l.member_id)
    ORDER BY p.id FOR UPDATE OF p
  LOOP
    moment := greatest(clock_timestamp(), found.changed_at + interval '1 microsecond');
    INSERT INTO research.consents (participant_id, purpose, act, sheet_version, at)
    SELECT found.id, last.purpose, 'withdrawn', last.read, moment
    FROM (
      SELECT DISTINCT ON (c.purpose) c.purpose, c.act, max(c.sheet_version) OVER () AS read
      FROM research.consents c WHERE c.participant_id = found.id
      ORDER BY c.purpose, c.id DESC) last
    WHERE last.act = 'given'
    ORDER BY last.purpose;
    UPDATE research.participants SET state = 'stopped', changed_at = moment WHERE id = found.id;
  END LOOP;
END $$;
"""

# Commands sign in: who pulled is an account, also at the command line. Old rows keep the name
# that the machine gave them.
_PULLED_BY = """
ALTER TABLE research.pulls DROP CONSTRAINT ck_pulls_who;
ALTER TABLE research.pulls ADD CONSTRAINT ck_pulls_who CHECK (CASE how
  WHEN 'screen' THEN pulled_by IS NOT NULL
  WHEN 'command_line' THEN num_nonnulls(pulled_by, operator) = 1 ELSE false END);
"""

# NOT VALID: rows written since, by accounts at the command line, can't be taken back.
_PULLED_BY_BEFORE = """
ALTER TABLE research.pulls DROP CONSTRAINT ck_pulls_who;
ALTER TABLE research.pulls ADD CONSTRAINT ck_pulls_who CHECK (CASE how
  WHEN 'screen' THEN pulled_by IS NOT NULL
  WHEN 'command_line' THEN operator IS NOT NULL ELSE false END) NOT VALID;
"""

_READING_BEFORE = """
CREATE OR REPLACE FUNCTION community.may_see(p community.posts, viewer uuid, sees_hidden boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (p.withdrawn_at IS NULL OR p.reply_count > 0)
     AND (p.visibility = 'visible' OR sees_hidden OR p.author_id = viewer)
$$;
DROP FUNCTION community.may_see_as(community.posts, uuid, boolean);
DROP FUNCTION community.reader(uuid);
"""


def upgrade() -> None:
    for part in (_IS_STAFF, _READING, _WRITING, _STOP_STAFF, _PULLED_BY):
        op.get_bind().exec_driver_sql(part)
    for table in _WRITTEN:
        op.execute(
            f"CREATE TRIGGER refuse_research AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
            " FOR EACH STATEMENT EXECUTE FUNCTION community.refuse_research()"
        )


def downgrade() -> None:
    op.get_bind().exec_driver_sql(_PULLED_BY_BEFORE)
    for table in _WRITTEN:
        op.execute(f"DROP TRIGGER refuse_research ON {table}")
    op.execute("DROP FUNCTION community.refuse_research()")
    op.get_bind().exec_driver_sql(_READING_BEFORE)
    op.execute("DROP TRIGGER refuse_staff ON identity.study_links")
    op.execute("DROP FUNCTION identity.refuse_staff()")
    op.execute("DROP FUNCTION identity.is_staff(uuid)")
