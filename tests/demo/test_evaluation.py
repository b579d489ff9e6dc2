"""The programme with planted effects, over the real database and in the files of its dataset: what
an evaluation must find is there, and what must not count doesn't."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import psycopg
import pytest
from psycopg import errors
from typer.testing import CliRunner, Result

from app.cli import build
from app.demo.evaluation import peers, places, programme
from app.demo.evaluation.life import Life
from app.demo.evaluation.mood import PHQ9_POINTS
from app.demo.evaluation.planted import DAYS
from app.demo.evaluation.programme import CannotBeMadeError
from app.demo.evaluation.sessions import LASTS
from app.demo.sign_ins import NotADemoError
from app.run.errors import StartError
from tests.demo.estimates import slopes
from tests.demo.evaluated import PLANTED, SMALLEST, TURNED, UNTIL, Frozen, opened
from tests.support import databases
from tests.support.settings import environment_for, settings_for

MEASURES = ("posts", "giving", "receiving", "reading", "active_days", "sessions")


@pytest.fixture
def urls(postgres: str) -> Iterator[Iterator[str]]:
    made = [databases.clone(postgres) for _ in range(2)]
    yield iter(made)
    for url in made:
        databases.drop(postgres, url)


def test_wellbeing_rises_with_giving_as_planted_and_not_with_receiving(planted: Frozen) -> None:
    for outcome, points in (
        ("ons4_satisfied_score", 1.0),
        ("ons4_happy_score", 1.0),
        ("ons4_anxious_score", -1.0),
        ("phq9_total", PHQ9_POINTS),
    ):
        giving, receiving = slopes(planted.rows, outcome)
        assert giving.holds(points * PLANTED.giving_effect), (outcome, giving)
        assert not giving.holds(0), outcome
        assert receiving.holds(0), (outcome, receiving)


def test_giving_and_receiving_are_those_that_the_dataset_counts(planted: Frozen) -> None:
    names = planted.asked(
        "SELECT m.display_name, l.participant_id FROM identity.study_links l"
        " JOIN community.members m ON m.id = l.member_id"
    )
    codes = {int(name.removeprefix("Synthetic peer ")) - 1: code for name, code in names}
    people = peers.gather(PLANTED, places.plan(PLANTED))
    ordered = [codes[peer.index] for peer in people]
    life = Life(PLANTED, people, ordered, UNTIL.date() - timedelta(days=DAYS))
    assert len(list(life.acts())) == planted.made.activities
    counted = {
        (who, period): (gave, got)
        for who, period, gave, got in planted.files["doses"]
        .select("participant", "period", "giving", "receiving")
        .rows()
    }
    for peer in people:
        for wave in range(2, 6):
            found = counted.get((codes[peer.index], wave - 1), (0, 0))
            assert life.tally.before(peer.index, wave) == found


def test_turned_round_it_rises_with_receiving_and_not_with_giving(turned: Frozen) -> None:
    for outcome, points in (("ons4_satisfied_score", 1.0), ("phq9_total", PHQ9_POINTS)):
        giving, receiving = slopes(turned.rows, outcome)
        assert giving.holds(0), (outcome, giving)
        assert receiving.holds(points * TURNED.receiving_effect), (outcome, receiving)
        assert not receiving.holds(0), outcome


def test_the_insensitive_instrument_moves_with_nothing(planted: Frozen) -> None:
    for outcome in ("ucla3_total", "ucla3_direct"):
        giving, receiving = slopes(planted.rows, outcome)
        assert giving.holds(0), (outcome, giving)
        assert receiving.holds(0), (outcome, receiving)


def test_the_small_area_has_three_people_and_every_other_more(planted: Frozen) -> None:
    named = dict(
        planted.asked(
            "SELECT c.number, a.name FROM research.clusters c"
            " JOIN programme.areas a ON a.id = c.thing_id WHERE c.kind = 'area'"
        )
    )
    there = planted.files["doses"].filter(pl.col("area_cluster") > 0)
    people = dict(there.group_by("area_cluster").agg(pl.col("participant").n_unique()).rows())
    counts = {str(named[cluster]): count for cluster, count in people.items()}
    assert len(counts) == 9
    assert counts.pop("Teesside") == 3
    assert min(counts.values()) >= 5


def test_everybody_who_joined_had_looked_at_the_study(planted: Frozen) -> None:
    flow = planted.files["flow"].select("looked", "consented")
    assert flow.filter(pl.col("consented") > 0).height
    assert flow.filter(pl.col("looked") < pl.col("consented")).is_empty()


def test_what_comes_from_staff_goes_to_oneself_or_is_a_tall_screen_moves_no_measure(
    planted: Frozen, plain: Frozen
) -> None:
    sides = dict(planted.asked("SELECT other_side, count(*) FROM research.activities GROUP BY 1"))
    assert sides["staff"] > 1_000
    assert sides["self"] > 500
    key = ("participant", "period")
    one, other = (
        found.files["doses"].select(*key, *MEASURES).sort(key) for found in (planted, plain)
    )
    assert one.equals(other)
    assert one.get_column("giving").sum() > 2_000


def test_reading_is_never_more_than_a_session_lasts(planted: Frozen) -> None:
    longest = planted.asked(
        "SELECT max(seconds) FROM (SELECT sum(seconds) AS seconds FROM research.activities"
        " WHERE kind = 'read' AND version = 2 GROUP BY participant_id, session) sessions"
    )
    assert 0 < longest[0][0] <= LASTS


def test_every_wave_has_each_state_and_fewer_answer_after_the_first(planted: Frozen) -> None:
    flow = planted.files["wave_flow"].sort("wave")
    assert flow.get_column("wave").to_list() == [1, 2, 3, 4, 5]
    done = flow.get_column("done").to_list()
    assert max(done[1:]) < 0.85 * done[0]
    states = set(planted.files["responses"].get_column("state"))
    assert states == {1, 2, 3, 4}, "handed in, declined, begun, silent"
    modes = dict(planted.asked("SELECT mode, count(*) FROM research.responses GROUP BY mode"))
    assert modes.keys() == {"alone", "assisted"}
    (late,) = planted.asked("SELECT count(*) FROM research.responses WHERE late_at IS NOT NULL")
    assert late[0] > 20
    (skipped,) = planted.asked(
        "SELECT count(*) FROM research.answers WHERE num_nonnulls(value, codes, words) = 0"
    )
    assert skipped[0] > 100


def test_no_row_is_without_consent(planted: Frozen) -> None:
    days = (
        "SELECT p.id, p.state, min(research.local_date(c.at) - p.enrolled_on)"
        " FILTER (WHERE c.act = 'withdrawn') AS stopped_on FROM research.participants p"
        " JOIN research.consents c ON c.participant_id = p.id AND c.purpose = '{}'"
        " GROUP BY p.id, p.state HAVING bool_or(c.act = 'given')"
    )
    for table, purpose, day in (
        ("activities", "activity", "t.day"),
        ("attendances", "activity", "t.day"),
        ("responses", "questionnaires", "research.local_date(t.opened_at) - q.enrolled_on"),
    ):
        rows = planted.asked(
            f"SELECT count(*), count(*) FILTER (WHERE d.id IS NULL OR {day} < 0"
            f" OR {day} >= d.stopped_on), count(DISTINCT d.id) FILTER (WHERE d.state = 'stopped')"
            f" FROM research.{table} t JOIN research.participants q ON q.id = t.participant_id"
            f" LEFT JOIN ({days.format(purpose)}) d ON d.id = t.participant_id"
        )
        (total, wrong, of_stopped), *_ = rows
        assert wrong == 0, table
        assert total > 500, table
        assert of_stopped > 3, table
    with psycopg.connect(planted.url) as connection:
        asleep = connection.execute(
            "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal"
        ).fetchall()
        assert asleep == []
        with pytest.raises(errors.CheckViolation, match="no consent"):
            connection.execute(
                "INSERT INTO research.activities (study_id, participant_id, occurred_at, kind,"
                " version, actor_role) SELECT study_id, id, %s, 'help_opened', 1, 'member'"
                " FROM research.participants WHERE state = 'stopped' LIMIT 1",
                (UNTIL,),
            )


ROWS = {
    "activities": "SELECT * FROM research.activities ORDER BY id",
    "attendances": "SELECT * FROM research.attendances ORDER BY id",
    "lists": "SELECT meeting_id, member_id FROM programme.attendances ORDER BY id",
    "answers": "SELECT * FROM research.answers ORDER BY participant_id, wave, item",
    "responses": "SELECT * FROM research.responses ORDER BY participant_id, wave",
    "consents": "SELECT participant_id, purpose, act, at FROM research.consents ORDER BY 1, 2, 4",
    "clusters": "SELECT * FROM research.clusters ORDER BY kind, number",
    "links": "SELECT * FROM identity.study_links ORDER BY participant_id",
}


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    with psycopg.connect(url) as connection:
        return {name: connection.execute(query).fetchall() for name, query in ROWS.items()}


async def test_the_same_seed_writes_the_same_programme_and_never_twice_into_one_database(
    urls: Iterator[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_command, again = next(urls), next(urls)
    for name, value in environment_for(by_command, 8000, DEMO="1").items():
        monkeypatch.setenv(name, value)
    line = ["demo", "--evaluation", "--until", f"{UNTIL:%Y-%m-%dT%H:%M:%S}"]
    line += ["--people", str(SMALLEST.people), "--activities", str(SMALLEST.activities)]
    first, second = await asyncio.to_thread(lambda: [invoked(line), invoked(line)])
    assert first.exit_code == 0, first.output
    assert "“Peer support in nine areas”: 60 synthetic participants" in first.output
    assert "Dataset 1 holds all of it" in first.output
    assert isinstance(second.exception, StartError)
    assert "is there already" in str(second.exception)
    async with opened(again) as database:
        with pytest.raises(NotADemoError):
            await programme.make(database, settings_for(again), SMALLEST, until=UNTIL)
        await programme.make(database, settings_for(again, demo=True), SMALLEST, until=UNTIL)
    one, other = rows(by_command), rows(again)
    assert all(one.values())
    assert one == other


def invoked(line: list[str]) -> Result:
    return CliRunner().invoke(build(line[0]), line)


async def test_it_is_refused_where_older_consents_do_not_speak_of_meetings(
    database_url: str,
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION research.meetings_spoken_of_since() RETURNS timestamptz"
            " LANGUAGE sql IMMUTABLE AS $$ SELECT '2026-10-01 00:00+00'::timestamptz $$"
        )
    async with opened(database_url) as database:
        with pytest.raises(CannotBeMadeError, match="use an empty database"):
            settings = settings_for(database_url, demo=True)
            await programme.make(database, settings, SMALLEST, until=UNTIL)
