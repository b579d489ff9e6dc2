"""Words are kept wherever they are written, until they are sent or let go."""

import asyncio

from playwright.async_api import Page, Route, expect

from app.core.db import unit_of_work
from app.identity.roles import Role
from app.research import sheets, studies
from tests.browser.staff import staff
from tests.browser.windows import Windows, card, write
from tests.research.factories import several
from tests.support.signed_off import open_signed_off, publish_signed_off

WORDS = "I have been trying to write this for an hour"


async def menu(page: Page, post: str, item: str) -> None:
    await card(page, post).get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=item).click()


async def test_words_stand_still_while_they_are_being_sent(windows: Windows) -> None:
    page = await windows.member("Rowan", "/write")
    words = page.get_by_label("What would you like to say?")
    await words.fill(WORDS)
    may_go = asyncio.Event()

    async def be_slow(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await page.route("**/api/v1/posts", be_slow)
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_role("button", name="Sending…")).to_be_visible()
    await expect(words).not_to_be_editable()
    may_go.set()
    await expect(card(page, WORDS)).to_have_count(1)


async def test_an_empty_tab_takes_no_words_away_and_both_tabs_say_the_same(
    windows: Windows,
) -> None:
    page = await windows.member("Rowan", "/write")
    words = page.get_by_label("What would you like to say?")
    await expect(words).to_have_value("")
    other = await page.context.new_page()
    await other.goto("/write")
    await other.get_by_label("What would you like to say?").fill(WORDS)
    await expect(words).to_have_value(WORDS)
    await other.close()
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await page.reload()
    await expect(words).to_have_value(WORDS)


async def test_a_reply_still_answers_whom_it_answered_after_a_reload(windows: Windows) -> None:
    page = await windows.member("Rowan")
    await write(page, "I could not sleep again")
    await card(page, "I could not sleep again").get_by_role("link", name="Reply").click()
    await page.get_by_label("Your reply").fill("It was the heat")
    await page.get_by_role("button", name="Send the reply").click()
    await card(page, "It was the heat").get_by_role("button", name="Reply").click()
    await expect(page.get_by_text("You are replying to Rowan.")).to_be_visible()
    await page.get_by_label("Your reply").fill(WORDS)
    await page.reload()
    await expect(page.get_by_label("Your reply")).to_have_value(WORDS)
    await expect(page.get_by_text("You are replying to Rowan.")).to_be_visible()
    async with page.expect_request("**/replies") as asked:
        await page.get_by_role("button", name="Send the reply").click()
    answered = await card(page, "It was the heat").get_attribute("id")
    assert (await asked.value).url.split("/")[-2] == str(answered).removeprefix("post-")
    await expect(card(page, WORDS)).to_have_count(1)


async def test_an_edit_a_flag_and_a_profile_outlive_a_sign_in_that_ended(windows: Windows) -> None:
    sky = await windows.member("Sky")
    await write(sky, "The trains are late")
    page = await windows.member("Rowan")
    await write(page, "A walk helps me")
    cookies = await page.context.cookies()

    await menu(page, "A walk helps me", "Edit")
    await page.get_by_label("Change your words").fill(WORDS)
    await menu(page, "The trains are late", "I'm worried")
    await page.get_by_label("What makes you worried?").fill("They sound so tired")
    await page.context.clear_cookies()
    await page.reload()
    await expect(page.get_by_text("Anything you were writing is still here.")).to_be_visible()
    await page.context.add_cookies(cookies)  # type: ignore[arg-type]
    await page.goto("/wall")
    await menu(page, "A walk helps me", "Edit")
    await expect(page.get_by_label("Change your words")).to_have_value(WORDS)
    await page.get_by_role("button", name="Leave it as it was").click()
    await menu(page, "The trains are late", "I'm worried")
    await expect(page.get_by_label("What makes you worried?")).to_have_value("They sound so tired")
    await page.get_by_role("button", name="Tell the moderators").click()
    await expect(page.get_by_text("Thank you for looking out", exact=True)).to_be_visible()

    await page.goto("/settings")
    await page.get_by_label("A few words about you").fill("I like dogs.")
    await page.reload()
    await expect(page.get_by_label("A few words about you")).to_have_value("I like dogs.")
    kept = await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))")
    places = sorted(key.split(":", 3)[-1].split(":")[0] for key in kept)
    assert places == ["edit", "profile"]


async def test_start_again_puts_what_was_written_aside_and_brings_it_back(windows: Windows) -> None:
    page = await windows.member("Rowan", "/write")
    words = page.get_by_label("What would you like to say?")
    await words.fill(WORDS)
    await page.get_by_label("It may be hard to read").check()
    await page.get_by_label("What is it about").fill("storms")
    await page.reload()
    await page.get_by_role("button", name="Start again").press("Enter")
    await expect(words).to_have_value("")
    await expect(words).to_be_focused()
    await expect(page.get_by_label("What is it about")).to_have_count(0)
    await page.get_by_role("button", name="Bring it back").press("Enter")
    await expect(words).to_have_value(WORDS)
    await expect(page.get_by_label("What is it about")).to_have_value("storms")
    await expect(page.get_by_role("button", name="Start again")).to_be_visible()


async def test_an_edit_that_was_left_is_there_when_it_is_taken_up_again(windows: Windows) -> None:
    page = await windows.member("Rowan")
    await write(page, "A walk helps me")
    await menu(page, "A walk helps me", "Edit")
    await page.get_by_label("Change your words").fill(WORDS)
    await page.get_by_role("button", name="Leave it as it was").click()
    await expect(card(page, "A walk helps me")).to_be_visible()
    await menu(page, "A walk helps me", "Edit")
    await expect(page.get_by_label("Change your words")).to_have_value(WORDS)
    await page.get_by_role("button", name="Start again").click()
    await expect(page.get_by_label("Change your words")).to_have_value("A walk helps me")


async def test_what_staff_half_wrote_outlives_a_closed_dialog_and_another_page(
    windows: Windows,
) -> None:
    wren = await staff(windows, "Wren", Role.RESEARCHER, "/research/new")
    await wren.get_by_label("Title").fill("Nights")
    await wren.get_by_label("What they write").check()
    await (
        wren.get_by_role("link", name="Not now")
        .or_(wren.get_by_role("button", name="Not now"))
        .click()
    )
    await expect(wren.get_by_role("heading", name="Research", level=1)).to_be_visible()
    await wren.goto("/research/new")
    await expect(wren.get_by_label("Title")).to_have_value("Nights")
    await expect(wren.get_by_label("What they write")).to_be_checked()

    office = await staff(windows, "Office", Role.ADMINISTRATOR, "/staff")
    row = office.get_by_role("listitem").filter(has_text="Wren")
    await row.get_by_role("button", name="Remove").click()
    await office.get_by_role("dialog").get_by_label("Why").fill("They have moved on")
    await office.keyboard.press("Escape")
    await expect(office.get_by_role("dialog")).to_have_count(0)
    await row.get_by_role("button", name="Remove").click()
    await expect(office.get_by_role("dialog").get_by_label("Why")).to_have_value(
        "They have moved on"
    )


async def test_a_sheet_says_whom_it_tells_and_starting_from_another_loses_nothing(
    windows: Windows,
) -> None:
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title="Nights", summary="Nights, and company.")
        await sheets.publish(session, study, body="The first words.")
        await open_signed_off(session, study)
    await several(windows.database, study, 12)
    async with unit_of_work(windows.database) as session:
        locked = await studies.access(session, study.id, is_researcher=True, lock="change")
        await publish_signed_off(session, locked, body="The second words.")
    wren = await staff(windows, "Wren", Role.RESEARCHER, f"/research/studies/{study.id}/sheet")
    sheet = wren.get_by_label("Information sheet")
    await sheet.fill("Half written.")
    await wren.get_by_text("Version 1,").click()
    await wren.get_by_role("button", name="Write on from this one").press("Enter")
    await expect(sheet).to_have_value("The first words.")
    await expect(sheet).to_be_focused()
    await wren.get_by_role("button", name="Bring it back").press("Enter")
    await expect(sheet).to_have_value("Half written.")
    await wren.get_by_role("button", name="Publish version 3").press("Enter")
    dialog = wren.get_by_role("dialog", name="Publish version 3?")
    await expect(dialog).to_contain_text("People who take part now: 10 to 14.")
    await dialog.get_by_role("button", name="Not now").press("Enter")
    await expect(sheet).to_have_value("Half written.")
    await wren.get_by_role("button", name="Publish version 3").press("Enter")
    await dialog.get_by_role("button", name="Publish it").press("Enter")
    await expect(wren.get_by_text("This is version 3.")).to_be_visible()
    await expect(sheet).to_be_focused()
