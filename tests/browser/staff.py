"""The windows of people with a role, past their second factor."""

from typing import Any

from playwright.async_api import Page, ViewportSize

from app.identity.roles import Role
from tests.browser.windows import Desk
from tests.people import code_now, someone

WIDE: ViewportSize = {"width": 1280, "height": 900}


async def staff(desk: Desk, name: str, role: Role, path: str, **options: Any) -> Page:
    """Signed in by the API, at this page, on a wide screen unless told otherwise."""
    person = await someone(
        desk.database, desk.settings, name=name, roles=[role], has_second_factor=True
    )
    page = await desk.window(**{"viewport": WIDE, **options})
    answer = await page.context.request.post(
        f"{desk.server.origin}/api/v1/session",
        data={"email": person.email, "password": person.password, "code": code_now()},
        headers={"Origin": desk.server.origin},
    )
    assert answer.ok, await answer.text()
    await page.goto(path)
    return page


async def flag(page: Page, words: str, door: str, choose: str | None = None) -> None:
    """Tell the moderators about the post with these words, by the menu beside it."""
    post = page.get_by_role("article").filter(has_text=words)
    await post.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=door).click()
    dialog = page.get_by_role("dialog")
    if choose is not None:
        await dialog.get_by_label(choose).check()
    await dialog.get_by_role("button", name="Tell the moderators").click()
    await dialog.get_by_text("Thank you for looking out", exact=True).wait_for()
    await dialog.get_by_role("button", name="Close").click()
