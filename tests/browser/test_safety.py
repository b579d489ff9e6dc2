"""Help now and leaving quickly: on every page, without scripts, without a line."""

import re
from contextlib import suppress

import pytest
from playwright.async_api import TimeoutError as TookTooLongError
from playwright.async_api import expect

from tests.browser.windows import ELSEWHERE, Desk, kept_for_offline, write

NUMBERS = ("116 123", "SHOUT to 85258", "111, option 2", "999")


@pytest.mark.parametrize("scripts", [True, False])
async def test_help_now_holds_every_number_with_and_without_scripts(
    desk: Desk, scripts: bool
) -> None:
    page = await desk.window(java_script_enabled=scripts)
    await page.goto("/")
    await page.get_by_role("link", name="Help now").first.click()
    await expect(page.get_by_role("heading", name="Help now")).to_be_visible()
    for number in NUMBERS:
        await expect(page.get_by_role("main")).to_contain_text(number)
    assert await page.locator("script").count() == 0


async def test_help_now_opens_without_a_line_once_the_site_was_visited(desk: Desk) -> None:
    page = await desk.window(keeps_offline=True)
    await page.goto("/")
    await kept_for_offline(page)
    await page.context.set_offline(True)
    await page.goto("/help-now")
    await expect(page.get_by_role("link", name="Call 116 123")).to_be_visible()
    styled = await page.get_by_role("link", name="Call 116 123").evaluate(
        "element => getComputedStyle(element).display"
    )
    assert styled == "flex"


async def test_leaving_quickly_leaves_no_way_back_and_signs_out(desk: Desk) -> None:
    page = await desk.member("Rowan", leaves=True)
    await write(page, "Something private")
    await page.get_by_role("link", name="Me", exact=True).click()
    await page.get_by_role("link", name="Leave quickly").click()
    await expect(page).to_have_url(ELSEWHERE)
    await page.go_back()
    await expect(page.get_by_text("Something private")).to_have_count(0)
    await page.goto("/wall")
    await expect(page).to_have_url(re.compile("/sign-in"))


async def test_three_presses_of_escape_leave_from_anywhere(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write", leaves=True)
    await page.get_by_label("What would you like to say?").focus()
    # They count within a second and a half, by the browser's clock: a machine that stalls between
    # two of them makes a person press again, and the test too.
    for _ in range(5):
        for _ in range(3):
            await page.keyboard.press("Escape")
        with suppress(TookTooLongError):
            await page.wait_for_url(ELSEWHERE, timeout=6_000)
            return
    await expect(page).to_have_url(ELSEWHERE)


async def test_escape_for_an_input_method_is_no_leaving(desk: Desk) -> None:
    """Who writes Japanese or Chinese presses it to give up a choice of characters."""
    page = await desk.member("Rowan", "/write")
    words = page.get_by_label("What would you like to say?")
    await words.fill("I have been trying")
    hows: list[dict[str, object]] = [{"isComposing": True}, {"keyCode": 229}]
    for how in hows:
        await words.evaluate(
            """(area, how) => {
              for (let press = 0; press < 4; press++)
                area.dispatchEvent(new KeyboardEvent('keydown',
                  {key: 'Escape', bubbles: true, cancelable: true, ...how}));
            }""",
            how,
        )
    await expect(words).to_be_visible()
    await expect(words).to_have_value("I have been trying")
    assert "/write" in page.url
    assert await page.title() != "Weather"


async def test_leaving_quickly_is_a_plain_link_without_scripts(desk: Desk) -> None:
    page = await desk.window(leaves=True, java_script_enabled=False)
    await page.goto("/help-now")
    leave = page.get_by_role("link", name="Leave quickly")
    await expect(leave).to_have_attribute("rel", re.compile("noreferrer"))
    await leave.click()
    await expect(page).to_have_url(ELSEWHERE)
