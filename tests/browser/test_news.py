"""News: what concerns a person, in words, and no longer new once it was looked at."""

from playwright.async_api import expect

from app.community.subscribers import SUBSCRIBER
from app.core.delivery import deliver
from tests.browser.windows import Desk, card, write
from tests.support.waiting import eventually


async def test_an_answer_is_news_until_it_was_looked_at(desk: Desk) -> None:
    rowan = await desk.member("Rowan")
    await write(rowan, "I could not sleep again")
    sky = await desk.member("Sky")
    await card(sky, "I could not sleep again").get_by_role("link", name="Answer").click()
    await sky.get_by_label("Your reply").fill("I am up too.")
    await sky.get_by_role("button", name="Send the reply").click()
    await expect(card(sky, "I am up too.")).to_be_visible()
    news = rowan.get_by_role("navigation", name="Main").get_by_role("link", name="News")
    await expect(news).not_to_contain_text("new")

    async def is_told() -> bool:
        # An event is handed over once every earlier transaction has ended: look again until then.
        await deliver(desk.database, SUBSCRIBER)
        return "new" in await news.inner_text()

    await eventually(is_told)
    answered = rowan.get_by_role("link", name="Sky answered you.")
    async with rowan.expect_response("**/notifications/seen") as seen:
        await news.click()
        await expect(answered).to_be_visible()
    assert (await seen.value).ok
    await answered.click()
    await expect(card(rowan, "I am up too.")).to_be_focused()
    await rowan.reload()
    await expect(card(rowan, "I am up too.")).to_be_visible()
    await expect(news).not_to_contain_text("new")


async def test_news_of_what_was_taken_back_is_new_no_longer(desk: Desk) -> None:
    rowan = await desk.member("Rowan")
    await write(rowan, "I could not sleep again")
    sky = await desk.member("Sky")
    await card(sky, "I could not sleep again").get_by_role("link", name="Answer").click()
    await sky.get_by_label("Your reply").fill("I am up too.")
    await sky.get_by_role("button", name="Send the reply").click()
    await expect(card(sky, "I am up too.")).to_be_visible()
    news = rowan.get_by_role("navigation", name="Main").get_by_role("link", name="News")

    async def says_new() -> bool:
        await deliver(desk.database, SUBSCRIBER)
        return "new" in await news.inner_text()

    async def says_nothing() -> bool:
        return not await says_new()

    await eventually(says_new)
    await card(sky, "I am up too.").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="Take it back").click()
    dialog = sky.get_by_role("dialog")
    await expect(dialog).to_contain_text("We erase its words for good after 30 days")
    await dialog.get_by_role("button", name="Take it back").click()
    await eventually(says_nothing)
