"""Research and the community from the windows: two sign-ins, and no door between them."""

import pytest
from playwright.async_api import Page, expect

from app.core.db import unit_of_work
from app.identity import staff as roles
from app.identity.roles import Role
from app.research import sheets, studies
from tests.browser.staff import staff
from tests.browser.windows import Windows, write
from tests.people import PASSWORD, code_now, someone
from tests.support.signed_off import open_signed_off

WORDS = "Only members read this."
ROOMS = ("/wall", "/search?q=members", "/write", "/news", "/activity")


async def _sign_in(page: Page, email: str, *, code: bool) -> None:
    """By the form."""
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    if code:
        await page.get_by_label("Code from your app").fill(code_now())
        await page.get_by_role("button", name="Sign in").click()


async def _is_shut(page: Page) -> None:
    """The kind refusal, with what is always there, and nothing of the community."""
    await expect(page.get_by_role("heading", name="This room is for members")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text("another account")
    await expect(page.get_by_text(WORDS)).to_have_count(0)
    await expect(page.get_by_role("link", name="Help now")).to_be_visible()
    await expect(page.get_by_role("link", name="Leave quickly")).to_be_visible()


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.CHECKER])
async def test_a_research_sign_in_lands_in_its_own_rooms_and_finds_the_others_shut(
    windows: Windows, role: Role
) -> None:
    sky = await windows.member("Sky")
    await write(sky, WORDS)
    link = sky.get_by_role("article").filter(has_text=WORDS).get_by_role("link", name="Reply")
    thread = await link.get_attribute("href")
    wren = await someone(
        windows.database, windows.settings, roles=[role], has_second_factor=True, name="Wren"
    )
    page = await windows.open()
    await page.goto("/sign-in")
    await _sign_in(page, wren.email, code=True)
    await page.wait_for_url("**/research")
    await expect(page.get_by_role("heading", name="Research", exact=True)).to_be_visible()
    main = page.get_by_role("navigation", name="Main")
    assert await main.get_by_role("link").all_inner_texts() == ["Research", "Me"]
    assert thread is not None
    for room in (*ROOMS, thread):
        await page.goto(room)
        await _is_shut(page)
    await page.get_by_role("link", name="Go to the research room").click()
    await page.wait_for_url("**/research")
    await page.goto("/me")
    await expect(page.get_by_role("link", name="My activity")).to_have_count(0)
    await expect(page.get_by_role("link", name="My data")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/")


async def test_who_is_appointed_at_an_open_window_comes_back_to_the_other_rooms(
    windows: Windows,
) -> None:
    rowan = await someone(windows.database, windows.settings, has_second_factor=True)
    page = await windows.open()
    await page.goto("/sign-in")
    await _sign_in(page, rowan.email, code=True)
    await page.wait_for_url("**/wall")
    await write(page, WORDS)
    await expect(page.get_by_role("article").filter(has_text=WORDS)).to_be_visible()
    async with unit_of_work(windows.database) as session:
        await roles.grant(
            session,
            account_id=rowan.account_id,
            role=Role.RESEARCHER,
            reason="A test.",
            granter_id=None,
        )
    await page.wait_for_url("**/sign-in?next=%2Fwall")
    answer = await page.context.request.get(f"{windows.server.origin}/api/v1/wall")
    assert answer.status == 401


async def test_a_moderator_reads_the_wall_and_a_study_but_takes_no_part(windows: Windows) -> None:
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title="Evenings", summary="How they go.")
        await sheets.publish(session, study, body="Please read.")
        await open_signed_off(session, study)
    sam = await staff(windows, "Sam", Role.MODERATOR, f"/studies/{study.id}")
    await expect(sam.get_by_text("Staff don't take part in studies")).to_be_visible()
    await expect(sam.get_by_role("button", name="Take part")).to_have_count(0)
    await sam.goto("/wall")
    await expect(sam.get_by_role("heading", name="The wall")).to_be_visible()
