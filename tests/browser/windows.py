"""People at their browsers: each window is a browser profile of its own."""

import asyncio
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
)

from app.core.db import Database
from app.core.settings import Settings
from tests.people import Person, someone
from tests.support.servers import ServerProcess

#: Nothing is expected to take so long; a machine that stalls is no fault of what it runs.
PATIENCE_MS = 60_000.0
#: What the worker computes in processes of its own takes half a minute where nobody else works.
COMPUTED_MS = 5 * PATIENCE_MS
PHONE: ViewportSize = {"width": 360, "height": 740}
ELSEWHERE = "https://www.bbc.co.uk/weather"

expect.set_options(timeout=PATIENCE_MS)


class Windows:
    """Opens the windows of one test, each a page of Chromium, and signs people in there."""

    def __init__(
        self, chromium: Browser, server: ServerProcess, database: Database, settings: Settings
    ) -> None:
        self.chromium = chromium
        self.server = server
        self.database = database
        self.settings = settings
        self.faults: list[str] = []
        self._contexts: list[BrowserContext] = []

    async def open(
        self, *, leaves: bool = False, keeps_offline: bool = False, **options: Any
    ) -> Page:
        """A visitor's window.

        One that `leaves` may see one page of another house, which is a stand-in; one that
        `keeps_offline` has the service worker. Both are dear: the first turns the browser's cache
        off, the second loads the whole site into each window.
        """
        context = await self.chromium.new_context(
            **{
                "base_url": self.server.origin,
                "viewport": PHONE,
                "locale": "en-GB",
                "reduced_motion": "reduce",
                "service_workers": "allow" if keeps_offline else "block",
                **options,
            }
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        if leaves:
            await context.route(
                f"{ELSEWHERE}**",
                lambda route: route.fulfill(
                    body="<title>Forecast</title><h1>Sunny</h1>", content_type="text/html"
                ),
            )
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("console", self._hear)
        page.on("request", partial(self._see, (ELSEWHERE,) if leaves else ()))
        return page

    async def member(self, name: str, path: str = "/wall", **options: Any) -> Page:
        """The window of someone who is signed in, at this page."""
        person = await someone(self.database, self.settings, name=name)
        page = await self.open(**options)
        await self.sign_in(page, person)
        await page.goto(path)
        return page

    async def sign_in(self, page: Page, person: Person, *, code: str | None = None) -> None:
        """By the API, where a test is not about the form."""
        said = {"email": person.email, "password": person.password}
        answer = await page.context.request.post(
            f"{self.server.origin}/api/v1/session",
            data=said if code is None else {**said, "code": code},
            headers={"Origin": self.server.origin},
        )
        assert answer.ok, await answer.text()

    async def close(self) -> None:
        """Close every window; then nothing may have gone wrong in any of them.

        A request that a test stands in for may still be on its way. It is waited for: one that
        is cut off would be reported as a fault of whichever test comes next.
        """
        for context in self._contexts:
            try:
                async with asyncio.timeout(PATIENCE_MS / 1000):
                    for page in context.pages:
                        await page.unroute_all(behavior="wait")
                    await context.unroute_all(behavior="wait")
            finally:
                await context.close()
        if self.faults:
            raise AssertionError(f"went wrong in a window: {self.faults}")

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "[svelte]" in message.text:
            self.faults.append(message.text)

    def _see(self, expected: tuple[str, ...], request: Request) -> None:
        address = urlsplit(request.url)
        is_ours = address.netloc == f"127.0.0.1:{self.server.port}"
        if not is_ours and not request.url.startswith(("data:", "blob:", *expected)):
            self.faults.append(f"asked elsewhere: {request.url}")


async def kept_for_offline(page: Page) -> None:
    """Until the service worker holds the pages and answers for this one."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        await page.evaluate(
            """async () => {
              const workers = navigator.serviceWorker;
              await workers.ready;
              if (workers.controller === null) await new Promise((done) =>
                workers.addEventListener('controllerchange', done, {once: true}));
            }"""
        )


async def write(page: Page, words: str) -> None:
    """Publish a post from the page for it."""
    await page.goto("/write")
    await page.get_by_label("What would you like to say?").fill(words)
    await page.get_by_role("button", name="Send to the wall").click()
    await expect(page.get_by_role("heading", name="The wall", exact=True)).to_be_visible()


async def react(post: Any, words: str) -> None:
    """Say one of the four things to a post without words, or take it back."""
    await post.get_by_role("button", name="React").click()
    await post.get_by_role("button", name=words).click()


def card(page: Page, words: str) -> Any:
    """The card of the post with these words."""
    return page.get_by_role("article").filter(has_text=words)
