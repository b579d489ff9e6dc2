"""A server that refuses everybody for a while: nobody loses their place, and all converge."""

import re

from playwright.async_api import Page, expect

from tests.browser.windows import Desk, card, kept_for_offline, write

WORDS = "I have been trying to write this for an hour"
#: By then the pauses between two tries have grown.
COMING_BACK_MS = 90_000.0


async def turned_away(page: Page, desk: Desk) -> None:
    """The server is gone, and this page has asked in vain who is signed in."""
    async with page.expect_event(
        "requestfailed", lambda request: request.url.endswith("/api/v1/me")
    ):
        desk.server.refuse()


async def test_an_open_edit_form_and_the_wall_outlive_an_outage(desk: Desk) -> None:
    rowan = await desk.member("Rowan", keeps_offline=True)
    await write(rowan, "A walk helps me")
    await card(rowan, "A walk helps me").get_by_role("button", name="More").click()
    await rowan.get_by_role("menuitem", name="Edit").click()
    await rowan.get_by_label("Change your words").fill(WORDS)
    await turned_away(rowan, desk)
    await expect(rowan.get_by_text("The connection is lost for now.")).to_be_visible()
    await expect(rowan.get_by_label("Change your words")).to_have_value(WORDS)

    desk.server.start_again()
    sky = await desk.member("Sky", keeps_offline=True)
    await write(sky, "Still here after the pause")
    newer = rowan.get_by_role("button", name="Show 1 new post")
    await expect(newer).to_be_visible(timeout=COMING_BACK_MS)
    await expect(rowan.get_by_text("The connection is lost for now.")).to_have_count(0)
    await expect(rowan.get_by_label("Change your words")).to_have_value(WORDS)
    await rowan.get_by_role("button", name="Save the change").click()
    await newer.click()
    await expect(card(rowan, "Still here after the pause")).to_have_count(1)
    await expect(card(rowan, WORDS)).to_contain_text("edited")


async def test_a_page_opened_during_an_outage_comes_by_itself(desk: Desk) -> None:
    page = await desk.member("Rowan", "/house-rules", keeps_offline=True)
    await kept_for_offline(page)
    desk.server.refuse()
    await page.goto("/wall")
    await expect(page.get_by_role("heading", name="We can't reach Alongside")).to_be_visible()
    desk.server.start_again()
    await expect(page.get_by_text("It is quiet here")).to_be_visible(timeout=COMING_BACK_MS)


async def test_a_draft_is_read_and_written_through_a_reload_without_a_line(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write", keeps_offline=True)
    words = page.get_by_label("What would you like to say?")
    await words.fill(WORDS)
    await kept_for_offline(page)
    await page.context.set_offline(True)
    await page.reload()
    await expect(words).to_have_value(WORDS)
    await words.fill(f"{WORDS}, and now I can")
    await page.reload()
    await expect(words).to_have_value(f"{WORDS}, and now I can")
    await expect(page.get_by_text("can be sent once it is back")).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(card(page, f"{WORDS}, and now I can")).to_have_count(1)


async def test_who_signed_out_is_not_met_again_without_a_line(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write", keeps_offline=True)
    await page.get_by_label("What would you like to say?").fill(WORDS)
    await kept_for_offline(page)
    await page.get_by_role("link", name="Me", exact=True).click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile(r"/(sign-in.*)?$"))
    await page.context.set_offline(True)
    await page.goto("/write")
    await expect(page.get_by_role("heading", name="We can't reach Alongside")).to_be_visible()
    await expect(page.get_by_label("What would you like to say?")).to_have_count(0)
