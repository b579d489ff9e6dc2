"""Carrying an evaluation out: a dataset's files into a folder, a process that computes, a result
kept as soon as it is there, and the process ended as soon as nobody wants it any more."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from app.core.db import Database, unit_of_work
from app.core.logs import logger
from app.research import child_process, datasets, evaluations
from app.research.dataset_models import Dataset, DatasetFile
from app.research.errors import DatasetChangedError
from app.research.evaluation_models import Evaluation, EvaluationState
from app.research.exports import chunks
from app.research.exports.freezing import scratch_dir
from app.research.measures.shown_parts import ShownResult

#: Seconds after which it is looked whether somebody cancelled.
LOOK: Final = 1.0
#: The process that computes; the folder comes last.
COMMAND: Final = (sys.executable, "-m", "app.research.measures.computing")


async def evaluate(database: Database, evaluation_id: UUID) -> None:
    """Compute what is still missing of an evaluation. May run twice; does nothing once it has
    ended. A dataset that an erasure closes meanwhile cancels it."""
    async with unit_of_work(database) as session:
        evaluation = await evaluations.access(session, evaluation_id)
        if evaluation.ended_at is not None:
            return
        evaluation.state = EvaluationState.RUNNING
        session.add(evaluation)
        dataset = await datasets.access(session, evaluation.dataset_id)
        files = await datasets.files(session, dataset)
        kept = {one.measure for one in await evaluations.results(session, evaluation)}
    wanted = [name for name in evaluation.measures if name not in kept]
    async with scratch_dir() as folder:
        is_there = await _fetched(database, files, folder)
        state = (
            await _compute(database, evaluation, dataset, wanted, folder)
            if is_there
            else EvaluationState.CANCELLED
        )
    async with unit_of_work(database) as session:
        evaluation = await evaluations.access(session, evaluation_id)
        if evaluation.ended_at is None:
            await evaluations.end(session, evaluation, state)


async def _fetched(database: Database, files: Sequence[DatasetFile], folder: Path) -> bool:
    """Whether the files are in the folder: an erasure may have come first."""
    try:
        for one in files:
            await chunks.fetch(
                database.research,
                one.study_id,
                one.dataset_id,
                one.name,
                sha256=one.sha256,
                to=folder / f"{one.name}.parquet",
            )
    except DatasetChangedError:
        return False
    return True


async def _compute(
    database: Database,
    evaluation: Evaluation,
    dataset: Dataset,
    wanted: Sequence[str],
    folder: Path,
) -> EvaluationState:
    """Run the process and keep each result; how it ended."""

    async def take(line: bytes | None) -> bool:
        return await _keep(database, evaluation.id, line)

    asked = {"options": dataset.options, "measures": list(wanted)}
    command = (*COMMAND, str(folder))
    code = await child_process.run(command, json.dumps(asked).encode(), take, look=LOOK)
    if code is None:
        return EvaluationState.CANCELLED
    if code != 0:
        logger.error("computing the measures failed", evaluation_id=str(evaluation.id))
    return EvaluationState.DONE if code == 0 else EvaluationState.FAILED


async def _keep(database: Database, evaluation_id: UUID, line: bytes | None) -> bool:
    """Keep a result, if there is one; False when nobody wants it any more."""
    async with unit_of_work(database) as session:
        evaluation = await evaluations.access(session, evaluation_id)
        dataset = await datasets.access(session, evaluation.dataset_id, lock=True)
        if evaluation.ended_at is not None or dataset.closed_at is not None:
            return False
        if line is not None:
            await evaluations.keep(session, evaluation, ShownResult(**json.loads(line)))
        return True
