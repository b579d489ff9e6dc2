"""The queue of cases: one statement a page, by key, to bytes. Worried first; then what more
different people stand behind; then the oldest. What one member flags many times is one batch.

Orders are by place, a number that the database gives: a clock that was set back moves no case.
"""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

import html
import re
from typing import Any, Final, Literal, LiteralString
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community.post_view import as_bytes
from app.community.publishing import PREMODERATED
from app.core import clock, db, pages
from app.core.events import POSITION_SQL
from app.identity.actors import Actor
from app.moderation import policies
from app.moderation.policies import Stake

PAGE: Final = 20
EXCERPT: Final = 140
#: Written into the statements: with a limit as a parameter they would be planned for a tenth of
#: all cases, and sort them.
LIMIT: Final = f"LIMIT {PAGE + 1}"

State = Literal["open", "mine", "lead", "decided"]


def reasons_of(case: str) -> str:
    """The rules that are said to be broken in a case, what most people say first."""
    return f"""ARRAY(SELECT r.reason FROM moderation.reports r
                 WHERE r.case_id = {case}.id AND r.reason IS NOT NULL
                 GROUP BY r.reason
                 ORDER BY count(DISTINCT r.reporter_id) DESC, min(r.place))"""


# What the queue says of a case, and whether this moderator has a part in it.
COLUMNS: Final = f"""
    c.id::text AS id, c.version, c.is_worried, c.report_count, c.worried_count, c.people,
    c.opened_at, c.place, c.handed_over_at, p.created_at AS written_at, p.edited_at,
    c.claimed_by = %(viewer)s AS is_mine, c.claim_expires_at, h.display_name AS claimed_by_name,
    c.decision_id::text AS decision_id, c.subject_kind, c.subject_version,
    p.id::text AS post_id, p.thread_id::text AS thread_id,
    p.author_id::text AS author_id, a.display_name AS author_name,
    community.shown_state(p) AS state,
    left(community.shown_html(p), 600) AS html,
    EXISTS (SELECT FROM moderation.reports o
            WHERE o.case_id = c.id AND o.reporter_id = %(viewer)s)
      AND {policies.OTHERS} AS has_reported,
    EXISTS (SELECT FROM moderation.appeals s WHERE s.case_id = c.id) AS is_appeal,
    p.visibility = 'hidden' AND p.hidden_reason = '{PREMODERATED}' AS is_premoderated,
    {policies.decided_before("c.id", "%(viewer)s")} AS has_decided,
    CASE WHEN c.report_count = 1
      THEN ARRAY(SELECT r.reason FROM moderation.reports r
                 WHERE r.case_id = c.id AND r.reason IS NOT NULL)
      ELSE {reasons_of("c")} END AS reasons
"""
OUTCOME: Final = """
    , d.act, d.note_about AS act_note, d.decided_at, b.display_name AS decided_by_name
"""
JOINS: Final = """
    JOIN community.posts p ON p.id = c.post_id
    JOIN community.members a ON a.id = p.author_id
    LEFT JOIN community.members h ON h.id = c.claimed_by
"""
OUTCOME_JOINS: Final = """
    LEFT JOIN moderation.decisions d ON d.id = c.decision_id
    LEFT JOIN community.members b ON b.id = d.moderator_id
"""

#: From so many on, what one member alone has flagged is shown as one batch; no more at a time.
BATCH_FROM: Final = 4
GROUP_MOST: Final = 100


def _members(case: str) -> str:
    return f"""
    FROM moderation.cases g JOIN community.posts gp ON gp.id = g.post_id
    WHERE g.sole_reporter_id = {case}.sole_reporter_id AND g.is_worried = {case}.is_worried
      AND g.decision_id IS NULL AND gp.author_id <> %(viewer)s
      AND (g.claim_expires_at IS NULL OR g.claim_expires_at <= %(now)s)
    """


def batch_of(case: str) -> str:
    """Open cases that nobody holds, flagged by the one member who flagged this, of this kind."""
    return f"SELECT g.id {_members(case)} ORDER BY g.place LIMIT {GROUP_MOST}"


# The earliest of a batch stands for all of it. Whether there is an earlier one, and whether there
# are enough, is asked of each case, so each answer must be had from a few rows.
_GROUPED: Final = f"""
    LEFT JOIN LATERAL (
      SELECT EXISTS (SELECT {_members("c")}
          AND g.place < c.place) AS is_later,
        (SELECT count(*) FROM (SELECT {_members("c")} LIMIT {BATCH_FROM}) few)
          = {BATCH_FROM} AS is_batch
    ) many ON c.claim_expires_at IS NULL OR c.claim_expires_at <= %(now)s
"""

_OPEN: Final = f"""
    SELECT {COLUMNS}, CASE WHEN many.is_batch THEN ARRAY(
      SELECT member.id::text FROM ({batch_of("c")}) member) END AS case_ids
    FROM moderation.cases c {JOINS} {_GROUPED}
    WHERE c.decision_id IS NULL AND p.author_id <> %(viewer)s
      AND (NOT c.is_worried, - c.people, c.place) > (%(is_calm)s, %(rank)s, %(place)s)
      AND (many.is_later AND many.is_batch) IS NOT TRUE
"""
_MINE: Final = " AND c.claimed_by = %(viewer)s AND c.claim_expires_at > %(now)s"
_LEAD: Final = " AND c.handed_over_at IS NOT NULL"
_FIRST: Final = " ORDER BY (NOT c.is_worried), (- c.people), c.place " + LIMIT

_DECIDED: Final = f"""
    SELECT {COLUMNS} {OUTCOME}, last.place AS decided_place
    FROM moderation.decisions last
    JOIN moderation.cases c ON c.id = last.case_id {JOINS} {OUTCOME_JOINS}
    WHERE p.author_id <> %(viewer)s AND last.place < %(place)s
    ORDER BY last.place DESC {LIMIT}
"""

# Always a row, so that an empty queue too says where the live stream goes on.
_PAGE: Final = f"""
    SELECT live.position, page.* FROM (SELECT {POSITION_SQL} AS position) live
    LEFT JOIN LATERAL (%s) page ON true
"""

_STATEMENTS: Final[dict[State, LiteralString]] = {
    "open": _PAGE.replace("%s", _OPEN + _FIRST, 1),
    "mine": _PAGE.replace("%s", _OPEN + _MINE + _FIRST, 1),
    "lead": _PAGE.replace("%s", _OPEN + _LEAD + _FIRST, 1),
    "decided": _PAGE.replace("%s", _DECIDED, 1),
}

_ONE: Final = f"""
    SELECT {COLUMNS} {OUTCOME} FROM moderation.cases c {JOINS} {OUTCOME_JOINS} WHERE c.id = %(id)s
"""

#: Before every case: worried, and more people than there are.
_START: Final = (False, -(2**31), 0)


async def list_(pool: db.Pool, actor: Actor, *, state: State, cursor: str | None) -> bytes:
    """A page of cases. Those about the moderator's own posts are not among them; those that
    another moderator must decide say why."""
    asked = _after(state, cursor) | {"viewer": actor.member_id, "now": clock.now()}
    rows = await db.fetch(pool, _STATEMENTS[state], asked)
    found = [row for row in rows if row["id"] is not None]
    shown = found[:PAGE]
    following = _cursor(state, shown[-1]) if len(found) > PAGE else None
    return as_bytes(
        {
            "items": [shape(row) for row in shown],
            "next_cursor": following,
            "position": rows[0]["position"],
        }
    )


def _after(state: State, cursor: str | None) -> dict[str, Any]:
    """What the page comes after."""
    if state == "decided":
        (place,) = pages.decode(cursor, pages.number) or (pages.LARGEST,)
        return {"place": place}
    kinds = (pages.flag, pages.negative, pages.number)
    is_calm, rank, place = pages.decode(cursor, *kinds) or _START
    return {"is_calm": is_calm, "rank": rank, "place": place}


def _cursor(state: State, last: DictRow) -> str:
    if state == "decided":
        return pages.encode(last["decided_place"])
    return pages.encode(not last["is_worried"], -last["people"], last["place"])


#: Counted up to here, the worried first: a larger figure helps nobody, and each is looked up.
COUNTED: Final = 100

_WAITING: Final = f"""
    SELECT count(*)::integer AS cases, count(*) FILTER (WHERE is_worried)::integer AS worried,
      count(*) FILTER (WHERE handed_over_at IS NOT NULL)::integer AS handed_over,
      (SELECT count(DISTINCT r.reporter_id) FROM moderation.reports r
        WHERE r.case_id = ANY (array_agg(few.id)))::integer AS people
    FROM (
      SELECT c.id, c.is_worried, c.handed_over_at FROM moderation.cases c
      JOIN community.posts p ON p.id = c.post_id
      WHERE c.decision_id IS NULL AND p.author_id <> %(viewer)s
      ORDER BY (NOT c.is_worried), (- c.people), c.place LIMIT {COUNTED}
    ) few
"""


async def waiting(pool: db.Pool, actor: Actor) -> dict[str, int]:
    """How many cases wait, and how many people stand behind them, without those about the
    moderator's own posts."""
    (found,) = await db.fetch(pool, _WAITING, {"viewer": actor.member_id})
    return found


async def one(session: AsyncSession, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """The case as the queue shows it, within a unit of work."""
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_ONE, {"viewer": actor.member_id, "id": case_id})
        (row,) = await cursor.fetchall()
    return shape(row)


def shape(row: DictRow) -> dict[str, Any]:
    """A row as the `Case` of the API."""
    is_decided = row["decision_id"] is not None
    expires_at = row["claim_expires_at"]
    is_claimed = expires_at is not None and not is_decided and expires_at > clock.now()
    case_ids = row.get("case_ids") or []
    return {
        "id": row["id"],
        "version": row["version"],
        "state": "decided" if is_decided else "claimed" if is_claimed else "open",
        "is_worried": row["is_worried"],
        "report_count": row["report_count"],
        "worried_count": row["worried_count"],
        "is_appeal": row["is_appeal"],
        "is_premoderated": row["is_premoderated"],
        "batch": {"case_ids": case_ids} if len(case_ids) >= BATCH_FROM else None,
        "reasons": row["reasons"],
        "is_handed_over": row["handed_over_at"] is not None,
        "opened_at": row["opened_at"],
        "place": row["place"],
        "subject": {
            "kind": row["subject_kind"],
            "id": row["post_id"],
            "version": row["subject_version"],
            "thread_id": row["thread_id"],
            "excerpt": excerpt(row["html"]),
            "author": {"id": row["author_id"], "display_name": row["author_name"]},
            "state": row["state"],
            "written_at": row["written_at"],
            "edited_at": row["edited_at"],
        },
        "outcome": {
            "act": row["act"],
            "note_about": row["act_note"],
            "moderator_name": row["decided_by_name"],
            "decided_at": row["decided_at"],
        }
        if is_decided
        else None,
        "claim": {
            "moderator_name": row["claimed_by_name"],
            "is_me": row["is_mine"],
            "expires_at": expires_at,
        }
        if is_claimed
        else None,
        "why_not": _why_not(row, is_decided=is_decided),
    }


def _why_not(row: DictRow, *, is_decided: bool) -> str | None:
    """Why another moderator must look at it; most often nothing."""
    has_decided = row["has_decided"] and not is_decided
    if not row["has_reported"] and not has_decided:
        return None
    stake = Stake(has_reported=row["has_reported"], has_decided_before=has_decided)
    return policies.can_open(stake).why_not


_TAG: Final = re.compile("<[^>]*(?:>|$)")
_CUT_ENTITY: Final = re.compile(r"&[^;\s]*$")


def excerpt(body_html: str) -> str:
    """The first words, from the rendered text: parsing the source again would cost a page of
    cases twenty times its own price."""
    bare = html.unescape(_CUT_ENTITY.sub("", _TAG.sub(" ", body_html)))
    words = " ".join(bare.split())
    if len(words) <= EXCERPT:
        return words
    return f"{words[: EXCERPT - 1].rsplit(' ', 1)[0].rstrip(' ,;:.-')}…"
