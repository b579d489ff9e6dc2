"""Reports in windows: the words are written beside the figures, an adviser signs an edition off, a
checker releases it, and everybody reads it without an account."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, ViewportSize, expect

from app.core import clock
from app.identity.roles import Role
from app.research.dataset_models import Dataset
from app.research.documents import catalogue
from app.research.documents.edition_kinds import EditionKind
from app.research.models import Study
from tests.browser.staff import staff
from tests.browser.test_axe import PLACES, assert_nothing, examine
from tests.browser.windows import PHONE, Windows
from tests.research.factories import START, freeze, later, opened, several
from tests.research.made_editions import computed
from tests.support.servers import working

TITLE = "What helps at night"
EARLY = catalogue.find(EditionKind.EARLY_FINDINGS)
[FIRST, SECOND, *_] = EARLY.sections
FIGURE = "Kept taking part to day 84"


@pytest.fixture
def worker(database_url: str) -> Iterator[None]:
    """Makes editions."""
    with working(database_url):
        yield


@pytest.fixture
async def frozen(windows: Windows) -> tuple[Study, Dataset]:
    """A study with a dataset whose measures are computed."""
    study = await opened(windows.database, TITLE)
    with clock.at(START):
        await several(windows.database, study, 30)
    with clock.at(later(days=60)):
        dataset = await freeze(windows.database, study)
    await computed(windows.database, dataset)
    return study, dataset


def room(study: Study) -> str:
    """Where its reports are."""
    return f"/research/studies/{study.id}/reports"


async def press(page: Page, role: str, name: str) -> None:
    """By keyboard alone."""
    found = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type] # a plain word
    await found.focus()
    await page.keyboard.press("Enter")


async def test_what_is_written_beside_its_figures_is_read_by_everybody_once_two_have_looked(
    windows: Windows, frozen: tuple[Study, Dataset], worker: None
) -> None:
    study, _ = frozen
    wren = await staff(windows, "Wren", Role.RESEARCHER, room(study))
    await expect(wren.get_by_text("Begin with the words")).to_be_visible()
    await press(wren, "link", f"Write {EARLY.title}")
    words = wren.get_by_label(FIRST.title, exact=True)
    await words.fill("Most of those who agreed stayed, namely")
    await words.press("End")
    await wren.get_by_label("Find a figure").fill("day 84")
    await press(wren, "button", f"Put in “60%” ({FIGURE})")
    await expect(words).to_have_value(
        "Most of those who agreed stayed, namely [[retention.kept_84]]"
    )
    await expect(words).to_be_focused()
    await press(wren, "button", "Save version 1")
    await expect(wren.get_by_text("This is version 1.")).to_be_visible()
    await wren.get_by_role("link", name="All editions").click()
    await expect(wren.get_by_text(f"{EARLY.title} can be made")).to_be_visible()
    await press(wren, "button", f"Make it from dataset 1 ({EARLY.title})")
    shelf = wren.get_by_role("article", name=EARLY.title)
    await expect(shelf.get_by_text("Made. Waits for an adviser.")).to_be_visible()

    linden = await staff(windows, "Linden", Role.ADVISER, "/advising", viewport=PHONE)
    card = linden.get_by_role("article", name=f"Edition 1 of “{TITLE}”")
    await expect(card.get_by_role("link", name="Web page")).to_be_visible()
    await card.get_by_role("button", name="Sign off").click()
    await expect(card.get_by_role("listitem").filter(has_text="Signed off")).to_be_visible()

    larch = await staff(windows, "Larch", Role.CHECKER, room(study))
    await expect(larch.get_by_text(f"{EARLY.title} waits for you")).to_be_visible()
    await press(larch, "link", "To the edition")
    await expect(larch.get_by_text("Nothing was held back of its 1 figure.")).to_be_visible()
    await larch.get_by_text("Read it here, beside its figures").click()
    page = larch.frame_locator(f"iframe[title='{EARLY.title}, edition 1']")
    await expect(page.get_by_text("Most of those who agreed stayed")).to_be_visible()
    await expect(larch.get_by_role("heading", name="Figures")).to_be_visible()
    assert_nothing({"an edition beside its figures": await examine(larch)})
    await press(larch, "button", "Release it")
    await expect(larch.get_by_text("Say in a few words why.")).to_be_visible()
    await larch.get_by_label("Why you release or refuse it").fill("Read it, page by page.")
    async with larch.expect_response("**/decision"):
        await press(larch, "button", "Release it")
    await expect(
        larch.get_by_role("article").get_by_text(re.compile(r"^Released \d"))
    ).to_be_visible()
    await larch.get_by_text("Its steps").click()
    await expect(larch.get_by_text("An adviser signed it off")).to_be_visible()

    visitor = await windows.open()
    await visitor.goto("/projects")
    await visitor.get_by_role("link", name=TITLE).click()
    await expect(visitor.get_by_role("link", name=f"{EARLY.title}: PDF")).to_be_visible()
    await visitor.get_by_role("link", name=f"{EARLY.title}: Web page").click()
    await expect(visitor.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    told = visitor.get_by_role("paragraph").filter(has_text="Most of those who agreed stayed")
    await expect(told).to_contain_text("namely 60%")


async def test_nothing_typed_is_lost_when_two_write_or_a_name_is_wrong(
    windows: Windows, frozen: tuple[Study, Dataset]
) -> None:
    study, _ = frozen
    writing = f"{room(study)}/{EARLY.kind}"
    wren = await staff(windows, "Wren", Role.RESEARCHER, writing)
    rowan = await staff(windows, "Rowan", Role.RESEARCHER, writing)
    mine, theirs = (page.get_by_label(FIRST.title, exact=True) for page in (wren, rowan))
    await theirs.fill("Theirs.")
    await rowan.get_by_label(SECOND.title, exact=True).fill("They saw much.")
    await rowan.get_by_role("button", name="Save version 1").click()
    await expect(rowan.get_by_text("This is version 1.")).to_be_visible()

    await mine.fill("Mine, with [[retention.kept_48]].")
    await wren.get_by_role("button", name="Save version 1").click()
    await expect(wren.get_by_text("Someone else saved version 1")).to_be_visible()
    await expect(wren.get_by_text("Theirs.", exact=True)).to_be_visible()
    await expect(wren.get_by_label(SECOND.title, exact=True)).to_have_value("They saw much.")
    await wren.get_by_role("button", name="Save version 2").click()
    await expect(wren.get_by_text("has no figure “retention.kept_48”")).to_be_visible()
    await expect(wren.get_by_text("retention.kept_84.")).to_be_visible()
    await expect(mine).to_be_focused()
    await wren.reload()
    await expect(mine).to_have_value("Mine, with [[retention.kept_48]].")
    await mine.fill("Mine, with [[retention.kept_84]].")
    await wren.get_by_role("button", name="Save version 2").click()
    await expect(wren.get_by_text("This is version 2.")).to_be_visible()
    await wren.get_by_text("Version 1, ").click()
    await expect(wren.get_by_text("Theirs.", exact=True)).to_be_visible()


async def test_the_team_writes_the_public_page_and_everybody_reads_it(
    windows: Windows, frozen: tuple[Study, Dataset]
) -> None:
    study, _ = frozen
    visitor = await windows.open()
    await visitor.goto(f"/projects/{study.id}")
    await expect(visitor.get_by_role("heading", name="We can't find that project")).to_be_visible()

    wren = await staff(windows, "Wren", Role.RESEARCHER, room(study))
    await press(wren, "link", "Write the public page of the study")
    await wren.get_by_label("What the study is").fill("What helps people **at night**.")
    await press(wren, "button", "Save version 1")
    await expect(wren.get_by_text("Say who can be asked, and how")).to_be_visible()
    await wren.get_by_label("Who to ask").fill("The team, night@example.org")
    await press(wren, "button", "Add a study")
    await wren.get_by_label("Title of study 1").fill("Mornings")
    await wren.get_by_label("Address of study 1").fill("https://example.org/mornings")
    await press(wren, "button", "Save version 1")
    await expect(wren.get_by_text("This is version 1.")).to_be_visible()
    await expect(wren.get_by_role("strong")).to_have_text("at night")

    await visitor.reload()
    await expect(visitor.get_by_role("heading", name=TITLE)).to_be_visible()
    await expect(visitor.get_by_text("night@example.org")).to_be_visible()
    await expect(visitor.get_by_role("link", name="Mornings")).to_be_visible()
    await expect(visitor.get_by_text("Nothing is published yet.")).to_be_visible()


async def test_an_edition_waits_for_the_measures_of_its_dataset_and_says_so(
    windows: Windows, frozen: tuple[Study, Dataset]
) -> None:
    study, _ = frozen
    with clock.at(later(days=100)):
        newer = await freeze(windows.database, study)
    wren = await staff(windows, "Wren", Role.RESEARCHER, room(study))
    shelf = wren.get_by_role("article", name=EARLY.title)
    await expect(wren.get_by_text("First the measures")).to_be_visible()
    await expect(shelf.get_by_text("those of dataset 2 are not computed yet")).to_be_visible()
    await expect(shelf.get_by_role("button")).to_have_count(0)
    await wren.get_by_label("Made from").select_option(label="Dataset 1, up to 1 May 2026")
    await expect(shelf.get_by_role("button", name="Make it from dataset 1")).to_be_visible()
    await wren.get_by_label("Made from").select_option(str(newer.id))
    await shelf.get_by_role("link", name="have them computed first").click()
    await expect(wren).to_have_url(re.compile(r"/measures$"))
    await computed(windows.database, newer)
    await wren.goto(room(study))
    await expect(shelf.get_by_role("button", name="Make it from dataset 2")).to_be_visible()


@PLACES
async def test_axe_finds_nothing_where_reports_are_written(
    windows: Windows, frozen: tuple[Study, Dataset], viewport: ViewportSize
) -> None:
    study, _ = frozen
    wren = await staff(windows, "Wren", Role.RESEARCHER, room(study), viewport=viewport)
    await expect(wren.get_by_role("article", name=EARLY.title)).to_be_visible()
    found = {"reports": await examine(wren)}
    await wren.goto(f"{room(study)}/{EARLY.kind}")
    await wren.get_by_text("See its table").click()
    await expect(wren.get_by_role("table")).to_be_visible()
    found["writing"] = await examine(wren)
    await wren.goto(f"/research/studies/{study.id}/project-page")
    await wren.get_by_role("button", name="Add a study").click()
    found["public page"] = await examine(wren)
    assert_nothing(found)
