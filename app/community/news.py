"""Notifications as they are read: what concerns one post in one piece, in words made now.

Replies to one post are one piece of news, and so are reactions to it: "Rowan and 2 others replied
to your post". Whatever has nobody's name to it (decisions, answers, what comes later) stands for
itself. A page takes rows from the newest down until it has enough pieces, and ends after a row.
"""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from typing import Any, Final

from psycopg.rows import DictRow

from app.community import page_keys, post_view
from app.community.choices import NotificationKind, ReactionKind
from app.community.queries import PAGE
from app.community.visibility import READER, UNSEEN, VIEWER, ViewerStatement, sees
from app.core import db, pages, text
from app.core.number_format import figure
from app.core.scripts import isolated
from app.identity.actors import Actor

#: Rows looked at for a page.
WALK: Final = 60
EXCERPT: Final = 140
#: So much of a text is read for an excerpt of it.
_BEGINNING: Final = 1_000

APPEAL: Final = "If this feels wrong, you can appeal: another moderator will look again."

#: What each kind says of one, and of several.
_SAID: Final = {
    ReactionKind.THINKING_OF_YOU: ("is thinking of you", "are thinking of you"),
    ReactionKind.I_HEAR_YOU: ("hears you", "hear you"),
    ReactionKind.I_LIKE_THIS: ("likes what you wrote", "like what you wrote"),
    ReactionKind.THIS_HELPED_ME: ("says this helped", "say this helped"),
}


def _opening(of: str, name: str) -> str:
    """How a text begins, unless it is folded, hidden or gone; and what its note says instead."""
    is_open = f"{of}.withdrawn_at IS NULL AND {of}.visibility = 'visible'"
    return f"""
      CASE WHEN {is_open} AND {of}.note_about IS NULL
        THEN left(community.shown_html({of}), {_BEGINNING}) END AS {name}_html,
      CASE WHEN {is_open} THEN {post_view.note_of(of)} END AS {name}_note"""


# What was taken back or hidden since is not told of any more. A decision always is, but leads
# to its post only whoever may see it. What a reply is about is one's own: what it answers, or else
# the post that began the thread.
_LIST: Final = ViewerStatement(f"""
    WITH {VIEWER}
    SELECT n.*, {_opening("q", "parent")}, {_opening("r", "root")}, {_opening("p", "post")},
      p.parent_id IS NOT NULL AS is_reply, q.parent_id IS NOT NULL AS is_parent_reply,
      q.id::text AS parent_id, r.id::text AS root_id, q.author_id = %(viewer)s AS is_to_me,
      p.author_id = %(viewer)s AND p.withdrawn_at IS NULL AS is_mine,
      p.visibility = 'hidden' AS is_hidden, p.note_by = 'moderator' AS is_folded
    FROM (
      SELECT n.id::text AS id, n.kind, n.text, n.reason, n.reaction, n.created_at,
        n.actor_id::text AS actor_id, a.display_name AS actor_name, n.post_id AS about_id,
        CASE WHEN {sees("p", "r")} THEN p.id::text END AS post_id,
        CASE WHEN {sees("p", "r")} THEN p.thread_id::text END AS thread_id,
        coalesce(n.id <= me.notifications_seen_id, false) AS is_read
      FROM community.notifications n
      JOIN community.members me ON me.id = n.member_id
      LEFT JOIN community.members a ON a.id = n.actor_id
      LEFT JOIN community.posts p ON p.id = n.post_id
      LEFT JOIN community.posts r ON r.id = p.thread_id
      WHERE n.member_id = {READER} AND n.id < %(before)s
        AND (n.actor_id IS NULL OR (p.withdrawn_at IS NULL AND NOT n.actor_id = ANY ({UNSEEN})
          AND {sees("p", "r")}))
      ORDER BY n.id DESC LIMIT {WALK + 1}
    ) n
    LEFT JOIN community.posts p ON p.id = n.about_id
    LEFT JOIN community.posts q ON q.id = p.parent_id
    LEFT JOIN community.posts r ON r.id = p.thread_id
    ORDER BY n.id DESC
""")


async def list_(pool: db.Pool, actor: Actor, *, cursor: str | None = None) -> bytes:
    """A page of one's own news, the newest first."""
    before = page_keys.only_id(cursor) or page_keys.LAST
    rows = await db.fetch(pool, _LIST.by(actor), post_view.parameters(actor, before=before))
    pieces: dict[tuple[str, ...], list[DictRow]] = {}
    last: DictRow | None = None
    for row in rows[:WALK]:
        key = _about(row)
        if key not in pieces and len(pieces) == PAGE:
            break
        pieces.setdefault(key, []).append(row)
        last = row
    is_more = last is not None and last is not rows[-1]
    items = [_shape(piece) for piece in pieces.values()]
    following = pages.encode(last["id"]) if last is not None and is_more else None
    return post_view.as_bytes({"items": items, "next_cursor": following})


def _about(row: DictRow) -> tuple[str, ...]:
    """What belongs together. A kind with nobody's name to it stands for itself."""
    if row["kind"] == NotificationKind.REPLY:
        return (row["kind"], row["parent_id"] if row["is_to_me"] else row["root_id"])
    if row["kind"] == NotificationKind.REACTION:
        return (row["kind"], row["post_id"])
    return (row["id"],)


def _shape(rows: list[DictRow]) -> dict[str, Any]:
    newest = rows[0]
    lines = _lines(rows)
    acts = _acts(newest)
    what = newest["text"] or " ".join(_sentence(line) for line in lines)
    return {
        "id": newest["id"],
        "kind": newest["kind"],
        "post_id": newest["post_id"],
        "thread_id": newest["thread_id"],
        "text": _whole(what, newest["reason"], acts),
        "what": what,
        "reason": newest["reason"],
        "acts": acts,
        "lines": lines,
        "about": _mine(newest) if lines else None,
        "excerpt": _excerpt(newest["post_html"]) if _is_reply(newest) else None,
        "note": newest["post_note"] if _is_reply(newest) else None,
        "created_at": newest["created_at"],
        "is_read": all(row["is_read"] for row in rows),
    }


def _is_reply(row: DictRow) -> bool:
    return bool(row["kind"] == NotificationKind.REPLY)


def _lines(rows: list[DictRow]) -> list[dict[str, Any]]:
    """Who did what: of replies one line, of reactions one for each kind."""
    kind = rows[0]["kind"]
    if kind == NotificationKind.REPLY:
        said = _replied(rows)
        return [_line(rows, said, said)]
    if kind != NotificationKind.REACTION:
        return []
    kinds = dict.fromkeys(row["reaction"] for row in rows)
    return [
        _line([row for row in rows if row["reaction"] == one], *_SAID[ReactionKind(one)])
        for one in kinds
    ]


def _replied(rows: list[DictRow]) -> str:
    if not any(row["is_to_me"] for row in rows):
        return "wrote under your post"
    is_below = rows[0]["is_to_me"] and rows[0]["is_parent_reply"]
    return "replied to your reply" if is_below else "replied to your post"


def _line(rows: list[DictRow], one: str, many: str) -> dict[str, Any]:
    """One is named, or two; of more the latest, and how many others."""
    names = list({row["actor_id"]: row["actor_name"] for row in rows}.values())
    said = one if len(names) == 1 else many
    named = names if len(names) <= 2 else names[:1]
    return {"names": named, "more": len(names) - len(named), "said": said}


def _sentence(line: dict[str, Any]) -> str:
    names = [isolated(name) for name in line["names"]]
    if line["more"]:
        names.append(f"{figure(line['more'])} others")
    return f"{' and '.join(names)} {line['said']}."


def _mine(row: DictRow) -> dict[str, Any]:
    """One's own words that it is about."""
    if row["kind"] == NotificationKind.REACTION:
        name, is_reply = "post", row["is_reply"]
    elif row["is_to_me"]:
        name, is_reply = "parent", row["is_parent_reply"]
    else:
        name, is_reply = "root", False
    return {
        "is_reply": is_reply,
        "excerpt": _excerpt(row[f"{name}_html"]),
        "note": row[f"{name}_note"],
    }


def _excerpt(html: str | None) -> str | None:
    if html is None:
        return None
    return text.excerpt_of(html, EXCERPT, is_cut=len(html) == _BEGINNING) or None


def _acts(row: DictRow) -> list[str]:
    """What its author can do about a decision, as long as what they wrote stands so."""
    if row["kind"] != NotificationKind.DECISION or not row["is_mine"]:
        return []
    if row["is_hidden"]:
        return ["edit", "appeal"]
    return ["appeal"] if row["is_folded"] else []


def _whole(what: str, reason: str | None, acts: list[str]) -> str:
    parts = [what]
    if reason:
        parts.append(f"Why: {reason}")
    if "appeal" in acts:
        parts.append(APPEAL)
    return " ".join(parts)
