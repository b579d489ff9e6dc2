"""After an erasure: a dataset's bytes go, and a successor holds the same without the person."""

from pathlib import Path

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.research import datasets
from app.research.bands import Options
from app.research.dataset_models import Dataset
from app.research.errors.datasets import DatasetClosedError, FrozenLatelyError
from app.research.errors.releases import NotReleasedError
from app.research.exports.files import read_frame
from app.research.exports.succession import succeed
from app.research.models import Study
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import (
    START,
    download,
    freeze,
    later,
    opened,
    release,
    several,
    withdraw,
)


async def _frozen(database: Database, number: int) -> tuple[Study, Dataset]:
    """People who each write more than the one before; the first is erased afterwards."""
    study = await opened(database, covers_acts=True)
    with clock.at(START):
        members = await several(database, study, number)
    with clock.at(later(days=1)):
        first, second = members[:2]
        acts = [published(member) for place, member in enumerate(members) for _ in range(place)]
        await happen_and_learn(database, [*acts, published(second, to=first)])
    with clock.at(later(days=2)):
        dataset = await freeze(database, study, Options(measures=("posts", "giving")))
        await release(database, dataset)
        await withdraw(database, study, first, erase=True)
    return study, dataset


async def _has_bytes(connection: AnyConnection, dataset: Dataset) -> bool:
    cursor = await connection.execute(
        "SELECT 1 FROM research.dataset_chunks WHERE dataset_id = %s", (dataset.id,)
    )
    return await cursor.fetchone() is not None


async def test_a_successor_holds_everyone_but_the_one_who_was_erased(
    database: Database, connection: AnyConnection, tmp_path: Path
) -> None:
    _, dataset = await _frozen(database, 9)
    cursor = await connection.execute("SELECT id FROM research.participants WHERE state = 'erased'")
    (erased,) = await cursor.fetchall()
    with clock.at(later(days=3)):
        made = await succeed(database, dataset.id)
    assert made is not None
    assert (made.number, made.succeeds, made.cut_off) == (2, dataset.id, dataset.cut_off)
    assert made.participant_count == 8
    assert (made.options, made.sheet_versions) == (dataset.options, dataset.sheet_versions)
    assert not await _has_bytes(connection, dataset)
    frame = await read_frame(database, made.id, "periods")
    acts = await read_frame(database, made.id, "acts")
    assert erased["id"] not in frame["participant"]
    assert erased["id"] not in {*acts["participant"], *acts["counterpart"]}
    assert min(frame.drop("participant").to_struct().value_counts()["count"]) >= 5
    assert made.disclosure["smallest_class"] >= 5
    with pytest.raises(DatasetClosedError):
        await download(database, dataset, tmp_path / "out")
    with pytest.raises(NotReleasedError):
        await download(database, made, tmp_path / "out")
    await release(database, made)
    await download(database, made, tmp_path / "out")
    assert await succeed(database, dataset.id) is None, "a second run changes nothing"


async def test_a_successor_is_no_freeze_of_its_own(database: Database) -> None:
    study, dataset = await _frozen(database, 9)
    with clock.at(later(days=20)):
        assert await succeed(database, dataset.id) is not None
        with pytest.raises(FrozenLatelyError):
            await freeze(database, study)
    with clock.at(later(days=30)):
        assert (await freeze(database, study)).number == 3


async def test_of_too_few_people_there_is_no_successor_and_the_bytes_go_all_the_same(
    database: Database, connection: AnyConnection
) -> None:
    study, dataset = await _frozen(database, 5)
    assert await succeed(database, dataset.id) is None
    assert not await _has_bytes(connection, dataset)
    async with unit_of_work(database) as session:
        assert len(await datasets.list_(session, study.id)) == 1
