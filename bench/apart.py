"""One freeze, download, evaluation, or all editions of a study, in a process of its own, which
tells what it took.

`python -m bench.apart WHAT URL STUDY FORMAT`; measures are computed, and editions rendered, in
processes of theirs.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.jobs.sources import OUTSIDE_SOURCES
from app.research import (
    datasets,
    edition_making,
    editions,
    evaluation_process,
    evaluations,
    releases,
    studies,
)
from app.research.dataset_models import Requester
from app.research.documents.edition_kinds import EditionKind
from app.research.edition_models import EditionState
from app.research.evaluation_models import EvaluationState
from app.research.exports import freezing, package
from app.research.exports.writers import Format
from app.research.release_models import Decided, Released
from bench.machines import ROOT
from tests.support.settings import settings_for
from tests.support.signed_plans import signed_plan

RESEARCHER, CHECKER = new_id(), new_id()


def apart(what: str, url: str, study: UUID, format_: Format = Format.CSV) -> dict[str, float]:
    """One of these in a process of its own: its `seconds`, those of CPU (`cpu`), and the most
    memory, `rss_mb`."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.apart", what, url, str(study), format_],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


async def _freeze(database: Database, study: UUID) -> None:
    by = Requester(RESEARCHER, how="command_line")
    await signed_plan(database, study)
    dataset = await freezing.freeze(database, study, by=by, sources=OUTSIDE_SOURCES)
    async with unit_of_work(database) as session:
        found = await studies.access(session, study, is_researcher=True)
        agreement = await releases.agree(
            session,
            found,
            recipient="Benchmarks",
            aim="To see what it costs.",
            ends_on=clock.now().date() + timedelta(days=1),
            by=RESEARCHER,
        )
        request = await releases.ask(
            session,
            dataset,
            file=Released.ACTS,
            agreement_id=agreement.id,
            note="",
            by=RESEARCHER,
        )
        await releases.decide(
            session,
            request,
            dataset,
            decision=Decided.RELEASED,
            note="For benchmarks.",
            attack={"is_refused": False},
            by=CHECKER,
        )


async def _evaluate(database: Database, study: UUID) -> None:
    async with unit_of_work(database) as session:
        dataset = await datasets.find_numbered(session, study, None)
        assert dataset
        begun = await evaluations.start(session, dataset, by=RESEARCHER)
    await evaluation_process.evaluate(database, begun.id)
    async with unit_of_work(database) as session:
        found = await evaluations.access(session, begun.id)
    assert found.state == EvaluationState.DONE, found.state


async def _make_editions(database: Database, study: UUID) -> None:
    """One of each kind, one after the other."""
    for kind in EditionKind:
        async with unit_of_work(database) as session:
            asked = await studies.access(session, study, is_researcher=True, lock="change")
            dataset = await datasets.find_numbered(session, study, None)
            assert dataset
            begun = await editions.make(session, asked, dataset, kind, by=RESEARCHER)
        await edition_making.make(database, begun.id)
        async with unit_of_work(database) as session:
            found = await editions.access(session, begun.id)
        assert found.state == EditionState.READY, (kind, found.state)


async def _download(database: Database, study: UUID, folder: Path, format_: Format) -> None:
    async with unit_of_work(database) as session:
        dataset = await datasets.find_numbered(session, study, None)
    assert dataset
    await package.download(
        database,
        dataset.id,
        format_=format_,
        folder=folder,
        by=Requester(RESEARCHER, how="command_line"),
        released=Released.ACTS,
    )


async def _run(what: str, url: str, study: UUID, format_: Format, folder: Path) -> float:
    database = Database(settings_for(url).database)
    await database.open()
    started = time.perf_counter()
    if what == "freeze":
        await _freeze(database, study)
    elif what == "evaluate":
        await _evaluate(database, study)
    elif what == "editions":
        await _make_editions(database, study)
    else:
        await _download(database, study, folder, format_)
    seconds = time.perf_counter() - started
    await database.close()
    return seconds


def main() -> None:
    """Seconds, those of CPU and peak memory, as JSON."""
    what, url, study, format_ = sys.argv[1], sys.argv[2], UUID(sys.argv[3]), Format(sys.argv[4])
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(_run(what, url, study, format_, Path(folder) / "out"))
    is_apart = what in {"evaluate", "editions"}
    whose = resource.RUSAGE_CHILDREN if is_apart else resource.RUSAGE_SELF
    peak = resource.getrusage(whose).ru_maxrss
    each = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(one.ru_utime + one.ru_stime for one in each)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "rss_mb": peak * 1024 / 1e6}))


if __name__ == "__main__":
    main()
