"""Two people side by side."""

from playwright.async_api import expect

from tests.browser.windows import Desk, card, write


async def test_a_post_a_reply_and_a_reaction_arrive_in_the_other_window(desk: Desk) -> None:
    rowan = await desk.member("Rowan")
    sky = await desk.member("Sky")
    await expect(rowan.get_by_text("It is quiet here")).to_be_visible()

    await write(sky, "I could not sleep again")
    await rowan.get_by_role("button", name="Show 1 new post").click()
    await card(rowan, "I could not sleep again").get_by_role("link", name="Answer").click()
    await card(sky, "I could not sleep again").get_by_role("link", name="Answer").click()
    await expect(sky.get_by_label("Your reply")).to_be_visible()
    await rowan.get_by_label("Your reply").fill("I am up too. Tea?")
    await rowan.get_by_role("button", name="Send the reply").click()
    await expect(card(rowan, "I am up too. Tea?")).to_be_visible()

    await sky.get_by_role("button", name="Show 1 new reply").click()
    await expect(card(sky, "I am up too. Tea?")).to_be_visible()
    heard = card(sky, "I am up too. Tea?").get_by_role("button", name="I hear you")
    await heard.click()
    await expect(heard).to_have_attribute("aria-pressed", "true")
    await expect(card(rowan, "I am up too. Tea?")).to_contain_text("Sky hears you.")


async def test_new_posts_never_move_what_is_being_read(desk: Desk) -> None:
    sky = await desk.member("Sky")
    for words in ("The first post", "The second post"):
        await write(sky, words)
    rowan = await desk.member("Rowan")
    reading = card(rowan, "The first post")
    await reading.scroll_into_view_if_needed()
    await rowan.evaluate("document.fonts.ready.then(() => true)")
    await expect(rowan.get_by_text("The connection is gone")).to_have_count(0)
    before = await reading.bounding_box()
    for words in ("The third post", "The fourth post"):
        await write(sky, words)
    await expect(rowan.get_by_role("button", name="Show 2 new posts")).to_be_visible()
    assert await reading.bounding_box() == before
    assert await card(rowan, "The third post").count() == 0
    await rowan.get_by_role("button", name="Show 2 new posts").click()
    await expect(card(rowan, "The fourth post")).to_be_focused()
    await expect(rowan.get_by_role("article")).to_have_count(4)


async def test_an_edit_and_a_withdrawal_arrive_where_the_post_is_open(desk: Desk) -> None:
    sky = await desk.member("Sky")
    await write(sky, "A walk helps me")
    rowan = await desk.member("Rowan")
    await expect(card(rowan, "A walk helps me")).to_be_visible()

    await card(sky, "A walk helps me").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="Edit").click()
    await sky.get_by_label("Change your words").fill("A slow walk helps me")
    await sky.get_by_role("button", name="Save the change").click()
    await expect(card(rowan, "A slow walk helps me")).to_contain_text("edited")

    await card(sky, "A slow walk helps me").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="Take it back").click()
    await sky.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    await expect(rowan.get_by_text("The author took this back.")).to_be_visible()
    await expect(rowan.get_by_text("A slow walk helps me")).to_have_count(0)


async def test_what_happened_while_the_server_was_away_arrives_once(desk: Desk) -> None:
    rowan = await desk.member("Rowan")
    sky = await desk.member("Sky")
    for page in (rowan, sky):  # a page without its code yet could not come back
        await expect(page.get_by_text("It is quiet here")).to_be_visible()
    desk.server.kill()
    desk.server.start_again()
    await write(sky, "Still here after the pause")
    await rowan.get_by_role("button", name="Show 1 new post").click()
    await expect(card(rowan, "Still here after the pause")).to_have_count(1)


async def test_a_lost_line_catches_up_when_it_is_back(desk: Desk) -> None:
    rowan = await desk.member("Rowan")
    await expect(rowan.get_by_text("It is quiet here")).to_be_visible()
    sky = await desk.member("Sky")
    await write(sky, "Before the tunnel")
    await rowan.get_by_role("button", name="Show 1 new post").click()
    await expect(card(rowan, "Before the tunnel")).to_be_visible()
    await rowan.context.set_offline(True)
    await rowan.evaluate("dispatchEvent(new Event('offline'))")
    await write(sky, "In the tunnel")
    await rowan.context.set_offline(False)
    await rowan.evaluate("dispatchEvent(new Event('online'))")
    await rowan.get_by_role("button", name="Show 1 new post").click()
    await expect(card(rowan, "In the tunnel")).to_have_count(1)
    await expect(card(rowan, "Before the tunnel")).to_have_count(1)


async def test_a_folded_post_opens_only_when_asked(desk: Desk) -> None:
    sky = await desk.member("Sky", "/write")
    await sky.get_by_label("What would you like to say?").fill("Hard words")
    await sky.get_by_label("It may be hard to read").check()
    await sky.get_by_label("What is it about").fill("self-harm")
    await sky.get_by_role("button", name="Send to the wall").click()
    await expect(sky.get_by_role("heading", name="The wall")).to_be_visible()
    rowan = await desk.member("Rowan")
    await expect(rowan.get_by_text("Mentions self-harm. You can skip this")).to_be_visible()
    await expect(rowan.get_by_text("Hard words")).to_have_count(0)
    await rowan.get_by_role("button", name="Open").click()
    await expect(rowan.get_by_text("Hard words")).to_be_visible()


async def test_unanswered_posts_can_be_listed_first(desk: Desk) -> None:
    sky = await desk.member("Sky")
    for words in ("Nobody has answered this", "Somebody has answered this"):
        await write(sky, words)
    rowan = await desk.member("Rowan")
    await card(rowan, "Somebody has answered this").get_by_role("link", name="Answer").click()
    await rowan.get_by_label("Your reply").fill("You are not the only one")
    await rowan.get_by_role("button", name="Send the reply").click()
    await expect(card(rowan, "You are not the only one")).to_be_visible()
    await rowan.goto("/wall")
    await expect(rowan.get_by_role("article").first).to_contain_text("Somebody")
    await rowan.get_by_role("link", name="Unanswered first").click()
    await expect(rowan.get_by_role("article").first).to_contain_text("Nobody")
    await expect(rowan.get_by_text("These have been answered")).to_be_visible()
