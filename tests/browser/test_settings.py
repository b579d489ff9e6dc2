"""One's own account: name, second step, sign-ins, password, and the way out."""

import asyncio
import re

from playwright.async_api import Page, expect

from tests.browser.windows import ELSEWHERE, Desk
from tests.identity.factories import Person, code_now, someone

NEW_PASSWORD = "kettle otter moss"


async def sign_in_by_form(page: Page, person: Person, *, password: str | None = None) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password", exact=True).fill(password or person.password)
    await page.get_by_role("button", name="Sign in").click()


async def test_a_new_name_is_shown_at_once(desk: Desk) -> None:
    page = await desk.member("Rowan", "/settings")
    await page.get_by_label("Your name on Alongside").fill("Rowan Tree")
    await page.get_by_label("A few words about you").fill("I like dogs.")
    async with page.expect_response("**/api/v1/me") as saved:
        await page.get_by_role("button", name="Save your profile").click()
    assert (await saved.value).ok
    await page.get_by_role("link", name="Me", exact=True).click()
    await expect(page.get_by_role("heading", name="Rowan Tree")).to_be_visible()
    await expect(page.get_by_text("I like dogs.")).to_be_visible()


async def test_a_taken_name_is_said_beside_its_field(desk: Desk) -> None:
    await someone(desk.database, desk.settings, display_name="Sky")
    page = await desk.member("Rowan", "/settings")
    await page.get_by_label("Your name on Alongside").fill("sky")
    await page.get_by_role("button", name="Save your profile").click()
    await expect(page.get_by_role("main")).to_contain_text(re.compile("another|taken"))
    await expect(page.get_by_label("Your name on Alongside")).to_have_value("sky")


async def _asked_before_the_codes_go(page: Page, codes: list[str]) -> None:
    settings = page.get_by_role("link", name="Back to settings")
    dialog = page.get_by_role("dialog", name="Have you kept your codes?")
    await settings.click()
    await dialog.get_by_role("button", name="Stay here").click()
    await expect(page.get_by_text(codes[0])).to_be_visible()
    async with page.expect_event("dialog") as asked:
        reloading = asyncio.ensure_future(page.reload())
    assert (await asked.value).type == "beforeunload"
    await (await asked.value).dismiss()
    reloading.cancel()
    await expect(page.get_by_text(codes[0])).to_be_visible()
    async with page.expect_download() as kept:
        await page.get_by_role("button", name="Keep them as a file").click()
    path = await (await kept.value).path()
    said = await asyncio.to_thread(path.read_text, "utf-8")
    assert all(code in said for code in codes)
    await settings.click()
    await expect(page.get_by_text(codes[0])).to_have_count(0)
    await expect(dialog).to_have_count(0)


async def test_help_and_leaving_quickly_are_not_held_up_by_codes(desk: Desk) -> None:
    person = await someone(desk.database, desk.settings)
    page = await desk.window(leaves=True)
    await desk.sign_in(page, person)
    for way, address in (("Help now", re.compile("/help-now$")), ("Leave quickly", ELSEWHERE)):
        await page.goto("/settings/second-factor")
        await _set_up(page, person)
        await page.get_by_role("link", name=way).first.click()
        await expect(page).to_have_url(address)


async def _set_up(page: Page, person: Person) -> None:
    await page.get_by_label("Your password").first.fill(person.password)
    await page.get_by_role("button", name=re.compile("Set up")).click()
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    await page.get_by_label("Code that the app shows now").fill(code_now(secret))
    await page.get_by_role("button", name="Finish").click()
    await expect(page.get_by_text("Write these recovery codes down")).to_be_visible()


async def test_a_code_app_is_set_up_and_asked_for_and_a_recovery_code_works(desk: Desk) -> None:
    person = await someone(desk.database, desk.settings)
    page = await desk.window()
    await desk.sign_in(page, person)
    await page.goto("/settings/second-factor")
    await _set_up(page, person)
    codes = await page.get_by_role("listitem").locator("code").all_inner_texts()
    assert len(set(codes)) == 10
    await _asked_before_the_codes_go(page, codes)

    elsewhere = await desk.window()
    await sign_in_by_form(elsewhere, person)
    await expect(elsewhere.get_by_role("heading", name="One more step")).to_be_visible()
    await elsewhere.get_by_label("Code from your app").fill("000000")
    await elsewhere.get_by_role("button", name="Sign in").click()
    await expect(elsewhere.get_by_role("alert")).to_contain_text("code")
    await elsewhere.get_by_label("Code from your app").fill(codes[0])
    await elsewhere.get_by_role("button", name="Sign in").click()
    await expect(elsewhere.get_by_role("heading", name="The wall")).to_be_visible()


async def test_a_sign_in_ended_elsewhere_leads_to_the_sign_in_at_once(desk: Desk) -> None:
    person = await someone(desk.database, desk.settings)
    here, there = await desk.window(), await desk.window()
    for page in (here, there):
        await desk.sign_in(page, person)
    await there.goto("/wall")
    await expect(there.get_by_role("heading", name="The wall")).to_be_visible()
    await here.goto("/settings")
    await here.get_by_role("button", name="Sign out everywhere else").click()
    await expect(there).to_have_url(re.compile(r"/sign-in\?next=%2Fwall"))
    await expect(there.get_by_text("You've been signed out. Anything you were")).to_be_visible()


async def test_a_changed_password_is_the_one_that_counts(desk: Desk) -> None:
    person = await someone(desk.database, desk.settings)
    page = await desk.window()
    await desk.sign_in(page, person)
    await page.goto("/settings")
    await page.get_by_text("Change the password").click()
    await page.get_by_label("Current password").fill(person.password)
    await page.get_by_label("New password").fill(NEW_PASSWORD)
    await page.get_by_role("button", name="Save the new password").click()
    await expect(page.get_by_label("Current password")).to_have_value("")
    await page.goto("/me")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Join Alongside")).to_be_visible()
    await sign_in_by_form(page, person, password=NEW_PASSWORD)
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()


async def test_an_account_is_closed_only_with_its_password(desk: Desk) -> None:
    person = await someone(desk.database, desk.settings)
    page = await desk.window()
    await desk.sign_in(page, person)
    await page.goto("/settings")
    await page.get_by_role("button", name="Close my account").click()
    dialog = page.get_by_role("dialog", name="Close your account?")
    await expect(dialog.get_by_label("Also erase what studies hold")).not_to_be_checked()
    await dialog.get_by_label("Your password").fill("not the right one")
    await dialog.get_by_role("button", name="Close my account").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("password")
    await dialog.get_by_label("Your password").fill(person.password)
    await dialog.get_by_role("button", name="Close my account").click()
    await expect(page).to_have_url(re.compile(r":\d+/$"))
    await sign_in_by_form(page, person)
    await expect(page.get_by_role("alert")).to_be_visible()


async def test_a_stranger_on_a_link_was_never_signed_out(desk: Desk) -> None:
    page = await desk.window()
    await page.goto("/settings")
    await expect(page.get_by_text("Please sign in to see that page.")).to_be_visible()
    await expect(page.get_by_text("signed out")).to_have_count(0)
