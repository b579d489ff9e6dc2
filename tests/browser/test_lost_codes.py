"""Someone's phone and codes are gone: what they read, and how two administrators help."""

from playwright.async_api import expect

from app.identity.roles import Role
from tests.browser.staff import staff
from tests.browser.test_settings import sign_in_by_form
from tests.browser.windows import Windows
from tests.people import code_now, someone


async def test_two_administrators_help_someone_who_lost_their_phone_and_codes(
    windows: Windows,
) -> None:
    rowan = await someone(windows.database, windows.settings, name="Rowan", has_second_factor=True)
    page = await windows.open()
    await sign_in_by_form(page, rowan)
    await page.get_by_label("Code from your app").fill("abcd-efgh-jkmn-pqrs")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("recovery code")
    await page.get_by_text("I've lost my phone and codes").click()
    await expect(page.get_by_text("ask the people who run Alongside")).to_be_visible()

    kim = await staff(windows, "Kim", Role.ADMINISTRATOR, "/staff")
    lee = await staff(windows, "Lee", Role.ADMINISTRATOR, "/staff")
    await kim.get_by_label("Name of the person who lost them").fill("Rowan")
    await kim.get_by_label("How you know that it is them").fill("Rang from the number we have.")
    await kim.get_by_role("button", name="Ask for it to be taken off").click()
    await expect(kim.get_by_text("Another administrator has to agree.")).to_be_visible()
    await lee.reload()
    await lee.get_by_role("button", name="Agree for Rowan").click()
    dialog = lee.get_by_role("dialog")
    await dialog.get_by_label("How you know that it is them").fill("I rang too.")
    await dialog.get_by_role("button", name="Take it off").click()
    await expect(lee.get_by_text("Rowan can sign in with their password now.")).to_be_visible()

    await page.goto("/sign-in")
    await sign_in_by_form(page, rowan)
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()


async def test_a_member_turns_the_second_step_off_and_staff_read_that_it_stays(
    windows: Windows,
) -> None:
    sam = await staff(windows, "Sam", Role.MODERATOR, "/settings/second-factor")
    await expect(sam.get_by_text("so it stays on")).to_be_visible()
    await expect(sam.get_by_role("heading", name="Turn it off")).to_have_count(0)

    rowan = await someone(windows.database, windows.settings, has_second_factor=True)
    page = await windows.open()
    await windows.sign_in(page, rowan, code=code_now())
    async with windows.database.pool.connection() as connection:
        await connection.execute("UPDATE identity.second_factors SET last_step = 0")
    await page.goto("/settings/second-factor")
    await page.get_by_label("Your password, to turn it off").fill(rowan.password)
    await page.get_by_label("Code from your app, or a recovery code").fill(code_now())
    await page.get_by_role("button", name="Turn it off").click()
    await expect(page.get_by_text("Your password is enough now.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Turn it off")).to_have_count(0)
