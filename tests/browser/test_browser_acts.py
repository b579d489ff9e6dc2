"""What a window tells of its person: for those who said yes, and for nobody else."""

import json
from typing import Any

import pytest
from playwright.async_api import Page, Request, Route, ViewportSize, expect

from tests.browser.windows import Windows, card, write
from tests.support.waiting import eventually

ACTS = "/api/v1/activities"
#: Told by the browser in the frame in which the page's own observer was told, or later.
IN_VIEW = """element => new Promise((done) => new IntersectionObserver(([entry], own) => {
  if (entry.intersectionRatio >= 0.5) { own.disconnect(); done(true); }
}, {threshold: [0, 0.5, 1]}).observe(element))"""
TURN = """state => {
  Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
#: Counts, in the page itself, what its live connections asked and what they were answered. A page
#: that gets no answer in time says so and connects anew, and its time is the test's.
LIVE = """
window.live = {welcomes: 0, unanswered: 0};
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.unanswered = 0;
    this.addEventListener('message', ({data}) => {
      const {type} = JSON.parse(data);
      if (type === 'welcome') live.welcomes += 1;
      if (type === 'pong') this.count(-1);
    });
    this.addEventListener('close', () => this.count(-this.unanswered));
  }
  count(by) { this.unanswered += by; live.unanswered += by; }
  send(said) {
    if (JSON.parse(said).do === 'ping') this.count(1);
    super.send(said);
  }
};"""
SMALL: ViewportSize = {"width": 360, "height": 520}
TALL: ViewportSize = {"width": 1280, "height": 4_000}


class Watched:
    """A page whose acts are noted as it sends them; its time is the test's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: list[dict[str, Any]] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.url.endswith(ACTS):
            self.sent.extend(json.loads(request.post_data or "{}")["items"])

    async def read(self) -> int:
        """Seconds that were sent."""
        return sum(item.get("seconds", 0) for item in self.sent)

    async def opened(self) -> list[str]:
        """What else was sent."""
        return [item["type"] for item in self.sent if item["type"] != "read"]

    async def open_wall(self) -> None:
        """With time standing still once the first post is in view, and nothing left to be sent."""
        await self.page.add_init_script(LIVE)
        await self.page.clock.install()
        await self.page.goto("/wall")
        await expect(card(self.page, "A walk helps me")).to_be_visible()
        await card(self.page, "A walk helps me").evaluate(IN_VIEW)
        await eventually(self.is_answered)
        now = await self.page.evaluate("Date.now()")
        await self.page.clock.pause_at((now + 30_000) / 1_000)
        await eventually(self.is_answered)
        await self.turn_away_and_back()

    async def is_answered(self) -> bool:
        """The live connection stands, and no question on it waits."""
        return bool(await self.page.evaluate("live.welcomes > 0 && live.unanswered === 0"))

    async def turn_away_and_back(self) -> None:
        """Everything that was counted is sent, and the person shows a sign of life."""
        for state in ("hidden", "visible"):
            await self.turn(state)

    async def turn(self, state: str) -> None:
        """A page looked at again asks whether anyone is there: time stands until it knows."""
        await self.page.evaluate(TURN, state)
        await eventually(self.is_answered)

    async def pass_(self, seconds: int) -> None:
        """Let so much of the page's time pass, a little at a time, the server keeping up with it:
        a page whose questions aren't answered says so, and its posts move down."""
        for _ in range(seconds // 5):
            await self.page.clock.run_for(5_000)
            await eventually(self.is_answered)


async def say_yes(page: Page) -> None:
    """As if this person took part in a study that keeps an activity log."""

    async def answer(route: Route) -> None:
        me = await (await route.fetch(max_retries=5)).json()
        await route.fulfill(json={**me, "is_recorded": True})

    await page.route("**/api/v1/me", answer)


async def several_posts(windows: Windows) -> Page:
    """A wall on which a small window shows one post, and a tall one all of them."""
    page = await windows.member("Rowan")
    for number in range(5):
        await write(page, f"Good evening {number}")
    await write(page, "A walk helps me")
    await say_yes(page)
    return page


@pytest.mark.parametrize("size", [SMALL, TALL], ids=["small", "tall"])
async def test_45_seconds_are_45_however_many_posts_the_window_shows(
    windows: Windows, size: ViewportSize
) -> None:
    page = await several_posts(windows)
    await page.set_viewport_size(size)
    watched = Watched(page)
    await watched.open_wall()
    before = await watched.read()
    await watched.pass_(45)
    await watched.turn_away_and_back()
    counted = await eventually(watched.read, until=lambda counted: counted - before >= 44)
    assert abs(counted - before - 45) <= 1, "whole seconds are sent: what is left over waits"
    assert {tuple(sorted(item)) for item in watched.sent} == {("seconds", "type")}, (
        "which post it was stays in the browser"
    )


async def test_nothing_is_counted_while_hidden_or_long_without_a_sign_of_life(
    windows: Windows,
) -> None:
    page = await several_posts(windows)
    watched = Watched(page)
    await watched.open_wall()
    before = await watched.read()
    await watched.turn("hidden")
    await watched.pass_(40)
    await watched.turn("visible")
    await watched.pass_(200)
    await page.keyboard.press("Shift")
    await watched.pass_(20)
    await watched.turn_away_and_back()
    counted = await eventually(watched.read, until=lambda counted: counted - before >= 139)
    assert abs(counted - before - 140) <= 1, "whole seconds are sent: what is left over waits"


async def test_help_now_and_an_opened_note_are_told_at_once_or_with_the_next_batch(
    windows: Windows,
) -> None:
    sky = await windows.member("Sky", "/write")
    await sky.get_by_label("What would you like to say?").fill("It was a hard night")
    await sky.get_by_label("It may be hard to read. Fold it behind a note.").check()
    await sky.get_by_label("What is it about, in a word or two?").fill("sleep")
    await sky.get_by_role("button", name="Send to the wall").click()
    await expect(card(sky, "Mentions sleep")).to_be_visible()
    page = await several_posts(windows)
    watched = Watched(page)
    await watched.open_wall()
    await card(page, "Mentions sleep").get_by_role("button", name="Open").click()
    await watched.pass_(20)
    await eventually(watched.opened, until=lambda opened: opened == ["note_opened"])
    await page.get_by_role("link", name="Help now").first.click()
    await expect(page.get_by_role("heading", name="Help now")).to_be_visible()
    await eventually(watched.opened, until=lambda opened: opened == ["note_opened", "help_opened"])


async def test_nothing_is_sent_for_anyone_else(windows: Windows) -> None:
    page = await several_posts(windows)
    await page.unroute_all()
    watched = Watched(page)
    await watched.open_wall()
    await watched.pass_(45)
    await watched.turn_away_and_back()
    await page.get_by_role("link", name="Help now").first.click()
    await expect(page.get_by_role("heading", name="Help now")).to_be_visible()
    assert watched.sent == []
