"""The whole story once, on a demo community: side by side, flagged, decided, consented, released,
erased."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from app.core import clock, db
from app.core.db import Database
from app.demo import community, sign_ins, studies_and_flags
from app.identity import second_factors
from tests.browser.windows import Windows, card, react, write
from tests.support.servers import serving, working
from tests.support.settings import settings_for
from tests.support.waiting import eventually

Rows = list[dict[str, str]]


@pytest.fixture
async def neighbours(database_url: str) -> community.Made:
    """A demo community that has lived for three weeks, with a study that people joined. Some 30 of
    them write: of half as many, two who are named by chance would be more than may leave."""
    settings = settings_for(database_url, demo=True)
    database = Database(settings.database)
    await database.open()
    try:
        return await community.make(
            database, settings, members=150, days=21, seed=7, until=clock.now()
        )
    finally:
        await database.close()


@pytest.fixture
def worker(neighbours: community.Made, database_url: str) -> Iterator[None]:
    with working(database_url):
        yield


@pytest.fixture
async def street(
    neighbours: community.Made,
    worker: None,
    chromium: Browser,
    database_url: str,
    outside: Database,
) -> AsyncIterator[Windows]:
    """Windows before a server on that community."""
    with serving(database_url, demo=True) as server:
        made = Windows(chromium, server, outside, settings_for(database_url))
        yield made
        await made.close()


async def staff(street: Windows, role: str, path: str) -> Page:
    """The window of one of the demo's staff, past their second factor."""
    page = await street.open(
        keeps_offline=True, viewport={"width": 1280, "height": 900}, accept_downloads=True
    )
    answer = await page.context.request.post(
        f"{street.server.origin}/api/v1/session",
        data={
            "email": f"{role}@{sign_ins.DOMAIN}",
            "password": sign_ins.PASSWORD,
            "code": second_factors.code_at(sign_ins.SECOND_FACTOR, clock.now()),
        },
        headers={"Origin": street.server.origin},
    )
    assert answer.ok, await answer.text()
    await page.goto(path)
    return page


async def consent(page: Page) -> str:
    """Read the sheet, say yes to the activity log alone; returns the code the study knows."""
    await page.goto("/studies")
    await page.get_by_role("link", name=studies_and_flags.TITLE).click()
    await expect(page.get_by_role("heading", name="Please read this first")).to_be_visible()
    yes = page.get_by_role("checkbox", name=re.compile("^What I do here"))
    await expect(yes).not_to_be_checked()
    await yes.check()
    await page.get_by_role("button", name="Take part").click()
    await expect(page.get_by_role("article", name="Receipt")).to_be_visible()
    await page.goto("/my-data")
    code = await page.locator("strong.code").first.inner_text()
    assert code.startswith("P-")
    return code


async def release(street: Windows, wren: Page, number: int) -> None:
    """Ask for the periods of a dataset; a checker, who neither froze nor asked, lets them leave."""
    card = wren.get_by_role("article", name=f"Dataset {number}")
    await card.get_by_role("button", name="Ask for its release").click()
    await wren.get_by_role("dialog").get_by_role("button", name="Ask a checker").click()
    await expect(card.get_by_text("It waits for a checker")).to_be_visible()
    larch = await staff(street, "checker", "/research")
    await larch.get_by_role("link", name=studies_and_flags.TITLE).click()
    await larch.get_by_role("link", name="Data", exact=True).click()
    await larch.get_by_role("link", name="Releases").click()
    case = larch.get_by_role("article", name=f"Dataset {number}: one row a person")
    await case.get_by_label("Why you release or refuse it").fill("In bands, and attacked.")
    await case.get_by_role("button", name="Release it").click()
    await expect(case).to_be_focused()
    await case.get_by_text("What the attacks found").click()
    await expect(case.get_by_text("None names more people than may be.")).to_be_visible()
    await wren.reload()


async def download(page: Page, number: int, folder: Path) -> dict[str, Rows]:
    """Download a released dataset as CSV, on screen."""
    card = page.get_by_role("article", name=f"Dataset {number}")
    async with page.expect_download() as taken:
        await card.get_by_role("button", name="Download the periods").click()
    path = folder / f"{number}.zip"
    download = await taken.value
    assert re.fullmatch(
        rf"[\w-]+-20\d\d-\d\d-dataset-{number}-csv\.zip", download.suggested_filename
    )
    await download.save_as(path)
    with zipfile.ZipFile(path) as archive:
        names = {name.rpartition("/")[2]: name for name in archive.namelist()}
        assert set(names) >= {"periods.csv", "flow.csv", "community.csv", "manifest.json"}
        return {
            file: list(csv.DictReader(io.StringIO(archive.read(names[f"{file}.csv"]).decode())))
            for file in ("periods", "flow", "community")
        }


async def side_by_side(sky: Page, robin: Page, words: str) -> None:
    """One writes, the other answers and reacts; each sees it where they are."""
    await robin.goto("/wall")
    await expect(robin.get_by_role("article").first).to_be_visible()
    await write(sky, words)
    await robin.get_by_role("button", name="Show 1 new post").click()
    await card(robin, words).get_by_role("link", name="Reply").click()
    await card(sky, words).get_by_role("link", name="Reply").click()
    await expect(sky.get_by_label("Your reply")).to_be_visible()
    await robin.get_by_label("Your reply").fill(f"I hear you about: {words}")
    await robin.get_by_role("button", name="Send the reply").click()
    await sky.get_by_role("button", name="Show 1 new reply").click()
    answer = card(sky, f"I hear you about: {words}")
    await react(answer, "I hear you")
    await expect(card(robin, f"I hear you about: {words}")).to_contain_text("Sky hears you.")


async def flag_and_decide(street: Windows, sky: Page, robin: Page, words: str) -> None:
    """Robin flags Sky's post; a moderator sees it arrive, claims, folds it with a reason."""
    sam = await staff(street, "moderator", "/moderation")
    await expect(sam.get_by_role("list", name="Cases")).to_be_visible()
    post = card(robin, words).first
    await post.get_by_role("button", name="More").click()
    await robin.get_by_role("menuitem", name="This breaks the rules").click()
    dialog = robin.get_by_role("dialog")
    await dialog.get_by_label("Something else").check()
    await dialog.get_by_role("button", name="Tell the moderators").click()
    await expect(dialog.get_by_text("Thank you for looking out")).to_be_visible()

    await sam.get_by_role("link", name="A post by Sky").click()
    await sam.get_by_role("button", name="Claim it").click()
    await sam.get_by_label("Fold it behind a note").check()
    await sam.get_by_label("What is it about, in a word or two?").fill("sleepless nights")
    await sam.get_by_label("Why, in kind words").fill(
        "Some people find this hard to read at night, so they can now choose when to open it."
    )
    await sam.get_by_role("button", name="Send the decision").click()
    await expect(sam.get_by_text("You decided")).to_be_visible()

    for page, told in ((sky, "Some people find this hard to read"), (robin, "folded")):
        await page.goto("/news")
        await expect(page.get_by_text(told).first).to_be_visible()
    await robin.goto("/wall")
    await expect(robin.get_by_text("Mentions sleepless nights").first).to_be_visible()


async def test_the_whole_story(street: Windows, tmp_path: Path) -> None:
    sky = await street.member("Sky", keeps_offline=True)
    robin = await street.member("Rowan", keeps_offline=True)
    wren = await staff(street, "researcher", "/research")
    await wren.get_by_role("link", name=studies_and_flags.TITLE).click()
    await wren.get_by_role("link", name="Data", exact=True).click()
    await wren.get_by_role("link", name="Datasets").click()

    code = await consent(sky)
    await sky.goto("/wall")
    await side_by_side(sky, robin, "The kettle is on, who is up?")
    street.server.kill()
    street.server.start_again()
    await side_by_side(sky, robin, "Still up, the birds are starting")
    await flag_and_decide(street, sky, robin, "Still up, the birds are starting")

    expected = Counter(published=2, reacted=2, received=2)

    async def recorded() -> Counter[str]:
        rows = await db.fetch(
            street.database.pool,
            "SELECT kind, count(*) AS count FROM research.activities"
            " WHERE participant_id = %s AND kind <> 'read' GROUP BY kind",
            (code,),
        )
        return Counter({row["kind"]: row["count"] for row in rows})

    await eventually(recorded, until=lambda found: found == expected)
    await wren.reload()
    await wren.get_by_role("button", name="Freeze it now").click()
    await expect(wren.get_by_role("article", name="Dataset 1")).to_be_focused()
    await release(street, wren, 1)
    first = await download(wren, 1, tmp_path)
    assert code in {row["participant"] for row in first["periods"]}

    await sky.goto("/my-data")
    await sky.get_by_role("button", name="Leave this study").click()
    await sky.get_by_role("dialog").get_by_role("button", name="Stop and erase").click()
    await expect(sky.get_by_role("article", name="Receipt")).to_be_visible()
    await eventually(lambda: datasets(street), until=lambda number: number == 2)
    await wren.reload()
    await expect(wren.get_by_role("article", name="Dataset 1")).to_contain_text("Closed")
    successor = wren.get_by_role("article", name="Dataset 2")
    await expect(successor).to_contain_text("It replaces an earlier one")
    await release(street, wren, 2)
    second = await download(wren, 2, tmp_path)
    assert code not in {row["participant"] for row in second["periods"]}


async def datasets(street: Windows) -> int:
    """How many there are, closed ones too."""
    (row,) = await db.fetch(
        street.database.pool, "SELECT count(*) AS number FROM research.datasets"
    )
    return int(row["number"])
