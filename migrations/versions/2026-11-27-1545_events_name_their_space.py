"""Events of posts and reactions say in which space they happened, and whose thread it was.

They go to `space:<id>` instead of `wall`. Those of the release before are told so too: browsers
that come back ask for what they missed, and read markers rest on them.
"""

from alembic import op

revision = "community_0010"
down_revision = "community_0009"
branch_labels = None
depends_on = None

_KINDS = "starts_with(type, 'post.') OR starts_with(type, 'reaction.')"

# An event about a post that is no more keeps the author it has, or none: nothing can be read there.
_UP = f"""
UPDATE core.events e SET
  topics = array_replace(e.topics, 'wall', 'space:' || s.id),
  payload = e.payload || jsonb_build_object('space_id', s.id)
    || coalesce((SELECT jsonb_build_object('thread_author_id', r.author_id)
      FROM community.posts r WHERE r.id = (e.payload ->> 'thread_id')::uuid), '{{}}')
FROM community.spaces s WHERE s.kind = 'wall' AND ({_KINDS});
CREATE UNIQUE INDEX uq_spaces_wall ON community.spaces (kind) WHERE kind = 'wall';
"""
_DOWN = f"""
DROP INDEX community.uq_spaces_wall;
UPDATE core.events e SET
  topics = array_replace(e.topics, 'space:' || s.id, 'wall'),
  payload = CASE WHEN type = 'post.published' THEN payload - 'space_id'
    ELSE payload - 'space_id' - 'thread_author_id' END
FROM community.spaces s WHERE s.kind = 'wall' AND ({_KINDS});
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(_DOWN)
