"""Answers that leave nothing to find, from the questionnaire to the report: all the same, of a wave
that nobody answered, of very few, and without any chance in them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.core import clock
from app.core.db import Database
from app.research import tasks
from app.research.dataset_models import Dataset
from app.research.documents.edition_kinds import EditionKind
from app.research.measures import protected
from app.research.models import Study
from tests.people import SignedIn
from tests.research.factories import later
from tests.research.made_editions import make
from tests.research.over_http import Json, ask
from tests.research.recorded import context
from tests.research.told import FLAT, WEEKS, answer, asking, frozen_after, joined

PEOPLE = 12
#: After the last wave and all that comes late.
END = 7 * WEEKS[-1] + 60


async def _tell(
    database: Database, study: Study, members: list[UUID], level: Callable[[int, int], int]
) -> None:
    """Everybody answers the waves for which there is a level, of their place and the wave."""
    for wave in (1, 2, 3):
        with clock.at(later(days=7 * WEEKS[wave - 1] + 1)):
            for place, member in enumerate(members):
                if (told := level(place, wave)) in FLAT:
                    await answer(database, study, member, {"phq9": FLAT[told]}, wave=wave)


async def _found(
    database: Database, researcher: SignedIn, dataset: Dataset, measure: str
) -> dict[str, Json]:
    """What the job found, by name of the part, as a researcher reads it."""
    path = f"/datasets/{dataset.id}/evaluation"
    begun = await ask(researcher, "POST", path, status=201)
    await tasks.evaluate(context(database), begun["id"])
    return await _results(researcher, dataset, measure)


async def _results(researcher: SignedIn, dataset: Dataset, measure: str) -> dict[str, Json]:
    found = await ask(researcher, "GET", f"/datasets/{dataset.id}/evaluation")
    assert found["state"] == "done"
    (told,) = [one for one in found["results"] if one["measure"] == measure]
    return {part["name"]: part for part in told["parts"]}


async def _page(database: Database, researcher: SignedIn, dataset: Dataset) -> str:
    """The full report as a page, as the real process makes it."""
    made = await make(database, researcher, dataset, EditionKind.FULL_REPORT)
    assert made["state"] == "ready", made["why"]
    answer_ = await researcher.client.get(f"/api/v1/editions/{made['id']}/files/html")
    return str(answer_.text)


def _values(part: Json) -> list[Any]:
    return [part[name] for name in ("value", "low", "high")]


async def test_a_model_that_does_not_converge_is_told_as_such_up_to_the_report(
    database: Database, researcher: SignedIn
) -> None:
    """Everybody stays at a score of their own: nothing is left for chance."""
    study = await asking(database)
    members = await joined(database, study, PEOPLE)
    await _tell(database, study, members, lambda n, w: (n * 5 // 3) % 4 if w == 1 else n % 4)
    dataset = await frozen_after(database, study, days=END)
    parts = await _found(database, researcher, dataset, "outcome_on_dose")
    told = [one for name, one in parts.items() if name.endswith(("_giving", "_meetings", "_time"))]
    assert len(told) == 3
    for one in told:
        assert (one["why"], _values(one)) == ("the model did not converge", [None, None, None])
    banded = await _results(researcher, dataset, "outcome_on_dose_banded")
    assert banded["phq9_total_time_bands"]["why"] == (
        "there is no difference that chance could explain"
    )
    page = await _page(database, researcher, dataset)
    assert "he model did not converge" in page


async def test_all_the_same_answer_and_a_wave_that_nobody_answered_are_told_as_such(
    database: Database, researcher: SignedIn
) -> None:
    study = await asking(database)
    members = await joined(database, study, PEOPLE)
    await _tell(database, study, members, lambda _, wave: {1: 2, 2: 2}.get(wave, -1))
    dataset = await frozen_after(database, study, days=END)
    parts = await _found(database, researcher, dataset, "outcome_change")
    same = parts["phq9_total_2_effect"]
    assert (same["why"], _values(same)) == ("everybody told the same", [None, None, None])
    nobody = parts["phq9_total_3_change"]
    assert (nobody["why"], _values(nobody)) == (protected.FEW, [None, None, None])


@pytest.mark.parametrize("number", [0, 1, 4, 5])
async def test_few_people_have_no_dataset_and_five_have_one_without_figures(
    database: Database, researcher: SignedIn, number: int
) -> None:
    study = await asking(database)
    members = await joined(database, study, number)
    await _tell(database, study, members, lambda n, w: (n + w) % 4)
    path = f"/studies/{study.id}/datasets"
    with clock.at(later(days=END)):
        if number < 5:
            refused = await ask(researcher, "POST", path, {}, status=409)
            assert refused["type"] == "too-few-in-it"
            assert "at least 5" in refused["detail"]
            assert (await ask(researcher, "GET", path))["items"] == []
            return
    dataset = await frozen_after(database, study, days=END)
    for name, part in (await _found(database, researcher, dataset, "outcome_change")).items():
        assert part["why"], name
        assert part.get("value") is None, name
