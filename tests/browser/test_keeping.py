"""Words are kept wherever they are written, until they are sent or let go."""

import asyncio

from playwright.async_api import Page, Route, expect

from tests.browser.windows import Desk, card, write

WORDS = "I have been trying to write this for an hour"


async def menu(page: Page, post: str, item: str) -> None:
    await card(page, post).get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=item).click()


async def test_words_stand_still_while_they_are_being_sent(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write")
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


async def test_an_empty_tab_takes_no_words_away_and_both_tabs_say_the_same(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write")
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


async def test_a_reply_still_answers_whom_it_answered_after_a_reload(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await write(page, "I could not sleep again")
    await card(page, "I could not sleep again").get_by_role("link", name="Answer").click()
    await page.get_by_label("Your reply").fill("It was the heat")
    await page.get_by_role("button", name="Send the reply").click()
    await card(page, "It was the heat").get_by_role("button", name="Reply").click()
    await expect(page.get_by_text("You are answering Rowan.")).to_be_visible()
    await page.get_by_label("Your reply").fill(WORDS)
    await page.reload()
    await expect(page.get_by_label("Your reply")).to_have_value(WORDS)
    await expect(page.get_by_text("You are answering Rowan.")).to_be_visible()
    async with page.expect_request("**/replies") as asked:
        await page.get_by_role("button", name="Send the reply").click()
    answered = await card(page, "It was the heat").get_attribute("id")
    assert (await asked.value).url.split("/")[-2] == str(answered).removeprefix("post-")
    await expect(card(page, WORDS)).to_have_count(1)


async def test_an_edit_a_flag_and_a_profile_outlive_a_sign_in_that_ended(desk: Desk) -> None:
    sky = await desk.member("Sky")
    await write(sky, "The trains are late")
    page = await desk.member("Rowan")
    await write(page, "A walk helps me")
    cookies = await page.context.cookies()

    await menu(page, "A walk helps me", "Edit")
    await page.get_by_label("Change your words").fill(WORDS)
    await menu(page, "The trains are late", "I'm worried")
    await page.get_by_label("What makes you worried?").fill("They sound so tired")
    await page.context.clear_cookies()
    await page.reload()
    await expect(page.get_by_text("What you were writing is still here.")).to_be_visible()
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
    assert [key.split(":", 3)[-1] for key in kept] == ["profile"]
