"""A study from both sides: prepared, read, agreed to, looked into, left, frozen or refused."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from app.core import clock, db
from app.core.db import unit_of_work
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import sheets, studies
from app.research.models import Purpose
from tests.browser.staff import staff
from tests.browser.windows import Windows, write
from tests.research.community_events import came, happen
from tests.support.servers import working
from tests.support.signed_off import open_signed_off, publish_signed_off, signed_off
from tests.support.waiting import eventually

TITLE = "What helps at night"
SHEET = "We would like to learn what helps at night.\n\n**You can stop** at any time."
RECORD = "What I do here"
TEXT = "The words of my posts and replies"
AGAIN = "The team may ask me again"


@pytest.fixture
def worker(database_url: str) -> Iterator[None]:
    """Without it nothing that people do becomes a row of a study."""
    with working(database_url):
        yield


async def _opened(windows: Windows) -> UUID:
    """A study that takes people in."""
    async with unit_of_work(windows.database) as session:
        study = await studies.create(
            session,
            title=TITLE,
            summary="Nights, and company in them.",
            asks=(Purpose.ACTIVITY, Purpose.TEXT, Purpose.CONTACT),
        )
        await sheets.publish(session, study, body=SHEET)
        await open_signed_off(session, study)
        return study.id


async def _at_the_sheet(windows: Windows, name: str) -> Page:
    page = await windows.member(name, "/studies")
    await page.get_by_role("link", name=TITLE).click()
    await expect(page.get_by_role("heading", name="Please read this first")).to_be_visible()
    return page


async def test_nothing_is_ticked_and_no_is_as_easy_as_yes(windows: Windows) -> None:
    await _opened(windows)
    sky = await _at_the_sheet(windows, "Sky")
    for words in (RECORD, TEXT, AGAIN):
        await expect(sky.get_by_label(words)).not_to_be_checked()
    yes = await sky.get_by_role("button", name="Take part").bounding_box()
    no = await sky.get_by_role("button", name="No thanks").bounding_box()
    assert yes is not None
    assert no is not None
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_text("Tick what you agree to")).to_be_visible()
    await sky.get_by_role("button", name="No thanks").click()
    await expect(sky).to_have_url(re.compile("/studies$"))
    await sky.goto("/my-data")
    await expect(sky.get_by_text("No study holds anything about you")).to_be_visible()


async def test_what_is_agreed_to_is_held_seen_and_erased(
    windows: Windows, worker: None, tmp_path: Path
) -> None:
    await _opened(windows)
    sky = await _at_the_sheet(windows, "Sky")
    await sky.get_by_label(RECORD).check()
    await sky.get_by_label(TEXT).check()
    await sky.get_by_text("Three questions about you").click()
    await sky.get_by_label("Wales").check()
    await sky.get_by_role("button", name="Take part").click()
    receipt = sky.get_by_role("article", name="Receipt: You take part")
    await expect(receipt).to_be_focused()
    await expect(receipt).to_contain_text(re.compile(r"What I do here\s*Yes"))
    await expect(receipt).to_contain_text(re.compile(r"Asking me again\s*No"))
    async with sky.expect_download() as kept:
        await receipt.get_by_role("button", name="Keep it as a file").click()
    await (await kept.value).save_as(tmp_path / "receipt.txt")
    assert "What I write: Yes" in (tmp_path / "receipt.txt").read_text()

    await write(sky, "The kettle is on, who is up?")
    await _meets(windows)
    await eventually(lambda: _held(windows), until=lambda held: held == (1, 1))
    await eventually(lambda: _meetings(windows), until=lambda found: found == 1)
    await sky.goto("/my-data")
    held = sky.get_by_role("region", name=TITLE)
    await expect(held).to_contain_text("It holds a record of 1 post")
    await held.get_by_text("Every row about what you did").click()
    row = held.get_by_role("row", name="You wrote a post, your 1st in this study")
    await expect(row).to_contain_text("Day 0, visit 1")
    await held.get_by_text("Every row about meetings").click()
    meeting = held.get_by_role("row", name="You came to a meeting in person, 90 minutes")
    await expect(meeting).to_contain_text("Day 0")
    await held.get_by_text("Every text of yours").click()
    await expect(held.get_by_text("The kettle is on, who is up?")).to_be_visible()
    await held.get_by_text("What you said about yourself").click()
    await expect(held.get_by_text("Wales")).to_be_visible()

    at = await sky.evaluate("scrollTo(0, 300), scrollY")
    await held.get_by_role("link", name=TITLE).focus()
    await sky.evaluate("at => scrollTo(0, at)", at)
    await sky.keyboard.press("Enter")
    await expect(sky).to_have_url(re.compile("/studies/"))
    await sky.go_back()
    await expect(held.get_by_text("The kettle is on, who is up?")).to_be_visible()
    await expect(held.get_by_text("Wales")).to_be_visible()
    await eventually(lambda: sky.evaluate("scrollY"), until=lambda y: y == at)

    await held.get_by_role("button", name="Leave this study").click()
    await sky.get_by_role("dialog").get_by_role("button", name="Stop and erase").click()
    await expect(
        sky.get_by_role("article", name="Receipt: Your rows, texts and answers are erased")
    ).to_be_focused()
    await expect(sky.get_by_text("No study holds anything about you")).to_be_visible()
    assert await _held(windows) == (0, 0)


async def test_a_newer_sheet_ticks_nothing_and_one_thing_can_be_taken_back_without_it(
    windows: Windows,
) -> None:
    study_id = await _opened(windows)
    sky = await _at_the_sheet(windows, "Sky")
    for words in (RECORD, TEXT, AGAIN):
        await sky.get_by_label(words).check()
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_role("article", name="Receipt: You take part")).to_be_focused()
    async with unit_of_work(windows.database) as session:
        study = await studies.access(session, study_id, is_researcher=True, lock="change")
        await publish_signed_off(session, study, body="Other words.")

    await sky.reload()
    await expect(sky.get_by_text("The information has changed since you agreed")).to_be_visible()
    for words in (RECORD, TEXT, AGAIN):
        await expect(sky.get_by_label(words)).not_to_be_checked()
    await sky.get_by_role("button", name="Agree to this").click()
    await expect(sky.get_by_text("what you agreed to stands")).to_be_visible()

    await sky.goto("/my-data")
    held = sky.get_by_role("region", name=TITLE)
    await held.get_by_role("button", name="Stop agreeing to: What I write").click()
    receipt = sky.get_by_role("article", name="Receipt: You take part")
    await expect(receipt).to_be_focused()
    await expect(receipt).to_contain_text(re.compile(r"What I write\s*No longer"))
    await expect(held).to_contain_text("Agreed under version 1")
    await expect(held.get_by_role("button", name="Stop agreeing to: What I write")).to_have_count(0)

    await sky.goto(f"/studies/{study_id}")
    await sky.get_by_label(RECORD).check()
    await sky.get_by_role("button", name="Agree to this").click()
    await expect(receipt).to_contain_text(re.compile(r"Asking me again\s*No longer"))
    await expect(sky.get_by_text("The information has changed")).to_have_count(0)


async def test_stopping_keeps_what_was_recorded_until_it_is_erased(windows: Windows) -> None:
    await _opened(windows)
    sky = await _at_the_sheet(windows, "Sky")
    await sky.get_by_label(AGAIN).check()
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_role("article", name="Receipt")).to_be_visible()
    await sky.goto("/my-data")
    await sky.get_by_role("button", name="Leave this study").click()
    await sky.get_by_role("dialog").get_by_role("button", name="Stop", exact=True).click()
    await expect(sky.get_by_role("article", name="Receipt: You have stopped")).to_be_focused()
    await expect(sky.get_by_role("region", name=TITLE)).to_contain_text("You have stopped")
    await expect(sky.get_by_role("button", name="Have it erased")).to_be_visible()


async def test_a_sheet_that_changed_while_it_was_read_unticks_everything(windows: Windows) -> None:
    study_id = await _opened(windows)
    sky = await _at_the_sheet(windows, "Sky")
    await sky.get_by_label(RECORD).check()
    async with unit_of_work(windows.database) as session:
        study = await studies.access(session, study_id, is_researcher=True, lock="change")
        await publish_signed_off(session, study, body="We also look at mornings.")
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_text("The information sheet has changed")).to_be_visible()
    await expect(sky.get_by_text("We also look at mornings.")).to_be_visible()
    await expect(sky.get_by_label(RECORD)).not_to_be_checked()
    await sky.get_by_label(RECORD).check()
    await sky.get_by_role("button", name="Take part").click()
    receipt = sky.get_by_role("article", name="Receipt: You take part")
    await expect(receipt).to_contain_text("version 2")


async def test_a_researcher_prepares_opens_and_is_refused_a_dataset_of_one(
    windows: Windows,
) -> None:
    wren = await staff(windows, "Wren", Role.RESEARCHER, "/research")
    await wren.get_by_role("link", name="Begin a new study").click()
    await wren.get_by_label("Title").fill(TITLE)
    await wren.get_by_label("What it is for").fill("Nights, and company in them.")
    await expect(wren.get_by_label("A record of what they do")).to_be_checked()
    await expect(wren.get_by_label("What they write")).not_to_be_checked()
    await wren.get_by_label("Being asked again").check()
    await wren.get_by_role("button", name="Begin the study").click()
    await wren.get_by_label("Information sheet").fill(SHEET)
    preview = wren.get_by_role("region", name="As members will read it")
    await expect(preview.locator("strong")).to_have_text("You can stop")
    await wren.get_by_label("Rows of single acts may leave").check()
    await expect(preview).to_contain_text("Single acts may leave.")
    await wren.reload()
    await expect(wren.get_by_label("Information sheet")).to_have_value(SHEET)
    await expect(wren.get_by_label("Rows of single acts may leave")).to_be_checked()
    await wren.get_by_label("Rows of single acts may leave").uncheck()
    await wren.get_by_role("button", name="Publish version 1").click()
    await expect(wren.get_by_text("(in use)")).to_be_visible()

    await wren.get_by_role("link", name="People and state").click()
    nobody = wren.get_by_text("People who take part: fewer than 10.")
    await expect(nobody).to_be_visible()
    await signed_off(windows.database, wren.url.rpartition("/")[2])
    await wren.get_by_role("button", name="Open it to members").click()
    await wren.get_by_role("dialog").get_by_role("button", name="Open it").click()
    await expect(wren.get_by_text("Open: members can join")).to_be_visible()

    sky = await _at_the_sheet(windows, "Sky")
    await expect(sky.get_by_label(AGAIN)).to_be_visible()
    await expect(sky.get_by_label(TEXT)).to_have_count(0)
    await expect(sky.get_by_text("Single acts may leave")).to_have_count(0)
    await sky.get_by_label(RECORD).check()
    await sky.get_by_role("button", name="Take part").click()
    receipt = sky.get_by_role("article", name="Receipt")
    await expect(receipt).to_contain_text(re.compile(r"Asking me again\s*No"))
    await expect(receipt).not_to_contain_text("What I write")

    await wren.reload()
    await expect(nobody).to_be_visible()
    await expect(wren.get_by_text("Live counts are rounded down")).to_be_visible()
    await expect(wren.get_by_role("main")).not_to_contain_text("Sky")
    await wren.get_by_role("link", name="Data", exact=True).click()
    await wren.get_by_role("link", name="Datasets").click()
    await expect(wren.get_by_text("A dataset needs at least 5")).to_be_visible()
    await expect(wren.get_by_role("button", name="Freeze it now")).to_be_disabled()


async def test_the_office_appoints_and_takes_back_with_a_reason(windows: Windows) -> None:
    await windows.member("Rowan")
    office = await staff(windows, "Office", Role.ADMINISTRATOR, "/staff")
    await office.get_by_label("Their name on Alongside").fill("Rowan")
    await office.get_by_label("Moderator").check()
    await office.get_by_label("Why").fill("Two years of kind answers.")
    await office.get_by_role("button", name="Give the role").click()
    row = office.get_by_role("listitem").filter(has_text="Rowan").first
    await expect(row).to_contain_text("No second step set up yet")
    await row.get_by_role("button", name="Remove role").click()
    await office.get_by_role("dialog").get_by_label("Why").fill("At their own wish.")
    await office.get_by_role("dialog").get_by_role("button", name="Remove the role").click()
    await expect(office.get_by_role("listitem").filter(has_text="Rowan")).to_have_count(0)


async def _meets(windows: Windows) -> None:
    """Whoever takes part comes to a meeting that begins now."""
    (link,) = await db.fetch(windows.database.pool, "SELECT member_id FROM identity.study_links")
    await happen(windows.database, came(link["member_id"], clock.now(), group=new_id()))


async def _meetings(windows: Windows) -> int:
    query = "SELECT count(*) AS kept FROM research.attendances"
    (row,) = await db.fetch(windows.database.pool, query)
    return int(row["kept"])


async def _held(windows: Windows) -> tuple[int, int]:
    """Rows of activity and texts, reading left out."""
    (row,) = await db.fetch(
        windows.database.pool,
        "SELECT (SELECT count(*) FROM research.activities WHERE kind <> 'read') AS activities,"
        " (SELECT count(*) FROM research.texts) AS texts",
    )
    return row["activities"], row["texts"]
