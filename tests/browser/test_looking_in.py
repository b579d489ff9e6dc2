"""A moderator writes to someone who is worried about, and asks the lead; staff find their rooms."""

import pytest
from playwright.async_api import Page, expect

from app.community import breaks
from app.community.choices import BreakLength
from app.core.db import unit_of_work
from app.identity.roles import Role
from tests.browser.staff import WIDE, flag, staff
from tests.browser.test_axe import assert_nothing, examine
from tests.browser.windows import PHONE, Windows, card, write
from tests.people import code_now, someone

WORDS = "I can't see a way on"
WORRY = "I'm worried about this person"
HELP = "This sounds very hard to carry. We are here, and so are others."
WHY = "I don't feel able to judge this one alone."


async def _worried(windows: Windows) -> tuple[Page, Page]:
    """Sky wrote it, Rowan worries."""
    sky = await windows.member("Sky")
    await write(sky, WORDS)
    rowan = await windows.member("Rowan")
    await expect(card(rowan, WORDS)).to_be_visible()
    await flag(rowan, WORDS, WORRY)
    return sky, rowan


async def _open_and_claim(page: Page) -> None:
    await page.get_by_role("link", name="A post by Sky").click()
    await page.get_by_role("button", name="Claim it").click()
    await expect(page.get_by_text("You have this one until")).to_be_visible()


async def test_the_author_is_written_to_by_keyboard_and_whoever_worried_reads_that_they_were(
    windows: Windows,
) -> None:
    sky, rowan = await _worried(windows)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await expect(sam.get_by_text("1 case waits, flagged by 1 person.")).to_be_visible()
    await _open_and_claim(sam)
    await sam.keyboard.press("w")
    box = sam.get_by_label("Your words to them")
    await expect(box).to_be_focused()
    await sam.keyboard.type(HELP)
    form = sam.get_by_role("form", name="Write to Sky")
    await expect(form).to_contain_text("You're not in trouble")
    await expect(form).to_contain_text("116 123")
    await expect(form).to_contain_text("reads your words at once")
    await sam.keyboard.press("Control+Enter")
    done = sam.get_by_role("heading", name="What was done so far")
    await expect(done).to_be_focused()
    await expect(sam.get_by_text("Sam wrote to Sky")).to_be_visible()

    news = sky.get_by_role("listitem").filter(has_text=HELP)
    await sky.goto("/news")
    await expect(news).to_contain_text("You're not in trouble")
    await expect(news).not_to_contain_text("Rowan")
    await expect(news.get_by_role("link", name="Help now")).to_have_attribute("href", "/help-now")

    await sam.keyboard.press("1")
    await expect(sam.get_by_text("They have been written to already.")).to_be_visible()
    await sam.get_by_role("button", name="It can stay").click()
    await sam.get_by_role("button", name="Send the decision").click()
    await expect(sam.get_by_role("heading", name="You decided")).to_be_visible()
    await rowan.goto("/news")
    await expect(rowan.get_by_text("We've written to them")).to_be_visible()
    await sam.get_by_role("link", name="Decided", exact=True).click()
    row = sam.get_by_role("list", name="Cases").get_by_role("link").first
    await expect(row).to_contain_text("Sam left it as it is")


async def test_the_lead_is_asked_and_finds_the_case_in_their_own_queue(windows: Windows) -> None:
    await _worried(windows)
    lead = await staff(windows, "Ash", Role.SAFEGUARDING, "/news", viewport=PHONE)
    await expect(lead.get_by_role("heading", name="Nothing new")).to_be_visible()
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await _open_and_claim(sam)
    await sam.keyboard.press("l")
    await expect(sam.get_by_label("What the lead should know")).to_be_focused()
    await sam.keyboard.type(WHY)
    await sam.keyboard.press("Control+Enter")
    await expect(sam.get_by_text("Sam asked the safeguarding lead to look")).to_be_visible()
    await expect(sam.get_by_text("Nobody is looking at this one")).to_be_visible()

    await expect(lead.get_by_text("A moderator asks you, as safeguarding lead")).to_be_visible()
    await lead.get_by_role("link", name="Go to the queue").click()
    await expect(lead.get_by_role("link", name="Asked of you")).to_have_attribute(
        "aria-current", "page"
    )
    await lead.get_by_role("link", name="A post by Sky").click()
    await expect(lead.get_by_text(WHY)).to_be_visible()
    assert await lead.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_words_to_an_author_are_kept_when_the_case_is_left(windows: Windows) -> None:
    await _worried(windows)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await _open_and_claim(sam)
    await sam.get_by_role("button", name="Write to Sky").click()
    await sam.get_by_label("Your words to them").fill(f"{HELP} Rowan told us.")
    await expect(sam.get_by_text("Your words name Rowan, who flagged it.")).to_be_visible()
    await sam.reload()
    await sam.get_by_role("button", name="Write to Sky").click()
    await expect(sam.get_by_label("Your words to them")).to_have_value(f"{HELP} Rowan told us.")


async def test_words_from_a_moderator_are_there_on_a_break_too(windows: Windows) -> None:
    person = await someone(windows.database, windows.settings, name="Sky")
    sky = await windows.open()
    await windows.sign_in(sky, person)
    await sky.goto("/wall")
    await write(sky, WORDS)
    rowan = await windows.member("Rowan")
    await flag(rowan, WORDS, WORRY)
    async with unit_of_work(windows.database) as session:
        await breaks.take(session, person.member_id, BreakLength.DAY)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await _open_and_claim(sam)
    await sam.get_by_role("button", name="Write to Sky").click()
    await sam.get_by_label("Your words to them").fill(HELP)
    await sam.get_by_role("button", name="Send it to Sky").click()
    await expect(sam.get_by_text("Sam wrote to Sky")).to_be_visible()
    await expect(sky.get_by_text(HELP)).to_be_visible()
    await expect(sky.get_by_role("heading", name="You're on a break")).to_be_visible()


async def test_the_log_is_filtered_and_the_address_holds_it(windows: Windows) -> None:
    await _worried(windows)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await _open_and_claim(sam)
    await sam.goto("/moderation/log")
    rows = sam.get_by_role("table").get_by_role("row")
    await expect(rows.filter(has_text="A flag opened this case.")).to_be_visible()
    await sam.get_by_text("Find lines by who, what or when").click()
    await sam.get_by_label("Who").select_option("Sam")
    await sam.get_by_label("What").select_option("Claimed")
    await sam.get_by_role("button", name="Show these").click()
    await sam.wait_for_url("**/moderation/log?by=*&act=claimed")
    await expect(rows.filter(has_text="Sam claimed it.")).to_have_count(1)
    await expect(rows).to_have_count(2)
    await sam.reload()
    await expect(rows).to_have_count(2)
    await expect(sam.get_by_label("What")).to_have_value("claimed")
    await sam.get_by_role("link", name="See everything").click()
    await expect(rows.filter(has_text="A flag opened this case.")).to_be_visible()
    await sam.go_back()
    await expect(rows).to_have_count(2)


@pytest.mark.parametrize(
    ("role", "asked", "path"),
    [
        (Role.MODERATOR, "", "/moderation"),
        (Role.SAFEGUARDING, "", "/moderation"),
        (Role.ADMINISTRATOR, "", "/staff"),
        (Role.MODERATOR, "?next=%2Fwall", "/wall"),
    ],
)
async def test_staff_land_in_their_own_room_unless_they_were_elsewhere(
    windows: Windows, role: Role, asked: str, path: str
) -> None:
    person = await someone(
        windows.database, windows.settings, name="Sam", roles=[role], has_second_factor=True
    )
    page = await windows.open()
    await page.goto(f"/sign-in{asked}")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password", exact=True).fill(person.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_label("Code from your app").fill(code_now())
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"**{path}")


async def test_axe_finds_nothing_where_an_author_is_written_to(windows: Windows) -> None:
    found = {}
    sky = await windows.member("Sky")
    await write(sky, WORDS)
    rowan = await windows.member("Rowan")
    await flag(rowan, WORDS, WORRY)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")
    await _open_and_claim(sam)
    await sam.get_by_role("button", name="Write to Sky").click()
    await sam.get_by_label("Your words to them").fill(HELP)
    for size in (WIDE, PHONE):
        await sam.set_viewport_size(size)
        found[f"writing {size}"] = await examine(sam)
    await sam.get_by_role("button", name="Send it to Sky").click()
    await expect(sam.get_by_text("Sam wrote to Sky")).to_be_visible()
    found["written"] = await examine(sam)
    await sam.get_by_label("Leave it as it is").check()
    await sam.get_by_role("button", name="It can stay").click()
    await sam.get_by_role("button", name="Send the decision").click()
    await expect(sam.get_by_role("heading", name="You decided")).to_be_visible()
    await sam.goto("/moderation?show=decided")
    await expect(sam.get_by_text("left it as it is")).to_be_visible()
    found["decided"] = await examine(sam)
    await sam.goto("/moderation/log?act=decided")
    await expect(sam.get_by_role("button", name="Show these")).to_be_visible()
    found["log"] = await examine(sam)
    await sky.goto("/news")
    await expect(sky.get_by_text(HELP)).to_be_visible()
    found["news"] = await examine(sky)
    assert_nothing(found)
