"""The wall: the newest first, or whoever has waited longest for a reply first. One statement each,
by key, to bytes.

*Unanswered first* is two lists, one after the other. First the posts of the last two weeks that
nobody but their author has replied to, the oldest on top: who has waited longest comes first. Then
everything else, the newest first. Two weeks, because a post that stood unanswered for longer is
seldom where its author still is, and because posts of last year would otherwise stand above
someone who is waiting tonight.
"""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from datetime import timedelta
from operator import itemgetter
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg.rows import TupleRow

from app.community import page_keys, post_view
from app.community.choices import Intent
from app.community.post_view import ID, IS_ANSWERED, JOINS, WIDTH, columns
from app.community.queries import LIMIT, PAGE, cut
from app.community.spaces import WALL
from app.community.visibility import VIEWER, ViewerStatement, either, is_met, sees
from app.core import clock, db, pages
from app.core.events import POSITION_SQL
from app.core.ids import earliest
from app.identity.actors import Actor

#: How far back a post can wait at the top of *Unanswered first*.
HORIZON: Final = timedelta(days=14)
#: From when on the wall says, in one line, that someone is waiting: most replies come sooner.
LONG_WAIT: Final = timedelta(hours=3)
#: So many are counted and no more: beyond it a number says nothing.
MOST_COUNTED: Final = 10
#: Out of sight of a viewer out of whose sight more people are, those that only they have answered
#: are counted on the page alone: looking each of them up would cost more than the page.
MOST_LOOKED_UP: Final = 20
#: So many of the latest posts of somebody out of the viewer's sight are looked at.
MOST_OF_ONE: Final = 200

#: After the columns of a post: whether it stands among those that wait.
IS_WAITING: Final = WIDTH

_READ_UNTIL = f"""(SELECT s.seen_post_id FROM community.space_seen s
    WHERE s.member_id = %(viewer)s AND s.space_id = {WALL})"""
_COLUMNS = columns(seen_root_id=_READ_UNTIL)


#: Threads that only people have answered whom the viewer does not see: for them those wait as well.
_NONE = "'{}'::uuid[]"


def _quiet(most: LiteralString) -> LiteralString:
    return f"""quiet AS MATERIALIZED (
  SELECT {either(_quiet_threads(most), _NONE)} AS threads)"""


def _quiet_threads(most: LiteralString) -> LiteralString:
    return f"""ARRAY(
    SELECT DISTINCT c.thread_id FROM viewer v CROSS JOIN LATERAL unnest(v.unseen) AS u (id)
    CROSS JOIN LATERAL (SELECT a.* FROM community.posts a
      WHERE (a.author_id, a.id) > (u.id, %(horizon)s) AND a.author_id = u.id
      ORDER BY a.author_id DESC, a.id DESC LIMIT {MOST_OF_ONE}) c
    WHERE {most} AND c.parent_id IS NOT NULL AND c.withdrawn_at IS NULL
      AND c.visibility = 'visible'
      AND NOT EXISTS (SELECT FROM community.posts o JOIN community.posts r ON r.id = o.thread_id
        WHERE o.thread_id = c.thread_id AND o.author_id <> r.author_id AND {is_met("o.author_id")}
          AND o.withdrawn_at IS NULL AND o.visibility = 'visible'))"""


_IS_QUIET = either("p.id = ANY ((SELECT q.threads FROM quiet q)::uuid[])", "false")
#: What can be replied to and has no reply. What is hidden or taken back waits for nobody.
_OPEN = "p.withdrawn_at IS NULL AND p.visibility = 'visible'"
_WAITS = f"NOT p.is_answered AND {_OPEN}"
_WAITS_QUIETLY = f"p.is_answered AND {_IS_QUIET} AND {_OPEN}"
#: A post is a root. Of those with an intent that goes without saying, and saying it would let
#: PostgreSQL expect few of them, and put all of them in order.
_ROOT = "p.parent_id IS NULL"
_INTENT = "p.intent = %(intent)s"


def _long(waits: str) -> str:
    return f"""SELECT FROM community.posts p
      WHERE p.space_id = {WALL} AND {_ROOT} AND {sees("p", "p")} AND {waits}
        AND p.author_id <> %(viewer)s AND p.id > %(horizon)s AND p.id < %(long_before)s"""


_WAITING_COUNT = f"""CASE WHEN %(before)s = '{pages.LAST_ID}' THEN (
    SELECT count(*)::int FROM (
      ({_long(_WAITS)} ORDER BY p.id LIMIT {MOST_COUNTED})
      UNION ALL ({_long(_WAITS_QUIETLY)}) LIMIT {MOST_COUNTED}) w) END"""


def _walk(condition: str, order: str, *, is_waiting: bool) -> str:
    return f"""SELECT {_COLUMNS}, {is_waiting} AS is_waiting FROM community.posts p {JOINS}
      WHERE p.space_id = {WALL} AND {sees("p", "p")} AND {condition}
      ORDER BY {order} {LIMIT}"""


def _newest_first(kind: str) -> str:
    newest = _walk(f"{kind} AND p.id < %(before)s", "p.id DESC", is_waiting=False)
    return _paged(newest, _WAITING_COUNT, _quiet(f"cardinality(v.unseen) <= {MOST_LOOKED_UP}"))


def _unanswered_first(kind: str) -> str:
    # Walks, each by an index; the last begins only when those that wait did not fill the page.
    waiting, quietly = (
        _walk(
            f"{_ROOT} AND {kind} AND {waits} AND p.id > %(waiting_after)s", "p.id", is_waiting=True
        )
        for waits in (_WAITS, _WAITS_QUIETLY)
    )
    both = f'SELECT * FROM (({waiting}) UNION ALL ({quietly})) w ORDER BY w.id COLLATE "C" {LIMIT}'
    rest = _walk(
        f"{kind} AND NOT ((NOT p.is_answered OR {_IS_QUIET}) AND {_OPEN} AND p.id > %(horizon)s)"
        " AND p.id < %(before)s",
        "p.id DESC",
        is_waiting=False,
    )
    return _paged(f"({both}) UNION ALL ({rest}) {LIMIT}", "NULL::int", _quiet("true"))


_IS_COUNTED_HERE = either(
    f"(SELECT cardinality(v.unseen) > {MOST_LOOKED_UP} FROM viewer v)",
    "false",
)


def _paged(page: str, waiting_count: str, quiet: str) -> str:
    # Always a row, so that an empty page too says where the live stream goes on.
    return f"""WITH {VIEWER}, {quiet} SELECT page.*, h.*
      FROM (SELECT {POSITION_SQL} AS position, {_READ_UNTIL}::text AS read_until,
        {waiting_count} AS waiting_count,
        {_IS_COUNTED_HERE} AS is_counted_here) h
      LEFT JOIN LATERAL ({page}) page ON true"""


STATEMENTS: Final = {
    (False, False): ViewerStatement(_newest_first(_ROOT)),
    (False, True): ViewerStatement(_newest_first(_INTENT)),
    (True, False): ViewerStatement(_unanswered_first(_ROOT)),
    (True, True): ViewerStatement(_unanswered_first(_INTENT)),
}


async def read(
    pool: db.Pool,
    actor: Actor,
    *,
    cursor: str | None = None,
    intent: Intent | None = None,
    unanswered: bool = False,
) -> bytes:
    """A page of the wall."""
    now = clock.now()
    place = page_keys.wall(cursor, unanswered=unanswered, horizon=earliest(now - HORIZON))
    rows = await db.fetch_tuples(
        pool,
        STATEMENTS[unanswered, intent is not None].by(actor),
        post_view.parameters(
            actor, intent=intent, long_before=earliest(now - LONG_WAIT), **place.bounds()
        ),
    )
    position, read_until, waiting_count, is_counted_here = rows[0][WIDTH + 1 :]
    posts = [row for row in rows if row[ID] is not None]
    waiting = sorted((row for row in posts if row[IS_WAITING]), key=itemgetter(ID))
    rest = [row for row in posts if not row[IS_WAITING]]
    rest.sort(key=itemgetter(ID), reverse=True)
    items, last = cut(waiting + rest)
    if waiting_count is not None and is_counted_here:
        waiting_count += sum(map(_waits_quietly, rest[:PAGE], items))
        waiting_count = min(waiting_count, MOST_COUNTED)
    following = last and place.after(UUID(last[ID]), is_waiting=last[IS_WAITING])
    return post_view.as_bytes(
        {
            "items": items,
            "next_cursor": following,
            "position": position,
            "read_until": read_until,
            "waiting_here": min(len(waiting), len(items)),
            "waiting_count": waiting_count,
        }
    )


def _waits_quietly(row: TupleRow, item: dict[str, Any]) -> bool:
    """Answered by people alone whom the viewer does not see, and hours ago."""
    is_open = item["state"] == "visible" and not item["author"]["is_me"]
    is_quiet = row[IS_ANSWERED] and not item["is_answered"]
    now = clock.now()
    return is_open and is_quiet and now - HORIZON < item["created_at"] < now - LONG_WAIT
