"""Something is flagged; a moderator sees it arrive and decides, by keyboard alone."""

import re

import pytest
from playwright.async_api import Page, expect

from app.core import db
from app.core.db import unit_of_work
from app.identity.roles import Role
from app.moderation import log_checks
from tests.browser.staff import flag, staff
from tests.browser.windows import PHONE, Windows, card, write

WORDS = "It was the worst night in a year"
RULES = "This breaks the rules"
WORRY = "I'm worried about this person"
HURTFUL = "It is hurtful to someone"
REASON = "It may be hard to read for someone on a bad day."


async def _posted(windows: Windows, words: str = WORDS) -> tuple[Page, Page]:
    """Sky wrote it, Rowan has it open."""
    sky = await windows.member("Sky")
    await write(sky, words)
    rowan = await windows.member("Rowan")
    await expect(card(rowan, words)).to_be_visible()
    return sky, rowan


async def test_a_flag_arrives_and_is_decided_by_keyboard_alone(windows: Windows) -> None:
    sky, rowan = await _posted(windows)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await expect(sam.get_by_text("Nothing is waiting for you")).to_be_visible()
    await flag(rowan, WORDS, RULES, HURTFUL)
    await expect(sam.get_by_role("link", name="A post by Sky")).to_be_visible()

    for key in ("j", "Enter"):
        await sam.keyboard.press(key)
    await expect(sam.get_by_role("heading", name="A post by Sky")).to_be_focused()
    await expect(sam.get_by_text("Rowan says: it is hurtful to someone")).to_be_visible()
    await expect(sam.get_by_text(WORDS)).to_have_count(0)
    await sam.keyboard.press("c")
    await expect(sam.get_by_text("You have this one until")).to_be_visible()
    await sam.keyboard.press("o")
    await expect(sam.get_by_text(WORDS)).to_be_visible()
    await sam.keyboard.press("2")
    await expect(sam.get_by_label("What is it about, in a word or two?")).to_be_focused()
    await sam.keyboard.type("a hard night")
    await expect(sam.get_by_text("sees “Mentions a hard night” and chooses")).to_be_visible()
    await sam.keyboard.press("Tab")
    await sam.keyboard.type(REASON)
    await sam.keyboard.press("Control+Enter")
    await expect(sam.get_by_role("heading", name="You decided")).to_be_visible()
    await expect(sam.get_by_text("folded it behind a note about a hard night")).to_be_visible()

    await expect(card(rowan, "Mentions a hard night")).to_be_visible()
    for page, told in ((sky, REASON), (rowan, "It is now folded behind a note")):
        await page.goto("/news")
        await expect(page.get_by_text(told).first).to_be_visible()


async def test_a_worry_waits_above_without_moving_what_is_there(windows: Windows) -> None:
    sky, rowan = await _posted(windows)
    await flag(rowan, WORDS, RULES, HURTFUL)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    row = sam.get_by_role("link", name="A post by Sky")
    await expect(row).to_be_visible()
    await write(sky, "I can't see a way on")
    await rowan.get_by_role("button", name="Show 1 new post").click()
    await flag(rowan, "I can't see a way on", WORRY)
    waiting = sam.get_by_role("button", name="Someone is worried: show 1 new case")
    await expect(waiting).to_be_visible()
    await expect(row).to_have_count(1)
    await waiting.click()
    first = sam.get_by_role("list", name="Cases").get_by_role("link").first
    await expect(first).to_contain_text("Someone is worried")
    await expect(first).to_be_focused()


async def test_words_are_kept_when_someone_else_decides_first(windows: Windows) -> None:
    _, rowan = await _posted(windows)
    await flag(rowan, WORDS, RULES, HURTFUL)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    ash = await staff(windows, "Ash", Role.SAFEGUARDING, "/moderation")
    await _open_and_claim(sam)
    await sam.get_by_label("Hide it for now").check()
    await sam.get_by_label("Why, in kind words").fill("Sam's own kind words, typed with care.")
    await _let_time_run_out(windows)
    await ash.reload()
    await _open_and_claim(ash)
    await ash.get_by_label("Leave it as it is").check()
    await ash.get_by_role("button", name="Within the house rules").click()
    await ash.get_by_role("button", name="Send the decision").click()
    await expect(ash.get_by_role("heading", name="You decided")).to_be_visible()

    await expect(sam.get_by_text("Someone else has decided this one")).to_be_visible()
    await expect(sam.get_by_text("Ash left it as it is")).to_be_visible()
    await expect(sam.get_by_role("heading", name="What you had written")).to_be_visible()
    left = sam.get_by_text("Sam's own kind words, typed with care.")
    await expect(left).to_be_visible()
    await sam.get_by_role("button", name="Delete it").press("Enter")
    await expect(left).to_have_count(0)
    await expect(sam.get_by_role("button", name="Bring it back")).to_be_focused()
    await sam.get_by_role("button", name="Bring it back").press("Enter")
    await expect(left).to_be_visible()
    await sam.reload()
    await expect(left).to_be_visible()
    await sam.get_by_role("button", name="Delete it").click()
    await expect(left).to_have_count(0)
    await sam.reload()
    await expect(sam.get_by_role("heading", name="How it was decided")).to_be_visible()
    await expect(sam.get_by_role("heading", name="What you had written")).to_have_count(0)


async def test_two_who_press_at_once_make_one_decision(windows: Windows) -> None:
    """The one whose time ran out is told by the queue or by the answer to what they sent."""
    _, rowan = await _posted(windows)
    await flag(rowan, WORDS, RULES, HURTFUL)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await _open_and_claim(sam)
    await sam.get_by_label("Hide it for now").check()
    await sam.get_by_label("Why, in kind words").fill("Sam's own kind words, typed with care.")
    await _let_time_run_out(windows)
    await sam.keyboard.press("Control+Enter")
    told = re.compile("You don't have this one any more|[Yy]our time with it has run out")
    await expect(sam.get_by_text(told).first).to_be_visible()
    await sam.get_by_role("button", name="Claim it").click()
    await expect(sam.get_by_label("Why, in kind words")).to_have_value(
        "Sam's own kind words, typed with care."
    )
    await sam.get_by_role("button", name="Send the decision").click()
    await expect(sam.get_by_role("heading", name="You decided")).to_be_visible()


async def test_single_keys_can_be_turned_off(windows: Windows) -> None:
    _, rowan = await _posted(windows)
    await flag(rowan, WORDS, RULES, HURTFUL)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await sam.get_by_role("link", name="A post by Sky").click()
    await expect(sam.get_by_role("button", name="Claim it")).to_be_visible()
    await sam.keyboard.press("?")
    await sam.get_by_label("Use single keys on this device").uncheck()
    await sam.get_by_role("dialog").get_by_role("button", name="Close").click()
    await sam.keyboard.press("c")
    await sam.keyboard.press("o")
    await expect(sam.get_by_text(WORDS)).to_have_count(0)
    await expect(sam.get_by_role("button", name="Claim it")).to_be_visible()


async def test_on_a_phone_the_case_is_a_page_of_its_own(windows: Windows) -> None:
    _, rowan = await _posted(windows)
    await flag(rowan, WORDS, WORRY)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation", viewport=PHONE)
    await sam.get_by_role("link", name="A post by Sky").click()
    await expect(sam.get_by_role("heading", name="Someone is worried about Sky")).to_be_visible()
    await expect(sam.get_by_role("list", name="Cases")).to_be_hidden()
    assert await sam.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await sam.get_by_role("link", name="Back to the queue").click()
    await expect(sam.get_by_role("list", name="Cases")).to_be_visible()


async def test_the_log_tells_what_was_done_and_holds_together(windows: Windows) -> None:
    _, rowan = await _posted(windows)
    await flag(rowan, WORDS, WORRY)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await _open_and_claim(sam)
    await sam.goto("/moderation/log")
    await expect(sam.get_by_role("row").filter(has_text="Sam claimed it.")).to_be_visible()
    await expect(sam.get_by_role("table")).not_to_contain_text("Rowan")
    await expect(sam.get_by_text("Nobody has checked the log yet")).to_be_visible()
    await sam.get_by_role("button", name="Check the log").click()
    await expect(sam.get_by_role("button", name="Checking…")).to_be_visible()
    await expect(sam.get_by_text("even when you leave this page")).to_be_visible()
    await _check(windows)
    await expect(sam.get_by_text("The log is as it was written")).to_be_visible()
    await expect(sam.get_by_text("lines up to then hold together")).to_be_visible()
    await sam.reload()
    await expect(sam.get_by_role("button", name="Check the log again")).to_be_visible()
    await expect(sam.get_by_text("The log is as it was written")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "people"),
    [("/moderation", "moderators"), ("/research", "researchers"), ("/staff", "administrators")],
)
async def test_a_member_at_a_staff_door_is_shown_the_way_back(
    windows: Windows, path: str, people: str
) -> None:
    rowan = await windows.member("Rowan", path)
    await expect(rowan.get_by_role("heading", name=f"This room is for {people}")).to_be_visible()
    await rowan.get_by_role("link", name="Go to the wall").click()
    await expect(rowan.get_by_role("heading", name="The wall")).to_be_visible()


async def _open_and_claim(page: Page) -> None:
    await page.get_by_role("link", name="A post by Sky").click()
    await page.get_by_role("button", name="Claim it").click()
    await expect(page.get_by_text("You have this one until")).to_be_visible()


async def _let_time_run_out(windows: Windows) -> None:
    """As if a quarter of an hour had passed: the claim ends by itself."""
    async with unit_of_work(windows.database) as session:
        connection = await db.driver(session)
        await connection.execute(
            "UPDATE moderation.cases SET claimed_at = now() - interval '20 minutes',"
            " claim_expires_at = now() - interval '5 minutes'"
        )


async def _check(windows: Windows) -> None:
    """Do as the worker does with the job that waits."""
    await log_checks.run(windows.database)
    async with windows.database.pool.connection() as connection:
        await connection.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = %s", (log_checks.TASK,)
        )
