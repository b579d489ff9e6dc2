"""How the fast reads are run: by the indexes made for them, whatever page is asked for."""

import re
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from app.community import my_activity, post_view, queries, search, wall
from app.community.visibility import VIEWER, sees
from app.core import pages
from app.core.db import Database
from tests.people import SignedIn
from tests.wall import WALL_ID

#: Threads of 20 replies each; the newest posts are all replies, which misled a plan once.
_FURNISH = """
    INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, intent, body_source,
      body_html, revision, created_at, visibility, is_answered)
    SELECT ids.id, %(space)s, ids.root, CASE WHEN n %% 21 > 0 THEN ids.root END,
      (%(authors)s::uuid[])[1 + n %% 4], CASE WHEN n %% 42 = 0 THEN 'saying_hello' END,
      'words', '<p>words</p>', 1,
      '2026-01-01'::timestamptz + n * interval '1 minute', 'visible', n %% 210 <> 0
    FROM generate_series(0, 6299) n, LATERAL (SELECT
      (lpad(to_hex(1760000000000 + n), 12, '0') || '70008000000000000000')::uuid AS id,
      (lpad(to_hex(1760000000000 + n - n %% 21), 12, '0') || '70008000000000000000')::uuid AS root
    ) ids
"""


_PEOPLE = """
    WITH joined AS (
      INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash,
        is_demo, adult_affirmed_at, rules_agreed_at, created_at, verified_at)
      SELECT i, i, sha256(i::text::bytea), '\\x00', '!', false, now(), now(), now(), now()
      FROM generate_series(1, 20000) n, LATERAL (SELECT gen_random_uuid() AS i WHERE n > 0) ids
      RETURNING member_id)
    INSERT INTO community.members (id, display_name, display_key, name_words, about,
      show_notes_open, joined_at)
    SELECT member_id, left(member_id::text, 12), member_id::text,
      array_to_tsvector(ARRAY[left(member_id::text, 8)]), '', false, now() FROM joined
"""


async def nodes_of(
    database: Database, query: str, parameters: dict[str, Any]
) -> list[dict[str, Any]]:
    """What was run of a read's own, generic plan, node by node.

    EXPLAIN of the statement itself would plan for these values; the pool never does.
    """
    names = dict.fromkeys(re.findall(r"%\((\w+)\)s", query))
    async with await psycopg.AsyncConnection.connect(
        database.settings.url,
        autocommit=True,
        row_factory=dict_row,
        options="-c plan_cache_mode=force_generic_plan",
    ) as connection:
        await connection.execute(query, parameters, prepare=True)
        cursor = await connection.execute(
            "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%community.is_open%'"
            " ORDER BY prepare_time DESC LIMIT 1",
            prepare=False,
        )
        prepared = await cursor.fetchone()
        assert prepared is not None
        cursor = await connection.execute(
            sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {}({})").format(
                sql.Identifier(prepared["name"]),
                sql.SQL(", ").join(sql.Literal(parameters[name]) for name in names),
            )
        )
        row = await cursor.fetchone()
    assert row is not None
    found: list[dict[str, Any]] = []
    (explained,) = row.values()
    pending = [(explained if isinstance(explained, list) else orjson.loads(explained))[0]["Plan"]]
    while pending:
        node = pending.pop()
        pending += node.get("Plans", [])
        if node["Actual Loops"] > 0:
            found.append(node)
    return found


async def plan_of(database: Database, query: str, parameters: dict[str, Any]) -> list[str]:
    """The indexes that such a plan uses; a walk over all posts is named so."""
    found: list[str] = []
    for node in await nodes_of(database, query, parameters):
        found += [node[key] for key in ("Index Name",) if key in node]
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "posts":
            found.append("all posts")
        if node.get("Relation Name") == "accounts":
            found.append("the reader" if node["Actual Loops"] == 1 else "a reader a row")
        if "websearch" in str(node.get("Filter")):
            found.append("words parsed a row")
        if node["Node Type"] in {"Sort", "Incremental Sort"} and node["Actual Rows"] > 100:
            found.append("a sort")
    return found


async def test_a_page_costs_a_page(
    database: Database, rowan: SignedIn, sky: SignedIn, moss: SignedIn, moderator: SignedIn
) -> None:
    asked = post_view.parameters(rowan.actor, intent="saying_hello", words="words")
    async with database.pool.connection() as connection:
        authors = [one.member_id for one in (rowan, sky, moss, moderator)]
        await connection.execute(_FURNISH, {"space": WALL_ID, "authors": authors})
        await connection.execute(_PEOPLE)
        await connection.execute("ANALYZE community.posts, community.members, identity.accounts")
    root = UUID("0199c82cc000" + "70008000000000000000")
    middle = UUID("0199c82cd800" + "7" + "0" * 19)
    for before in (pages.LAST_ID, middle):
        here = {**asked, "before": before, "before_id": before}
        here |= {"horizon": middle, "waiting_after": middle, "long_before": pages.LAST_ID}
        here |= {"before_place": pages.LARGEST}
        for query, *indexes in (
            (wall.STATEMENTS[False, False], "ix_posts_wall"),
            (wall.STATEMENTS[False, True], "ix_posts_intent"),
            (wall.STATEMENTS[True, False], "ix_posts_unanswered", "ix_posts_wall"),
            (wall.STATEMENTS[True, True], "ix_posts_unanswered", "ix_posts_intent"),
            (my_activity._STATEMENTS[None], "ix_posts_author_id_id"),
        ):
            for worded in (query.plain, query.whole):
                used = await plan_of(database, worded, here)
                assert set(indexes) <= set(used), used
                assert not {"pk_posts", "all posts", "a sort", "a reader a row"} & set(used), used
                assert "the reader" in used, used
    thread = {**asked, "thread_id": root, "after": pages.FIRST_ID}
    used = await plan_of(database, queries._THREAD.whole, thread)
    assert "uq_posts_thread_id_id_space_id" in used
    assert not {"all posts", "a reader a row"} & set(used), used
    found = {"before": pages.LAST_ID, "name_key": "rowan", "name_words": "'row':*"}
    used = await plan_of(database, search.STATEMENT.whole, {**asked, **found})
    assert {"pk_post_words", "ix_members_name_words", "uq_members_display_key"} <= set(used), used
    assert not {"all posts", "words parsed a row", "a reader a row"} & set(used), used


async def test_the_rule_is_part_of_the_statement(database: Database, rowan: SignedIn) -> None:
    """A function that PostgreSQL can't put inline is called for every row instead."""
    async with database.pool.connection() as connection:
        cursor = await connection.execute(
            f"EXPLAIN (VERBOSE) WITH {VIEWER} SELECT community.shown_html(p),"
            " community.shown_state(p), community.shown_source(p, %(viewer)s)"
            " FROM community.posts p JOIN community.posts r ON r.id = p.thread_id"
            f" WHERE {sees('p', 'r')}",
            post_view.parameters(rowan.actor),
        )
        lines = [str(next(iter(row.values()))) for row in await cursor.fetchall()]
    text = "\n".join(lines)
    assert "withdrawn_at IS NULL" in text
    assert "is_open" not in text
    assert "InitPlan" in text
    assert "shown_" not in text
