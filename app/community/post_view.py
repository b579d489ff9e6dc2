"""What leaves of a post, for this viewer: the columns every read selects and the shape they take.

A read begins with `visibility.VIEWER`, selects COLUMNS from `community.posts p` with JOINS, asks
`visibility.sees` in its WHERE, and gives its rows to `fields` (or, with names, to `shape`).
`parameters` is what every such statement asks.
"""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from psycopg.rows import DictRow, TupleRow

from app.community import visibility
from app.community.choices import COVERED_NOTE, NEW_DAYS, ReactionKind
from app.community.visibility import SEES_ALL, is_met, replies_to
from app.core import clock
from app.identity.actors import Actor

_GIVEN_BY_ALL = """(p.thinking_of_you_count > 0)::int + 2 * (p.i_hear_you_count > 0)::int
    + 4 * (p.i_like_this_count > 0)::int + 8 * (p.this_helped_me_count > 0)::int"""
_GIVEN_BY_OTHERS = f"""(SELECT coalesce(bit_or(CASE x.kind WHEN 'thinking_of_you' THEN 1
      WHEN 'i_hear_you' THEN 2 WHEN 'i_like_this' THEN 4 ELSE 8 END), 0)
    FROM community.reactions x WHERE x.post_id = p.id AND {is_met("x.member_id")})"""


def note_of(post: str) -> str:
    """The note of a post as others read it. Its author reads their own words, to write on from."""
    return (
        f"CASE WHEN {post}.is_note_covered AND {post}.note_by = 'author'"
        f" THEN '{COVERED_NOTE}' ELSE {post}.note_about END"
    )


class PostRow(NamedTuple):
    """A post as every read selects it, in this order, and as the insert returns it."""

    id: str
    thread_id: str
    parent_id: str | None
    author_id: str
    display_name: str
    is_new: bool
    is_me: bool
    intent: str | None
    note_about: str | None
    note_by: str | None
    body_html: str
    body_source: str | None
    created_at: datetime
    edited_at: datetime | None
    state: str
    hidden_reason: str | None
    reply_count: int
    is_answered: bool
    #: Which reactions were given, as four bits: nobody learns a score.
    given: int
    #: The viewer's own reactions; None of their own post.
    own_kinds: list[str] | None
    #: Who gave which reaction, as JSON, for the author alone.
    names: str | None
    is_unseen: bool | None
    unread_replies: bool | None
    staff_role: str | None
    revision: int
    #: Replies, whether answered, whether unread: counted again for a viewer out of whose sight
    #: somebody is.
    met: list[int] | None


_SEEN_SPACE = """(SELECT s.seen_post_id FROM community.space_seen s
      WHERE s.member_id = %(viewer)s AND s.space_id = p.space_id)"""


def _expressions(seen_post_id: str, seen_root_id: str = _SEEN_SPACE) -> dict[str, str]:
    return {
        "id": "p.id::text",
        "thread_id": "p.thread_id::text",
        "parent_id": "p.parent_id::text",
        "author_id": "p.author_id::text",
        "display_name": "a.display_name",
        "is_new": "a.joined_at > %(new_since)s",
        "is_me": "p.author_id = %(viewer)s",
        "intent": "p.intent",
        "note_about": f"""CASE WHEN p.author_id = %(viewer)s THEN p.note_about
    ELSE {note_of("p")} END""",
        "note_by": "p.note_by",
        "body_html": "community.shown_html(p)",
        "body_source": "community.shown_source(p, %(viewer)s)",
        "created_at": "p.created_at",
        "edited_at": "p.edited_at",
        "state": "community.shown_state(p)",
        "hidden_reason": "p.hidden_reason",
        "reply_count": "p.reply_count",
        "is_answered": "p.is_answered",
        "given": f"CASE WHEN {SEES_ALL} THEN {_GIVEN_BY_ALL} ELSE {_GIVEN_BY_OTHERS} END",
        "own_kinds": """CASE WHEN p.author_id <> %(viewer)s THEN ARRAY(
    SELECT x.kind FROM community.reactions x
    WHERE x.post_id = p.id AND x.member_id = %(viewer)s) END""",
        "names": f"""CASE WHEN p.author_id = %(viewer)s THEN (
    SELECT json_build_object('names', json_object_agg(k.kind, k.names),
      'more', json_object_agg(k.kind, k.more))::text
    FROM (
      SELECT x.kind, (array_agg(m.display_name ORDER BY x.place DESC))[:3] AS names,
        greatest(count(*) - 3, 0) AS more
      FROM community.reactions x JOIN community.members m ON m.id = x.member_id
      WHERE x.post_id = p.id AND {is_met("x.member_id")} GROUP BY x.kind) k) END""",
        "is_unseen": f"""p.author_id <> %(viewer)s AND CASE WHEN p.parent_id IS NULL
    THEN p.id > {seen_root_id}
    ELSE p.id > {seen_post_id} END""",
        "unread_replies": f"""p.last_reply_author_id <> %(viewer)s AND p.last_reply_id > CASE
    WHEN {seen_post_id} IS NULL AND p.author_id = %(viewer)s THEN p.id
    ELSE {seen_post_id} END""",
        "staff_role": "a.staff_role",
        "revision": "p.revision",
        "met": f"""CASE WHEN NOT {SEES_ALL} AND p.reply_count > 0 THEN (
    SELECT ARRAY[count(*), (p.parent_id IS NULL AND bool_or(c.author_id <> p.author_id))::int,
      (array_agg((c.author_id <> %(viewer)s AND c.id > CASE
        WHEN {seen_post_id} IS NULL AND p.author_id = %(viewer)s THEN p.id
        ELSE {seen_post_id} END)::int ORDER BY c.id DESC))[1]]
    FROM {replies_to("p")} AND {is_met("c.author_id")}) END""",
    }


#: Of a post that its author writes in the same statement: what would look up what can't be there.
_AS_WRITTEN: Final = {
    "is_me": "true",
    "note_about": "p.note_about",
    "body_html": "p.body_html",
    "body_source": "p.body_source",
    "state": "p.visibility",
    "given": "0",
    "own_kinds": "NULL::text[]",
    "names": "NULL::text",
    "is_unseen": "false",
    "unread_replies": "false",
    "met": "NULL::bigint[]",
}


def _select(expressions: dict[str, str]) -> str:
    return ",\n  ".join(f"{expressions[name]} AS {name}" for name in PostRow._fields)


def columns(seen_post_id: str = "t.seen_post_id", seen_root_id: str = _SEEN_SPACE) -> str:
    """The columns of `p` and its author `a` as a PostRow, given how far a thread was seen, and how
    far a space, where that is the same for all rows."""
    return _select(_expressions(seen_post_id, seen_root_id))


COLUMNS: Final = columns()
#: The same of `p` in the statement that inserts it.
WRITTEN_COLUMNS: Final = _select(_expressions("NULL") | _AS_WRITTEN)
#: More columns may follow those of a post.
WIDTH: Final = len(PostRow._fields)
#: Where a page finds what it needs to know of its rows.
ID, PARENT_ID, IS_ANSWERED = map(PostRow._fields.index, ("id", "parent_id", "is_answered"))

AUTHOR = "JOIN community.members a ON a.id = p.author_id"
JOINS = f"""
  {AUTHOR}
  LEFT JOIN community.thread_seen t ON t.member_id = %(viewer)s AND t.thread_id = p.thread_id
"""

_NEW = timedelta(days=NEW_DAYS)


def parameters(actor: Actor, **more: Any) -> dict[str, Any]:
    """Who looks, and what else the statement asks for."""
    return {
        **visibility.parameters(actor),
        "new_since": new_since(),
        **more,
    }


def new_since() -> datetime:
    """Who joined later is in their first week."""
    return clock.now() - _NEW


def shape(row: DictRow) -> dict[str, Any]:
    """A row of COLUMNS as the `Post` of the API."""
    return fields(tuple(row.values()))


def fields(row: TupleRow) -> dict[str, Any]:
    """The same for a row without names. Whatever follows COLUMNS is left alone."""
    post = PostRow._make(row[:WIDTH])
    reply_count, is_answered, unread = post.reply_count, post.is_answered, post.unread_replies
    if post.met is not None:  # somebody is out of the viewer's sight: without their replies
        reply_count, is_answered, unread = post.met[0], post.met[1] == 1, post.met[2] == 1
    has_note = post.note_about is not None and post.state != "withdrawn"
    return {
        "id": post.id,
        "thread_id": post.thread_id,
        "parent_id": post.parent_id,
        "author": {
            "id": post.author_id,
            "display_name": post.display_name,
            "is_new": post.is_new,
            "is_me": post.is_me,
            "staff_role": post.staff_role,
        },
        "intent": post.intent,
        "note": {"about": post.note_about, "by": post.note_by} if has_note else None,
        "body_html": post.body_html,
        "body_source": post.body_source,
        "revision": post.revision,
        "created_at": post.created_at,
        "edited_at": post.edited_at,
        "state": post.state,
        "reply_count": reply_count,
        "is_answered": is_answered,
        "reactions": _own(post) if post.is_me else _others(post.given, post.own_kinds),
        "unread_replies": unread is True,
        "is_unseen": post.is_unseen is True,
        "hidden_reason": post.hidden_reason if post.is_me else None,
    }


#: In place of an author who is not told.
NOBODY = {
    "id": str(UUID(int=0)),
    "display_name": "Someone",
    "is_new": False,
    "is_me": False,
    "staff_role": None,
}


def place(row: TupleRow) -> dict[str, Any]:
    """Of a post that this viewer may not read, though they answered it: when it was, and that it is
    hidden or gone. Not whose it was, or it would tell by whom one is blocked."""
    found = fields(row)
    return found | {
        "author": NOBODY,
        "state": "hidden" if found["state"] == "visible" else found["state"],
        "intent": None,
        "note": None,
        "body_html": "",
        "body_source": None,
        "reply_count": 0,
        "reactions": _others(0, []),
        "unread_replies": False,
        "is_unseen": False,
    }


_GIVEN = [[kind for bit, kind in enumerate(ReactionKind) if mask >> bit & 1] for mask in range(16)]


def _others(given: int, own_kinds: list[str] | None) -> dict[str, Any]:
    return {"given": _GIVEN[given], "mine": own_kinds, "names": None, "more": None}


def _own(post: PostRow) -> dict[str, Any]:
    found = orjson.loads(post.names) if post.given and post.names else {"names": {}, "more": {}}
    return {"given": _GIVEN[post.given], "mine": [], **found}


def as_bytes(answer: object) -> bytes:
    """Ready to send, times as the response models write them."""
    return orjson.dumps(answer, option=orjson.OPT_UTC_Z)
