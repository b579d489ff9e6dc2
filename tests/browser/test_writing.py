"""Nothing typed is lost."""

from playwright.async_api import Page, Route, expect

from tests.browser.windows import Desk, card

WORDS = "I have been trying to write this for an hour"


async def type_words(page: Page) -> None:
    await page.goto("/write")
    await page.get_by_label("What would you like to say?").fill(WORDS)
    await page.get_by_text("Looking for support").click()


async def test_a_draft_is_there_after_a_reload_and_gone_once_sent(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await type_words(page)
    await page.reload()
    await expect(page.get_by_label("What would you like to say?")).to_have_value(WORDS)
    await expect(page.get_by_label("Looking for support")).to_be_checked()
    await expect(page.get_by_text("Here is what you were writing.")).to_be_visible()
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(card(page, WORDS)).to_contain_text("Looking for support")
    await page.goto("/write")
    await expect(page.get_by_label("What would you like to say?")).to_have_value("")


async def test_a_failed_send_says_so_and_keeps_the_words(desk: Desk) -> None:
    page = await desk.member("Rowan", keeps_offline=True)
    await type_words(page)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_text("We can't tell if it was sent")).to_be_visible()
    await expect(page.get_by_label("What would you like to say?")).to_have_value(WORDS)
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Try to send again").click()
    await expect(card(page, WORDS)).to_have_count(1)


async def lose_the_answer(route: Route) -> None:
    """It arrives, and the browser never hears of it."""
    await route.fetch(max_retries=5)
    await route.abort()


async def sent_in_vain(page: Page) -> None:
    """Words that arrived, on a page that can't know."""
    await page.route("**/api/v1/posts", lose_the_answer, times=1)
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_text("We can't tell if it was sent")).to_be_visible()
    await expect(page.get_by_text("it may be there already")).to_be_visible()


async def test_a_lost_answer_and_a_changed_word_make_one_post(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await type_words(page)
    await sent_in_vain(page)
    words = page.get_by_label("What would you like to say?")
    await words.fill(f"{WORDS}, at last")
    await page.get_by_role("button", name="Try to send again").click()
    notice = page.get_by_text("What you sent before is there already")
    await expect(notice).to_be_visible()
    await expect(words).to_have_value(f"{WORDS}, at last")
    await page.reload()
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(notice).to_be_visible()
    await page.get_by_role("button", name="Change it to these words").click()
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(card(page, f"{WORDS}, at last")).to_contain_text("edited")


async def test_after_a_lost_answer_other_words_can_be_sent_as_well(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await type_words(page)
    await sent_in_vain(page)
    await page.get_by_label("What would you like to say?").fill("Something else")
    await page.get_by_role("button", name="Try to send again").click()
    await page.get_by_role("button", name="Send these as well").click()
    await expect(page.get_by_role("article")).to_have_count(2)
    await page.goto("/write")
    await expect(page.get_by_label("What would you like to say?")).to_have_value("")


async def test_a_lost_answer_and_a_retry_make_one_post(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await type_words(page)
    await sent_in_vain(page)
    await page.get_by_role("button", name="Try to send again").click()
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()
    await expect(card(page, WORDS)).to_have_count(1)


async def test_a_sign_in_that_ended_meanwhile_keeps_the_words(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await type_words(page)
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_label("What would you like to say?")).to_have_value(WORDS)
    await expect(page.get_by_text("It has not been sent")).to_be_visible()


async def test_a_blank_post_is_asked_for_words(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write")
    await page.get_by_label("What would you like to say?").fill("   ")
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_text("Write a few words first.")).to_be_visible()


async def test_a_fold_without_a_word_for_it_is_asked_for_one_and_nothing_is_sent(
    desk: Desk,
) -> None:
    page = await desk.member("Rowan", "/write")
    await page.get_by_label("What would you like to say?").fill(WORDS)
    await page.get_by_label("It may be hard to read").check()
    about = page.get_by_label("What is it about")
    await about.fill("  ")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.method))
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(
        page.get_by_text("Say in a word or two what it is about, or untick this.")
    ).to_be_visible()
    await expect(about).to_be_focused()
    assert "POST" not in sent
    await about.fill("self-harm")
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_text("Mentions self-harm")).to_be_visible()


async def test_the_room_left_is_said_only_near_the_end(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write")
    area = page.get_by_label("What would you like to say?")
    await area.fill("a" * 8_000)
    await expect(page.get_by_text("There is room for")).to_have_count(0)
    await area.fill("a" * 9_990)
    await expect(page.get_by_text("There is room for 10 more characters.")).to_be_visible()


async def test_a_note_of_emoji_is_counted_as_the_server_counts_it(desk: Desk) -> None:
    page = await desk.member("Rowan", "/write")
    await page.get_by_label("What would you like to say?").fill("Words for one another.")
    await page.get_by_label("It may be hard to read").check()
    about = page.get_by_label("What is it about, in a word or two?")
    await about.focus()
    await page.keyboard.insert_text("\U0001f331" * 61)
    await expect(about).to_have_value("\U0001f331" * 61)
    await expect(page.get_by_text("That is 1 character too many.")).to_be_visible()
    await about.press("Backspace")
    await expect(page.get_by_text("There is room for 0 more characters.")).to_be_visible()
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_text("Mentions " + "\U0001f331" * 60)).to_be_visible()
