"""What leaves a study: frozen by one, attacked and released by another, downloaded in bands
or, under an agreement that the sheet spoke of, act by act."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import expect

from app.core import clock, db
from app.core.db import unit_of_work
from app.identity.roles import Role
from app.research import sheets, studies
from app.research.models import Study
from tests.browser.releases import downloaded
from tests.browser.staff import staff
from tests.browser.windows import Windows, write
from tests.people import someone
from tests.research.factories import freeze, several
from tests.support.servers import working
from tests.support.signed_off import open_signed_off
from tests.support.signed_plans import sign_plan
from tests.support.waiting import eventually

TITLE = "What helps at night"
RECORD = "What I do here"


@pytest.fixture
def worker(database_url: str) -> Iterator[None]:
    """Without it nothing that people do becomes a row of a study."""
    with working(database_url):
        yield


async def _opened(windows: Windows, title: str = TITLE, *, covers_acts: bool) -> Study:
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title=title, summary="Nights, and company in them.")
        await sheets.publish(session, study, body="Please read.", covers_acts=covers_acts)
        await sign_plan(session, study)
        return await open_signed_off(session, study)


async def _neighbours(windows: Windows, study_id: UUID, number: int) -> None:
    """Members who take part and write one post each, by the API."""
    for _ in range(number):
        page = await windows.open()
        await windows.sign_in(page, await someone(windows.database, windows.settings))
        for path, body in (
            (
                f"studies/{study_id}/participation",
                {
                    "sheet_version": 1,
                    "purposes": {"activity": True, "text": False, "contact": False},
                },
            ),
            ("posts", {"body": "The kettle is on."}),
        ):
            answer = await page.context.request.post(
                f"{windows.server.origin}/api/v1/{path}",
                data=body,
                headers={"Origin": windows.server.origin},
            )
            assert answer.ok, await answer.text()


async def _consents_acts_and_stops(windows: Windows) -> str:
    """A member in their window; returns the code that the study knows."""
    sky = await windows.member("Sky", "/studies")
    await sky.get_by_role("link", name=TITLE).click()
    await expect(sky.get_by_text("someone who holds them and also reads the wall")).to_be_visible()
    await expect(sky.get_by_role("checkbox")).to_have_count(1)
    await sky.get_by_label(RECORD).check()
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_role("article", name="Receipt: You take part")).to_be_focused()
    await write(sky, "Who else is up?")
    await eventually(lambda: _published(windows), until=lambda number: number == 6)
    await sky.goto("/my-data")
    code = await sky.locator("strong.code").inner_text()
    await sky.get_by_role("button", name="Leave this study").click()
    await sky.get_by_role("dialog").get_by_role("button", name="Stop", exact=True).click()
    await expect(sky.get_by_role("article", name="Receipt: You have stopped")).to_be_focused()
    await write(sky, "Nobody counts this one.")
    return code


async def test_what_leaves_was_agreed_to_asked_for_and_released_by_another(
    windows: Windows, worker: None, tmp_path: Path
) -> None:
    study = await _opened(windows, covers_acts=True)
    await _neighbours(windows, study.id, 5)
    code = await _consents_acts_and_stops(windows)

    room = f"/research/studies/{study.id}"
    wren = await staff(windows, "Wren", Role.RESEARCHER, f"{room}/datasets", accept_downloads=True)
    await expect(wren.get_by_text("Nothing has to be made coarser")).to_be_visible()
    await wren.get_by_role("button", name="Freeze it now").click()
    card = wren.get_by_role("article", name="Dataset 1")
    await expect(card).to_be_focused()
    await expect(card).to_contain_text("Fewer than 8 people are in it")
    await expect(card.get_by_role("button", name=re.compile("^Download"))).to_have_count(0)
    await card.get_by_role("button", name="Ask for its release").click()
    asking = wren.get_by_role("dialog")
    await asking.get_by_label("What you need it for").fill("The first report.")
    await asking.get_by_role("button", name="Ask a checker").click()
    await expect(card.get_by_text("It waits for a checker")).to_be_visible()
    await expect(card.get_by_role("heading", name="The file of periods")).to_be_focused()

    larch = await staff(windows, "Larch", Role.CHECKER, f"{room}/releases")
    case = larch.get_by_role("article", name="Dataset 1: one row a person and period")
    await expect(case.get_by_text("The first report.")).to_be_visible()
    await expect(case.get_by_role("row", name="periods")).to_contain_text("6")
    await case.get_by_role("button", name="Release it").click()
    await expect(case.get_by_text("Say in a few words why.")).to_be_visible()
    await case.get_by_label("Why you release or refuse it").fill("Six alike, in bands.")
    await case.get_by_role("button", name="Release it").click()
    await expect(case).to_be_focused()
    await expect(case.get_by_text("Six alike, in bands.")).to_be_visible()

    await wren.reload()
    await expect(card.get_by_text("Six alike, in bands.")).to_be_visible()
    button = card.get_by_role("button", name="Download the periods")
    tables = await downloaded(wren, button, tmp_path / "periods.zip")
    assert set(tables) == {"periods", "flow", "community", "codebook"}
    (row,) = [row for row in tables["periods"] if row["participant"] == code]
    assert row == {
        "participant": code,
        "period": "1",
        "days_observable": "1",
        "active_days": "1",
        "giving": "0",
        "receiving": "0",
    }

    await card.get_by_role("button", name="Ask for these rows").click()
    await expect(card.get_by_label("Who may hold the rows")).to_be_focused()
    await card.get_by_label("Who may hold the rows").fill("The evaluation team")
    await card.get_by_label("What for").fill("To see how answers travel.")
    until = (clock.now() + timedelta(days=90)).date()
    await card.get_by_label("The last day").fill(until.isoformat())
    await card.get_by_role("button", name="Ask a checker").click()
    await expect(card.get_by_text("It waits for a checker")).to_be_visible()
    await expect(card.get_by_role("button", name=re.compile("^Download the rows"))).to_have_count(0)

    await larch.reload()
    case = larch.get_by_role("article", name="Dataset 1: rows of single acts")
    await expect(case.get_by_text("The evaluation team")).to_be_visible()
    await case.get_by_label("Why you release or refuse it").fill("The agreement is signed.")
    await case.get_by_role("button", name="Release it").click()
    await expect(case).to_be_focused()

    await wren.reload()
    button = card.get_by_role("button", name="Download the rows of acts")
    tables = await downloaded(wren, button, tmp_path / "acts.zip")
    assert set(tables) == {"acts", "codebook"}
    ordinals = [
        row["ordinal"]
        for row in tables["acts"]
        if row["participant"] == code and row["ordinal"] != "-7"
    ]
    assert ordinals == ["1"]


async def test_without_a_sheet_that_speaks_of_acts_there_is_no_way_for_them(
    windows: Windows,
) -> None:
    study = await _opened(windows, covers_acts=False)
    await several(windows.database, study, 6)
    await freeze(windows.database, study)
    room = f"/research/studies/{study.id}/datasets"
    wren = await staff(windows, "Wren", Role.RESEARCHER, room)
    card = wren.get_by_role("article", name="Dataset 1")
    await expect(card.get_by_role("button", name="Ask for its release")).to_be_visible()
    await expect(card.get_by_text("They can't leave.")).to_be_visible()
    await expect(card.get_by_role("button", name="Ask for these rows")).to_have_count(0)


async def test_a_second_freeze_waits_for_a_checker_and_the_choice_still_stands(
    windows: Windows,
) -> None:
    study = await _opened(windows, covers_acts=False)
    await several(windows.database, study, 6)
    await freeze(windows.database, study)
    room = f"/research/studies/{study.id}"
    wren = await staff(windows, "Wren", Role.RESEARCHER, f"{room}/datasets")
    await wren.get_by_role("button", name="Freeze another dataset").click()
    await expect(wren.get_by_role("heading", name="Freeze a dataset")).to_be_focused()
    await wren.get_by_role("button", name="Freeze it now").click()
    await expect(wren.get_by_text("Freeze again from")).to_be_visible()
    await wren.get_by_label("How many posts they published").check()
    await expect(wren.get_by_role("row", name="posts")).to_be_visible()
    await expect(wren.get_by_text("Freeze again from")).to_be_visible()

    larch = await staff(windows, "Larch", Role.CHECKER, f"{room}/releases")
    await expect(larch.get_by_text("Nothing waits")).to_be_visible()
    await larch.get_by_label("Why it can't wait").fill("The report is due before that.")
    await larch.get_by_role("button", name="Allow one early freeze").click()
    await expect(larch.get_by_text("Someone else may freeze this study once")).to_be_visible()

    await wren.get_by_role("button", name="Freeze it now").click()
    card = wren.get_by_role("article", name="Dataset 2")
    await expect(card).to_be_focused()
    await card.get_by_text("What it holds, and what that cost").click()
    await expect(card).to_contain_text("Each row tells: active days, giving, receiving and posts.")


async def _published(windows: Windows) -> int:
    (row,) = await db.fetch(
        windows.database.pool,
        "SELECT count(*) AS number FROM research.activities WHERE kind = 'published'",
    )
    return int(row["number"])
