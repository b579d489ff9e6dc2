"""What may leave: asked for by one, decided by another, and rows of acts by agreement alone."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.errors import InvalidError
from app.core.ids import new_id
from app.research import datasets, releases, studies
from app.research.dataset_models import Dataset, Requester
from app.research.errors.datasets import DatasetClosedError
from app.research.errors.releases import (
    ActsNotCoveredError,
    AgreementEndedError,
    AttackSucceededError,
    NotReleasedError,
    ReleaseDecidedError,
    ReleaseNotFoundError,
    SecondPersonError,
)
from app.research.exports import chunks
from app.research.exports.succession import succeed
from app.research.models import Study
from app.research.release_models import Decided, Released
from tests.research.community_events import happen_and_learn, published, reacted
from tests.research.factories import (
    CHECKER,
    ME,
    ONLY_ACTIVITY,
    START,
    agreed,
    asked,
    choose,
    decide,
    download,
    freeze,
    later,
    opened,
    release,
    several,
    withdraw,
)
from tests.support.signed_off import publish_signed_off


def _left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def _frozen(database: Database, *, covers_acts: bool) -> tuple[Study, Dataset, list[UUID]]:
    """Six people who each publish once; the first is answered by the second."""
    study = await opened(database, covers_acts=covers_acts)
    with clock.at(START):
        members = await several(database, study, 6)
    one, other = members[:2]
    with clock.at(later(days=1)):
        await happen_and_learn(
            database,
            [
                *(published(member) for member in members),
                published(other, to=one),
                published(one, to=one),
                reacted(new_id(), one),
            ],
        )
    with clock.at(later(days=2)):
        return study, await freeze(database, study), members


async def test_whoever_froze_or_asked_never_decides(
    database: Database, connection: AnyConnection
) -> None:
    _, dataset, _ = await _frozen(database, covers_acts=False)
    request = await asked(database, dataset)
    assert ME.account_id
    with pytest.raises(SecondPersonError):
        await decide(database, request, by=ME.account_id)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(
            "INSERT INTO research.release_decisions VALUES (%s, %s, 'released', 'Looked at.', %s,"
            " now(), '{}')",
            (dataset.study_id, request, ME.account_id),
        )
    assert refused.value.diag.constraint_name == "second_person"
    await decide(database, request)
    with pytest.raises(ReleaseDecidedError):
        await decide(database, request, Decided.REFUSED)
    for table in ("release_requests", "release_decisions"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            await connection.execute(f"DELETE FROM research.{table}")


async def test_whoever_froze_decides_about_no_successor_nor_about_its_own(
    database: Database, connection: AnyConnection
) -> None:
    freezer = new_id()
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 8)
    with clock.at(later(days=2)):
        dataset = await freeze(database, study, by=Requester(freezer, how="command_line"))
    for member in members[:2]:
        with clock.at(later(days=3)):
            await withdraw(database, study, member, erase=True)
            made = await succeed(database, dataset.id)
        assert made is not None
        assert (made.succeeds, made.frozen_by) == (dataset.id, None)
        dataset = made
    request = await asked(database, dataset)
    with pytest.raises(SecondPersonError):
        await decide(database, request, by=freezer)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(
            "INSERT INTO research.release_decisions VALUES (%s, %s, 'released', 'Looked at.', %s,"
            " now(), '{}')",
            (dataset.study_id, request, freezer),
        )
    assert refused.value.diag.constraint_name == "second_person"
    await decide(database, request)


async def test_what_was_refused_stays_and_can_be_asked_for_again(
    database: Database, tmp_path: Path
) -> None:
    study, dataset, _ = await _frozen(database, covers_acts=False)
    await decide(database, await asked(database, dataset), Decided.REFUSED)
    with pytest.raises(NotReleasedError):
        await download(database, dataset, tmp_path / "out")
    await release(database, dataset)
    assert (await download(database, dataset, tmp_path / "out")).is_dir()
    async with unit_of_work(database) as session:
        found = await releases.list_(session, study.id)
        newest = await releases.newest(session, study.id, Released.PERIODS)
    assert [one.decision for _, one in found if one] == ["released", "refused"]
    assert newest is not None
    assert newest.id == dataset.id


async def test_a_file_in_which_people_are_recognised_can_only_be_refused(
    database: Database,
) -> None:
    _, dataset, _ = await _frozen(database, covers_acts=False)
    request = await asked(database, dataset)
    with pytest.raises(AttackSucceededError):
        await decide(database, request, is_refused=True)
    await decide(database, request, Decided.REFUSED, is_refused=True)


async def test_a_dataset_that_was_closed_is_neither_asked_for_nor_released(
    database: Database,
) -> None:
    study, dataset, members = await _frozen(database, covers_acts=False)
    request = await asked(database, dataset)
    await withdraw(database, study, members[0], erase=True)
    with pytest.raises(DatasetClosedError):
        await decide(database, request)
    async with unit_of_work(database) as session:
        closed = await datasets.access(session, dataset.id)
    with pytest.raises(DatasetClosedError):
        await asked(database, closed)


async def test_rows_of_acts_leave_under_an_agreement_with_nothing_that_leads_to_anyone(
    database: Database, connection: AnyConnection, tmp_path: Path
) -> None:
    study, dataset, members = await _frozen(database, covers_acts=True)
    with clock.at(later(days=3)):
        agreement = await agreed(database, study, later(days=100).date())
        await release(database, dataset, Released.ACTS, agreement)
        folder = await download(database, dataset, tmp_path / "acts", released=Released.ACTS)
    assert sorted(path.name for path in folder.iterdir()) == [
        "acts.csv", "codebook.csv", "codebook.html", "codebook.json", "codebook.pdf",
        "manifest.json", "setup.R", "setup.do", "setup.sps",
    ]  # fmt: skip
    cursor = await connection.execute("SELECT member_id, participant_id FROM identity.study_links")
    codes = {row["member_id"]: row["participant_id"] for row in await cursor.fetchall()}
    with (folder / "acts.csv").open(newline="") as opened_file:
        rows = list(csv.DictReader(opened_file))
    assert len(rows) == 10
    mine = [row for row in rows if row["participant"] == codes[members[0]]]
    assert sorted(row["counterpart"] for row in mine) == [
        "NONE", "NONE", "OTHERS", codes[members[1]],
    ]  # fmt: skip
    values = {
        column["name"]: column["values"]
        for column in json.loads((folder / "codebook.json").read_text())["acts"]
    }
    for row in rows:
        assert "" not in row.values(), "an empty cell would have three meanings"
        for name, value in row.items():
            is_number = name in {"participant", "day", "counterpart", "ordinal", "session"}
            assert is_number or value in values[name], (name, value)
    published_kind = next(k for k, v in values["kind"].items() if v == "published")
    assert {row["intent"] for row in rows if row["kind"] != published_kind} == {"-7"}
    described = json.loads((folder / "manifest.json").read_text())
    assert described["agreement"]["recipient"] == "University of Somewhere"
    with pytest.raises(NotReleasedError):
        await download(database, dataset, tmp_path / "periods")


async def test_a_sheet_that_says_nothing_of_acts_lets_none_out(database: Database) -> None:
    study, dataset, _ = await _frozen(database, covers_acts=False)
    agreement = await agreed(database, study, clock.now().date() + timedelta(days=9))
    with pytest.raises(ActsNotCoveredError):
        await asked(database, dataset, Released.ACTS, agreement)


async def test_consent_under_an_older_sheet_does_not_reach_the_rows(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 6)
    with clock.at(later(days=1)):
        await happen_and_learn(database, [published(member) for member in members])
        async with unit_of_work(database) as session:
            locked = await studies.access(session, study.id, is_researcher=True, lock="change")
            await publish_signed_off(session, locked, body="Read anew.", covers_acts=True)
    with clock.at(later(days=5)):
        await choose(database, study, members[0], ONLY_ACTIVITY, version=2)
        await happen_and_learn(database, [published(member) for member in members])
    with clock.at(later(days=7)):
        await withdraw(database, study, members[0])
        dataset = await freeze(database, study)
    async with unit_of_work(database) as session:
        kept = {file.name: file.rows for file in await datasets.files(session, dataset)}
    assert kept["acts"] == 1, "hers alone, and of the days since she agreed to that"


async def test_an_agreement_that_has_run_out_opens_nothing(
    database: Database, tmp_path: Path
) -> None:
    study, dataset, _ = await _frozen(database, covers_acts=True)
    with clock.at(later(days=3)):
        agreement = await agreed(database, study, later(days=4).date())
        await release(database, dataset, Released.ACTS, agreement)
    with clock.at(later(days=5)):
        with pytest.raises(AgreementEndedError):
            await download(database, dataset, tmp_path / "acts", released=Released.ACTS)
        with pytest.raises(AgreementEndedError):
            await asked(database, dataset, Released.ACTS, agreement)
        longer = await agreed(database, study, later(days=50).date())
        await release(database, dataset, Released.ACTS, longer)
        await download(database, dataset, tmp_path / "acts", released=Released.ACTS)


async def test_an_agreement_that_runs_out_during_a_download_leaves_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, dataset, _ = await _frozen(database, covers_acts=True)
    with clock.at(later(days=3)):
        agreement = await agreed(database, study, later(days=3).date())
        await release(database, dataset, Released.ACTS, agreement)
    fetch = chunks.fetch

    async def until_midnight(*arguments: Any, **named: Any) -> None:
        await fetch(*arguments, **named)
        monkeypatch.setattr(clock, "now", lambda: later(days=4))

    monkeypatch.setattr(clock, "now", lambda: later(days=3))
    monkeypatch.setattr(chunks, "fetch", until_midnight)
    with pytest.raises(AgreementEndedError):
        await download(database, dataset, tmp_path / "acts", released=Released.ACTS)
    assert _left(tmp_path) == []


async def test_an_agreement_belongs_to_its_study(database: Database) -> None:
    _, dataset, _ = await _frozen(database, covers_acts=True)
    other = await opened(database)
    foreign = await agreed(database, other, clock.now().date() + timedelta(days=9))
    for agreement in (foreign, new_id(), None):
        with pytest.raises(ReleaseNotFoundError):
            await asked(database, dataset, Released.ACTS, agreement)


@pytest.mark.parametrize(
    ("recipient", "aim", "days"),
    [("U", "How support spreads.", 9), ("University", "Why", 9), ("University", "How it is.", -1),
     ("University", "How support spreads.", 2_000)],
)  # fmt: skip
async def test_an_agreement_names_who_what_for_and_until_when(
    database: Database, recipient: str, aim: str, days: int
) -> None:
    study = await opened(database)
    with pytest.raises(InvalidError):
        async with unit_of_work(database) as session:
            await releases.agree(
                session,
                study,
                recipient=recipient,
                aim=aim,
                ends_on=clock.now().date() + timedelta(days=days),
                by=CHECKER,
            )
    async with unit_of_work(database) as session:
        assert list(await releases.agreements(session, study.id)) == []


async def test_a_reason_to_freeze_early_is_a_sentence(database: Database) -> None:
    study = await opened(database)
    with pytest.raises(InvalidError, match="why"):
        async with unit_of_work(database) as session:
            await releases.allow_early(session, study, reason="Because.", by=CHECKER)


async def test_a_request_that_is_not_there_is_not_found(database: Database) -> None:
    with pytest.raises(ReleaseNotFoundError):
        async with unit_of_work(database) as session:
            await releases.access(session, new_id())
