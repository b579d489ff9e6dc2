"""Who may see what: one rule over a post, its root and a viewer, asked by every statement.

A statement that reads posts begins `WITH {VIEWER}`, which looks the viewer up once, and asks
`sees(post, root)` in its WHERE. Nobody asks for a post without its root: a reply is seen where its
root is seen too. Nearly all viewers see everyone. A `ViewerStatement` is such a
statement and the same without what only concerns those who don't: their sign-in says which. Why so:
`docs/decisions/one-rule-of-who-sees-what.md`.
"""

import re
from typing import Any, Final, LiteralString
from uuid import UUID

from app.community import policies
from app.core import clock
from app.identity.actors import Actor

_SIMPLER: Final = re.compile(r"/\*=((?:(?!\*/).)+)\*/(?:(?!/\*=).)*?/\*=\*/", re.DOTALL)


def either(whole: LiteralString, plain: LiteralString) -> LiteralString:
    """A piece of a statement, and what it comes to for who sees everyone."""
    return f"/*={plain}*/{whole}/*=*/"


def spaces_of(member: LiteralString) -> LiteralString:
    """The spaces that a member belongs to."""
    return f"ARRAY(SELECT s.id FROM community.spaces_of({member}) s)"  # noqa: S608 - a column


class ViewerStatement:
    """A statement for all viewers, and a simpler one that means the same to who sees everyone."""

    def __init__(self, statement: LiteralString) -> None:
        self.whole: Final = statement
        plain: str = statement
        while plain != (simpler := _SIMPLER.sub(r"\1", plain)):
            plain = simpler
        self.plain: Final[LiteralString] = plain

    def by(self, actor: Actor) -> LiteralString:
        """The one for this viewer."""
        return self.whole if actor.has_unseen else self.plain


def parameters(actor: Actor) -> dict[str, Any]:
    """What VIEWER and the rule ask of who looks."""
    return parameters_of(actor.member_id, sees_hidden=policies.sees_hidden(actor))


def parameters_of(viewer: UUID, *, sees_hidden: bool = False) -> dict[str, Any]:
    """The same for a member who may not be signed in."""
    return {"viewer": viewer, "sees_hidden": sees_hidden, "now": clock.now()}


#: The viewer, one row: nobody when research stands apart or while suspended, and nobody sees
#: nothing. `is_met` relies on the order of the list.
_THEIR_UNSEEN: Final = either(
    "ARRAY(SELECT u.id FROM community.unseen_by(%(viewer)s, %(sees_hidden)s) u ORDER BY u.id)",
    "'{}'::uuid[]",
)
VIEWER: Final = f"""
  viewer AS MATERIALIZED (
    SELECT a.member_id AS id, {spaces_of("%(viewer)s")} AS spaces, {_THEIR_UNSEEN} AS unseen
    FROM identity.accounts a
    WHERE a.member_id = %(viewer)s AND a.staff_family IS DISTINCT FROM 'research'
      AND (a.suspended_until IS NULL OR a.suspended_until <= %(now)s))
"""  # noqa: S608 - put together from constants
#: The same for staff who look into a case: nobody is out of their sight, and no space.
STAFF: Final = """
  viewer AS MATERIALIZED (SELECT %(viewer)s::uuid AS id,
    ARRAY(SELECT s.id FROM community.spaces s) AS spaces, '{}'::uuid[] AS unseen)
"""
#: Each is one look-up a statement, before the first row.
READER: Final = "(SELECT v.id FROM viewer v)"
SPACES: Final = "(SELECT v.spaces FROM viewer v)::uuid[]"
UNSEEN: Final = either("(SELECT v.unseen FROM viewer v)::uuid[]", "'{}'::uuid[]")
#: Nobody is out of the viewer's sight: what is counted for all is right for them.
SEES_ALL: Final = either("(SELECT v.unseen = '{}' FROM viewer v)", "true")


def is_met(member_id: LiteralString) -> LiteralString:
    """The viewer sees what this member writes. Found by halving the viewer's list, for counts meet
    many rows: `width_bucket` gives the place of the last id that is not behind this one. A table of
    five hundred, made anew for each count of a statement, cost a sixth of a page of the wall."""
    last = f"({UNSEEN})[width_bucket({member_id}, {UNSEEN})]"
    return either(f"coalesce({last} <> {member_id}, true)", "true")


def is_apart(member_id: LiteralString) -> LiteralString:
    """The viewer and this member don't meet, as one has blocked the other."""
    apart = "SELECT u.id FROM community.apart_from(%(viewer)s, %(sees_hidden)s) u"
    return either(f"{member_id} IN ({apart})", "false")


def replies_to(post: LiteralString) -> LiteralString:
    """FROM and WHERE of the replies that stand below a root, or directly below a reply: as `c`."""
    return f"""community.posts c WHERE c.thread_id = {post}.thread_id AND c.id <> c.thread_id
      AND ({post}.parent_id IS NULL OR c.parent_id = {post}.id)
      AND c.withdrawn_at IS NULL AND c.visibility = 'visible'"""


def sees(post: LiteralString, root: LiteralString) -> LiteralString:
    """The viewer sees this post below this root: aliases of two rows, the same for a root."""
    return sees_as(
        post, root, reader=READER, spaces=SPACES, unseen=UNSEEN, sees_hidden="%(sees_hidden)s"
    )


def sees_as(
    post: LiteralString,
    root: LiteralString,
    *,
    reader: LiteralString,
    spaces: LiteralString,
    unseen: LiteralString,
    sees_hidden: LiteralString,
) -> LiteralString:
    """The same rule for someone else than the viewer: an id, the spaces they belong to, ids whose
    posts they don't see, and whether hidden posts are shown to them."""
    parts = [
        f"{_stands(one, unseen)} AND {_is_open(one, reader, spaces, unseen, sees_hidden)}"
        for one in dict.fromkeys((post, root))
    ]
    return " AND ".join(parts)


def may_know(post: LiteralString, root: LiteralString) -> LiteralString:
    """Half of the rule: nobody has put this post or its root out of the viewer's sight, staff or
    not. For whoever flags what was taken back while it still stood on their screen."""
    parts = [_is_open(one, READER, SPACES, UNSEEN, "false") for one in (post, root)]
    return " AND ".join(parts)


def _is_open(
    post: LiteralString,
    reader: LiteralString,
    spaces: LiteralString,
    unseen: LiteralString,
    sees_hidden: LiteralString,
) -> LiteralString:
    return f"community.is_open({post}, {reader}, {spaces}, {unseen}, {sees_hidden})"


def _stands(post: LiteralString, unseen: LiteralString) -> LiteralString:
    """Not taken back, or a place that replies keep: those that this viewer sees."""
    seen = f"EXISTS (SELECT FROM {replies_to(post)} AND NOT c.author_id = ANY ({unseen}))"
    kept = either(f"({unseen} = '{{}}' OR {seen})", "true")
    return f"({post}.withdrawn_at IS NULL OR {post}.reply_count > 0 AND {kept})"
