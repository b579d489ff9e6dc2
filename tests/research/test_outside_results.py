"""Outside results: kept when all measures are computed, current until something else of the study
is released, and gone with the dataset; the figures of what was released stay."""

from typing import LiteralString

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.research import evaluation_process, evaluations, outside_results
from app.research.dataset_models import Dataset
from app.research.errors.evaluations import StaleResultsError
from app.research.evaluation_models import Evaluation
from app.research.exports.succession import succeed
from app.research.measures import catalogue
from app.research.models import Study
from app.research.outside_models import OutsideFigures
from tests.research.factories import START, Frozen, freeze, later, opened, several, withdraw

COUNTS: tuple[LiteralString, ...] = (
    "SELECT count(*) AS n FROM research.outside_results",
    "SELECT count(*) AS n FROM research.outside_figures",
)


async def _computed(database: Database, dataset: Dataset) -> Evaluation:
    async with unit_of_work(database) as session:
        asked = await evaluations.start(session, dataset, by=dataset.id)
    await evaluation_process.evaluate(database, asked.id)
    async with unit_of_work(database) as session:
        return await evaluations.access(session, asked.id)


async def _release(database: Database, evaluation: Evaluation) -> None:
    async with unit_of_work(database) as session:
        await outside_results.note_released(session, evaluation)


async def _require_current(database: Database, evaluation: Evaluation) -> None:
    async with unit_of_work(database) as session:
        await outside_results.require_current(session, evaluation)


async def _counts(connection: AnyConnection) -> list[int]:
    found = []
    for query in COUNTS:
        row = await (await connection.execute(query)).fetchone()
        assert row is not None
        found.append(row["n"])
    return found


@pytest.fixture
async def computed(database: Database, frozen: Frozen) -> Evaluation:
    return await _computed(database, frozen[1])


async def test_all_measures_are_kept_for_everybody_in_the_order_of_the_catalogue(
    database: Database, computed: Evaluation
) -> None:
    async with unit_of_work(database) as session:
        found = await outside_results.of(session, computed.id)
        inside = await evaluations.results(session, computed)
    assert [one.measure for one in found] == [one.name for one in catalogue.ALL]
    parts = [part for one in found for part in one.parts]
    assert parts
    assert all(part["why"] for part in parts if part["kind"] != "counts"), "they are six"
    assert all(part["rule"] for part in parts)
    names = {one.measure: [part["name"] for part in one.parts] for one in inside}
    assert {one.measure: [part["name"] for part in one.parts] for one in found} == names


async def test_results_are_current_until_another_evaluation_is_released(
    database: Database, frozen: Frozen, computed: Evaluation
) -> None:
    study = frozen[0]
    second = await _computed(database, await _later_dataset(database, study, 60))
    await _require_current(database, computed)
    await _release(database, computed)
    await _release(database, computed)
    with pytest.raises(StaleResultsError):
        await _require_current(database, second)
    with pytest.raises(StaleResultsError):
        await _release(database, second)
    await _require_current(database, computed)
    third = await _computed(database, await _later_dataset(database, study, 120))
    await _require_current(database, third)
    async with unit_of_work(database) as session:
        kept = await session.get(OutsideFigures, (study.id, third.id))
        released = await outside_results.released(session, study.id)
    assert kept is not None
    assert kept.before == [computed.id]
    assert [(one.evaluation_id, one.is_closed) for one in released] == [(computed.id, False)]


async def _later_dataset(database: Database, study: Study, days: int) -> Dataset:
    with clock.at(later(days=days)):
        return await freeze(database, study)


async def test_what_was_never_computed_can_not_be_released(
    database: Database, frozen: Frozen
) -> None:
    async with unit_of_work(database) as session:
        asked = await evaluations.start(session, frozen[1], by=frozen[1].id)
    with pytest.raises(StaleResultsError):
        await _release(database, asked)


@pytest.mark.parametrize(("is_released", "left"), [(False, [0, 0]), (True, [0, 1])])
async def test_an_erasure_takes_results_and_the_figures_of_what_was_not_released(
    database: Database, connection: AnyConnection, is_released: bool, left: list[int]
) -> None:
    study = await opened(database)
    with clock.at(START):
        first, *_ = await several(database, study, 6)
    with clock.at(later(days=1)):
        dataset = await freeze(database, study)
        evaluation = await _computed(database, dataset)
        assert await _counts(connection) == [len(catalogue.ALL), 1]
        if is_released:
            await _release(database, evaluation)
        await withdraw(database, study, first, erase=True)
        made = await succeed(database, dataset.id)
        assert made is not None
        assert await _counts(connection) == left
        with pytest.raises(StaleResultsError):
            await _require_current(database, evaluation)
        successor = await _computed(database, made)
        async with unit_of_work(database) as session:
            released = await outside_results.released(session, study.id)
            assert len(await outside_results.of(session, successor.id)) == len(catalogue.ALL)
        assert [one.is_closed for one in released] == ([True] if is_released else [])


async def test_the_database_keeps_outside_results_as_they_were_found(
    database: Database, computed: Evaluation, connection: AnyConnection
) -> None:
    await _release(database, computed)
    queries: tuple[tuple[LiteralString, str], ...] = (
        ("UPDATE research.outside_results SET why = 'No.' WHERE evaluation_id = %s", "append-only"),
        (
            "UPDATE research.outside_figures SET before = '{}' WHERE evaluation_id = %s",
            "append-only",
        ),
        (
            "DELETE FROM research.outside_figures WHERE evaluation_id = %s",
            "fk_released_evaluations",
        ),
        ("DELETE FROM research.released_evaluations WHERE evaluation_id = %s", "append-only"),
        (
            "UPDATE research.released_evaluations SET released_at = now() WHERE evaluation_id = %s",
            "append-only",
        ),
        (
            "INSERT INTO research.outside_results SELECT study_id, dataset_id, id, 99, 'other',"
            " '[]', '', now() FROM research.evaluations WHERE id = %s",
            "while its evaluation runs",
        ),
        (
            "INSERT INTO research.outside_figures SELECT study_id, dataset_id, id, '{}', '{}',"
            " now() FROM research.evaluations WHERE id = %s",
            "while its evaluation runs",
        ),
    )
    for query, words in queries:
        with pytest.raises(psycopg.Error, match=words):
            async with connection.transaction():
                await connection.execute(query, (computed.id,))


async def test_work_that_was_cut_off_computes_what_everybody_sees_anew(
    database: Database, frozen: Frozen, connection: AnyConnection
) -> None:
    async with unit_of_work(database) as session:
        asked = await evaluations.start(session, frozen[1], by=frozen[1].id)
    queries: tuple[LiteralString, ...] = (
        "UPDATE research.evaluations SET state = 'running' WHERE id = %s",
        "INSERT INTO research.measure_results (study_id, dataset_id, evaluation_id, measure, parts,"
        " why, found_at) SELECT study_id, dataset_id, id, measures[1], '[]', 'before', now()"
        " FROM research.evaluations WHERE id = %s",
    )
    for query in queries:
        await connection.execute(query, (asked.id,))
    await evaluation_process.evaluate(database, asked.id)
    async with unit_of_work(database) as session:
        found = await outside_results.of(session, asked.id)
    assert found[0].measure == catalogue.ALL[0].name
    assert found[0].parts, "not what was kept for the team"
