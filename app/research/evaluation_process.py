"""Carrying an evaluation out: a dataset's files into a folder, a process that computes, a result
kept as soon as it is there, and the process ended as soon as nobody wants it any more."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.core.db import Database, unit_of_work
from app.core.logs import logger
from app.research import child_process, datasets, evaluations, outside_results
from app.research.dataset_models import DatasetFile
from app.research.errors.datasets import DatasetChangedError
from app.research.evaluation_models import Evaluation, EvaluationState
from app.research.exports import chunks
from app.research.exports.freezing import scratch_dir
from app.research.measures.shown_parts import ShownResult

#: Seconds after which it is looked whether somebody cancelled.
LOOK: Final = 1.0
#: The process that computes; the folder comes last.
COMMAND: Final = (sys.executable, "-m", "app.research.measures.computing")


@dataclass(frozen=True, slots=True)
class _Work:
    """What the process is asked, and the evaluations whose released figures it is told."""

    evaluation: Evaluation
    asked: dict[str, Any]
    before: Sequence[UUID]


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
        kept = [one.measure for one in await evaluations.results(session, evaluation)]
        released = await outside_results.released(session, dataset.study_id)
    asked = {
        "options": dataset.options,
        "measures": evaluation.measures,
        "kept": kept,
        "cut": f"{dataset.number:06}",
        "before": [one.figures for one in released],
        "has_leavers": any(one.is_closed for one in released),
    }
    work = _Work(evaluation, asked, [one.evaluation_id for one in released])
    async with scratch_dir() as folder:
        is_there = await _fetched(database, files, folder)
        state = await _compute(database, work, folder) if is_there else EvaluationState.CANCELLED
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


async def _compute(database: Database, work: _Work, folder: Path) -> EvaluationState:
    """Run the process and keep each result; how it ended."""

    async def take(line: bytes | None) -> bool:
        return await _keep(database, work, line)

    command = (*COMMAND, str(folder))
    code = await child_process.run(command, json.dumps(work.asked).encode(), take, look=LOOK)
    if code is None:
        return EvaluationState.CANCELLED
    if code != 0:
        logger.error("computing the measures failed", evaluation_id=str(work.evaluation.id))
    return EvaluationState.DONE if code == 0 else EvaluationState.FAILED


async def _keep(database: Database, work: _Work, line: bytes | None) -> bool:
    """Keep a result, if there is one; False when nobody wants it any more."""
    async with unit_of_work(database) as session:
        evaluation = await evaluations.access(session, work.evaluation.id)
        dataset = await datasets.access(session, evaluation.dataset_id, lock=True)
        if evaluation.ended_at is not None or dataset.closed_at is not None:
            return False
        found = {} if line is None else json.loads(line)
        if "outside" in found:
            results = [ShownResult(**one) for one in found["outside"]]
            await outside_results.keep(
                session, evaluation, results, found["figures"], before=work.before
            )
        elif found:
            charts = found.pop("charts")
            await evaluations.keep(session, evaluation, ShownResult(**found), charts)
        return True
