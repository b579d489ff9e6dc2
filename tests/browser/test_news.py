"""Replies and updates: what concerns a person, in words, and not new once it was looked at."""

from playwright.async_api import expect

from app.community import notifications, posts
from app.community.choices import NotificationKind
from app.community.subscribers import SUBSCRIBER
from app.core import db
from app.core.db import unit_of_work
from app.core.delivery import deliver
from app.demo.stage import actor_of
from app.identity.roles import Role
from app.moderation import cases, decisions, subjects
from app.moderation.case_models import Case
from app.moderation.decision_models import Act
from tests.browser.windows import Windows, card, write
from tests.people import someone
from tests.support.waiting import eventually


async def test_an_answer_is_news_until_it_was_looked_at(windows: Windows) -> None:
    rowan = await windows.member("Rowan")
    await write(rowan, "I could not sleep again")
    sky = await windows.member("Sky")
    await card(sky, "I could not sleep again").get_by_role("link", name="Reply").click()
    await sky.get_by_label("Your reply").fill("I am up too.")
    await sky.get_by_role("button", name="Send the reply").click()
    await expect(card(sky, "I am up too.")).to_be_visible()
    news = rowan.get_by_role("navigation", name="Main").get_by_role("link", name="Updates")
    await expect(news).not_to_contain_text("new")

    async def is_told() -> bool:
        # An event is handed over once every earlier transaction has ended: look again until then.
        await deliver(windows.database, SUBSCRIBER)
        return "new" in await news.inner_text()

    await eventually(is_told)
    answered = rowan.get_by_role("link", name="Sky replied to your post.")
    async with rowan.expect_response("**/notifications/read-marker") as seen:
        await news.click()
        await expect(answered).to_be_visible()
    assert (await seen.value).ok
    await answered.click()
    await expect(card(rowan, "I am up too.")).to_be_focused()
    await rowan.reload()
    await expect(card(rowan, "I am up too.")).to_be_visible()
    await expect(news).not_to_contain_text("new")


async def test_news_of_what_was_taken_back_is_new_no_longer(windows: Windows) -> None:
    rowan = await windows.member("Rowan")
    await write(rowan, "I could not sleep again")
    sky = await windows.member("Sky")
    await card(sky, "I could not sleep again").get_by_role("link", name="Reply").click()
    await sky.get_by_label("Your reply").fill("I am up too.")
    await sky.get_by_role("button", name="Send the reply").click()
    await expect(card(sky, "I am up too.")).to_be_visible()
    news = rowan.get_by_role("navigation", name="Main").get_by_role("link", name="Updates")

    async def says_new() -> bool:
        await deliver(windows.database, SUBSCRIBER)
        return "new" in await news.inner_text()

    async def says_nothing() -> bool:
        return not await says_new()

    await eventually(says_new)
    await card(sky, "I am up too.").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="Delete").click()
    dialog = sky.get_by_role("dialog")
    await expect(dialog).to_contain_text("We erase its words for good after 30 days")
    await dialog.get_by_role("button", name="Delete").click()
    await eventually(says_nothing)


async def test_replies_to_one_post_are_one_piece_with_how_the_latest_begins(
    windows: Windows,
) -> None:
    rowan = await someone(windows.database, windows.settings, name="Rowan")
    writers = [
        await someone(windows.database, windows.settings, name=name)
        for name in ("Sky", "Moss", "שלום 7")
    ]
    async with unit_of_work(windows.database) as session:
        post = await posts.publish(
            session, author_id=rowan.member_id, body="I could not sleep again"
        )
        hard = await posts.publish(session, author_id=rowan.member_id, body="The other night")
        for writer in writers:
            await posts.reply(
                session, author_id=writer.member_id, parent_id=post.id, body="I am *up* too"
            )
        await posts.reply(
            session,
            author_id=writers[0].member_id,
            parent_id=hard.id,
            body="Words that hurt",
            note_about="self-harm",
        )
    await told(windows, 4)
    page = await windows.open()
    await windows.sign_in(page, rowan)
    await page.goto("/news")
    items = page.get_by_role("main").get_by_role("listitem")
    await expect(items).to_have_count(2)
    folded, grouped = items.nth(0), items.nth(1)
    await expect(folded).to_contain_text("This reply mentions self-harm.")
    await expect(page.get_by_text("Words that hurt")).to_have_count(0)
    link = grouped.get_by_role("link", name="שלום 7 and 2 others replied to your post.")
    await expect(link).to_be_visible()
    await expect(link.locator("bdi")).to_have_text("שלום 7")
    await expect(grouped).to_contain_text("You wrote: I could not sleep again")
    await expect(grouped.locator("blockquote")).to_have_text("I am up too")
    await link.click()
    await expect(card(page, "I am up too").last).to_be_focused()


async def told(windows: Windows, many: int) -> None:
    """Until so many notifications stand."""

    async def is_told() -> bool:
        await deliver(windows.database, SUBSCRIBER)
        rows = await db.fetch(windows.database.pool, "SELECT FROM community.notifications")
        return len(rows) == many

    await eventually(is_told)


async def test_a_decision_is_a_card_with_its_reason_and_what_one_can_do(windows: Windows) -> None:
    rowan = await someone(windows.database, windows.settings, name="Rowan")
    sam = await someone(windows.database, windows.settings, name="Sam")
    await someone(
        windows.database, windows.settings, roles=[Role.MODERATOR], has_second_factor=True
    )
    reason = "It described a way to self-harm.\nYou can edit that part."
    async with unit_of_work(windows.database) as session:
        made = await posts.publish(session, author_id=rowan.member_id, body="The worst night")
        post = await posts.get(session, made.id, lock=True)
        opened = await cases.open_for(session, subjects.of_post(post))
        await decisions.write(
            session,
            actor_of(sam.account_id, sam.member_id, Role.MODERATOR),
            await session.get_one(Case, opened.id),
            post,
            act=Act.HIDE,
            reason=reason,
            note_about=None,
        )
        await posts.hide(session, post, reason=reason)
        await notifications.make(
            session,
            member_ids=[rowan.member_id],
            kind=NotificationKind.DECISION,
            post_id=post.id,
            text="We've hidden what you wrote for now. You're not in trouble.",
            reason=reason,
        )
    page = await windows.open()
    await windows.sign_in(page, rowan)
    await page.goto("/news")
    item = page.get_by_role("main").get_by_role("listitem")
    await expect(item.get_by_role("heading", name="About what you wrote")).to_be_visible()
    await expect(item).to_contain_text("We've hidden what you wrote for now.")
    await expect(item).to_contain_text("Why: It described a way to self-harm.")
    await expect(page.get_by_text("The worst night")).to_have_count(0)
    await item.get_by_role("button", name="Appeal: ask another moderator to look again").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Send my appeal").click()
    await expect(dialog).to_contain_text("Another moderator will look at it with fresh eyes")
    await dialog.get_by_role("button", name="Close").click()
    await item.get_by_role("link", name="Read and edit it").click()
    await expect(page.get_by_role("button", name="Edit it")).to_be_visible()
