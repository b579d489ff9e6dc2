"""Letters twice as large, low windows and forced colours: what stands before the page, and what is
told apart there without our colours."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.browser.windows import PHONE, Windows, card, react, write

SMALL: ViewportSize = {"width": 360, "height": 640}
LOW: ViewportSize = {"width": 640, "height": 360}

#: How much of the window is covered by what does not scroll with the page. What was just done is
#: said there for a moment only.
COVERED = """() => {
  const rows = Array.from({length: innerHeight}, (_, y) => y);
  const stuck = (element) => {
    if (element.closest('[role=status]')) return false;
    for (let each = element; each; each = each.parentElement)
      if (['fixed', 'sticky'].includes(getComputedStyle(each).position)) return true;
    return false;
  };
  return rows.filter((y) =>
    [5, innerWidth / 2, innerWidth - 5].some((x) => stuck(document.elementFromPoint(x, y)))).length;
}"""


async def letters(page: Page, size: str, cramped: str | None) -> None:
    """Letters of this size, once the page has seen it."""
    await page.evaluate("size => document.documentElement.style.fontSize = size", size)
    if cramped is None:
        await expect(page.locator("html:not([data-cramped])")).to_have_count(1)
    else:
        await expect(page.locator(f"html[data-cramped={cramped}]")).to_have_count(1)


async def long_page(windows: Windows, viewport: ViewportSize, **options: Any) -> Page:
    """The wall with posts enough to scroll, scrolled."""
    page = await windows.member("Rowan", viewport=viewport, **options)
    for number in range(3):
        await write(page, f"Post {number}\n\n" + "A line of it.\n\n" * 6)
    return page


async def scroll(page: Page) -> None:
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")


async def test_in_large_letters_nothing_stands_before_the_page_on_a_phone(windows: Windows) -> None:
    page = await long_page(windows, SMALL)
    await scroll(page)
    assert 100 < await page.evaluate(COVERED) < 140
    await letters(page, "200%", "small")
    await scroll(page)
    assert await page.evaluate(COVERED) == 0
    for viewport in ({"width": 320, "height": 640}, LOW):
        await page.set_viewport_size(viewport)  # type: ignore[arg-type]
        await expect(page.locator("html[data-cramped=small]")).to_have_count(1)
        await scroll(page)
        assert await page.evaluate(COVERED) == 0
    # Help now and the rooms are the first things on the page, and fit beside each other in rows.
    await page.evaluate("scrollTo(0, 0)")
    await expect(page.get_by_role("link", name="Help now").first).to_be_in_viewport()
    await expect(
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Wall")
    ).to_be_in_viewport()


async def test_a_low_window_keeps_help_now_and_lets_the_bar_go(windows: Windows) -> None:
    page = await long_page(windows, LOW)
    await letters(page, "100%", "low")
    await scroll(page)
    assert await page.evaluate(COVERED) < 70
    await expect(page.get_by_role("link", name="Help now").first).to_be_in_viewport()


@pytest.mark.parametrize(
    ("viewport", "size", "cramped"),
    [
        (SMALL, "100%", None),
        ({"width": 320, "height": 640}, "100%", None),
        (LOW, "100%", "low"),
        (SMALL, "200%", "small"),
    ],
)
async def test_a_menu_opens_where_all_of_it_can_be_pressed(
    windows: Windows, viewport: ViewportSize, size: str, cramped: str | None
) -> None:
    page = await long_page(windows, viewport)
    await letters(page, size, cramped)
    last = page.get_by_role("article").last
    more = last.get_by_role("button", name="More")
    for place in ("end", "start", "center"):
        await more.evaluate("(button, block) => button.scrollIntoView({block})", place)
        await more.press("Enter")
        await expect(page.get_by_role("menuitem").first).to_be_focused()
        for item in await page.get_by_role("menuitem").all():
            assert await is_on_top(item), await item.text_content()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("menu")).to_have_count(0)


async def is_on_top(element: Locator) -> bool:
    """Whether a finger in the middle of it would meet it, and nothing else."""
    return bool(
        await element.evaluate(
            """element => {
              const {left, top, width, height} = element.getBoundingClientRect();
              const met = document.elementFromPoint(left + width / 2, top + height / 2);
              return element.contains(met);
            }"""
        )
    )


async def look_of(element: Locator) -> str:
    """What of it is left in forced colours."""
    return str(
        await element.evaluate(
            """element => {
              const {backgroundColor, color, textDecorationLine, borderBlockEndColor,
                     borderBlockEndWidth, borderStyle} = getComputedStyle(element);
              return JSON.stringify([backgroundColor, color, textDecorationLine,
                borderBlockEndColor, borderBlockEndWidth, borderStyle]);
            }"""
        )
    )


async def test_forced_colours_tell_apart_what_is_current_chosen_and_a_button(
    windows: Windows,
) -> None:
    sky = await windows.member("Sky")
    await write(sky, "The trains are late")
    page = await windows.member("Rowan", viewport=PHONE, forced_colors="active")
    main, shown = (page.get_by_role("navigation", name=name) for name in ("Main", "What to show"))
    assert await look_of(main.get_by_role("link", name="Wall")) != await look_of(
        main.get_by_role("link", name="Search")
    )
    assert await look_of(shown.get_by_role("link", name="Everything")) != await look_of(
        shown.get_by_role("link", name="Saying hello")
    )
    post = card(page, "The trains are late")
    await react(post, "I hear you")
    await post.get_by_role("button", name="React").click()
    await expect(post.get_by_role("button", name="I hear you")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert await look_of(post.get_by_role("button", name="I hear you")) != await look_of(
        post.get_by_role("button", name="I like this")
    )
    await page.goto("/activity")
    tabs = page.get_by_role("navigation", name="Which activity")
    assert await look_of(tabs.get_by_role("link", name="Posts")) != await look_of(
        tabs.get_by_role("link", name="Replies")
    )
    await page.goto("/help-now")
    urgent, call = (page.get_by_role("link", name=name) for name in ("Call 999", "Call 116 123"))
    assert await look_of(urgent) != await look_of(call)
    for one in (urgent, call):
        assert await one.evaluate("one => getComputedStyle(one).borderTopWidth") == "2px"
