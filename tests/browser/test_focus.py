"""The focus after an act: on what the act was about, on what stands in its way, never nowhere."""

from typing import Any

from playwright.async_api import Page, expect

from app.core.db import unit_of_work
from app.identity.roles import Role
from app.research import sheets, studies
from tests.browser.staff import staff
from tests.browser.test_places import written
from tests.browser.windows import Windows, card, write
from tests.people import code_now, someone
from tests.support.signed_off import open_signed_off


async def menu(page: Page, post: str, item: str) -> None:
    await card(page, post).get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=item).click()


async def test_after_an_edit_the_focus_is_on_the_post_and_the_change_is_said(
    windows: Windows,
) -> None:
    page = await windows.member("Rowan")
    await write(page, "A walk helps me")
    await menu(page, "A walk helps me", "Edit")
    await expect(page.get_by_label("Change your words")).to_be_focused()
    await page.get_by_label("Change your words").fill("A long walk helps me")
    await page.get_by_role("button", name="Save the change").press("Enter")
    said = page.get_by_role("status").filter(has_text="Your change is saved.")
    await expect(said).to_be_visible()
    await expect(card(page, "A long walk helps me")).to_be_focused()
    await menu(page, "A long walk helps me", "Edit")
    await page.get_by_role("button", name="Leave it as it was").press("Enter")
    await expect(card(page, "A long walk helps me")).to_be_focused()


async def test_after_taking_a_reply_back_the_focus_is_on_what_is_left_of_it(
    windows: Windows,
) -> None:
    page = await windows.member("Rowan")
    await write(page, "A walk helps me")
    await card(page, "A walk helps me").get_by_role("link", name=ANSWER).click()
    await page.get_by_label("Your reply").fill("And a cup of tea")
    await page.get_by_role("button", name="Send the reply").press("Enter")
    await expect(card(page, "And a cup of tea")).to_be_focused()
    await menu(page, "And a cup of tea", TAKE_BACK)
    await page.get_by_role("dialog").get_by_role("button", name=TAKE_BACK).press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("article").last).to_be_focused()


async def test_the_focus_stays_in_a_post_that_folds_opens_or_grows(windows: Windows) -> None:
    page = await windows.member("Rowan", "/write")
    await page.get_by_label("What would you like to say?").fill("word " * 400)
    await page.get_by_label("It may be hard to read").check()
    await page.get_by_label("What is it about").fill("storms")
    await page.get_by_role("button", name="Send to the wall").click()
    mine = page.get_by_role("article")
    await mine.get_by_role("button", name="Read all of it").press("Enter")
    await expect(page.locator("article :focus")).to_contain_text("word")
    await mine.get_by_role("button", name="Fold it again").press("Enter")
    await expect(mine.get_by_role("button", name="Open")).to_be_focused()
    await mine.get_by_role("button", name="Open").press("Enter")
    await expect(page.locator("article :focus")).to_contain_text("word")


async def test_the_last_page_of_a_list_takes_the_focus_to_the_first_of_what_it_brought(
    windows: Windows,
) -> None:
    await written(windows, 25)
    page = await windows.member("Rowan")
    await page.get_by_role("button", name="Show older posts").press("Enter")
    await expect(page.get_by_role("article")).to_have_count(25)
    await expect(page.get_by_role("button", name="Show older posts")).to_have_count(0)
    await expect(page.get_by_role("article").nth(20)).to_be_focused()


async def test_the_second_step_of_signing_in_begins_in_the_field_for_the_code(
    windows: Windows,
) -> None:
    sam = await someone(
        windows.database,
        windows.settings,
        name="Sam",
        roles=[Role.MODERATOR],
        has_second_factor=True,
    )
    page = await windows.open()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(sam.email)
    await page.get_by_label("Password", exact=True).fill(sam.password)
    # A key that comes before the page listens is lost: the button takes none until then.
    await expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    await page.get_by_role("button", name="Sign in").press("Enter")
    await expect(page.get_by_label("Code from your app")).to_be_focused()
    await page.keyboard.type("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_focused()
    await page.get_by_role("button", name="Back").press("Enter")
    await expect(page.get_by_label("E-mail address")).to_be_focused()
    await page.get_by_role("button", name="Sign in").press("Enter")
    await page.get_by_label("Code from your app").fill(code_now())
    await page.keyboard.press("Enter")
    await expect(page).not_to_have_url("/sign-in")


async def test_what_stands_in_the_way_of_taking_part_is_scrolled_to_and_focused(
    windows: Windows,
) -> None:
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title="Nights", summary="Nights, and company.")
        await sheets.publish(session, study, body="Please read.\n\n" + "Word. " * 900)
        await open_signed_off(session, study)
    page = await windows.member("Sky", f"/studies/{study.id}")
    take_part = page.get_by_role("button", name="Take part")
    for _ in range(2):
        await take_part.press("Enter")
        await expect(page.get_by_text("Tick what you agree to")).to_be_in_viewport()
        await expect(page.get_by_label("What I do here")).to_be_focused()
    await page.get_by_label("What I do here").check()
    await page.route("**/participation", lambda route: route.fulfill(status=503, json=AWAY))
    await take_part.press("Enter")
    said = page.get_by_role("status").filter(has_text=AWAY["title"])
    await expect(said).to_be_focused()
    await expect(said).to_be_in_viewport()


async def test_a_form_that_gives_way_to_its_outcome_leaves_the_focus_on_the_heading(
    windows: Windows,
) -> None:
    page = await windows.open()
    await page.goto("/forgotten-password")
    # Kit's own line for screen readers, there once the page listens to keys.
    await page.locator("#svelte-announcer").wait_for(state="attached")
    await page.get_by_label("E-mail address").fill("nobody@example.org")
    await page.get_by_role("button", name="Send me a link").press("Enter")
    await expect(page.get_by_role("status").filter(has_text="we're sending")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_what_had_the_focus_may_go_and_the_focus_stays_in_its_place(windows: Windows) -> None:
    office = await staff(windows, "Office", Role.ADMINISTRATOR, "/staff")
    await office.get_by_label("Their name on Alongside").fill("Nobody at all")
    await office.get_by_role("button", name="Give the role").press("Enter")
    await expect(office.get_by_label("Host")).to_be_focused()
    await expect(office.get_by_text("Choose a role.")).to_be_in_viewport()
    page = await windows.member("Rowan", "/settings")
    other = await windows.open()
    await other.context.add_cookies(await page.context.cookies())  # type: ignore[arg-type]
    rowan = await someone(windows.database, windows.settings, name="Wren")
    for window in (page, other):
        await window.context.clear_cookies()
        await windows.sign_in(window, rowan)
    await page.goto("/settings")
    await page.get_by_role("button", name="Sign out there").press("Enter")
    await expect(page.get_by_role("button", name="Sign out there")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Where you are signed in")).to_be_focused()
    await page.get_by_role("button", name=CLOSE_TOAST, exact=True).press("Enter")
    await expect(page.get_by_role("heading", name="Where you are signed in")).to_be_focused()


async def test_after_writing_the_focus_is_on_the_wall_and_back_gives_it_back(
    windows: Windows,
) -> None:
    page = await windows.member("Rowan", "/write")
    await page.get_by_label("What would you like to say?").fill("A walk helps me")
    await page.get_by_role("button", name="Send to the wall").press("Enter")
    await expect(page.get_by_role("heading", name="The wall", exact=True)).to_be_focused()
    await card(page, "A walk helps me").get_by_role("link", name=ANSWER).press("Enter")
    await expect(page.get_by_role("heading", name="Rowan wrote")).to_be_focused()
    await page.go_back()
    await expect(card(page, "A walk helps me").get_by_role("link", name=ANSWER)).to_be_focused()


#: Words that stand in more than one test.
ANSWER = "Reply"
TAKE_BACK = "Delete"
CLOSE_TOAST = "Close"
AWAY: dict[str, Any] = {
    "type": "unavailable",
    "title": "We can't reach our own records just now",
    "status": 503,
    "detail": "Please try again in a minute.",
}
