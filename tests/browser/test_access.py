"""Every screen by keyboard, at 320 px, with letters twice as large, and by name."""

from playwright.async_api import Page, expect

from tests.browser.windows import Windows, card, write

PUBLIC = (
    "/",
    "/join",
    "/sign-in",
    "/forgotten-password",
    "/reset-password",
    "/verify",
    "/house-rules",
    "/house-rules/easy-read",
    "/about",
    "/privacy",
    "/take-part",
    "/projects",
    "/help-now",
)
MEMBER = (
    "/wall",
    "/write",
    "/search",
    "/news",
    "/me",
    "/me/break",
    "/activity",
    "/questionnaires",
    "/settings",
)
NARROW = {"width": 320, "height": 640}
LONG = "W" * 60 + " and_a_long_word_" + "o" * 200

NAMELESS = """() => {
  const named = (element) =>
    (element.getAttribute('aria-label') || element.labels?.[0]?.innerText ||
     (element.getAttribute('aria-labelledby') || '').split(' ')
       .map((id) => document.getElementById(id)?.innerText).join('') ||
     element.innerText || element.textContent || '').trim();
  const able = 'a[href], button, input, select, textarea, [role=menuitem]';
  return [...document.querySelectorAll(able)]
    .filter((element) => element.checkVisibility() && !named(element))
    .filter((element) => element.ariaHidden !== 'true' || element.tabIndex >= 0)
    .map((element) => element.outerHTML.slice(0, 200));
}"""

SMALL = """() => {
  const inText = (element) =>
    element.matches('p a, li p a, label a, li > a:not(nav a), h2 a, h3 a');
  return [...document.querySelectorAll('a[href], button, summary')]
    .filter((element) => element.checkVisibility() && !inText(element))
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, box]) => box.width > 2 && (box.height < 43.5 || box.width < 43.5))
    .map(([element, box]) => `${box.width}x${box.height} ${element.outerHTML.slice(0, 160)}`);
}"""

STRUCTURE = """() => ({
  headings: document.querySelectorAll('h1').length,
  mains: document.querySelectorAll('main').length,
  language: document.documentElement.lang,
  title: document.title,
  repeated: [...document.querySelectorAll('[id]')].map((element) => element.id)
    .filter((id, at, all) => all.indexOf(id) !== at)
})"""


async def look(page: Page, path: str, *, ready: str | None = None) -> None:
    """One screen, by every basic rule; with `ready` once the field of that name is there."""
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    if ready:
        await expect(page.get_by_label(ready)).to_be_visible()
    await page.evaluate("document.fonts.ready.then(() => true)")
    found = await page.evaluate(STRUCTURE)
    assert (found["headings"], found["mains"], found["language"]) == (1, 1, "en-GB"), path
    assert found["title"], path
    assert found["repeated"] == [], path
    assert await page.evaluate(NAMELESS) == [], path
    assert await page.evaluate(SMALL) == [], path
    await fits(page, path)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await fits(page, f"{path} with letters twice as large")


async def fits(page: Page, path: str) -> None:
    width = await page.evaluate("document.documentElement.scrollWidth")
    room = await page.evaluate("innerWidth")
    assert width <= room, f"{path} is {width} px wide in a window of {room}"


async def test_public_pages_hold_the_basic_rules_at_320_px(windows: Windows) -> None:
    page = await windows.open(viewport=NARROW)
    for path in PUBLIC:
        await look(page, path)


async def test_pages_fit_before_their_font_has_come(windows: Windows) -> None:
    """The device's own letters are wider, and stay where the font's file does not arrive."""
    page = await windows.member("Rowan", viewport=NARROW)
    await page.context.route("**/*.woff2", lambda route: route.abort())
    for path in (*PUBLIC, *MEMBER):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await fits(page, f"{path} in the device's letters, twice as large")


async def test_members_pages_hold_the_basic_rules_at_320_px(windows: Windows) -> None:
    page = await windows.member("W" * 30, viewport=NARROW)
    await write(page, LONG)
    await expect(page.get_by_role("article")).to_be_visible()
    for path in MEMBER:
        await look(page, path)
    await page.goto("/wall")
    await card(page, "and_a_long_word").get_by_role("link", name="Reply").click()
    await expect(page.get_by_label("Your reply")).to_be_visible()
    await look(page, page.url)


async def test_the_whole_way_by_keyboard(windows: Windows) -> None:
    page = await windows.member("Rowan", "/write", viewport={"width": 1280, "height": 860})
    await expect(page.get_by_role("heading", name="Write to the wall")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("What would you like to say?")).to_be_focused()
    await page.keyboard.type("Written without a mouse")
    await page.get_by_role("button", name="Send to the wall").focus()
    await page.keyboard.press("Enter")
    mine = card(page, "Written without a mouse")
    await expect(mine).to_be_visible()
    await mine.get_by_role("button", name="More").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(mine.get_by_role("button", name="More")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Delete this post?")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.get_by_role("button", name="Keep it").press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(mine).to_be_visible()
