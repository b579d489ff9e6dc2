"""Who may see what is one rule that knows whose posts a viewer does not see.

`may_see`, `may_see_as` and `reader` stay for servers of the release before, which may still run.
"""

from alembic import op

revision = "community_0009"
down_revision = "community_0008"
branch_labels = None
depends_on = None

# Each argument stands in it once, or PostgreSQL would refuse to put a look-up in its place.
# Nobody (a null reader) sees nothing; whoever has no list (null) sees what is their own.
_RULE = """
CREATE FUNCTION community.is_open(
  p community.posts, reader uuid, unseen uuid[], sees_hidden boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE p.author_id = reader
    WHEN true THEN true
    WHEN false THEN (p.visibility = 'visible' OR sees_hidden) AND NOT p.author_id = ANY (unseen)
    ELSE false END
$$;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_RULE)


def downgrade() -> None:
    op.execute("DROP FUNCTION community.is_open(community.posts, uuid, uuid[], boolean)")
