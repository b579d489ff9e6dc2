"""What a page is before a script runs, and how much it takes to open one."""

import re
from uuid import UUID

import pytest
from playwright.async_api import Page, Request, expect

from app.api.site import BUILD
from app.community import posts
from app.core.db import unit_of_work
from app.core.ids import new_id
from tests.browser.windows import Desk, card
from tests.identity.factories import someone

#: Gzipped, of all the scripts that the wall runs until its posts are there.
MOST_SCRIPT = 90_000

#: Scripts and styles: each is a request, and a phone makes six at a time.
MOST_FILES = 20

LISTEN = """
  window.titles = [];
  new MutationObserver(() => {
    const now = document.title;
    if (now && window.titles.at(-1) !== now) window.titles.push(now);
  }).observe(document, {subtree: true, childList: true, characterData: true});
"""


async def a_post(desk: Desk, words: str) -> UUID:
    sky = await someone(desk.database, desk.settings, display_name="Sky")
    async with unit_of_work(desk.database) as session:
        return (await posts.publish(session, author_id=sky.member_id, body=words)).id


async def served(page: Page, path: str) -> str:
    """The title in the page as it comes, which no script has touched."""
    answer = await page.context.request.get(path)
    titles = re.findall("<title>([^<]*)</title>", await answer.text())
    assert len(titles) == 1, titles
    return str(titles[0])


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/wall", "The wall"),
        ("/wall?unanswered=true", "The wall"),
        ("/search", "Search"),
        ("/settings/second-factor", "A second step when you sign in"),
        ("/moderation/cases/0198", "Moderators' room"),
        ("/research/studies/0198/datasets", "A study"),
        ("/house-rules", "House rules"),
    ],
)
async def test_a_page_has_its_title_before_a_script_runs(desk: Desk, path: str, title: str) -> None:
    assert await served(await desk.window(), path) == f"{title} · Alongside"


async def test_no_page_shows_a_title_that_is_not_its_own(desk: Desk) -> None:
    thread = await a_post(desk, "Planted bulbs")
    page = await desk.member("Rowan", path="/house-rules")
    await page.add_init_script(LISTEN)
    for path in ("/wall", "/search", "/studies", "/my-data", "/settings", "/me/break", "/activity"):
        title = await served(page, path)
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await page.evaluate("titles") == [title]
    await page.goto(f"/threads/{thread}")
    await expect(page.get_by_role("heading", level=1, name="Sky wrote")).to_be_visible()
    seen = [re.sub("[\u2066-\u2069]", "", each) for each in await page.evaluate("titles")]
    assert seen == ["A thread · Alongside", "Sky wrote · Alongside"]


async def test_the_wall_asks_each_of_its_questions_once(desk: Desk) -> None:
    """What its page asks early is what the application asks: else a phone would wait for both."""
    await a_post(desk, "Planted bulbs")
    asked: list[str] = []
    page = await desk.member("Rowan", path="/house-rules")

    def note(request: Request) -> None:
        if "/api/v1/" in request.url:
            asked.append(request.url.partition("/api/v1/")[2].partition("?")[0])

    page.on("request", note)
    await page.goto("/wall")
    await expect(card(page, "Planted bulbs")).to_be_visible()
    assert [asked.count(path) for path in ("me", "wall")] == [1, 1]


async def test_the_wall_runs_no_more_script_than_a_slow_phone_can_wait_for(desk: Desk) -> None:
    await a_post(desk, "Planted bulbs")
    page = await desk.member("Rowan")
    await expect(card(page, "Planted bulbs")).to_be_visible()
    fetched: list[str] = await page.evaluate(
        """() => performance.getEntriesByType('resource')
          .map(({name}) => new URL(name).pathname).filter((path) => /\\.(js|css)$/.test(path))"""
    )
    scripts = [path for path in fetched if path.endswith(".js")]
    sizes = {path: (BUILD / f"{path[1:]}.gz").stat().st_size for path in scripts}
    assert "/_app/immutable/entry/" in " ".join(sizes)
    assert sum(sizes.values()) <= MOST_SCRIPT, sizes
    assert len(fetched) <= MOST_FILES, fetched


async def test_what_is_missing_is_asked_for_once_and_said(desk: Desk) -> None:
    """A page that took itself for an old one was fetched again without end."""
    page = await desk.member("Rowan")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"/members/{new_id()}")
    await expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert len([url for url in asked if "/api/v1/members/" in url]) == 1
