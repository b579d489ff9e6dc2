"""Search: posts and replies by their words and those of their notes, and members by their names.
One statement, by key, to bytes; what was found is marked in what is shown."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

import html
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, LiteralString
from uuid import UUID

import orjson
from psycopg.rows import TupleRow

from app.community import highlights, names, post_view, search_words
from app.community.post_view import COLUMNS, ID, JOINS, WIDTH
from app.community.queries import LIMIT, PAGE, POST, cut
from app.community.visibility import READER, VIEWER, ViewerStatement, is_apart, sees
from app.core import db, pages, text, thread_offload
from app.identity.actors import Actor

QUERY_LIMIT: Final = 200
#: An address is pasted whole, however long it is.
ADDRESS_LIMIT: Final = 1000
WALK: Final = 200
#: As fast as the newest of them followed each other, so all are taken to have.
PACE: Final = 100
#: How long a span of time is, as powers of two of milliseconds, from two hours to a year; the index
#: of words knows in which of each a post was made (`community.spans`).
SPANS: Final = "23,26,29,32,35"
#: A span of more than so large a part of all there is is not looked through apart.
NEAR_ALL: Final = 4
#: Members shown; one more is looked for, to tell whether there are others.
MEMBERS: Final = 6
#: So many are put in order; a part of a name that fits more says nothing yet.
MEMBERS_DEPTH: Final = 200
#: A name has at most so many words, and a shorter beginning of one fits too many.
_NAME_WORDS: Final = 6
_BEGINNING: Final = 3

# Whoever is in the community: not who has not come yet, has left, or works on studies. Their name
# as a whole comes first.
_MEMBERS: Final = f"""
  SELECT json_agg(found ORDER BY found.is_whole DESC, found.length, found.display_name)::text
  FROM (
    SELECT m.id, m.display_name, m.joined_at > %(new_since)s AS is_new,
      m.id = %(viewer)s AS is_me, m.staff_role, m.display_key = %(name_key)s AS is_whole,
      char_length(m.display_name) AS length
    FROM (
      SELECT w.id FROM community.members w WHERE w.display_key = %(name_key)s
      UNION
      (SELECT w.id FROM community.members w
        WHERE w.name_words @@ %(name_words)s::tsquery LIMIT {MEMBERS_DEPTH})
    ) named
    JOIN community.members m ON m.id = named.id
    JOIN identity.accounts a ON a.member_id = m.id
    WHERE m.left_at IS NULL AND a.verified_at IS NOT NULL AND a.closed_at IS NULL
      AND a.staff_family IS DISTINCT FROM 'research' AND {READER} IS NOT NULL
      AND NOT ({is_apart("m.id")})
    ORDER BY is_whole DESC, length, m.display_name LIMIT {MEMBERS + 1}
  ) found
"""


def _page_of(matches: LiteralString) -> LiteralString:
    """The newest that this viewer sees of those that a condition holds for. OFFSET 0 and IS TRUE
    keep the plan from walking all ids, for their order or for the bound."""
    return f"""ARRAY(
      SELECT f.post_id FROM (
        SELECT m.post_id FROM (
          SELECT w.post_id FROM community.post_words w
          WHERE {matches} AND w.words @@ (SELECT words FROM asked)
            AND (w.post_id < %(before)s) IS TRUE OFFSET 0) m
        ORDER BY m.post_id DESC OFFSET 0) f
      JOIN community.posts p ON p.id = f.post_id
      JOIN community.posts r ON r.id = p.thread_id
      WHERE {sees("p", "r")}
      ORDER BY f.post_id DESC {LIMIT})"""


# A common word is found at once by walking the newest posts. A rarer one is looked for in a span of
# time and the one before it, then in the next longer ones, until a page is full: each match is
# fetched, so a page costs a page however many posts of former years hold the word. The first span
# is about as long as the newest WALK took; one that comes near to all there is is left out.
# The words are parsed once (not once a row).
_POSTS: Final = f"""
  WITH asked AS MATERIALIZED (
    SELECT to_tsquery('{search_words.CONFIGURATION}', %(words)s) AS words
  ), recent AS MATERIALIZED (
    SELECT f.post_id FROM (
      SELECT w.post_id, w.words FROM community.post_words w WHERE w.post_id < %(before)s
      ORDER BY w.post_id DESC LIMIT {WALK}) f
    JOIN community.posts p ON p.id = f.post_id
    JOIN community.posts r ON r.id = p.thread_id
    WHERE f.words @@ (SELECT words FROM asked) AND {sees("p", "r")}
    ORDER BY f.post_id DESC {LIMIT}
  ), walked AS MATERIALIZED (
    SELECT community.time_of(w.ids[1]) AS newest,
      (community.time_of(w.ids[1]) - community.time_of(w.ids[{PACE}])) * {WALK // PACE} AS took,
      (SELECT community.time_of(o.post_id) FROM community.post_words o
        ORDER BY o.post_id LIMIT 1) AS first
    FROM (SELECT ARRAY(SELECT o.post_id FROM community.post_words o WHERE o.post_id < %(before)s
      ORDER BY o.post_id DESC LIMIT {PACE}) AS ids OFFSET 0) w
    WHERE (SELECT count(*) FROM recent) <= {PAGE} AND cardinality(w.ids) = {PACE}
  ), spans AS MATERIALIZED (
    SELECT ARRAY[community.span(w.newest, s.level),
      community.span(w.newest - (1::bigint << s.level), s.level)] AS two
    FROM walked w CROSS JOIN unnest('{{{SPANS}}}'::int[]) AS s (level)
    WHERE 1::bigint << s.level BETWEEN w.took AND (w.newest - w.first) / {NEAR_ALL}
    ORDER BY s.level
  ), in_spans AS MATERIALIZED (
    SELECT page.ids FROM spans s CROSS JOIN LATERAL (
      SELECT {_page_of("community.spans(w.post_id) && s.two")} AS ids OFFSET 0) page
    WHERE cardinality(page.ids) > {PAGE} LIMIT 1
  ), found AS (
    SELECT r.post_id FROM recent r WHERE NOT EXISTS (SELECT FROM walked)
    UNION ALL
    SELECT unnest(i.ids) FROM in_spans i
    UNION ALL
    SELECT unnest({_page_of("true")}) FROM walked WHERE NOT EXISTS (SELECT FROM in_spans)
  )
  SELECT {COLUMNS} FROM found f
  JOIN community.posts p ON p.id = f.post_id {JOINS}
  ORDER BY f.post_id DESC {LIMIT}
"""

# Always a row, for who is found where no post is.
STATEMENT: Final = ViewerStatement(f"""
  WITH {VIEWER}
  SELECT page.*, h.members FROM (SELECT ({_MEMBERS}) AS members) h
  LEFT JOIN LATERAL ({_POSTS}) page ON true
""")


async def read(pool: db.Pool, actor: Actor, words: str, *, cursor: str | None = None) -> bytes:
    """Posts and replies with these words, the newest first, and on the first page members of that
    name. Quotes and a minus work as usual.

    For an address of ours, the post it leads to comes before those that speak of it.
    """
    limit = ADDRESS_LIMIT if "://" in words else QUERY_LIMIT
    query = text.clean_line(words, limit=limit, pointer="/q")
    # Cut into words twice.
    wanted, words_asked = await thread_offload.beside(partial(_words_of, query), (query, query))
    key = pages.decode(cursor, UUID)
    (before,) = key or (pages.LAST_ID,)
    asked = {
        "words": words_asked,
        "before": before,
        "name_key": names.key_of(query) if key is None else "",
        "name_words": _name(wanted) if key is None else "",
    }
    rows = await db.fetch_tuples(pool, STATEMENT.by(actor), post_view.parameters(actor, **asked))
    members = orjson.loads(rows[0][WIDTH] or "[]")
    items, last = cut([row for row in rows if row[ID] is not None])
    items = await _marked(pool, items, _rows(wanted))
    post_id = search_words.post_at(query)
    if post_id is not None and key is None:
        there = await db.fetch_tuples(
            pool, POST.by(actor), post_view.parameters(actor, post_id=post_id)
        )
        others = [item for item in items if item["id"] != str(post_id)]
        items = [*(_plain(row) for row in there), *others]
    return post_view.as_bytes(
        {
            "items": items,
            "next_cursor": last and pages.encode(last[ID]),
            "members": [_member(found) for found in members[:MEMBERS]],
            "has_more_members": len(members) > MEMBERS,
        }
    )


def _words_of(query: str) -> tuple[Sequence[search_words.Ways], str]:
    return search_words.sought(query), search_words.asked(query)


def _rows(wanted: Sequence[search_words.Ways]) -> highlights.Groups:
    return [row for ways in wanted for rows in ways for row in rows]


def _name(wanted: Sequence[search_words.Ways]) -> str:
    """As a tsquery for names: every word, the longer ones as beginnings. Words are letters and
    digits alone, so none of them can be an operator."""
    if sum(len(row) for ways in wanted for row in ways[0]) > _NAME_WORDS:
        return ""
    return " & ".join(f"({' | '.join(map(_name_in, ways))})" for ways in wanted)


def _name_in(rows: Sequence[search_words.Row]) -> str:
    words = [word for row in rows for word in row]
    return " & ".join(f"'{word}'{':*' if len(word) >= _BEGINNING else ''}" for word in words)


def _member(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": found["id"],
        "display_name": found["display_name"],
        "is_new": found["is_new"],
        "is_me": found["is_me"],
        "staff_role": found["staff_role"],
    }


def _plain(row: TupleRow) -> dict[str, Any]:
    item = post_view.fields(row)
    return item | {"note_html": _note(item) or None}


async def _marked(
    pool: db.Pool, items: Sequence[dict[str, Any]], wanted: highlights.Groups
) -> list[dict[str, Any]]:
    """The posts with what was found marked, in their text and in the words of their notes."""
    stem = await highlights.stems(pool, {word for group in wanted for word in group})
    texts = [shown_text for item in items for shown_text in (item["body_html"], _note(item))]
    find = partial(_pieces, texts, wanted, stem)
    found = await thread_offload.beside(find, texts)
    words = {word for pieces in found for _, _, many in pieces for word in many}
    stem |= await highlights.stems(pool, words)
    put = await thread_offload.beside(partial(_put, texts, found, wanted, stem), texts)
    return [
        item | {"body_html": body_html, "note_html": note_html or None}
        for item, body_html, note_html in zip(items, put[::2], put[1::2], strict=True)
    ]


def _pieces(
    texts: Sequence[str], wanted: highlights.Groups, stem: dict[str, str]
) -> list[list[highlights.Piece]]:
    if not wanted:
        return [[] for _ in texts]
    where = highlights.place_of(wanted, stem)
    return [highlights.pieces(one, where) for one in texts]


def _put(
    texts: Sequence[str],
    found: Sequence[Sequence[highlights.Piece]],
    wanted: highlights.Groups,
    stem: dict[str, str],
) -> list[str]:
    return [
        highlights.put(one, pieces, wanted, stem) for one, pieces in zip(texts, found, strict=True)
    ]


def _note(item: dict[str, Any]) -> str:
    return html.escape(item["note"]["about"], quote=False) if item["note"] else ""
