"""How far apart a study is frozen, who may freeze it earlier, and what happens meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.research import datasets, releases, studies
from app.research.bands import OBSERVABLE, Options
from app.research.dataset_models import Requester
from app.research.errors.datasets import DatasetNotFoundError, FrozenLatelyError
from app.research.exports import build
from app.research.models import Study
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import (
    CHECKER,
    ME,
    START,
    closed,
    freeze,
    later,
    opened,
    several,
    withdraw,
)
from tests.research.frozen_rows import rows


async def test_freezes_of_a_study_stand_28_days_apart(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 6)
        first = await freeze(database, study)
    with clock.at(later(days=27)):
        with pytest.raises(FrozenLatelyError, match="30 March 2026"):
            await freeze(database, study)
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            await connection.execute(
                "INSERT INTO research.datasets SELECT (d).* FROM (SELECT jsonb_populate_record("
                " NULL::research.datasets, to_jsonb(x) || jsonb_build_object('id',"
                " gen_random_uuid(), 'number', 9)) AS d FROM research.datasets x) y"
            )
        assert refused.value.diag.constraint_name == "freezes_apart"
    with clock.at(later(days=28)):
        await happen_and_learn(database, [published(members[0])])
        second = await freeze(database, study)
    assert (first.number, second.number) == (1, 2)
    async with unit_of_work(database) as session:
        newest = await datasets.find_numbered(session, study.id, None)
        assert newest is not None
        assert newest.id == second.id
        numbered = await datasets.find_numbered(session, study.id, 1)
        assert numbered is not None
        assert numbered.id == first.id
        assert await datasets.find_numbered(session, study.id, 3) is None
        with pytest.raises(DatasetNotFoundError):
            await datasets.access(session, study.id)
        with pytest.raises(DatasetNotFoundError, match="no file “acts”"):
            await datasets.file(session, second, "acts")


async def test_a_later_cut_lies_whole_times_28_days_after_the_one_before(
    database: Database,
) -> None:
    study = await opened(database, covers_acts=True)
    with clock.at(START):
        members = await several(database, study, 6)
        first = await freeze(database, study, Options(measures=("posts",)))
    for days in (28, 35):
        with clock.at(later(days=days)):
            await happen_and_learn(database, [published(member) for member in members])
    with clock.at(later(days=40)):
        second = await freeze(database, study, Options(measures=("posts", "active_days")))
    assert second.cut_off - first.cut_off == timedelta(days=28)
    found = await rows(database, second)
    assert set(found["active_days"]) == {1}
    assert set(found["days_observable"]) == {2}, "29 days, not 41"
    assert (await rows(database, second, "acts")).height == 6


async def _allow(database: Database, study: Study, by: Any = CHECKER) -> None:
    async with unit_of_work(database) as session:
        locked = await studies.access(session, study.id, is_researcher=True, lock="change")
        await releases.allow_early(session, locked, reason="A wave ended early.", by=by)


async def test_a_second_persons_reason_lets_one_freeze_come_early(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 6)
        await freeze(database, study)
        await _allow(database, study, by=ME.account_id)
        with pytest.raises(FrozenLatelyError):
            await freeze(database, study)
        await _allow(database, study)
        early = await freeze(database, study)
        with pytest.raises(FrozenLatelyError):
            await freeze(database, study)
        assert (await freeze(database, study, by=Requester(CHECKER))).early_reason_id is not None
    assert early.early_reason_id is not None
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        await connection.execute("DELETE FROM research.early_freezes")


async def test_the_one_who_freezes_gives_no_reason_of_their_own(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 6)
        await freeze(database, study)
        await _allow(database, study, by=ME.account_id)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(
            "INSERT INTO research.datasets SELECT (d).* FROM (SELECT jsonb_populate_record("
            " NULL::research.datasets, to_jsonb(x) || jsonb_build_object('id', gen_random_uuid(),"
            " 'number', 9, 'early_reason_id', (SELECT id FROM research.early_freezes))) AS d"
            " FROM research.datasets x) y"
        )
    assert refused.value.diag.constraint_name == "second_person"


async def test_of_two_freezes_at_once_one_is_told_to_wait(database: Database) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 6)
        done = await asyncio.gather(
            freeze(database, study), freeze(database, study), return_exceptions=True
        )
    assert sorted(type(one).__name__ for one in done) == ["Dataset", "FrozenLatelyError"]


async def test_a_freeze_holds_no_writer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 5)
    loop = asyncio.get_running_loop()
    whole = build.build

    def while_it_reads(*arguments: Any) -> Any:
        made = whole(*arguments)
        with clock.at(later(hours=2)):
            acting = happen_and_learn(database, [published(members[0])])
            asyncio.run_coroutine_threadsafe(acting, loop).result(30)
        return made

    monkeypatch.setattr(build, "build", while_it_reads)
    with clock.at(later(hours=1)):
        dataset = await freeze(database, study)
    assert set((await rows(database, dataset))["active_days"]) == {0}


async def test_whoever_is_erased_during_a_freeze_is_not_in_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = await several(database, study, 8)
    loop = asyncio.get_running_loop()
    whole = build.build
    leaving = iter(members[:2])

    def while_it_reads(*arguments: Any) -> Any:
        made = whole(*arguments)
        member = next(leaving, None)
        if member is not None:
            erasure = withdraw(database, study, member, erase=True)
            asyncio.run_coroutine_threadsafe(erasure, loop).result(30)
        return made

    monkeypatch.setattr(build, "build", while_it_reads)
    with clock.at(later(days=1)):
        dataset = await freeze(database, study)
    assert dataset.participant_count == 6
    assert dataset.closed_at is None


async def test_a_freeze_that_fails_for_another_reason_is_not_tried_again(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 5)
        await connection.execute(
            "ALTER TABLE research.dataset_participants ADD CONSTRAINT nobody CHECK (false)"
        )
        with pytest.raises(psycopg.errors.CheckViolation, match="nobody"):
            await freeze(database, study)


async def test_a_closed_study_can_still_be_frozen(database: Database) -> None:
    study = await opened(database)
    with clock.at(START):
        await several(database, study, 5)
    with clock.at(later(days=10)):
        await closed(database, study)
    with clock.at(later(days=60)):
        dataset = await freeze(database, study)
    assert set((await rows(database, dataset))[OBSERVABLE.name]) == {1}, "11 days, not 61"
