"""A newcomer's first screen is a welcome, and their first post is met by kind words."""

from playwright.async_api import Page, expect

from app.identity.roles import Role
from tests.browser.test_access import look
from tests.browser.test_axe import examine
from tests.browser.windows import Desk, card, write
from tests.identity.factories import someone

WELCOME = "Welcome, Rowan"
WORDS = "What would you like to say?"
HELLO = "Hello, I'm Rowan. "


async def say_hello(page: Page) -> None:
    await page.get_by_role("link", name="Say hello").click()
    await expect(page.get_by_role("heading", name="Say hello")).to_be_visible()


async def test_a_host_welcomes_and_hello_is_sent_by_nobody_but_the_newcomer(desk: Desk) -> None:
    await someone(desk.database, desk.settings, display_name="Marlow", roles=(Role.HOST,))
    page = await desk.member("Rowan")
    welcome = page.get_by_role("region", name=WELCOME)
    await expect(welcome).to_contain_text("Marlow is a host here")
    await expect(page.get_by_role("link", name="Write to the wall")).to_have_count(0)
    await say_hello(page)
    words = page.get_by_label(WORDS)
    await expect(words).to_have_value(HELLO)
    await expect(words).to_be_focused()
    await expect(page.get_by_label("Saying hello")).to_be_checked()

    # Untouched, it is neither on the wall nor a draft.
    await page.goto("/wall")
    await expect(page.get_by_text("It is quiet here")).to_be_visible()
    await expect(welcome).to_be_visible()
    await page.goto("/write")
    await expect(words).to_have_value("")
    await expect(page.get_by_text("Here is what you were writing.")).to_have_count(0)

    await page.goto("/wall")
    await say_hello(page)
    await expect(words).to_be_focused()
    await page.keyboard.type("Nights are long.")
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_text("It's on the wall. People read at all hours.")).to_be_visible()
    await expect(card(page, f"{HELLO}Nights are long.")).to_contain_text("Saying hello")
    await expect(welcome).to_have_count(0)


async def test_only_the_first_post_is_met_by_those_words(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await write(page, "The first")
    await expect(page.get_by_text("People read at all hours.")).to_be_visible()
    for words in ("The second", "The third"):
        await write(page, words)
        await expect(page.get_by_text("Your post is on the wall.")).to_be_visible()
        await expect(page.get_by_text("People read at all hours.")).to_have_count(0)


async def test_without_a_host_the_team_welcomes_and_closed_it_comes_back_nowhere(
    desk: Desk,
) -> None:
    person = await someone(desk.database, desk.settings, display_name="Rowan")
    page, other = [await desk.window() for _ in range(2)]
    for each in (page, other):
        await desk.sign_in(each, person)
    await page.goto("/wall")
    welcome = page.get_by_role("region", name=WELCOME)
    await expect(welcome).to_contain_text("From the team")
    await welcome.get_by_role("button", name="Close the welcome").click()
    await expect(welcome).to_have_count(0)
    await expect(page.get_by_role("heading", name="The wall")).to_be_focused()
    for each in (page, other):
        await each.goto("/wall")
        await expect(each.get_by_text("It is quiet here")).to_be_visible()
        await expect(each.get_by_role("region", name=WELCOME)).to_have_count(0)


async def test_a_welcome_that_could_not_be_closed_stays_and_says_why(desk: Desk) -> None:
    page = await desk.member("Rowan", keeps_offline=True)
    welcome = page.get_by_role("region", name=WELCOME)
    await expect(welcome).to_be_visible()
    await page.context.set_offline(True)
    await welcome.get_by_role("button", name="Close the welcome").click()
    await expect(welcome.get_by_role("alert")).to_be_visible()
    await expect(welcome).to_be_visible()


async def test_hello_never_takes_the_place_of_what_was_being_written(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write")
    words = page.get_by_label(WORDS)
    await words.fill("I have been trying to write this for an hour")
    await page.get_by_role("link", name="Wall", exact=True).click()
    await expect(page.get_by_role("region", name=WELCOME)).to_be_visible()
    await say_hello(page)
    await expect(words).to_have_value("I have been trying to write this for an hour")


async def test_the_welcome_holds_the_basic_rules_and_the_first_screen_of_a_phone(
    desk: Desk,
) -> None:
    page = await desk.member("Rowan", viewport={"width": 360, "height": 640})
    hello = page.get_by_role("link", name="Say hello")
    await expect(hello).to_be_in_viewport(ratio=1)
    under_it = await hello.evaluate(
        """(link) => { const {x, y, width, height} = link.getBoundingClientRect();
          return document.elementFromPoint(x + width / 2, y + height / 2) === link; }"""
    )
    assert under_it
    assert await examine(page) == []
    await page.set_viewport_size({"width": 320, "height": 640})
    await look(page, "/wall")
