"""The synthetic community: believable, the same from the same seed, written by real acts."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg
import pytest

from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from app.demo import bulk, cast, community
from app.demo.script import Script, ScriptedAct
from app.demo.sign_ins import NotADemoError
from app.research.questionnaires import own
from tests.support import databases
from tests.support.settings import settings_for

UNTIL = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def urls(postgres: str) -> Iterator[list[str]]:
    made = [databases.clone(postgres) for _ in range(3)]
    yield made
    for url in made:
        databases.drop(postgres, url)


def settings_of(url: str) -> Settings:
    return settings_for(url, demo=True)


async def make(url: str, seed: int) -> community.Made:
    database = Database(settings_of(url).database)
    await database.open()
    try:
        return await community.make(
            database, settings_of(url), members=30, days=14, seed=seed, until=UNTIL
        )
    finally:
        await database.close()


def rows(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT p.id, p.parent_id, m.display_name, p.body_html, p.created_at, p.edited_at"
            " FROM community.posts p JOIN community.members m ON m.id = p.author_id ORDER BY p.id"
        ).fetchall()


def attendances(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT meeting_id, member_id, code FROM programme.attendances"
            " ORDER BY meeting_id, member_id, code"
        ).fetchall()


async def test_the_same_seed_writes_the_same_community_and_another_seed_another(
    urls: list[str],
) -> None:
    one, again, other = urls
    made = await make(one, 1)
    assert made == await make(again, 1)
    await make(other, 2)
    assert rows(one) == rows(again)
    assert attendances(one) == attendances(again)
    assert any(code for _, _, code in attendances(one))
    assert rows(one) != rows(other)
    assert len(rows(one)) == made.posts + made.replies


async def test_what_it_writes_went_through_the_outbox_like_peoples_own(urls: list[str]) -> None:
    made = await make(urls[0], 1)
    with psycopg.connect(urls[0]) as connection:
        counts: dict[str, int] = dict(
            connection.execute("SELECT type, count(*) FROM core.events GROUP BY type").fetchall()
        )
        cases = connection.execute("SELECT count(*) FROM moderation.cases").fetchone()
    assert counts["post.published"] == made.posts + made.replies
    assert counts["reaction.given"] > made.posts
    assert cases is not None
    assert cases[0] > 0


def responses(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT r.participant_id, r.wave, r.done_at, r.declined_at, a.item, a.value"
            " FROM research.responses r LEFT JOIN research.answers a USING (participant_id, wave)"
            " ORDER BY 1, 2, 5"
        ).fetchall()


async def test_its_study_asks_and_some_answered_and_the_demo_member_finds_it_open(
    urls: list[str],
) -> None:
    one, again, _ = urls
    made = await make(one, 1)
    await make(again, 1)
    assert responses(one) == responses(again)
    with psycopg.connect(one) as connection:
        found = connection.execute(
            "SELECT count(*) FILTER (WHERE done_at IS NOT NULL), count(*) FROM research.responses"
        ).fetchone()
        robin = connection.execute(
            "SELECT a.member_id FROM identity.accounts a JOIN community.members m"
            " ON m.id = a.member_id WHERE m.display_name = 'Robin'"
        ).fetchone()
    assert found is not None
    assert robin is not None
    done, some = found
    assert 0 < done <= some < made.participants
    database = Database(settings_of(one).database)
    await database.open()
    try:
        with clock.at(UNTIL):
            first, second = await own.waves_of_member(database.pool, robin[0])
    finally:
        await database.close()
    assert (first.standing, first.instruments) == ("open", (("ons4", 1), ("support", 1)))
    assert second.standing == "upcoming"


async def test_no_staff_take_part_and_research_is_no_part_of_it(urls: list[str]) -> None:
    made = await make(urls[0], 1)
    with psycopg.connect(urls[0]) as connection:
        roles = {
            role
            for (role,) in connection.execute(
                "SELECT DISTINCT r.role FROM identity.study_links l"
                " JOIN identity.accounts a ON a.member_id = l.member_id"
                " JOIN identity.account_roles r ON r.account_id = a.id"
            ).fetchall()
        }
        said = connection.execute(
            "SELECT count(*) FROM identity.accounts a WHERE a.staff_family = 'research' AND ("
            " EXISTS (SELECT FROM community.posts WHERE author_id = a.member_id)"
            " OR EXISTS (SELECT FROM community.reactions WHERE member_id = a.member_id)"
            " OR EXISTS (SELECT FROM moderation.reports WHERE reporter_id = a.member_id))"
        ).fetchone()
    assert made.participants > 2
    assert roles <= {"host", "adviser"}
    assert said == (0,)


async def test_demo_sign_ins_are_refused_where_it_is_no_demo(database: Database) -> None:
    settings = settings_for(database.settings.url)
    with pytest.raises(NotADemoError):
        await community.make(database, settings, members=30, days=14, seed=1, until=UNTIL)
    assert await community.is_empty(database)


@pytest.fixture(scope="module")
def acts() -> list[ScriptedAct]:
    random = Random(1)
    start = UNTIL - timedelta(days=120)
    people = cast.cast(random, members=300, start=start, days=120)
    return Script(random, people, start=start, until=UNTIL).write()


def test_most_are_quiet_and_a_few_carry_much(acts: list[ScriptedAct]) -> None:
    written = Counter(act.person for act in acts if act.kind in {"publish", "reply"})
    assert 300 - len(written) + sum(count < 3 for count in written.values()) > 100
    busiest = sum(count for _, count in written.most_common(15))
    assert busiest > 0.3 * written.total()


def test_posts_come_in_every_length_and_for_every_reason_and_some_stay_unanswered(
    acts: list[ScriptedAct],
) -> None:
    posts = [act for act in acts if act.kind == "publish"]
    answered = {act.on for act in acts if act.kind == "reply"}
    assert {act.intent for act in posts} == {
        None,
        "looking_for_support",
        "saying_hello",
        "seeking_suggestions",
        "sharing_a_little_win",
    }
    assert min(len(act.body) for act in posts) < 80
    assert max(len(act.body) for act in posts) > 600
    unanswered = [act for act in posts if act.ref not in answered]
    assert 0.02 < len(unanswered) / len(posts) < 0.3
    assert any(act.note for act in posts)


def test_acts_are_in_order_and_nobody_acts_before_they_joined(acts: list[ScriptedAct]) -> None:
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    start = UNTIL - timedelta(days=120)
    people = cast.cast(Random(1), members=300, start=start, days=120)
    assert all(act.at > people[act.person].joined_at for act in acts)


def test_bulk_rows_keep_every_rule_of_the_tables(urls: list[str]) -> None:
    count = bulk.fill(urls[0], posts=800, days=30, seed=1, until=UNTIL)
    assert 700 < count < 900
    with psycopg.connect(urls[0]) as connection:
        wrong = connection.execute(
            "SELECT count(*) FROM community.posts r WHERE parent_id IS NULL AND reply_count <>"
            " (SELECT count(*) FROM community.posts c WHERE c.parent_id = r.id)"
        ).fetchone()
        miscounted = connection.execute(
            "SELECT count(*) FROM community.posts p WHERE i_hear_you_count <> (SELECT count(*)"
            " FROM community.reactions x WHERE x.post_id = p.id AND x.kind = 'i_hear_you')"
        ).fetchone()
    assert wrong == (0,)
    assert miscounted == (0,)


def test_ten_million_posts_have_their_threads(urls: list[str]) -> None:
    values = {"start": 0, "span": 365 * 86_400_000, "threads": 10_000_000 // bulk.POSTS_PER_THREAD}
    with psycopg.connect(urls[0]) as connection:
        connection.execute(bulk.SIZES, values)
        found = connection.execute(
            "SELECT count(*), min(replies), max(replies), round(avg(replies)) FROM sizes"
        ).fetchone()
    assert found == (625_000, 0, 30, 15)
