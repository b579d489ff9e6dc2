"""The rule of who sees what asks in which space a post stands.

The wall is open to every member. What stands in another space is out of sight of who does not
belong to it; what one wrote oneself never is.
"""

from alembic import op

revision = "community_0018"
down_revision = "moderation_0009"
branch_labels = None
depends_on = None

# Each argument stands in it once, or PostgreSQL would refuse to put a look-up in its place.
# Nobody (a null reader) sees nothing; whoever has no list (null) sees what is their own.
# `spaces_of` stands in FROM and is put into the statement.
_RULE = """
CREATE FUNCTION community.is_open(
  p community.posts, reader uuid, spaces uuid[], unseen uuid[], sees_hidden boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE p.author_id = reader
    WHEN true THEN true
    WHEN false THEN (p.visibility = 'visible' OR sees_hidden)
      AND p.space_id = ANY (spaces) AND NOT p.author_id = ANY (unseen)
    ELSE false END
$$;
CREATE FUNCTION community.spaces_of(member uuid)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.id FROM community.spaces s WHERE s.kind = 'wall'
$$;
"""


def upgrade() -> None:
    # The former `is_open` stays for servers of the release before, which may still run.
    op.get_bind().exec_driver_sql(_RULE)
    op.drop_constraint(op.f("ck_spaces_kind"), "spaces", schema="community")
    op.create_check_constraint(
        op.f("ck_spaces_kind"), "spaces", "kind IN ('wall', 'group')", schema="community"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION community.spaces_of(uuid)")
    op.execute("DROP FUNCTION community.is_open(community.posts, uuid, uuid[], uuid[], boolean)")
    op.drop_constraint(op.f("ck_spaces_kind"), "spaces", schema="community")
    op.create_check_constraint(
        op.f("ck_spaces_kind"), "spaces", "kind = 'wall'", schema="community"
    )
