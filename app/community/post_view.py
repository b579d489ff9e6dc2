"""What leaves of a post, for this viewer: the columns every read selects and the shape they take.

A read begins with `visibility.VIEWER`, selects COLUMNS from `community.posts p` with JOINS, asks
`visibility.sees` in its WHERE, and gives its rows to `fields` (or, with names, to `shape`).
`parameters` is what every such statement asks.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg.rows import DictRow, TupleRow

from app.community.choices import COVERED_NOTE, NEW_DAYS, WALL_ID, ReactionKind
from app.community.policies import sees_hidden
from app.community.visibility import SEES_ALL, is_met, replies_to
from app.core import clock
from app.identity.actors import Actor

_GIVEN_BY_ALL = """(p.thinking_of_you_count > 0)::int + 2 * (p.i_hear_you_count > 0)::int
    + 4 * (p.i_like_this_count > 0)::int + 8 * (p.this_helped_me_count > 0)::int"""
_GIVEN_BY_OTHERS = f"""(SELECT coalesce(bit_or(CASE x.kind WHEN 'thinking_of_you' THEN 1
      WHEN 'i_hear_you' THEN 2 WHEN 'i_like_this' THEN 4 ELSE 8 END), 0)
    FROM community.reactions x WHERE x.post_id = p.id AND {is_met("x.member_id")})"""  # noqa: S608


def note_of(post: str) -> str:
    """The note of a post as others read it. Its author reads their own words, to write on from."""
    return (
        f"CASE WHEN {post}.is_note_covered AND {post}.note_by = 'author'"
        f" THEN '{COVERED_NOTE}' ELSE {post}.note_about END"
    )


def columns(seen_post_id: str = "t.seen_post_id") -> str:
    """The columns of `p` in the order that `fields` takes them, given how far a thread was seen.

    What was counted for all is counted again for a viewer out of whose sight somebody is (`met`).
    Which reactions were given leaves the database as four bits, and names for the author alone:
    nobody learns a score.
    """
    return f"""
  p.id::text AS id, p.thread_id::text AS thread_id, p.parent_id::text AS parent_id,
  p.author_id::text AS author_id, a.display_name, a.joined_at > %(new_since)s AS is_new,
  p.author_id = %(viewer)s AS is_me, p.intent,
  CASE WHEN p.author_id = %(viewer)s THEN p.note_about ELSE {note_of("p")} END AS note_about,
  p.note_by,
  community.shown_html(p) AS body_html, community.shown_source(p, %(viewer)s) AS body_source,
  p.created_at, p.edited_at, community.shown_state(p) AS state, p.hidden_reason,
  p.reply_count, p.is_answered,
  CASE WHEN {SEES_ALL} THEN {_GIVEN_BY_ALL} ELSE {_GIVEN_BY_OTHERS} END AS given,
  CASE WHEN p.author_id <> %(viewer)s THEN ARRAY(
    SELECT x.kind FROM community.reactions x
    WHERE x.post_id = p.id AND x.member_id = %(viewer)s) END AS own_kinds,
  CASE WHEN p.author_id = %(viewer)s THEN (
    SELECT json_build_object('names', json_object_agg(k.kind, k.names),
      'more', json_object_agg(k.kind, k.more))::text
    FROM (
      SELECT x.kind, (array_agg(m.display_name ORDER BY x.place DESC))[:3] AS names,
        greatest(count(*) - 3, 0) AS more
      FROM community.reactions x JOIN community.members m ON m.id = x.member_id
      WHERE x.post_id = p.id AND {is_met("x.member_id")} GROUP BY x.kind) k) END AS names,
  p.author_id <> %(viewer)s AND CASE WHEN p.parent_id IS NULL
    THEN p.id > (
      SELECT s.seen_post_id FROM community.space_seen s
      WHERE s.member_id = %(viewer)s AND s.space_id = %(space_id)s)
    ELSE p.id > {seen_post_id} END AS is_unseen,
  p.last_reply_author_id <> %(viewer)s AND p.last_reply_id > CASE
    WHEN {seen_post_id} IS NULL AND p.author_id = %(viewer)s THEN p.id
    ELSE {seen_post_id} END AS unread_replies,
  a.staff_role, p.revision,
  CASE WHEN NOT {SEES_ALL} AND p.reply_count > 0 THEN (
    SELECT ARRAY[count(*), (p.parent_id IS NULL AND bool_or(c.author_id <> p.author_id))::int,
      (array_agg((c.author_id <> %(viewer)s AND c.id > CASE
        WHEN {seen_post_id} IS NULL AND p.author_id = %(viewer)s THEN p.id
        ELSE {seen_post_id} END)::int ORDER BY c.id DESC))[1]]
    FROM {replies_to("p")} AND {is_met("c.author_id")}) END AS met
"""  # noqa: S608 - put together from constants


COLUMNS = columns()
#: Where `fields` finds what a page needs to know of its rows; more columns may follow WIDTH.
ID, PARENT_ID, IS_ANSWERED, WIDTH = 0, 2, 17, 26

AUTHOR = "JOIN community.members a ON a.id = p.author_id"
JOINS = f"""
  {AUTHOR}
  LEFT JOIN community.thread_seen t ON t.member_id = %(viewer)s AND t.thread_id = p.thread_id
"""

_NEW = timedelta(days=NEW_DAYS)


def parameters(actor: Actor, **more: Any) -> dict[str, Any]:
    """Who looks, and what else the statement asks for."""
    return {
        "viewer": actor.member_id,
        "sees_hidden": sees_hidden(actor),
        "new_since": clock.now() - _NEW,
        "space_id": WALL_ID,
        **more,
    }


def is_new(joined_at: datetime) -> bool:
    """Whether a member is in their first week."""
    return joined_at > clock.now() - _NEW


def shape(row: DictRow) -> dict[str, Any]:
    """A row of COLUMNS as the `Post` of the API."""
    return fields(tuple(row.values()))


def fields(row: TupleRow) -> dict[str, Any]:
    """The same for a row without names. Whatever follows COLUMNS is left alone."""
    (
        post_id,
        thread_id,
        parent_id,
        author_id,
        display_name,
        is_new,
        is_me,
        intent,
        note_about,
        note_by,
        body_html,
        body_source,
        created_at,
        edited_at,
        state,
        hidden_reason,
        reply_count,
        is_answered,
        given,
        own_kinds,
        names,
        is_unseen,
        unread_replies,
        staff_role,
        revision,
        met,
    ) = row[:WIDTH]
    if met is not None:  # somebody is out of the viewer's sight: without their replies
        reply_count, is_answered, unread_replies = met[0], met[1] == 1, met[2] == 1
    has_note = note_about is not None and state != "withdrawn"
    return {
        "id": post_id,
        "thread_id": thread_id,
        "parent_id": parent_id,
        "author": {
            "id": author_id,
            "display_name": display_name,
            "is_new": is_new,
            "is_me": is_me,
            "staff_role": staff_role,
        },
        "intent": intent,
        "note": {"about": note_about, "by": note_by} if has_note else None,
        "body_html": body_html,
        "body_source": body_source,
        "revision": revision,
        "created_at": created_at,
        "edited_at": edited_at,
        "state": state,
        "reply_count": reply_count,
        "is_answered": is_answered,
        "reactions": _own(given, names) if is_me else _others(given, own_kinds),
        "unread_replies": unread_replies is True,
        "is_unseen": is_unseen is True,
        "hidden_reason": hidden_reason if is_me else None,
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


def _others(given: int, own_kinds: list[str]) -> dict[str, Any]:
    return {"given": _GIVEN[given], "mine": own_kinds, "names": None, "more": None}


def _own(given: int, names: str) -> dict[str, Any]:
    found = orjson.loads(names) if given else {"names": {}, "more": {}}
    return {"given": _GIVEN[given], "mine": [], **found}


def as_bytes(answer: object) -> bytes:
    """Ready to send, times as the response models write them."""
    return orjson.dumps(answer, option=orjson.OPT_UTC_Z)
