"""Ten thousand to ten million posts straight into the tables: for benchmarks, never for people.

The shape is that of a lively community: threads of none to thirty replies, one post in five noted
or meant for something, up to four reactions a post. The same counts give the same rows.
"""

from datetime import datetime, timedelta
from random import Random

import psycopg

from app.community import search_words
from app.community.spaces import WALL
from app.core import text
from app.demo import speech

BODIES = 500
#: Mean of the replies a thread has (see `SIZES`), plus its root.
POSTS_PER_THREAD = 16
MEMBERS_PER_POSTS = 20
FILLED = (
    "identity.accounts",
    "community.members",
    "community.posts",
    "community.post_words",
    "community.reactions",
)

# ids are UUIDs of version 7 that sort by the moment given (milliseconds since 1970)
_ID = """
CREATE FUNCTION pg_temp.id_at(ms bigint, seed text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(seed), 1, 3)
    || '8' || substr(md5(seed), 4, 15))::uuid
$$
"""

_ACCOUNTS = """
INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash, is_demo,
  adult_affirmed_at, rules_agreed_at, created_at, verified_at)
SELECT pg_temp.id_at(%(start)s + n, 'account' || n), pg_temp.id_at(%(start)s + n, 'member' || n),
  sha256(('bulk' || n)::bytea), '\\x00', '!', false, t, t, t, t
FROM generate_series(0, %(members)s - 1) n, to_timestamp(%(start)s / 1000.0) t
"""

_MEMBERS = """
INSERT INTO community.members (id, display_name, display_key, name_words, about, show_notes_open,
  joined_at)
SELECT pg_temp.id_at(%(start)s + n, 'member' || n), 'Synthetic ' || n, 'synthetic ' || n,
  array_to_tsvector(ARRAY['synthetic', n::text]), '', false, to_timestamp(%(start)s / 1000.0)
FROM generate_series(0, %(members)s - 1) n
"""

SIZES = """
CREATE TEMP TABLE sizes AS
SELECT i AS thread, ((i::bigint * 7919) %% 31)::int AS replies,
  %(start)s + (i + 1) * (%(span)s / (%(threads)s + 1)) AS ms
FROM generate_series(0, %(threads)s - 1) i
"""

_POSTS = f"""
INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, intent, note_about,
  note_by, body_source, body_html, revision, created_at, visibility, reply_count, is_answered,
  last_reply_id, last_reply_author_id, thinking_of_you_count, i_hear_you_count,
  i_like_this_count, this_helped_me_count)
SELECT
  pg_temp.id_at(s.ms + r * 1000, 'post' || s.thread || '-' || r), {WALL},
  pg_temp.id_at(s.ms, 'post' || s.thread || '-0'),
  CASE WHEN r > 0 THEN pg_temp.id_at(s.ms, 'post' || s.thread || '-0') END,
  m.id,
  CASE WHEN r = 0 THEN (ARRAY['looking_for_support', 'saying_hello', 'seeking_suggestions',
    'sharing_a_little_win', NULL])[1 + s.thread %% 5] END,
  CASE WHEN s.thread %% 7 = 0 AND r = 0 THEN 'very low mood' END,
  CASE WHEN s.thread %% 7 = 0 AND r = 0 THEN 'author' END,
  b.source, b.html, 1, to_timestamp((s.ms + r * 1000) / 1000.0), 'visible',
  CASE WHEN r = 0 THEN s.replies ELSE 0 END, r = 0 AND s.replies > 0,
  CASE WHEN r = 0 AND s.replies > 0
    THEN pg_temp.id_at(s.ms + s.replies * 1000, 'post' || s.thread || '-' || s.replies) END,
  CASE WHEN r = 0 AND s.replies > 0 THEN l.id END,
  (k > 0)::int, (k > 1)::int, (k > 2)::int, (k > 3)::int
FROM sizes s
CROSS JOIN LATERAL generate_series(0, s.replies) r
CROSS JOIN LATERAL (SELECT (s.thread + r) %% 5 AS k) AS kinds
JOIN pg_temp.bodies b ON b.n = (s.thread * 31 + r) %% %(bodies)s
JOIN pg_temp.people m ON m.n = (s.thread * 13 + r * 17) %% %(members)s
JOIN pg_temp.people l ON l.n = (s.thread * 13 + s.replies * 17) %% %(members)s
WHERE s.thread >= %(from)s AND s.thread < %(to)s
"""  # noqa: S608 - put together from constants

_WORDS = """
INSERT INTO community.post_words
SELECT p.id, b.words FROM community.posts p JOIN pg_temp.bodies b ON b.source = p.body_source
"""

_REACTIONS = """
INSERT INTO community.reactions (post_id, member_id, kind, created_at)
SELECT pg_temp.id_at(s.ms + r * 1000, 'post' || s.thread || '-' || r), m.id,
  (ARRAY['thinking_of_you', 'i_hear_you', 'i_like_this', 'this_helped_me'])[j],
  to_timestamp((s.ms + r * 1000) / 1000.0 + 60 * j)
FROM sizes s
CROSS JOIN LATERAL generate_series(0, s.replies) r
CROSS JOIN LATERAL generate_series(1, (s.thread + r) %% 5) j
JOIN pg_temp.people m ON m.n = (s.thread + r * 3 + j * 5) %% %(members)s
WHERE s.thread >= %(from)s AND s.thread < %(to)s
"""

#: Threads written by one statement, so that ten million posts need no memory to speak of.
CHUNK = 50_000


def fill(url: str, *, posts: int, days: int, seed: int, until: datetime) -> int:
    """Write about `posts` posts and replies into an empty community; returns how many."""
    members = max(50, min(50_000, posts // MEMBERS_PER_POSTS))
    threads = max(1, posts // POSTS_PER_THREAD)
    start = round((until - timedelta(days=days)).timestamp() * 1000)
    values = {
        "start": start,
        "span": days * 86_400_000 - 60_000,
        "members": members,
        "threads": threads,
        "bodies": BODIES,
    }
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SET LOCAL synchronous_commit = off")
        connection.execute("SET LOCAL alongside.writes_history = 'yes'")
        for query in (_ID, _ACCOUNTS, _MEMBERS, SIZES):
            connection.execute(query, values)
        _prepare(connection, seed)
        for first in range(0, threads, CHUNK):
            chunk = {**values, "from": first, "to": first + CHUNK}
            connection.execute(_POSTS, chunk)
            connection.execute(_REACTIONS, chunk)
        connection.execute(_WORDS)
        row = connection.execute("SELECT count(*) FROM community.posts").fetchone()
    _settle(url)
    return 0 if row is None else int(row[0])


def _prepare(connection: psycopg.Connection, seed: int) -> None:
    """Bodies rendered as publishing renders them, and the members by number."""
    random = Random(seed)
    connection.execute(
        "CREATE TEMP TABLE bodies (n int PRIMARY KEY, source text, html text, words tsvector)"
    )
    sources: dict[str, None] = {}
    while len(sources) < BODIES:
        body = speech.post(random).body
        sources[f"{body}\n\n({len(sources)})"] = None
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bodies VALUES (%s, %s, %s, to_tsvector(%s, %s))",
            [
                (
                    n,
                    source,
                    text.render(source),
                    search_words.CONFIGURATION,
                    search_words.words(source),
                )
                for n, source in enumerate(sources)
            ],
        )
    connection.execute(
        "CREATE TEMP TABLE people AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id"
        " FROM community.members WHERE display_key LIKE 'synthetic %'"
    )
    connection.execute("CREATE UNIQUE INDEX ON people (n)")
    connection.execute("ANALYZE people, bodies, sizes")


def _settle(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        # Only what was filled: a plan made for a table known to be empty is kept while it grows.
        connection.execute(f"VACUUM ANALYZE {', '.join(FILLED)}")
