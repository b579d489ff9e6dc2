"""Two people side by side."""

from datetime import timedelta
from uuid import UUID

from playwright.async_api import expect

from app.community import posts
from app.core import clock
from app.core.db import unit_of_work
from tests.browser.windows import Desk, card, react, write
from tests.identity.factories import someone


async def test_a_post_a_reply_and_a_reaction_arrive_in_the_other_window(desk: Desk) -> None:
    rowan = await desk.member("Rowan")
    sky = await desk.member("Sky")
    await expect(rowan.get_by_text("It is quiet here")).to_be_visible()

    await write(sky, "I could not sleep again")
    await rowan.get_by_role("button", name="Show 1 new post").click()
    await card(rowan, "I could not sleep again").get_by_role("link", name="Reply").click()
    await card(sky, "I could not sleep again").get_by_role("link", name="Reply").click()
    await expect(sky.get_by_label("Your reply")).to_be_visible()
    await rowan.get_by_label("Your reply").fill("I am up too. Tea?")
    await rowan.get_by_role("button", name="Send the reply").click()
    await expect(card(rowan, "I am up too. Tea?")).to_be_visible()

    await sky.get_by_role("button", name="Show 1 new reply").click()
    await expect(card(sky, "I am up too. Tea?")).to_be_visible()
    await react(card(sky, "I am up too. Tea?"), "I hear you")
    await expect(card(sky, "I am up too. Tea?")).to_contain_text("You: I hear you")
    await expect(card(rowan, "I am up too. Tea?")).to_contain_text("Sky hears you.")


async def test_new_posts_never_move_what_is_being_read(desk: Desk) -> None:
    sky = await desk.member("Sky")
    for words in ("The first post", "The second post"):
        await write(sky, words)
    rowan = await desk.member("Rowan")
    reading = card(rowan, "The first post")
    await reading.scroll_into_view_if_needed()
    await rowan.evaluate("document.fonts.ready.then(() => true)")
    await expect(rowan.get_by_text("The connection is lost")).to_have_count(0)
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
    await sky.get_by_role("menuitem", name="Delete").click()
    await sky.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(rowan.get_by_text("The author deleted this.")).to_be_visible()
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
    rowan = await desk.member("Rowan", keeps_offline=True)
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


async def publish(desk: Desk, name: str, *written: str, ago: timedelta) -> list[UUID]:
    """Posts by someone else, some time ago."""
    person = await someone(desk.database, desk.settings, display_name=name)
    with clock.at(clock.now() - ago):
        async with unit_of_work(desk.database) as session:
            return [
                (await posts.publish(session, author_id=person.member_id, body=body)).id
                for body in written
            ]


async def test_who_has_waited_longest_for_a_reply_stands_first(desk: Desk) -> None:
    await publish(desk, "Wren", "Long ago and never answered", ago=timedelta(days=15))
    answered, *_ = await publish(
        desk, "Sky", "Somebody has answered this", "Waits since yesterday", ago=timedelta(days=1)
    )
    await publish(desk, "Moss", "Waits since this morning", ago=timedelta(hours=4))
    await publish(desk, "Ash", "Written just now", ago=timedelta())
    fern = await someone(desk.database, desk.settings, display_name="Fern")
    async with unit_of_work(desk.database) as session:
        await posts.reply(session, author_id=fern.member_id, parent_id=answered, body="You too.")
    rowan = await desk.member("Rowan")
    await expect(rowan.get_by_role("article").first).to_contain_text("Written just now")
    await expect(rowan.get_by_text("2 posts have waited more than three hours")).to_be_visible()
    await rowan.get_by_role("link", name="See who has waited longest").click()
    cards = rowan.get_by_role("article")
    await expect(cards.first).to_contain_text("Waits since yesterday")
    for at, words in enumerate(("yesterday", "this morning", "just now", "Somebody", "Long ago")):
        await expect(cards.nth(at)).to_contain_text(words)
    line = rowan.get_by_text("These have a reply, or are older than two weeks")
    await expect(line).to_be_visible()
    assert await line.count() == 1
    await expect(rowan.get_by_text("posts have waited more than")).to_have_count(0)


async def test_a_first_reply_moves_nothing_where_the_unanswered_stand_first(desk: Desk) -> None:
    first, _ = await publish(desk, "Sky", "I wait longest", "I wait too", ago=timedelta(hours=4))
    rowan = await desk.member("Rowan", "/wall?unanswered=true")
    waiting = card(rowan, "I wait longest")
    await expect(waiting).to_contain_text("A few words are enough")
    await rowan.evaluate("document.fonts.ready.then(() => true)")
    await expect(rowan.get_by_text("The connection is gone")).to_have_count(0)
    before = await card(rowan, "I wait too").bounding_box()
    moss = await someone(desk.database, desk.settings, display_name="Moss")
    async with unit_of_work(desk.database) as session:
        await posts.reply(session, author_id=moss.member_id, parent_id=first, body="I hear you.")
    await expect(waiting).to_contain_text("It has a reply now")
    assert await card(rowan, "I wait too").bounding_box() == before
    await expect(rowan.get_by_role("article").first).to_contain_text("I wait longest")

    # A new post has waited least: it comes after the others, and only when it is asked for.
    await publish(desk, "Ash", "I have just come", ago=timedelta())
    await rowan.get_by_role("button", name="Show 1 new post").click()
    await expect(card(rowan, "I have just come")).to_be_focused()
    await expect(rowan.get_by_role("article").nth(2)).to_contain_text("I have just come")

    await rowan.reload()
    await expect(rowan.get_by_role("article").first).to_contain_text("I wait too")
    await expect(rowan.get_by_role("article").nth(2)).to_contain_text("I wait longest")
