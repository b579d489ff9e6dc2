"""The attacks on a demo community: they name people where nothing is coarsened, and nobody in the
file that leaves. Were the attacker weak, the second would be no promise."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from app.cli import datasets as commands
from app.cli.attack import SOURCES
from app.community import public_wall
from app.core import clock
from app.core.db import Database, unit_of_work
from app.demo import studies_and_flags
from app.jobs import attack
from app.jobs.sources import OUTSIDE_SOURCES
from app.research import sheets, studies
from app.research.attacks import (
    attack_input,
    clocks,
    findings,
    insider,
    two_studies,
    wall,
    wall_match,
)
from app.research.attacks.attack_input import Sources
from app.research.attacks.findings import Finding
from app.research.attacks.insider import Insider
from app.research.attacks.outgoing import Outgoing
from app.research.attacks.wall import WallRows
from app.research.attacks.wall_match import Truth
from app.research.dataset_models import Dataset, Requester
from app.research.errors.datasets import DatasetClosedError
from app.research.exports import freezing
from app.research.models import Purpose, Study
from app.research.release_models import Released
from app.research.schedule import Schedule
from tests.research.attacks.conftest import UNTIL
from tests.research.factories import freeze, join, withdraw
from tests.support.settings import environment_for, settings_for
from tests.support.signed_off import open_signed_off
from tests.support.signed_plans import sign_plan

EXACT = """
    SELECT participant_id, day, time_band, kind, counterpart_id, target, intent, reaction,
      length_band, has_note
    FROM research.activities WHERE kind <> 'read' ORDER BY participant_id, day, random()
"""
COLUMNS = {
    "participant": pl.String, "day": pl.Int32, "time_band": pl.String, "kind": pl.String,
    "counterpart": pl.String, "target": pl.String, "intent": pl.String, "reaction": pl.String,
    "length_band": pl.String, "has_note": pl.Boolean,
}  # fmt: skip
LINKS = """
    SELECT l.participant_id, l.member_id, p.enrolled_on
    FROM identity.study_links l JOIN research.participants p ON p.id = l.participant_id
"""


@pytest.fixture
async def open_demo(demo: str) -> Any:
    """Connections to it."""
    opened = Database(settings_for(demo, demo=True).database)
    await opened.open()
    yield opened
    await opened.close()


def exact(url: str) -> tuple[Outgoing, Truth]:
    """Rows of acts as nothing has coarsened them, and who is whom."""
    with psycopg.connect(url) as connection:
        acts = pl.DataFrame(connection.execute(EXACT).fetchall(), schema=COLUMNS, orient="row")
        links = connection.execute(LINKS).fetchall()
    members = {participant: member for participant, member, _ in links}
    enrolled = {participant: day for participant, _, day in links}
    return Outgoing("acts", acts, UNTIL.date()), Truth(members, enrolled)


async def the_wall(database: Database) -> WallRows:
    async with unit_of_work(database) as session:
        return wall.from_shown(await public_wall.read(session))


async def the_study(database: Database) -> Study:
    async with unit_of_work(database) as session:
        return await studies.named(session, studies_and_flags.TITLE)


async def frozen(database: Database, demo: str) -> Dataset:
    """A dataset of the whole history, frozen as a researcher would."""
    study = await the_study(database)
    with psycopg.connect(demo) as connection:
        (account_id,) = connection.execute(
            "SELECT account_id FROM identity.account_roles WHERE role = 'researcher'"
        ).fetchall()[0]
    with clock.at(UNTIL):
        return await freezing.freeze(
            database, study.id, by=Requester(account_id), sources=OUTSIDE_SOURCES
        )


async def test_with_coarsening_switched_off_the_wall_names_nearly_everyone(
    demo: str, open_demo: Database
) -> None:
    file, known = exact(demo)
    seen = await the_wall(open_demo)
    found = wall_match.attack(file, seen, known)
    assert found.of > 12
    assert found.named >= 0.95 * found.of
    assert found.is_refused


async def test_kinds_of_act_by_day_alone_name_nearly_everyone(
    demo: str, open_demo: Database
) -> None:
    file, known = exact(demo)
    few = replace(file, frame=file.frame.select("participant", "day", "kind", "reaction"))
    found = wall_match.attack(few, await the_wall(open_demo), known)
    assert found.named >= 0.85 * found.of


async def test_weeks_with_exact_counts_name_most(demo: str, open_demo: Database) -> None:
    file, known = exact(demo)
    kind = pl.col("kind")
    weeks = file.frame.with_columns(period=pl.col("day") // 7 + 1)
    counted = weeks.group_by("participant", "period").agg(
        posts=(kind == "published").sum().cast(pl.Int64),
        giving=kind.is_in(["replied", "reacted"]).sum().cast(pl.Int64),
        receiving=(kind == "received").sum().cast(pl.Int64),
        active_days=pl.col("day").filter(kind != "received").n_unique().cast(pl.Int64),
    )
    grid = pl.DataFrame(
        [
            {"participant": name, "period": week + 1}
            for name, day in known.enrolled.items()
            for week in range((UNTIL.date() - day).days // 7 + 1)
        ],
        schema={"participant": pl.String, "period": pl.Int32},
    )
    whole = grid.join(counted, on=["participant", "period"], how="left").fill_null(0)
    found = wall_match.attack(
        Outgoing("periods", whole, UNTIL.date(), schedule=Schedule(every=7)),
        await the_wall(open_demo),
        known,
    )
    assert found.named >= 0.6 * found.of


async def test_the_clocks_come_apart_for_the_whole_main_component(demo: str) -> None:
    file, known = exact(demo)
    found = clocks.attack(file, known.enrolled)
    assert found.of > 20
    assert found.named == found.of
    assert found.is_refused


async def test_an_insider_names_most_of_those_they_met(demo: str, open_demo: Database) -> None:
    file, known = exact(demo)
    insiders = []
    async with unit_of_work(open_demo) as session:
        for name in insider.candidates(file):
            given = await public_wall.given_by(session, known.members[name])
            assert [one.at for one in given] == sorted(one.at for one in given)
            insiders.append(Insider(name, given))
    found = insider.attack(file, insiders, known)
    assert found.named >= 0.6 * found.of > 8
    assert found.is_refused


async def test_the_wall_is_what_members_see(demo: str, open_demo: Database) -> None:
    """A withdrawn post nobody answered is gone, an answered one tells author and time, a hidden
    one nothing; and what hangs on a hidden post neither."""
    before = len((await the_wall(open_demo)).rows.filter(pl.col("kind") != "received"))
    with psycopg.connect(demo, autocommit=True) as connection:
        ((answered,), (other,)) = connection.execute(
            "SELECT id FROM community.posts WHERE parent_id IS NULL AND reply_count > 0"
            " AND withdrawn_at IS NULL AND visibility = 'visible' ORDER BY id LIMIT 2"
        ).fetchall()
        ((alone,),) = connection.execute(
            "SELECT id FROM community.posts WHERE reply_count = 0 AND parent_id IS NULL"
            " AND withdrawn_at IS NULL ORDER BY id LIMIT 1"
        ).fetchall()
        connection.execute(
            "UPDATE community.posts SET withdrawn_at = created_at WHERE id = ANY (%s)",
            ([answered, alone],),
        )
        connection.execute(
            "UPDATE community.posts SET visibility = 'hidden', hidden_reason = 'x' WHERE id = %s",
            (other,),
        )
        ((hung,),) = connection.execute(
            "SELECT count(*) FROM community.posts WHERE thread_id = %s AND withdrawn_at IS NULL",
            (other,),
        ).fetchall()
    async with unit_of_work(open_demo) as session:
        shown = await public_wall.read(session)
    assert len(shown) == before - 1 - hung
    assert any(one.length == 0 and one.answered_id is None for one in shown)


async def test_what_leaves_names_no_more_than_it_may(demo: str, open_demo: Database) -> None:
    dataset = await frozen(open_demo, demo)
    found = await asyncio.to_thread(
        attack_input.run, open_demo.settings, dataset.id, Released.PERIODS, SOURCES
    )
    by_name = {one.name: one for one in found}
    assert not findings.is_refused(found), findings.lines(found)
    assert by_name["wall_match"].of > 12
    assert "apart" in by_name["freezes"].note
    assert by_name["ids"].of == 2
    assert by_name["joins"].of > 20
    assert attack_input.verdict(found)["is_refused"] is False


async def test_a_release_is_attacked_in_a_process_of_its_own(
    demo: str, open_demo: Database
) -> None:
    dataset = await frozen(open_demo, demo)
    found = await attack.play(open_demo, dataset.id, Released.PERIODS)
    assert found["is_refused"] is False
    assert found["findings"][0]["name"] == "wall_match"
    assert len(found["findings"]) == 7


def run(url: str, monkeypatch: pytest.MonkeyPatch, *words: object, code: int) -> str:
    for name, value in environment_for(url, 8000, DEMO="1").items():
        monkeypatch.setenv(name, value)
    with ThreadPoolExecutor(1) as pool:
        line = list(map(str, words))
        result = pool.submit(CliRunner().invoke, commands.commands, line).result(120)
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


async def test_an_erasure_during_an_attack_stops_it(demo: str, open_demo: Database) -> None:
    study = await the_study(open_demo)
    dataset = await frozen(open_demo, demo)
    erased = max(exact(demo)[1].members.values())

    async def someone_leaves(session: AsyncSession) -> Sequence[public_wall.PublicPost]:
        with clock.at(UNTIL):
            await withdraw(open_demo, study, erased, erase=True)
        return await public_wall.read(session)

    sources = Sources(someone_leaves, public_wall.given_by)
    with pytest.raises(DatasetClosedError):
        await attack_input.build(open_demo, dataset.id, Released.PERIODS, sources)
    with pytest.raises(DatasetClosedError):
        await attack.play(open_demo, dataset.id, Released.PERIODS)


async def test_the_command_prints_the_table(
    demo: str, open_demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = await frozen(open_demo, demo)
    said = run(demo, monkeypatch, "dataset", "attack", studies_and_flags.TITLE, code=0)
    assert f"dataset {dataset.number} of {dataset.cut_off}, file “periods”" in said
    for name in ("wall_match", "clocks", "insider", "freezes", "two_studies", "joins", "ids"):
        assert name in said
    missing = run(
        demo, monkeypatch, "dataset", "attack", studies_and_flags.TITLE, "--dataset", 9, code=1
    )
    assert "has no dataset 9" in missing
    no_acts = run(
        demo, monkeypatch, "dataset", "attack", studies_and_flags.TITLE, "--file", "acts", code=1
    )
    assert "no file “acts”" in no_acts


async def test_the_command_fails_when_the_file_may_not_leave(
    demo: str, open_demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await frozen(open_demo, demo)

    def too_much(*_: object) -> list[Finding]:
        return [Finding("wall_match", 9, 10, 0.1)]

    monkeypatch.setattr(attack_input, "run", too_much)
    said = run(demo, monkeypatch, "dataset", "attack", studies_and_flags.TITLE, code=1)
    assert "REFUSED" in said
    assert "may not leave" in said


async def test_rows_of_acts_are_found_to_name_people(demo: str, open_demo: Database) -> None:
    """A study whose sheet covers acts has that file too: the attacks say what it is."""
    with psycopg.connect(demo, autocommit=True) as connection:
        connection.execute("ALTER TABLE research.sheets DISABLE TRIGGER USER")
        connection.execute("UPDATE research.sheets SET covers_acts = true")
        connection.execute("ALTER TABLE research.sheets ENABLE TRIGGER USER")
    dataset = await frozen(open_demo, demo)
    built = await attack_input.build(open_demo, dataset.id, Released.ACTS, SOURCES)
    found = wall_match.attack(built.file, built.wall, built.truth)
    assert found.named >= 0.9 * found.of > 12
    dated = clocks.attack(built.file, built.truth.enrolled)
    assert dated.named >= 0.9 * dated.of > 12
    assert insider.attack(built.file, built.insiders, built.truth).is_refused
    assert built.others_of_study == []


async def test_the_newest_file_of_every_other_study_is_compared(
    demo: str, open_demo: Database
) -> None:
    dataset = await frozen(open_demo, demo)
    people = sorted(exact(demo)[1].members.values())[:12]
    async with unit_of_work(open_demo) as session:
        with clock.at(UNTIL - timedelta(days=20)):
            other = await studies.create(session, title="Another study", summary="x")
            await sheets.publish(session, other, body="Please read.")
            await sign_plan(session, other)
            await open_signed_off(session, other)
            await studies.create(session, title="A third that never opened", summary="x")
    with clock.at(UNTIL - timedelta(days=20)):
        for member_id in people:
            await join(open_demo, other, member_id, {Purpose.ACTIVITY: True})
    with clock.at(UNTIL):
        await freeze(open_demo, other)
    built = await attack_input.build(open_demo, dataset.id, Released.PERIODS, SOURCES)
    ((strangers, known),) = built.other_studies
    assert sorted(known.members.values()) == people
    assert len(strangers.participants) == 12
    assert [one.frozen_on for one in built.others_of_study] == [date(2026, 10, 27)]
    found = two_studies.attack(built.file, strangers, (built.truth, known))
    assert found.of == 12
    assert not found.is_refused
