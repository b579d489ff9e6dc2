"""The windows of people with a role, past their second factor."""

from typing import Any

from playwright.async_api import Page, ViewportSize

from app.identity.roles import Role
from tests.browser.windows import Windows
from tests.people import code_now, someone

WIDE: ViewportSize = {"width": 1280, "height": 900}


async def staff(windows: Windows, name: str, role: Role, path: str, **options: Any) -> Page:
    """Signed in by the API, at this page, on a wide screen unless told otherwise."""
    person = await someone(
        windows.database, windows.settings, name=name, roles=[role], has_second_factor=True
    )
    page = await windows.open(**{"viewport": WIDE, **options})
    await windows.sign_in(page, person, code=code_now())
    await page.goto(path)
    return page


async def flag(page: Page, words: str, kind: str, choose: str | None = None) -> None:
    """Tell the moderators about the post with these words, by the menu beside it."""
    post = page.get_by_role("article").filter(has_text=words)
    await post.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=kind).click()
    dialog = page.get_by_role("dialog")
    if choose is not None:
        await dialog.get_by_label(choose).check()
    await dialog.get_by_role("button", name="Tell the moderators").click()
    await dialog.get_by_text("Thank you for looking out", exact=True).wait_for()
    await dialog.get_by_role("button", name="Close").click()
