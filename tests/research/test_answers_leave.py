"""Exact rows of answers leave under an agreement, and only those that a sheet spoke of."""

import csv
import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import psycopg
import pytest

from app.cli.attack import SOURCES
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.research import studies
from app.research.attacks import exact_rows, two_studies
from app.research.attacks.all_attacks import play
from app.research.attacks.attack_input import build
from app.research.attacks.findings import Finding
from app.research.bands import Options
from app.research.dataset_models import Dataset
from app.research.errors.releases import (
    AnswersNotCoveredError,
    NotReleasedError,
    ReleaseNotFoundError,
)
from app.research.exports import verify
from app.research.exports.files import read_frame
from app.research.exports.responses import is_reached
from app.research.exports.writers import Format
from app.research.models import Study
from app.research.release_models import Released
from app.research.schedule import Schedule
from tests.research.attacks.factories import renamed, truth
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import (
    START,
    agreed,
    asked,
    choose,
    download,
    freeze,
    join,
    later,
    release,
    withdraw,
)
from tests.research.told import BOTH, FLAT, WEEKS, answer, answer_all, asking, codes_of, joined
from tests.support.signed_off import publish_signed_off

POSTS = Options(measures=("posts",))


async def _frozen(database: Database, study: Study, *, days: int = 20) -> Dataset:
    with clock.at(later(days=days)):
        return await freeze(database, study, POSTS)


async def _out(
    database: Database, study: Study, dataset: Dataset, folder: Path, format_: Format = Format.CSV
) -> Path:
    agreement = await agreed(database, study, clock.now().date() + timedelta(days=100))
    await release(database, dataset, Released.ANSWERS, agreement)
    return await download(database, dataset, folder, format_, Released.ANSWERS)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


async def test_a_sheet_that_says_nothing_of_answers_lets_none_out(database: Database) -> None:
    study = await asking(database)
    members = await joined(database, study, 6)
    await answer_all(database, study, members, 1)
    dataset = await _frozen(database, study)
    agreement = await agreed(database, study, clock.now().date() + timedelta(days=9))
    with pytest.raises(AnswersNotCoveredError):
        await asked(database, dataset, Released.ANSWERS, agreement)


async def test_answers_leave_by_agreement_alone(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database, covers_answers=True)
    members = await joined(database, study, 6)
    await answer_all(database, study, members, 1)
    dataset = await _frozen(database, study)
    with pytest.raises(ReleaseNotFoundError):
        await asked(database, dataset, Released.ANSWERS)
    with pytest.raises(psycopg.errors.CheckViolation):
        await connection.execute(
            "INSERT INTO research.release_requests (id, study_id, dataset_id, file, note,"
            " requested_by, requested_at) VALUES (gen_random_uuid(), %s, %s, 'answers', '', %s,"
            " now())",
            (study.id, dataset.id, study.id),
        )


@pytest.mark.parametrize("format_", Format)
async def test_what_leaves_is_whole_and_says_nothing_of_what_stays(
    database: Database, tmp_path: Path, format_: Format
) -> None:
    study = await asking(database, covers_answers=True)
    members = await joined(database, study, 6)
    await answer_all(database, study, members, 2)
    dataset = await _frozen(database, study)
    folder = await _out(database, study, dataset, tmp_path / "out", format_)
    again = await download(database, dataset, tmp_path / "again", format_, Released.ANSWERS)
    names = {f"{name}.{format_}" for name in ("responses", "scores", "doses")}
    assert names < {path.name for path in folder.iterdir()}
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()
    assert "18 rows" in verify.check(folder)
    described = json.loads((folder / "manifest.json").read_text())
    assert described["agreement"]["recipient"] == "University of Somewhere"
    assert described["files"][f"scores.{format_}"]["rows"] == 6
    assert "may_leave" not in described["files"][f"scores.{format_}"]["columns"]
    with pytest.raises(NotReleasedError):
        await download(database, dataset, tmp_path / "periods")


async def test_only_those_leave_who_agreed_under_a_sheet_that_speaks_of_it(
    database: Database, connection: AnyConnection, tmp_path: Path
) -> None:
    study = await asking(database)
    members = await joined(database, study, 7)
    again, stopped, former = members[:3]
    with clock.at(later(days=1)):
        await answer(database, study, stopped, {"phq9": FLAT[3]})
    with clock.at(later(days=2)):
        async with unit_of_work(database) as session:
            locked = await studies.access(session, study.id, is_researcher=True, lock="change")
            await publish_signed_off(session, locked, body="Read on.", covers_answers=True)
    for member in (again, stopped):
        with clock.at(later(days=3)):
            await choose(database, study, member, BOTH, version=2)
    with clock.at(later(days=5)):
        await happen_and_learn(database, [published(again), published(former)])
        await answer(database, study, again, {"phq9": FLAT[1]})
        await answer(database, study, former, {"phq9": FLAT[1]})
    with clock.at(later(days=92)):
        await withdraw(database, study, stopped)
    dataset = await _frozen(database, study, days=120)
    folder = await _out(database, study, dataset, tmp_path / "out")
    codes = await codes_of(connection)
    # What `stopped` answered came before the sheet that speaks of it.
    assert {(row["participant"], row["wave"]) for row in _rows(folder / "scores.csv")} == {
        (codes[again], "1"),
        (codes[again], "2"),
        (codes[stopped], "2"),
    }
    doses = _rows(folder / "doses.csv")
    # The first period had begun before that sheet, and `stopped` left in the second.
    assert [(row["participant"], row["period"]) for row in doses] == [(codes[again], "2")]
    inside = await read_frame(database, dataset.id, "doses")
    assert inside.filter(pl.col("posts") == 1).height == 2


@pytest.mark.parametrize(
    ("spans", "first", "last", "expected"),
    [
        ([], 0, 0, False),
        ([(0, 10)], 0, 10, True),
        ([(0, 10)], 0, 11, False),
        ([(3, 10)], 2, 5, False),
        ([(0, 4), (6, 9)], 3, 7, False),
        ([(0, 4), (6, 9)], 7, 9, True),
    ],
)
def test_a_row_may_leave_when_all_its_days_lie_in_one_span(
    spans: list[tuple[int, int]], first: int, last: int, *, expected: bool
) -> None:
    assert is_reached({"P-1": spans}, "P-1", first, last) is expected


def _kept(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows))


def test_exact_scores_link_one_person_in_two_studies() -> None:
    people = range(8)
    doses = _kept(
        *(
            {
                "participant": f"P{n}",
                "period": 1,
                "days_observable": 91,
                "sessions": 1,
                "active_days": 1,
                "giving": 1,
                "receiving": 1,
                "posts": 1,
                "meetings": 1,
                "reading": 1,
                "meeting_minutes": 60,
                "group_cluster": 7,
                "area_cluster": 8,
                "may_leave": 1,
            }
            for n in people
        )
    )
    scores = _kept(
        *(
            {
                "participant": f"P{n}",
                "wave": 1,
                "state": 1,
                "phq9_total": float(n),
                "phq9_total_n": 9,
                "phq9_total_b": 1,
                "may_leave": 1,
            }
            for n in people
        )
    )
    schedule = Schedule.of_weeks(WEEKS)
    known = truth(dict.fromkeys(people, 0))
    file = exact_rows.outgoing(doses, scores, later(days=100).date(), schedule)
    other, other_truth = renamed(file, known)
    found = two_studies.attack(file, other, (known, other_truth))
    assert (found.named, found.of) == (8, 8)
    alike = scores.with_columns(pl.lit(3.0).alias("phq9_total"))
    hidden = exact_rows.outgoing(doses, alike, later(days=100).date(), schedule)
    other, other_truth = renamed(hidden, known)
    assert two_studies.attack(hidden, other, (known, other_truth)).named == 0


def test_rows_that_stay_are_not_attacked() -> None:
    doses = _kept({"participant": "P1", "period": 1, "days_observable": 91, "may_leave": 0})
    scores = _kept(
        {"participant": "P2", "wave": 2, "state": 1, "phq9_total": 3.0, "may_leave": 1},
        {"participant": "P1", "wave": 1, "state": 1, "phq9_total": 5.0, "may_leave": 0},
    )
    file = exact_rows.outgoing(doses, scores, later(days=100).date(), Schedule.of_weeks(WEEKS))
    assert file.frame.select("participant", "period", "phq9_total_0", "phq9_total_1").rows() == [
        ("P2", 1, -7.0, 3.0),
        ("P2", 2, 3.0, -7.0),
    ]
    assert file.observed_rows.frame.is_empty()


async def test_all_attacks_are_played_on_what_is_to_leave(database: Database) -> None:
    study, other = (
        await asking(database, covers_answers=True),
        await asking(database, covers_answers=True),
    )
    members = [new_id() for _ in range(6)]
    for one in (study, other):
        with clock.at(START):
            for member in members:
                await join(database, one, member, BOTH)
        with clock.at(later(days=1)):
            for number, member in enumerate(members):
                told = {**FLAT[1], "phq9_1": number % 4, "phq9_2": number // 4}
                await answer(database, one, member, {"phq9": told})
        dataset = await _frozen(database, one)
    case = await build(database, dataset.id, Released.ANSWERS, SOURCES)
    found = {one.name: one for one in play(case, Finding("joins", 0, 0, 0.0, ""))}
    assert len(found) == 7
    # Scores 8 to 11 once each and 8 and 9 twice: two people stand alone with theirs.
    assert (found["two_studies"].named, found["two_studies"].of) == (2, 6)
