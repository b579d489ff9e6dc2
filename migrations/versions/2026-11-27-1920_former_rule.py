"""The former rule of who may see what goes.

`may_see` and `may_see_as` stayed in `community_0009` for servers of the release before; none of a
release that asks them can run beside this one. `reader` stays: it is asked when a moderator writes
to someone.
"""

from alembic import op

revision = "community_0015"
down_revision = "community_0014"
branch_labels = None
depends_on = None

# As `2026-11-27-0030_staff_apart` made them.
_FORMER = """
CREATE FUNCTION community.may_see_as(p community.posts, reader uuid, sees_hidden boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (p.withdrawn_at IS NULL OR p.reply_count > 0)
     AND CASE p.author_id = reader
       WHEN true THEN true
       WHEN false THEN p.visibility = 'visible' OR sees_hidden
       ELSE false END
$$;
CREATE FUNCTION community.may_see(p community.posts, viewer uuid, sees_hidden boolean)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT community.may_see_as(p, (SELECT id FROM community.reader(viewer)), sees_hidden)
$$;
"""


def upgrade() -> None:
    """One rule stands: `community.is_open` and what asks it."""
    op.execute("DROP FUNCTION community.may_see(community.posts, uuid, boolean)")
    op.execute("DROP FUNCTION community.may_see_as(community.posts, uuid, boolean)")


def downgrade() -> None:
    """A server of the release before `community_0009` asks them."""
    op.execute(_FORMER)
