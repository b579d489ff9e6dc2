"""Search looks through spans of time: it finds what a look at every post finds, in that order."""

from random import Random
from typing import Any
from uuid import UUID

import pytest

from app.community import post_view, search, search_words
from app.community.visibility import VIEWER, sees
from app.core import pages
from app.core.db import AnyConnection, Database
from tests.community.test_plans import nodes_of
from tests.community.test_wall import walk
from tests.people import SignedIn
from tests.wall import WALL_ID

#: Words by how many posts hold one: all, every third, ... three; `rare` and `old` stand
#: in old posts alone, `far` in old ones and one new one.
SHARES = {"all": 1, "third": 3, "some": 40, "few": 150, "lone": 1200}
POSTS = 4000
_FURNISH = """
    INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, body_source,
      body_html, revision, created_at, visibility, hidden_reason, withdrawn_at)
    SELECT f.id, %(space)s, f.root, nullif(f.root, f.id), f.author, 'words', '<p>words</p>', 1,
      now(), CASE WHEN f.kind = 'hidden' THEN 'hidden' ELSE 'visible' END,
      CASE WHEN f.kind = 'hidden' THEN 'Why.' END, CASE WHEN f.kind = 'gone' THEN now() END
    FROM unnest(%(ids)s::uuid[], %(roots)s::uuid[], %(authors)s::uuid[], %(kinds)s::text[])
      AS f (id, root, author, kind)
"""
_WORDS = """
    INSERT INTO community.post_words
    SELECT id, to_tsvector('community.every_word', words)
    FROM unnest(%(ids)s::uuid[], %(words)s::text[]) AS f (id, words)
"""
#: What search is held against: every post is looked at.
_EACH = f"""
    WITH {VIEWER}
    SELECT p.id::text FROM community.post_words w JOIN community.posts p ON p.id = w.post_id
    JOIN community.posts r ON r.id = p.thread_id
    WHERE to_tsvector('community.every_word', '') || w.words
      @@ to_tsquery('community.every_word', %(words)s) AND {sees("p", "r")}
    ORDER BY p.id DESC
"""


def _moments(random: Random) -> list[int]:
    """Moments of so many posts: a quiet year, a lively month, a silence, a lively week."""
    day, end = 86_400_000, 1_790_000_000_000
    parts = ((500, 600, 235), (1500, 230, 200), (2000, 8, 0))
    return sorted(
        end - round(random.uniform(last, first) * day)
        for many, first, last in parts
        for _ in range(many)
    )


@pytest.fixture
async def written(
    database: Database, connection: AnyConnection, rowan: SignedIn, sky: SignedIn, moss: SignedIn
) -> None:
    """Posts and replies of three people, some hidden or taken back, with words of all shares."""
    random = Random(7)
    ids: list[UUID] = []
    roots: list[UUID] = []
    kinds, words, authors = [], [], []
    for n, ms in enumerate(_moments(random)):
        ids.append(UUID(f"{ms:012x}7{random.getrandbits(12):03x}8{n:015x}"))
        is_reply = n > 0 and random.random() < 0.8
        roots.append(roots[-1] if is_reply else ids[-1])
        kinds.append(random.choices(("stands", "hidden", "gone"), (94, 3, 3))[0])
        authors.append(random.choice((rowan, sky, moss)).member_id)
        said = [word for word, share in SHARES.items() if n % share == share // 2]
        said += ["old", *(["rare"] if n % 9 == 0 else [])] if n < 300 else []
        said += ["far"] if n % 97 == 1 and (n < 2000 or n > POSTS - 99) else []
        random.shuffle(said)
        words.append(" ".join(said))
    values: dict[str, Any] = {"ids": ids, "roots": roots, "kinds": kinds, "authors": authors}
    async with connection.transaction():
        await connection.execute("SET LOCAL alongside.writes_history = 'yes'")
        await connection.execute(_FURNISH, {**values, "space": WALL_ID})
        await connection.execute(_WORDS, {"ids": ids, "words": words})
    await connection.execute("ANALYZE community.posts, community.post_words")


QUERIES = (
    *("all", "third", "some", "few", "lone", "old", "rare", "far", "nobody"),
    *(
        "all third",
        "some few",
        "third -some",
        "few lone",
        '"all third"',
        '"third all"',
        "-few",
        "...",
    ),
    *("old far", "rare all", "far third"),
)


@pytest.mark.usefixtures("written")
async def test_pages_hold_what_a_look_at_every_post_finds(
    database: Database,
    connection: AnyConnection,
    rowan: SignedIn,
    sky: SignedIn,
    moderator: SignedIn,
) -> None:
    await rowan.client.put(f"/api/v1/members/{sky.member_id}/mute")
    for reader in (rowan, sky, moderator):
        for query in QUERIES:
            found = [post["id"] for post in await walk(reader, "/search", q=query)]
            asked = post_view.parameters(reader.actor, words=search_words.asked(query))
            cursor = await connection.execute(_EACH, asked)
            assert found == [row["id"] for row in await cursor.fetchall()], query


async def test_the_index_knows_each_post_by_the_spans_that_search_asks_for(
    connection: AnyConnection,
) -> None:
    post_id = UUID("01a21f18-cdc6-7402-9f69-2478ee368002")
    cursor = await connection.execute(
        "SELECT community.time_of(%(id)s) AS ms, community.spans(%(id)s) AS spans", {"id": post_id}
    )
    row = await cursor.fetchone()
    assert row is not None
    assert row["ms"] == 0x01A21F18CDC6
    levels = [int(level) for level in search.SPANS.split(",")]
    assert row["spans"] == [(row["ms"] >> level) * 64 + level for level in levels]


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("query", "most"), [("some", 200), ("few", 200), ("third some", 200), ("lone", 20), ("far", 60)]
)
async def test_a_page_looks_at_few_of_the_posts_that_hold_its_words(
    database: Database, rowan: SignedIn, query: str, most: int
) -> None:
    asked = post_view.parameters(rowan.actor, words=search_words.asked(query), name_key="")
    asked |= {"before": pages.LAST_ID, "name_words": ""}
    nodes = await nodes_of(database, search.STATEMENT.plain, asked)
    looked = [n for n in nodes if n.get("Index Name") == "ix_post_words_spans_words"]
    assert looked
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in looked) <= most
