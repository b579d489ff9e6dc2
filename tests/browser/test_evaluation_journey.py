"""From an answer on a phone to a public page, with nothing standing in: what somebody answered
without a network is in the figure that everybody reads."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect
from pypdf import PdfReader

from app.core import clock
from app.identity.roles import Role
from app.research.documents import catalogue as editions
from app.research.documents.edition_kinds import EditionKind
from app.research.instruments import unit_costs
from app.research.measures import catalogue as measures
from app.research.models import Study
from app.research.scoring import Answer
from tests.browser.staff import staff
from tests.browser.test_answering import at
from tests.browser.test_questionnaires import joined as joins
from tests.browser.test_questionnaires import next_
from tests.browser.windows import COMPUTED_MS, PHONE, Windows, kept_for_offline
from tests.research.factories import later, opened
from tests.research.told import ASKED, answer, joined
from tests.support.servers import working

TITLE = "What helps at night"
EARLY = editions.find(EditionKind.EARLY_FINDINGS)
FIRST = EARLY.sections[0]
#: Half of those who answered before went twice, and half not at all; the last went four times.
HALF = 12
TWICE: dict[str, Answer] = {"services_used": [6], "services_emergency": 2}
NEVER: dict[str, Answer] = {"services_used": [0]}
LAST = 4
FIGURE = "service_use.cost_1"
PENCE = unit_costs.newest().rows["services_emergency"].pence


@pytest.fixture
def worker(database_url: str) -> Iterator[None]:
    """Computes measures and makes editions."""
    with working(database_url):
        yield


@pytest.fixture
async def study(windows: Windows) -> Study:
    """A study that 24 people answered in spring, each by their own consent."""
    made = await opened(
        windows.database, TITLE, asks=ASKED, wave_weeks=(0, 13), instruments=("services",)
    )
    members = await joined(windows.database, made, 2 * HALF)
    with clock.at(later(days=1)):
        for place, member in enumerate(members):
            answers = TWICE if place < HALF else NEVER
            await answer(windows.database, made, member, {"services": answers})
    return made


async def test_an_answer_without_a_network_is_in_the_figure_that_everybody_reads(
    windows: Windows, study: Study, worker: None, tmp_path: Path
) -> None:
    await _answers_between_networks(windows, study.id)
    room = f"/research/studies/{study.id}"
    wren = await staff(windows, "Wren", Role.RESEARCHER, f"{room}/datasets")
    await wren.get_by_role("button", name="Freeze it now").click()
    await expect(wren.get_by_role("article", name="Dataset 1")).to_be_focused()
    await wren.goto(f"{room}/measures")
    await wren.get_by_role("button", name="Compute all measures").click()
    computed = wren.get_by_text(f"All {len(measures.ALL)} measures are computed.")
    await expect(computed).to_be_visible(timeout=COMPUTED_MS)
    await _writes_and_makes(wren, f"{room}/reports")

    linden = await staff(windows, "Linden", Role.ADVISER, "/advising", viewport=PHONE)
    card = linden.get_by_role("article", name=f"Edition 1 of “{TITLE}”")
    visitor = await windows.open(accept_downloads=True)
    await visitor.goto(f"/projects/{study.id}")
    missing = visitor.get_by_role("heading", name="We can't find that project")
    await expect(missing).to_be_visible()
    await card.get_by_role("button", name="Sign off").click()
    await expect(card.get_by_role("listitem").filter(has_text="Signed off")).to_be_visible()
    await visitor.reload()
    await expect(missing).to_be_visible()
    await _releases(windows, f"{room}/reports")
    await _is_read(visitor, tmp_path / "edition.pdf")


async def _answers_between_networks(windows: Windows, study: UUID) -> None:
    """On a phone: the network goes after the first question and is back after the last."""
    rowan = await at(windows, await joins(windows, study), study, keeps_offline=True)
    await kept_for_offline(rowan)
    await rowan.context.set_offline(True)
    await next_(rowan, "A&E (emergency department)")
    await expect(rowan.get_by_text("Your answers are kept on this device")).to_be_visible()
    await rowan.reload()
    await rowan.get_by_role("textbox").fill(str(LAST))
    await next_(rowan)
    await expect(rowan.get_by_text("You answered all of them.")).to_be_visible()
    async with rowan.expect_response("**/api/v1/me"):
        await rowan.context.set_offline(False)
    await expect(rowan.get_by_text("Your answers are kept on this device")).to_have_count(0)
    await rowan.get_by_role("button", name="Hand in").click()
    await expect(rowan.get_by_role("heading", name="Thank you")).to_be_visible()


async def _writes_and_makes(wren: Page, room: str) -> None:
    await wren.goto(f"{room}/{EARLY.kind}")
    words = wren.get_by_label(FIRST.title, exact=True)
    await words.fill(f"Among all who answered, [[{FIGURE}]] was the cost of a person.")
    await wren.get_by_role("button", name="Save version 1").click()
    await expect(wren.get_by_text("This is version 1.")).to_be_visible()
    await wren.goto(room)
    await wren.get_by_role("button", name=f"Make it from dataset 1 ({EARLY.title})").click()
    shelf = wren.get_by_role("article", name=EARLY.title)
    made = shelf.get_by_text("Made. Waits for an adviser.")
    await expect(made).to_be_visible(timeout=COMPUTED_MS)


async def _releases(windows: Windows, room: str) -> None:
    larch = await staff(windows, "Larch", Role.CHECKER, room)
    await larch.get_by_role("link", name="To the edition").click()
    await larch.get_by_label("Why you release or refuse it").fill("Read it, page by page.")
    async with larch.expect_response("**/decision") as decided:
        await larch.get_by_role("button", name="Release it").click()
    assert (await decided.value).ok
    await expect(
        larch.get_by_role("article").get_by_text(re.compile(r"^Released \d"))
    ).to_be_visible()


async def _is_read(visitor: Page, path: Path) -> None:
    """Without an account: the page and the PDF, with the number in both."""
    await visitor.goto("/projects")
    await visitor.get_by_role("link", name=TITLE).click()
    async with visitor.expect_download() as taken:
        await visitor.get_by_role("link", name=f"{EARLY.title}: PDF").click()
    await (await taken.value).save_as(path)
    pages = PdfReader(path).pages
    mean = (HALF * 2 + LAST) * PENCE / (2 * HALF + 1)
    told = f"Among all who answered, £{round(mean / 100)} (95% interval £"
    assert told in re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    await visitor.get_by_role("link", name=f"{EARLY.title}: Web page").click()
    await expect(visitor.get_by_role("paragraph").filter(has_text="Among all who")).to_contain_text(
        told
    )
