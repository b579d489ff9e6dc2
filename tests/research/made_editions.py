"""Editions that were made: a dataset whose measures are computed, and in place of the process that
renders one that is quick."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final
from uuid import UUID

from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.research import datasets, evaluations, outside_results, tasks
from app.research.dataset_models import Dataset
from app.research.evaluation_models import EvaluationState
from app.research.measures.shown_parts import ShownResult, ShownShare
from tests.people import SignedIn
from tests.research.over_http import Json, ask
from tests.research.recorded import context

KEPT: Final = ShownShare("kept_84", "Kept taking part to day 84", 60, 100, 60, "")
RESULTS: Final = (ShownResult("retention", [asdict(KEPT)]),)
KIND: Final = "early_findings"
SIGNED: Final[Json] = {"verdict": "signed_off"}
CHANGE: Final[Json] = {"verdict": "needs_change", "words": "Say it plainly.", "may_show": True}
RELEASED: Final[Json] = {"decision": "released", "note": "Looked at, page by page."}
REFUSED: Final[Json] = {"decision": "refused", "note": "Too early."}
#: Tells how far it is, writes what it was given as the page, and a few words as the PDF.
AT_ONCE: Final = (
    "sh",
    "-c",
    'echo \'{"done": 1, "of": 2}\'; cp "$1/material.json" "$1/edition.html";'
    ' printf "%%PDF words" > "$1/edition.pdf"; echo \'{"done": 2, "of": 2}\'',
    "sh",
)


async def computed(
    database: Database, dataset: Dataset, results: Sequence[ShownResult] = RESULTS
) -> UUID:
    """All measures of a dataset, with this for everybody; the id of the evaluation."""
    async with unit_of_work(database) as session:
        now = await datasets.access(session, dataset.id, lock=True)
        started = await evaluations.start(session, now, by=new_id())
        started.state = EvaluationState.RUNNING
        await session.flush()
        known = [one.evaluation_id for one in await outside_results.released(session, now.study_id)]
        await outside_results.keep(session, started, results, {}, before=known)
        await evaluations.end(session, started, EvaluationState.DONE)
    return started.id


async def make(
    database: Database, researcher: SignedIn, dataset: Dataset, kind: str = KIND
) -> Json:
    """An edition that the job has made, as it is then."""
    asked = {"kind": kind, "dataset_id": str(dataset.id)}
    begun = await ask(
        researcher, "POST", f"/studies/{dataset.study_id}/editions", asked, status=201
    )
    await tasks.make_edition(context(database), begun["id"])
    return await ask(researcher, "GET", f"/editions/{begun['id']}")


async def write(
    researcher: SignedIn, dataset: Dataset, words: str, *, based_on: int = 0, status: int = 201
) -> Json:
    """A version of the text, with these words in its first section."""
    section = (await ask(researcher, "GET", "/editions/kinds"))["items"][0]["sections"][0]["name"]
    body = {
        "based_on": based_on,
        "sections": {section: words},
        "dataset_id": str(dataset.id),
    }
    path = f"/studies/{dataset.study_id}/edition-texts/{KIND}"
    return await ask(researcher, "POST", path, body, status=status)
