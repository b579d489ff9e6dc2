"""What a page could not read says so, and comes when it is asked for again."""

from playwright.async_api import expect

from tests.browser.windows import Windows


async def test_what_did_not_load_comes_when_one_tries_again(windows: Windows) -> None:
    rowan = await windows.member("Rowan")
    await rowan.route("**/api/v1/studies", lambda route: route.abort(), times=1)
    await rowan.goto("/studies")
    failed = rowan.get_by_text("This did not load")
    await expect(failed).to_be_visible()
    await rowan.get_by_role("button", name="Try again").click()
    await expect(rowan.get_by_text("No study at the moment")).to_be_visible()
    await expect(failed).to_be_hidden()
