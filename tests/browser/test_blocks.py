"""Two members with a block between them: one goes from every open screen of the other at once."""

from uuid import UUID

from playwright.async_api import Page, expect

from app.community import publishing
from app.core.db import unit_of_work
from tests.browser.windows import Windows, card
from tests.people import Person, someone

ROWANS, SKYS = "Rowan had a long day", "Sky went to the sea"
SKYS_REPLY = "A word from Sky"


async def _furnish(windows: Windows) -> tuple[Person, Person, UUID]:
    """Rowan and Sky, a post by each, and Sky's reply below a post of Moss's."""
    rowan, sky, moss = [
        await someone(windows.database, windows.settings, name=name)
        for name in ("Rowan", "Sky", "Moss")
    ]
    async with unit_of_work(windows.database) as session:
        for person, words in ((rowan, ROWANS), (sky, SKYS)):
            await publishing.publish(session, author_id=person.member_id, body=words)
        root = await publishing.publish(session, author_id=moss.member_id, body="Moss asks.")
        await publishing.reply(session, author_id=sky.member_id, parent_id=root.id, body=SKYS_REPLY)
    return rowan, sky, root.id


async def _window(windows: Windows, person: Person, path: str) -> Page:
    page = await windows.open()
    await windows.sign_in(page, person)
    await page.goto(path)
    return page


async def test_who_is_blocked_goes_from_every_open_screen_of_both(windows: Windows) -> None:
    rowan, sky, root = await _furnish(windows)
    wall = await _window(windows, rowan, "/wall")
    thread = await _window(windows, rowan, f"/threads/{root}")
    searched = await _window(windows, rowan, "/search?q=Sky")
    skys_wall = await _window(windows, sky, "/wall")
    rowans_page = await _window(windows, sky, f"/members/{rowan.member_id}")
    for page, words in (
        (wall, SKYS),
        (thread, SKYS_REPLY),
        (searched, SKYS_REPLY),
        (skys_wall, ROWANS),
    ):
        await expect(page.get_by_text(words)).to_be_visible()
    await expect(rowans_page.get_by_role("heading", name="Rowan")).to_be_visible()

    post = card(wall, SKYS)
    await post.get_by_role("button", name="More").click()
    await wall.get_by_role("menuitem", name="Block this person").click()
    dialog = wall.get_by_role("dialog")
    await expect(dialog.get_by_text("You two won't meet here any more.")).to_be_visible()
    await dialog.get_by_role("button", name="Block", exact=True).click()

    await expect(wall.get_by_text("You have blocked")).to_be_visible()
    for page, words in (
        (wall, SKYS),
        (thread, SKYS_REPLY),
        (searched, SKYS_REPLY),
        (skys_wall, ROWANS),
    ):
        await expect(page.get_by_text(words)).to_have_count(0)
        await expect(page.get_by_text("has hidden this")).to_have_count(0)
    await expect(skys_wall.get_by_text(SKYS)).to_be_visible()
    await expect(rowans_page.get_by_role("heading", name="Rowan")).to_have_count(0)
    for page in (skys_wall, rowans_page):
        await expect(page.get_by_text("block")).to_have_count(0)

    await wall.goto("/settings")
    await expect(wall.get_by_role("heading", name="Blocked", exact=True)).to_be_visible()
    await wall.get_by_role("button", name="Unblock Sky").click()
    await expect(wall.get_by_text("You have muted and blocked nobody.")).to_be_visible()
    await skys_wall.reload()
    await expect(skys_wall.get_by_text(ROWANS)).to_be_visible()


async def test_who_is_muted_goes_from_ones_own_screens_alone(windows: Windows) -> None:
    rowan, sky, _ = await _furnish(windows)
    wall = await _window(windows, rowan, "/wall")
    skys_wall = await _window(windows, sky, "/wall")
    await expect(wall.get_by_text(SKYS)).to_be_visible()
    await expect(skys_wall.get_by_text(ROWANS)).to_be_visible()
    page = await wall.context.new_page()
    await page.goto(f"/members/{sky.member_id}")
    await _mute(page)
    await expect(wall.get_by_text(SKYS)).to_have_count(0)
    await expect(page.get_by_text("you don't see what they write")).to_be_visible()
    await expect(skys_wall.get_by_text(ROWANS)).to_be_visible()
    await page.goto("/my-data")
    await expect(page.get_by_role("heading", name="Muted", exact=True)).to_be_visible()
    await page.goto(f"/members/{sky.member_id}")
    await page.get_by_role("button", name="Unmute").click()
    await _mute(page)
    await page.goto("/settings")
    await page.get_by_role("button", name="Unmute Sky").click()
    await expect(page.get_by_text("You have muted and blocked nobody.")).to_be_visible()
    await wall.reload()
    await expect(wall.get_by_text(SKYS)).to_be_visible()


async def _mute(page: Page) -> None:
    """From the member's own page."""
    await page.get_by_role("button", name="Mute", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("still sees what you write")).to_be_visible()
    await dialog.get_by_role("button", name="Mute", exact=True).click()
    await expect(page.get_by_role("button", name="Unmute", exact=True)).to_be_visible()


async def test_a_dialog_whose_script_does_not_come_says_so_and_opens_the_next_time(
    windows: Windows,
) -> None:
    rowan, _, _ = await _furnish(windows)
    wall = await _window(windows, rowan, "/wall")
    post = card(wall, SKYS)
    await expect(post).to_be_visible()
    await wall.route("**/*.js", lambda route: route.abort())
    await post.get_by_role("button", name="More").click()
    await wall.get_by_role("menuitem", name="Block this person").click()
    await expect(wall.get_by_text("That didn't open. Check your connection")).to_be_visible()
    await wall.unroute("**/*.js")
    await post.get_by_role("button", name="More").click()
    await wall.get_by_role("menuitem", name="Block this person").click()
    await expect(wall.get_by_role("dialog")).to_be_visible()
