"""From the first page to the wall."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from app.core.db import AnyConnection
from tests.browser.windows import ELSEWHERE, Desk
from tests.identity.factories import letters, someone
from tests.support.waiting import eventually

PASSWORD = "kettle otter moss"


async def test_someone_joins_confirms_and_signs_in(desk: Desk, connection: AnyConnection) -> None:
    page = await desk.window()
    await page.goto("/")
    await page.get_by_role("link", name="Join Alongside").click()
    await page.get_by_label("Your name on Alongside").fill("Rowan")
    await page.get_by_label("E-mail address").fill("a.reader@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await expect(page.get_by_label("I am 18 or over.")).not_to_be_checked()
    await page.get_by_label("I am 18 or over.").check()
    await page.get_by_label("I have read").check()
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("heading", name="Look in your e-mail")).to_be_visible()

    async def letter() -> str | None:
        sent = await letters(connection, desk.settings)
        return sent[-1].token if sent else None

    token = await eventually(letter)
    await page.goto(f"/verify#token={token}")
    await page.get_by_role("button", name="Yes, it is mine").click()
    await page.get_by_role("link", name="Sign in").click()
    await page.get_by_label("E-mail address").fill("a.reader@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()
    await expect(page.get_by_role("region", name="Welcome, Rowan")).to_be_visible()
    await expect(page.get_by_text("It is quiet here")).to_be_visible()


async def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(desk: Desk) -> None:
    page = await desk.window(leaves=True)
    await page.goto("/join")
    await page.get_by_label("Your name on Alongside").fill("rowan@example.org")
    await page.get_by_label("E-mail address").fill("a.reader@example.org")
    await page.get_by_role("button", name="Join").click()
    name = page.get_by_label("Your name on Alongside")
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(name).to_be_focused()
    await expect(name).to_have_value("rowan@example.org")
    await expect(page.get_by_text("not your e-mail address")).to_be_visible()
    await expect(page.get_by_text("Tick this if you are")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("E-mail address")).to_have_value("a.reader@example.org")
    await expect(name).to_have_value("rowan@example.org")
    await page.get_by_role("link", name="Leave quickly").click()
    await expect(page).to_have_url(ELSEWHERE)
    await page.goto("/join")
    await expect(page.get_by_role("button", name="Join")).to_be_enabled()
    await expect(page.get_by_label("E-mail address")).to_have_value("")


async def test_what_is_typed_on_a_slow_line_before_the_code_has_come_is_kept(desk: Desk) -> None:
    page = await desk.window()
    has_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await has_come.wait()
        await route.continue_()

    await page.route("**/_app/immutable/**/*.js", hold)
    await page.goto("/sign-in", wait_until="domcontentloaded")
    await page.get_by_label("E-mail address").fill("rowan@example.org")
    await expect(page.get_by_role("button", name="Sign in")).to_be_disabled()
    await page.get_by_label("E-mail address").press("Enter")
    has_come.set()
    await expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    await expect(page.get_by_label("E-mail address")).to_have_value("rowan@example.org")


async def test_a_wrong_password_is_said_in_plain_words(desk: Desk) -> None:
    person = await someone(desk.database, desk.settings)
    page = await desk.window()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password", exact=True).fill("not the right one")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("password")
    await expect(page.get_by_label("E-mail address")).to_have_value(person.email)


async def test_whoever_is_signed_out_is_led_back_to_where_they_were(desk: Desk) -> None:
    person = await someone(desk.database, desk.settings)
    page = await desk.window()
    await page.goto("/settings")
    await expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password", exact=True).fill(person.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()


@pytest.mark.parametrize("cut", ["/nope", "/%25zz", "/%25E0%25A4%25A", "/api/v1/me"])
async def test_an_address_of_no_page_leads_to_the_wall_after_signing_in(
    desk: Desk, cut: str
) -> None:
    person = await someone(desk.database, desk.settings)
    page = await desk.window()
    await page.goto(f"/sign-in?next={cut}")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password", exact=True).fill(person.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()
