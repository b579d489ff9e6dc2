"""A break: one calm page instead of the wall, the way back at any time, and what stays open."""

import re

from playwright.async_api import Page, expect

from app.community import breaks
from app.community.choices import BreakLength
from app.core.db import unit_of_work
from tests.browser.windows import Windows, card, write
from tests.people import someone

RESTING = re.compile(r"You're on a break until \w+day \d+ \w+")


async def take_a_break(page: Page, length: str) -> None:
    """By way of Me."""
    await page.get_by_role("link", name="Me", exact=True).click()
    await page.get_by_role("link", name="Take a break").click()
    await page.get_by_label(length).check()
    await page.get_by_role("button", name="Start my break").click()
    await expect(page.get_by_role("heading", name=RESTING)).to_be_visible()


async def test_a_break_puts_one_calm_page_in_place_of_the_community(windows: Windows) -> None:
    page = await windows.member("Rowan")
    await write(page, "A walk helps me")
    await take_a_break(page, "A week")
    main = page.get_by_role("main")
    await expect(main).to_contain_text("Your account stays as it is.")
    await expect(main.get_by_role("link", name="Help now")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    for path in ("/wall", "/write", "/news", "/me/break"):
        await page.goto(path)
        await expect(page.get_by_role("heading", name=RESTING)).to_be_visible()
        await expect(card(page, "A walk helps me")).to_have_count(0)
    await page.goto("/wall")
    await page.get_by_role("button", name="Come back now").click()
    await expect(card(page, "A walk helps me")).to_be_visible()
    await expect(page.get_by_text("Welcome back.")).to_be_visible()
    await page.reload()
    await expect(card(page, "A walk helps me")).to_be_visible()


async def test_the_calm_page_comes_after_signing_in_and_lets_one_out_again(
    windows: Windows,
) -> None:
    person = await someone(windows.database, windows.settings)
    async with unit_of_work(windows.database) as session:
        await breaks.take(session, person.member_id, BreakLength.DAY)
    page = await windows.open()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password", exact=True).fill(person.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name=RESTING)).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Join Alongside")).to_be_visible()


async def test_what_one_agreed_to_can_be_taken_back_on_a_break(windows: Windows) -> None:
    page = await windows.member("Rowan")
    await take_a_break(page, "A month")
    await page.get_by_role("link", name="My data").click()
    await expect(page.get_by_role("heading", name="My data", level=1)).to_be_visible()
    await page.goto("/settings")
    await expect(page.get_by_role("button", name="Close my account")).to_be_visible()


async def test_other_windows_of_the_same_person_rest_and_come_back_too(windows: Windows) -> None:
    page = await windows.member("Rowan")
    other = await page.context.new_page()
    await other.goto("/wall")
    await expect(other.get_by_role("heading", name="The wall")).to_be_visible()
    await take_a_break(page, "A day")
    await expect(other.get_by_role("heading", name=RESTING)).to_be_visible()
    await other.get_by_role("button", name="Come back now").click()
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()


async def test_a_break_without_a_length_is_asked_for_again(windows: Windows) -> None:
    page = await windows.member("Rowan", "/me/break")
    await page.get_by_role("button", name="Start my break").click()
    await expect(
        page.get_by_role("group", name="How long would you like to rest?")
    ).to_contain_text("Please choose how long.")
    await page.get_by_role("link", name="Not now").click()
    await expect(page.get_by_role("heading", name="Rowan")).to_be_visible()
