"""Back gives back the place, and what had been loaded."""

from uuid import UUID

from playwright.async_api import Locator, Page, expect

from app.community import notifications, posts
from app.community.choices import NotificationKind, ReactionKind
from app.core.db import unit_of_work
from app.identity.actors import Actor
from app.identity.roles import Role
from app.moderation import reports
from app.moderation.queue import BATCH_FROM
from app.moderation.reports import NewFlag
from tests.browser.staff import staff
from tests.browser.windows import PHONE, Windows, card
from tests.people import someone

MANY = 70


async def written(windows: Windows, count: int = MANY) -> list[UUID]:
    """Posts by someone else, each with a reply."""
    sky = await someone(windows.database, windows.settings, name="Sky")
    made = []
    async with unit_of_work(windows.database) as session:
        for number in range(count):
            post = await posts.publish(
                session, author_id=sky.member_id, body=f"Umbrella number {number}, a long day"
            )
            made.append(post.id)
    return made


async def scrolled(page: Page) -> float:
    return float(await page.evaluate("scrollY"))


async def loaded(page: Page, button: str, count: int) -> None:
    """Press for more until so many stand there."""
    articles = page.get_by_role("article")
    for so_far in range(20, count, 20):
        await expect(articles).to_have_count(so_far)
        await page.get_by_role("button", name=button).click()
    await expect(articles).to_have_count(count)


def opened(article: Locator) -> Locator:
    """What leads from a card to its thread."""
    return article.locator("a[href^='/threads/']").last


async def go_and_come_back(page: Page, words: str, count: int) -> None:
    """Open a thread far down, and come back to where it stood."""
    await card(page, words).scroll_into_view_if_needed()
    before = await scrolled(page)
    assert before > 1_000
    await opened(card(page, words)).click()
    await expect(page.get_by_role("heading", name="Sky wrote")).to_be_visible()
    await page.go_back()
    await is_there(page, card(page, words), count, before)


async def is_there(page: Page, post: Locator, count: int, before: float) -> None:
    """As much is loaded as there was, and the page stands where it stood."""
    await expect(page.get_by_role("article")).to_have_count(count)
    await expect(post).to_be_in_viewport()
    await page.wait_for_function("before => Math.abs(scrollY - before) < 200", arg=before)


async def test_back_to_the_wall_gives_back_the_place_and_all_that_was_loaded(
    windows: Windows,
) -> None:
    made = await written(windows)
    page = await windows.member("Rowan")
    await loaded(page, "Show older posts", 60)
    await go_and_come_back(page, "Umbrella number 15,", 60)

    # By the link in the page as well, and what others do meanwhile is merged.
    await opened(card(page, "Umbrella number 15,")).click()
    await expect(page.get_by_role("heading", name="Sky wrote")).to_be_visible()
    wren = await someone(windows.database, windows.settings, name="Wren")
    async with unit_of_work(windows.database) as session:
        await posts.publish(session, author_id=wren.member_id, body="Written meanwhile")
        await posts.reply(
            session, author_id=wren.member_id, parent_id=made[15], body="Answered meanwhile"
        )
    await page.get_by_role("link", name="Back to the wall").click()
    await expect(page.get_by_role("article")).to_have_count(60)
    await expect(card(page, "Umbrella number 15,")).to_be_in_viewport()
    await expect(card(page, "Umbrella number 15,")).to_contain_text("1 reply")
    await page.get_by_role("button", name="Show 1 new post").click()
    await expect(card(page, "Written meanwhile")).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(61)


async def to_help_now(page: Page) -> None:
    """By a key: a click of the test's would scroll first."""
    link = page.get_by_role("link", name="Help now").first
    await link.evaluate("link => link.focus({preventScroll: true})")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Help now", level=1)).to_be_visible()


async def test_back_from_help_now_and_a_reload_give_back_the_place(windows: Windows) -> None:
    """Help now is a page by itself, that works without a script: nothing is left in memory."""
    await written(windows)
    page = await windows.member("Rowan")
    await loaded(page, "Show older posts", 60)
    post = card(page, "Umbrella number 15,")
    await post.scroll_into_view_if_needed()
    before = await scrolled(page)
    await to_help_now(page)
    await page.go_back()
    await is_there(page, post, 60, before)

    await page.reload()
    await is_there(page, post, 60, before)

    # Two pages back: the thread is loaded whole, and then the wall, of which nothing is known.
    await opened(post).click()
    await expect(page.get_by_role("heading", name="Sky wrote")).to_be_visible()
    await to_help_now(page)
    await page.go_back()
    await expect(page.get_by_role("heading", name="Sky wrote")).to_be_visible()
    await page.go_back()
    await is_there(page, post, 60, before)

    await page.goto("/wall")
    await expect(page.get_by_role("button", name="Show older posts")).to_be_visible()
    assert await scrolled(page) == 0, "who comes by an address begins at the top"


async def test_back_to_a_search_and_to_my_posts_gives_back_the_place(windows: Windows) -> None:
    made = await written(windows)
    page = await windows.member("Rowan", "/search?q=umbrella")
    await loaded(page, "Show older posts", 60)
    await go_and_come_back(page, "Umbrella number 15,", 60)
    rowan_id = await _member_id(page)
    async with unit_of_work(windows.database) as session:
        for post_id in made[:45]:
            await posts.reply(session, author_id=rowan_id, parent_id=post_id, body="I hear you")
    await page.goto("/activity?kind=replies")
    await loaded(page, "Show older", 40)
    last = page.get_by_role("article").nth(38)
    await last.scroll_into_view_if_needed()
    before = await scrolled(page)
    await opened(last).click()
    await expect(page.get_by_role("heading", name="Sky wrote")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("article")).to_have_count(40)
    await expect(last).to_be_in_viewport()
    assert abs(await scrolled(page) - before) < 200


async def test_back_to_the_updates_gives_back_the_place(windows: Windows) -> None:
    page = await windows.member("Rowan", "/house-rules")
    rowan_id = await _member_id(page)
    sky = await someone(windows.database, windows.settings, name="Sky")
    async with unit_of_work(windows.database) as session:
        for number in range(45):
            post = await posts.publish(session, author_id=rowan_id, body=f"Evening {number},")
            await notifications.make(
                session,
                member_ids=[rowan_id],
                kind=NotificationKind.REACTION,
                post_id=post.id,
                actor_id=sky.member_id,
                reaction=ReactionKind.I_HEAR_YOU,
            )
    await page.goto("/news")
    pieces = page.get_by_role("link", name="Sky hears you")
    await expect(pieces).to_have_count(20)
    await page.get_by_role("button", name="Show older updates").click()
    await expect(pieces).to_have_count(40)
    await pieces.nth(38).scroll_into_view_if_needed()
    before = await scrolled(page)
    assert before > 1_000
    await pieces.nth(38).click()
    await expect(page.get_by_label("Your reply")).to_be_visible()
    await page.go_back()
    await expect(pieces).to_have_count(40)
    await expect(pieces.nth(38)).to_be_in_viewport()
    assert abs(await scrolled(page) - before) < 200


async def _member_id(page: Page) -> UUID:
    answer = await page.context.request.get("/api/v1/me")
    return UUID((await answer.json())["member_id"])


async def test_back_to_a_thread_gives_back_the_replies_that_were_loaded(windows: Windows) -> None:
    (post_id,) = await written(windows, 1)
    sky = await someone(windows.database, windows.settings, name="Ash")
    async with unit_of_work(windows.database) as session:
        for number in range(50):
            await posts.reply(
                session, author_id=sky.member_id, parent_id=post_id, body=f"Answer {number}, yes"
            )
    page = await windows.member("Rowan", f"/threads/{post_id}")
    articles = page.get_by_role("article")
    await expect(articles).to_have_count(21)
    await page.get_by_role("button", name="Show more replies").click()
    await expect(articles).to_have_count(41)
    far = card(page, "Answer 35,")
    await far.scroll_into_view_if_needed()
    await far.get_by_role("link", name="Ash").click()
    await expect(page.get_by_role("heading", name="Ash", level=1)).to_be_visible()
    await page.go_back()
    await expect(articles).to_have_count(41)
    await expect(far).to_be_in_viewport()


#: So many flags of one member stand each for itself in the queue.
FEW = BATCH_FROM - 1


async def worry(windows: Windows, name: str, post_ids: list[UUID]) -> None:
    wren = await someone(windows.database, windows.settings, name=name)
    actor = Actor(
        account_id=wren.account_id,
        member_id=wren.member_id,
        session_id=wren.account_id,
        roles=frozenset({Role.MEMBER}),
        permissions=frozenset(),
        is_second_factor_passed=False,
        is_verified=True,
    )
    async with unit_of_work(windows.database) as session:
        for post_id in post_ids:
            await reports.file(session, actor, post_id=post_id, flag=NewFlag(is_worried=True))


async def test_back_to_the_queue_gives_back_what_was_loaded(windows: Windows) -> None:
    made = await written(windows, 45)
    for first in range(0, len(made), FEW):
        await worry(windows, f"Wren {first}", made[first : first + FEW])
    page = await staff(windows, "Sam", Role.MODERATOR, "/moderation", viewport=PHONE)
    rows = page.get_by_role("list", name="Cases").get_by_role("listitem")
    await expect(rows).to_have_count(20)
    await page.get_by_role("button", name="Show more").click()
    await expect(rows).to_have_count(40)
    row = rows.nth(35)
    await row.scroll_into_view_if_needed()
    await row.get_by_role("link").click()
    await expect(page.get_by_role("link", name="Back to the queue")).to_be_visible()
    await page.get_by_role("link", name="Back to the queue").click()
    await expect(rows).to_have_count(40)
    await expect(row).to_be_in_viewport()
    await page.get_by_role("link", name="Log").click()
    await expect(page.get_by_role("heading", name="The log")).to_be_visible()
    await page.go_back()
    await expect(rows).to_have_count(40)


async def test_who_signs_in_next_finds_nothing_of_who_was_there(windows: Windows) -> None:
    await written(windows)
    page = await windows.member("Rowan")
    await loaded(page, "Show older posts", 40)
    await page.get_by_role("link", name="Me", exact=True).click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).not_to_have_url("/me")
    other = await someone(windows.database, windows.settings, name="Moss")
    await windows.sign_in(page, other)
    await page.go_back()
    await page.go_back()
    await expect(page.get_by_role("article")).to_have_count(20)
