"""The staff rooms and the studies by the basic rules: 320 px, large letters, names, structure."""

from playwright.async_api import Page, expect

from app.core.db import unit_of_work
from app.identity.roles import Role
from app.research import sheets, studies
from tests.browser.staff import flag, staff
from tests.browser.test_access import LONG, NARROW, look
from tests.browser.windows import PHONE, Windows, card, write
from tests.research.factories import asked, freeze, several
from tests.support.signed_off import open_signed_off
from tests.support.signed_plans import sign_plan

WIDE = {"width": 1280, "height": 900}


async def test_the_moderators_room_holds_the_basic_rules(windows: Windows) -> None:
    sky = await windows.member("W" * 30)
    await write(sky, LONG)
    rowan = await windows.member("Rowan", viewport=PHONE)
    await expect(card(rowan, "and_a_long_word")).to_be_visible()
    await flag(rowan, "and_a_long_word", "I'm worried about this person")
    for viewport in (NARROW, WIDE):
        sam = await staff(
            windows, f"Sam {viewport['width']}", Role.MODERATOR, "/moderation", viewport=viewport
        )
        address = await _address_of(sam, "WWWW")
        for path in ("/moderation", "/moderation?show=mine", "/moderation/log", address):
            await look(sam, path)


async def test_the_research_room_and_studies_hold_the_basic_rules(windows: Windows) -> None:
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title="W" * 60, summary=LONG)
        await sheets.publish(session, study, body=LONG, covers_acts=True)
        await sign_plan(session, study)
        await open_signed_off(session, study)
    await several(windows.database, study, 6)
    await asked(windows.database, await freeze(windows.database, study))
    rooms = [
        f"/research/studies/{study.id}{part}"
        for part in ("", "/sheet", "/plan", "/questions", "/datasets", "/releases")
    ]
    wren = await staff(windows, "Wren", Role.RESEARCHER, "/research", viewport=NARROW)
    for path in ("/research", "/research/new", *rooms):
        await look(wren, path)
    larch = await staff(windows, "Larch", Role.CHECKER, "/research", viewport=NARROW)
    await look(larch, rooms[-1])
    sky = await windows.member("Sky", f"/studies/{study.id}", viewport=NARROW)
    await sky.get_by_label("What I do here").check()
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_role("article", name="Receipt")).to_be_visible()
    for path in ("/studies", f"/studies/{study.id}", "/my-data"):
        await look(sky, path)


async def test_the_office_holds_the_basic_rules(windows: Windows) -> None:
    office = await staff(windows, "Office", Role.ADMINISTRATOR, "/staff", viewport=NARROW)
    await look(office, "/staff")


async def _address_of(page: Page, name: str) -> str:
    link = page.get_by_role("list", name="Cases").get_by_role("link").filter(has_text=name)
    return await link.get_attribute("href") or ""


async def test_who_acts_for_us_is_marked_beside_what_they_wrote_and_on_their_page(
    windows: Windows,
) -> None:
    sam = await staff(windows, "Sam", Role.MODERATOR, "/write")
    await sam.get_by_label("What would you like to say?").fill("Tea is on.")
    await sam.get_by_role("button", name="Send to the wall").click()
    await expect(card(sam, "Tea is on.").get_by_text("Moderator at Alongside")).to_be_visible()
    rowan = await windows.member("Rowan", "/wall")
    await expect(card(rowan, "Tea is on.").get_by_text("Moderator at Alongside")).to_be_visible()
    await rowan.get_by_role("link", name="Sam").click()
    await expect(rowan.get_by_role("main").get_by_text("Moderator at Alongside")).to_be_visible()
