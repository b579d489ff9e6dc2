"""Writing on a phone: the box comes first, Send stays in reach, and nothing typed is lost."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.windows import Windows, card, write

PHONE: ViewportSize = {"width": 360, "height": 640}
#: As high as the page is where a keyboard takes the lower part of the screen.
BESIDE_A_KEYBOARD: ViewportSize = {"width": 360, "height": 350}
LONG = "One line of many, for whoever has much to say.\n" * 30

Place = Callable[[Windows], Awaitable[tuple[Page, Locator, Locator]]]


async def a_post(windows: Windows) -> tuple[Page, Locator, Locator]:
    page = await windows.member("Rowan", "/write", viewport=PHONE)
    return (
        page,
        page.get_by_label("What would you like to say?"),
        page.get_by_role("button", name="Send to the wall"),
    )


async def a_reply(windows: Windows) -> tuple[Page, Locator, Locator]:
    sky = await windows.member("Sky")
    await write(sky, "A hard night")
    page = await windows.member("Rowan", viewport=PHONE)
    await card(page, "A hard night").get_by_role("link", name="Reply").click()
    words = page.get_by_label("Your reply")
    await expect(words).to_be_visible()
    return page, words, page.get_by_role("button", name="Send the reply")


async def an_edit(windows: Windows) -> tuple[Page, Locator, Locator]:
    page = await windows.member("Rowan", viewport=PHONE)
    await write(page, "A hard night")
    await card(page, "A hard night").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Edit").click()
    return (
        page,
        page.get_by_label("Change your words"),
        page.get_by_role("button", name="Save the change"),
    )


async def bottom(found: Any) -> float:
    box = await found.bounding_box()
    assert box is not None
    return float(box["y"] + box["height"])


async def assert_in_reach(page: Page, send: Any) -> None:
    """All of it is in sight, and a tap on it meets it: no bar, and nothing else, lies over it."""
    await page.wait_for_function(
        """(send) => {
          const {x, y, width, height, bottom} = send.getBoundingClientRect();
          const met = document.elementFromPoint(x + width / 2, y + height / 2);
          return bottom <= innerHeight && send.contains(met);
        }""",
        arg=await send.element_handle(),
    )


@pytest.mark.parametrize("place", [a_post, a_reply, an_edit])
async def test_send_stands_above_the_bar_also_beside_a_keyboard(
    windows: Windows, place: Place
) -> None:
    page, words, send = await place(windows)
    await expect(send).to_be_visible()
    await words.focus()
    await assert_in_reach(page, send)
    for text in ("A few words.", LONG):
        await words.fill(text)
        for size in (BESIDE_A_KEYBOARD, PHONE):
            await page.set_viewport_size(size)
            await words.evaluate("(area) => area.scrollIntoView({block: 'nearest'})")
            await assert_in_reach(page, send)
            await expect(words).to_be_in_viewport()


async def test_send_stands_above_a_keyboard_that_lies_over_the_page(windows: Windows) -> None:
    page, words, send = await a_post(windows)
    await words.fill(LONG)
    await page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, 'height', {get: () => 380});
          visualViewport.dispatchEvent(new Event('resize'));
        }"""
    )
    bar = page.locator("[data-send-bar]")
    await expect(bar).to_have_css("--keyboard", "260px")
    assert await bottom(send) <= 380


@pytest.mark.parametrize("place", [a_post, a_reply])
async def test_the_box_comes_before_every_choice(windows: Windows, place: Place) -> None:
    _, words, _ = await place(windows)
    await expect(words).to_be_visible()
    kinds = await words.evaluate(
        """(area) => [...area.form.querySelectorAll('textarea, input, button')]
          .map((control) => control.localName)"""
    )
    assert kinds[0] == "textarea"
    assert "input" in kinds


async def test_a_choice_at_the_end_is_never_under_the_row_with_send(windows: Windows) -> None:
    page, _, send = await a_post(windows)
    await expect(send).to_be_enabled()
    choice = page.get_by_label("It may be hard to read")
    await choice.focus()
    row = await page.locator("[data-send-bar]").bounding_box()
    assert row is not None
    assert await bottom(choice) <= row["y"]


async def test_a_failed_send_is_seen_above_the_row_with_send(windows: Windows) -> None:
    page, words, send = await a_post(windows)
    await words.fill("A few words.")
    await page.context.set_offline(True)
    await send.click()
    notice = page.get_by_text("We can't tell if it was sent")
    await expect(notice).to_be_in_viewport(ratio=1)
    await page.wait_for_function(
        """() => { const end = (found) => found.getBoundingClientRect();
          const row = document.querySelector('[data-send-bar]');
          const notice = [...document.querySelectorAll('.notice')].at(-1);
          return end(notice).bottom <= end(row).top + 1; }"""
    )
    await expect(words).to_have_value("A few words.")


@pytest.mark.parametrize("place", [a_post, a_reply])
async def test_what_is_typed_stays_when_one_goes_elsewhere_at_once(
    windows: Windows, place: Place
) -> None:
    page, words, _ = await place(windows)
    address = page.url
    await words.fill("Half a thought")
    await page.get_by_role("link", name="Updates").click()
    await expect(page.get_by_role("heading", level=1, name="Replies and updates")).to_be_visible()
    await page.goto(address)
    await expect(words).to_have_value("Half a thought")
