"""Reading is measured for those who said yes to it, and for nobody else."""

import json
import time
from typing import Any

from playwright.async_api import Page, Request, Route, expect

from tests.browser.windows import Desk, card, write
from tests.support.waiting import eventually

READS = "**/api/v1/activities/reads"
#: Told by the browser in the frame in which the page's own observer was told, or later.
IN_VIEW = """element => new Promise((done) => new IntersectionObserver(([entry], own) => {
  if (entry.intersectionRatio >= 0.5) { own.disconnect(); done(true); }
}, {threshold: [0, 0.5, 1]}).observe(element))"""


async def say_yes(page: Page) -> None:
    """As if this person took part in a study that keeps an activity log."""

    async def answer(route: Route) -> None:
        me = await (await route.fetch(max_retries=5)).json()
        await route.fulfill(json={**me, "records_reading": True})

    await page.route("**/api/v1/me", answer)


async def read_for_a_minute(page: Page) -> list[dict[str, Any]]:
    """What is sent while the wall lies open; time is the browser's and passes at once."""
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/activities/reads"):
            body = json.loads(request.post_data or "{}")
            sent.extend(body["items"])

    page.on("request", note)
    await page.clock.install()
    await page.goto("/wall")
    await expect(card(page, "A walk helps me")).to_be_visible()
    await card(page, "A walk helps me").evaluate(IN_VIEW)
    for _ in range(6):
        await page.clock.run_for(10_000)
    return sent


async def test_seconds_in_view_are_sent_in_batches_for_those_who_said_yes(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await write(page, "A walk helps me")
    await say_yes(page)
    started = time.monotonic()
    async with page.expect_response(READS) as answered:
        sent = await read_for_a_minute(page)
    assert (await answered.value).status == 204

    async def seconds() -> int:
        return sum(item["seconds"] for item in sent)

    counted = await eventually(seconds, until=lambda counted: counted >= 30)
    assert counted <= 60 + time.monotonic() - started, "the browser's clock goes on by itself too"
    post = await card(page, "A walk helps me").get_attribute("id")
    assert {f"post-{item['post_id']}" for item in sent} == {post}


async def test_nothing_is_sent_for_anyone_else(desk: Desk) -> None:
    page = await desk.member("Rowan")
    await write(page, "A walk helps me")
    assert await read_for_a_minute(page) == []
