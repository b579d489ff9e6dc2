"""What the release before stored is shown and found as this release would have written it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.rows import tuple_row
from sqlalchemy import create_engine, make_url, pool

from app.community import search_words
from app.core import migrations, text
from tests.support import databases
from tests.wall import WALL_ID

BEFORE, AFTER = "research_0007", "community_0003"
SOURCE = "put me on 2*50mg in the morning and 1*25mg at night, I can't go on"
WRONG = "<p>put me on 2<em>50mg in the morning and 1</em>25mg at night, I can't go on</p>"
POSTS = 1_201

_FILL = """
    INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash, is_demo,
      adult_affirmed_at, rules_agreed_at, created_at)
    VALUES (gen_random_uuid(), '00000000-0000-7000-8000-00000000000a', '\\x00', '\\x00', '!', false,
      now(), now(), now());
    INSERT INTO community.members (id, display_name, display_key, about, show_notes_open, joined_at)
    VALUES ('00000000-0000-7000-8000-00000000000a', 'Rowan', 'rowan', '', false, now());
    CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, {posts}) n;
    INSERT INTO community.posts (id, space_id, thread_id, author_id, body_source, body_html,
      revision, created_at, visibility, withdrawn_at)
    SELECT id, {wall}, id, '00000000-0000-7000-8000-00000000000a', {source} || ' ' || n,
      {wrong}, 2, now(), 'visible', CASE WHEN n = 1 THEN now() END FROM made;
    INSERT INTO community.post_words
    SELECT id, to_tsvector('english', body_source) FROM community.posts
    WHERE withdrawn_at IS NULL;
    INSERT INTO community.post_revisions (post_id, revision, body_source, body_html, created_at)
    SELECT id, 1, {source}, {wrong}, now() FROM made;
    INSERT INTO research.studies (id, title, summary, state, created_at)
    VALUES ('00000000-0000-7000-8000-00000000000b', 'A study', 'Of it.', 'draft', now());
    INSERT INTO research.sheets (study_id, version, body_source, body_html, covers_acts,
      published_at)
    VALUES ('00000000-0000-7000-8000-00000000000b', 1, {source}, {wrong}, false, now());
"""


def step(url: str, revision: str) -> None:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        command.downgrade(migrations.config(connection), revision)


@pytest.fixture
def former(postgres: str) -> Iterator[str]:
    """A community of the release before."""
    url = databases.clone(postgres, "template0")
    migrations.upgrade(url, BEFORE)
    values = {"posts": POSTS, "wall": str(WALL_ID), "source": SOURCE, "wrong": WRONG}
    with psycopg.connect(url) as connection:
        connection.execute(
            sql.SQL(_FILL).format(**{name: sql.Literal(value) for name, value in values.items()})
        )
    yield url
    databases.drop(postgres, url)


def rows(url: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, row_factory=tuple_row) as connection:
        return connection.execute(query.encode(), values).fetchall()


_FOUND = "SELECT count(*) FROM community.post_words WHERE words @@ to_tsquery(%s, %s)"


def test_what_stands_is_rendered_and_indexed_again(former: str) -> None:
    migrations.upgrade(former)
    stored = rows(former, "SELECT body_source, body_html FROM community.posts")
    assert len(stored) == POSTS
    assert all(html == text.render(source) for source, html in stored)
    again = [(text.render(SOURCE),)]
    for table in ("community.post_revisions", "research.sheets"):
        assert rows(former, f"SELECT DISTINCT body_html FROM {table}") == again
    asked = search_words.asked("can't go on")
    assert rows(former, _FOUND, search_words.CONFIGURATION, asked) == [(POSTS - 1,)]
    with pytest.raises(psycopg.Error, match="is append-only"):
        rows(former, "UPDATE research.sheets SET version = 2")


def test_begun_again_it_ends_all_the_same_and_can_be_taken_back(former: str) -> None:
    migrations.upgrade(former, AFTER)
    with psycopg.connect(former) as connection:  # as after a fall just before its last line
        connection.execute("UPDATE public.alembic_version SET version_num = %s", (BEFORE,))
    migrations.upgrade(former)
    step(former, BEFORE)
    assert rows(former, _FOUND, "english", "morning") == [(POSTS - 1,)]
    assert rows(former, "SELECT FROM pg_ts_config WHERE cfgname = 'every_word'") == []
    migrations.upgrade(former)
    assert rows(former, _FOUND, search_words.CONFIGURATION, "on") == [(POSTS - 1,)]


_FACE = """
    UPDATE community.posts SET body_source = {face}, body_html = {wrong}
    WHERE id IN (SELECT id FROM community.posts WHERE withdrawn_at IS NULL LIMIT 600)
"""


def test_faces_of_before_are_shown_as_they_were_typed(former: str) -> None:
    script = ScriptDirectory.from_config(migrations.config()).get_revision("community_0012")
    migrations.upgrade(former, str(script.down_revision))
    face = "^_^ thank you ^_^"
    values = {"face": face, "wrong": "<p>^<em>^ thank you ^</em>^</p>"}
    with psycopg.connect(former) as connection:
        connection.execute(
            sql.SQL(_FACE).format(**{name: sql.Literal(value) for name, value in values.items()})
        )
    migrations.upgrade(former)
    stored = rows(former, "SELECT body_html FROM community.posts WHERE body_source = %s", face)
    assert stored == [(text.render(face),)] * 600
