"""What the release before stored is found by its notes and names, and old news says why apart."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg.rows import tuple_row
from sqlalchemy import create_engine, make_url, pool

from app.community import passages, search_words
from app.core import migrations
from tests.support import databases
from tests.wall import WALL_ID

REVISION = "community_0005"
POSTS = 1_201
AGAIN = "If this feels wrong, you can ask another moderator to look again."
NOTICES = [
    ("decision", f"We've hidden it. Why: It told how. Why: twice.\nMore. {AGAIN}"),
    ("decision", "Another moderator looked again, and it stays hidden. Why: It told how."),
    ("report_answer", "You told us about something you read. Why: nothing."),
]

_FILL = """
    INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash, is_demo,
      adult_affirmed_at, rules_agreed_at, created_at)
    SELECT i, i, decode(md5(i::text), 'hex'), '\\x00', '!', false, now(), now(), now()
    FROM unnest(%(members)s::uuid[]) i;
    INSERT INTO community.members (id, display_name, display_key, about, show_notes_open, joined_at,
      left_at)
    VALUES (%(rowan)s, 'Zoë Müller', 'zoë müller', '', false, now(), NULL),
      (%(gone)s, 'Someone who has left', NULL, '', false, now(), now());
    CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n
      FROM generate_series(1, %(posts)s) n;
    INSERT INTO community.posts (id, space_id, thread_id, author_id, body_source, body_html,
      note_about, note_by, covered_html, revision, created_at, visibility, withdrawn_at)
    SELECT id, %(wall)s, id, %(rowan)s,
      CASE WHEN n = 3 THEN 'You''ll see' ELSE 'the last night' END, '<p>the last night</p>',
      CASE WHEN n <> 3 THEN 'Self-harm' END, CASE WHEN n <> 3 THEN 'author' END,
      CASE WHEN n = 2 THEN '<p>covered</p>' END, 1, now(), 'visible',
      CASE WHEN n = 1 THEN now() END FROM made;
    INSERT INTO community.post_words
    SELECT id, to_tsvector('community.every_word', coalesce(covered_html, body_source))
    FROM community.posts WHERE withdrawn_at IS NULL;
"""
_FOUND = "SELECT count(*) FROM community.post_words WHERE words @@ to_tsquery(%s, %s)"


def before(revision: str = REVISION) -> str:
    """The revision before this one; that of the release before."""
    script = ScriptDirectory.from_config(migrations.config()).get_revision(revision)
    return str(script.down_revision)


@pytest.fixture
def former(postgres: str) -> Iterator[str]:
    """A community of the release before."""
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, before())
    rowan = "00000000-0000-7000-8000-00000000000a"
    gone = "00000000-0000-7000-8000-00000000000b"
    values = {"posts": POSTS, "wall": WALL_ID, "rowan": rowan, "gone": gone}
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_FILL, {**values, "members": [rowan, gone]})
        for kind, text in NOTICES:
            connection.execute(
                "INSERT INTO community.notifications (id, member_id, kind, text, created_at)"
                " VALUES (gen_random_uuid(), %s, %s, %s, now())",
                (rowan, kind, text),
            )
    yield url
    databases.drop(postgres, url)


def rows(url: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, row_factory=tuple_row) as connection:
        return connection.execute(query.encode(), values).fetchall()


def hits(url: str, query: str) -> int:
    ((number,),) = rows(url, _FOUND, search_words.CONFIGURATION, search_words.asked(query))
    return int(number)


def news(url: str, columns: str) -> list[tuple[Any, ...]]:
    return rows(url, f"SELECT {columns} FROM community.notifications ORDER BY id")


def step_back(url: str, revision: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        command.downgrade(migrations.config(connection), revision)


_HES = """
    INSERT INTO community.posts (id, space_id, thread_id, author_id, body_source, body_html,
      revision, created_at, visibility)
    SELECT i, %(wall)s, i, author_id, 'hes not well', '<p>hes not well</p>', 1, now(), 'visible'
    FROM (SELECT gen_random_uuid() AS i, author_id FROM community.posts LIMIT 1) made;
    INSERT INTO community.post_words SELECT id, to_tsvector('community.every_word', body_source)
    FROM community.posts WHERE body_source = 'hes not well';
"""


def test_what_was_written_without_an_apostrophe_is_found(former: str) -> None:
    migrations.upgrade(former, "community_0007")
    with psycopg.connect(former, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_HES, {"wall": WALL_ID})
    assert hits(former, "he's") == 0
    migrations.upgrade(former, "community_0008")
    assert hits(former, "he's") == hits(former, "hes") == hits(former, "he") == 1
    assert hits(former, "night") == POSTS - 3


def test_notes_and_names_of_before_are_found_and_news_says_why(former: str) -> None:
    for _ in range(2):
        migrations.upgrade(former, REVISION)
        assert hits(former, "self-harm") == POSTS - 2
        assert hits(former, "night") == POSTS - 3, "but for the quote that is covered"
        assert hits(former, "you'll") == hits(former, "youll") == 1, "one word, since then"
        assert hits(former, '"harm the"') == 0
        names = "SELECT display_name, name_words::text FROM community.members ORDER BY id"
        assert rows(former, names) == [
            ("Zoë Müller", "'muller' 'zoe'"),
            ("Someone who has left", None),
        ]
        assert news(former, "text, reason") == [
            ("We've hidden it.", "It told how. Why: twice.\nMore."),
            ("Another moderator looked again, and it stays hidden.", "It told how."),
            ("You told us about something you read. Why: nothing.", None),
        ]
        step_back(former, before())
        assert hits(former, "self-harm") == 0
        assert hits(former, "night") == POSTS - 3
        assert [text for (text,) in news(former, "text")] == [text for _, text in NOTICES]


_AS_BEFORE = """
    UPDATE community.posts SET body_source = 'Took 50mg, wrote an e-mail', note_about = 'C-PTSD',
      note_by = 'author';
    UPDATE community.posts SET covered_html = '<p>Took 60mg</p>', note_about = NULL,
      note_by = NULL
    WHERE covered_html IS NOT NULL;
    UPDATE community.post_words SET words = '''50mg'':1 ''e'':2 ''mail'':3';
    UPDATE community.members SET display_name = 'Ann-Marie2', display_key = 'ann-marie2',
      name_words = '''ann'' ''marie2''' WHERE left_at IS NULL;
"""


def test_what_stands_is_found_however_it_is_spelled(former: str) -> None:
    migrations.upgrade(former, "community_0008")
    with psycopg.connect(former) as connection:
        connection.execute(_AS_BEFORE)
    for _ in range(2):
        assert [hits(former, q) for q in ("50mg", "email", "cptsd", "60mg")] == [0, 0, 0, 0]
        migrations.upgrade(former, "community_0013")
        for q in ("50mg", "50 mg", "50", "email", "e-mail", "cptsd", "C-PTSD"):
            assert hits(former, q) == POSTS - 2, q
        assert hits(former, "60 mg") == 1, "the quote in it is covered"
        names = "SELECT name_words::text FROM community.members WHERE left_at IS NULL"
        assert rows(former, names) == [("'2' 'ann' 'annmarie' 'marie'",)]
        step_back(former, "community_0008")
        assert hits(former, "mail") == POSTS - 2, "nothing is lost"
        with psycopg.connect(former) as connection:
            connection.execute(_AS_BEFORE)


_QUOTING = """
    CREATE TEMP TABLE picked AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM community.posts
      WHERE withdrawn_at IS NULL LIMIT 3;
    UPDATE community.posts SET body_source = 'Take twenty of them at once',
      body_html = '<p dir="auto">Take twenty of them at once</p>', note_about = NULL,
      note_by = NULL, covered_html = NULL, visibility = 'hidden', hidden_reason = 'Harm.'
    WHERE id = (SELECT id FROM picked WHERE n = 1);
    INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, body_source,
      body_html, note_about, note_by, revision, created_at, visibility)
    SELECT gen_random_uuid(), space_id, thread_id, id, author_id,
      'He said "take twenty of them at once" today',
      '<p dir="auto">He said &quot;take twenty of them at once&quot; today</p>', note, by, 1, now(),
      'visible'
    FROM community.posts, (VALUES ('twenty of them at once', 'author'),
      ('twenty of them at once!', 'moderator'), (NULL, NULL)) notes (note, by)
    WHERE visibility = 'hidden';
    INSERT INTO community.post_words
    SELECT id, to_tsvector('community.every_word', concat_ws(' ', note_about, body_source))
    FROM community.posts WHERE parent_id IS NOT NULL;
"""
_REPLIES = """
    SELECT covered_html, is_note_covered FROM community.posts
    WHERE parent_id IS NOT NULL ORDER BY note_about
"""


def test_what_quotes_hidden_words_otherwise_is_covered(former: str) -> None:
    migrations.upgrade(former, before("community_0014"))
    with psycopg.connect(former) as connection:
        connection.execute(_QUOTING)
    for _ in range(2):
        migrations.upgrade(former, "community_0014")
        covered = f'<p dir="auto">He said &quot;{passages.COVER}&quot; today</p>'
        assert rows(former, _REPLIES) == [(covered, True), (covered, False), (covered, False)]
        assert hits(former, "twenty") == 1, "what a moderator noted"
        assert hits(former, "words a moderator has hidden") == 1
        step_back(former, before("community_0014"))
        assert rows(former, "SELECT count(*) FROM community.posts WHERE parent_id IS NOT NULL") == [
            (3,)
        ]


#: As search asks: in the span of some days that each of these was written in.
_IN_SPANS = """
    SELECT count(*) FROM community.post_words w
    WHERE w.words @@ to_tsquery('community.every_word', 'night')
      AND community.spans(w.post_id) && ARRAY[community.span(community.time_of(w.post_id), 29)]
"""
_INDEXES = """
    SELECT indexname FROM pg_indexes WHERE tablename = 'post_words' AND strpos(indexdef, 'gin') > 0
"""


def test_what_was_written_before_is_found_by_when_it_was_written(former: str) -> None:
    """Also by a server of the release before, which knows no spans."""
    for _ in range(2):
        migrations.upgrade(former, "community_0016")
        assert rows(former, _IN_SPANS) == [(POSTS - 3,)]
        assert rows(former, _INDEXES) == [("ix_post_words_spans_words",)]
        assert hits(former, "night") == POSTS - 3
        step_back(former, before("community_0016"))
        assert rows(former, _INDEXES) == [("ix_post_words_words",)]
        assert hits(former, "night") == POSTS - 3


_OPTIONS = "SELECT reloptions FROM pg_class WHERE relname = 'ix_post_words_spans_words'"


def test_words_of_former_posts_are_found_while_new_ones_wait_in_a_shorter_list(former: str) -> None:
    for _ in range(2):
        migrations.upgrade(former, "community_0017")
        assert rows(former, _OPTIONS) == [(["gin_pending_list_limit=64"],)]
        assert rows(former, _IN_SPANS) == [(POSTS - 3,)]
        step_back(former, before("community_0017"))
        assert rows(former, _OPTIONS) == [(None,)]
        assert rows(former, _IN_SPANS) == [(POSTS - 3,)]
