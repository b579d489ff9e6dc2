"""What password managers are told, and what is said while an e-mail is on its way."""

import pytest
from playwright.async_api import Page, expect

from app.core.db import AnyConnection
from tests.browser.windows import Windows
from tests.identity.factories import letters
from tests.people import someone
from tests.support.waiting import eventually

SHAPES = """() => [...document.querySelectorAll('form, dialog')]
  .filter((form) => form.querySelector('input[type=password]'))
  .map((form) => [...form.querySelectorAll('input[autocomplete=username]')].map((n) => n.value))
"""


async def usernames(page: Page) -> list[list[str]]:
    """Of each form with a password, what stands in its fields for a username."""
    found: list[list[str]] = await page.evaluate(SHAPES)
    return found


async def test_every_form_with_a_password_says_whose_it_is(
    windows: Windows, connection: AnyConnection
) -> None:
    person = await someone(windows.database, windows.settings)
    page = await windows.open()
    for path in ("/join", "/sign-in"):
        await page.goto(path)
        await page.get_by_label("Password", exact=True).wait_for()
        assert await usernames(page) == [[""]]
    await windows.sign_in(page, person)
    await page.goto("/settings")
    await page.get_by_role("button", name="Close my account").click()
    await page.get_by_role("dialog").wait_for()
    assert await usernames(page) == [[person.email]] * 3
    await page.goto("/settings/second-factor")
    await page.get_by_label("Your password").wait_for()
    assert await usernames(page) == [[person.email]]

    stranger = await windows.open()
    await stranger.goto("/forgotten-password")
    await stranger.get_by_label("E-mail address").fill(person.email)
    await stranger.get_by_role("button", name="Send me a link").click()

    async def token() -> str | None:
        sent = await letters(connection, windows.settings)
        return sent[-1].token if sent else None

    await stranger.goto(f"/reset-password#token={await eventually(token)}")
    await expect(stranger.get_by_text(f"For {person.email}")).to_be_visible()
    assert await usernames(stranger) == [[person.email]]
    await stranger.goto("/help-now")
    await stranger.goto("/reset-password#token=" + "x" * 43)
    await expect(stranger.get_by_role("alert")).to_contain_text("may be old")


@pytest.mark.parametrize(
    ("path", "button"), [("/join", "Join"), ("/forgotten-password", "Send me a link")]
)
async def test_an_email_may_take_a_while_and_can_be_asked_for_again(
    windows: Windows, path: str, button: str
) -> None:
    page = await windows.open()
    await page.goto(path)
    await page.get_by_label("E-mail address").fill("a.reader@example.org")
    if path == "/join":
        await page.get_by_label("Your name on Alongside").fill("Rowan")
        await page.get_by_label("Password", exact=True).fill("kettle otter moss")
        await page.get_by_label("I am 18 or over.").check()
        await page.get_by_label("I have read").check()
    await page.get_by_role("button", name=button).click()
    await expect(page.get_by_text("it can take a while")).to_be_visible()
    await expect(page.get_by_text("written to")).to_have_count(0)
    again = page.get_by_role("button", name="Send it again")
    most = 5 if path == "/join" else 4
    for times in range(most):
        await again.click()
        words = "sent again" if times == 0 else f"{times + 1} times now"
        await expect(page.get_by_text(words)).to_be_visible()
    await again.click()
    await expect(page.get_by_text("Please wait an hour")).to_be_visible()


async def test_what_happened_is_said_before_what_to_do(windows: Windows) -> None:
    person = await someone(windows.database, windows.settings)
    page = await windows.open()
    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password", exact=True).fill("not the right one")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text(
        "That e-mail and password don't match. "
        "Try again, or we can send you a link to choose a new password."
    )
