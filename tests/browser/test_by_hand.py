"""Answers by hand: gone through together, typed from paper by two people, by the code of a card."""

from uuid import UUID

from playwright.async_api import Locator, Page, expect

from app.core.db import unit_of_work
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import sheets, studies
from app.research.models import Purpose
from app.research.questionnaires import plans
from app.research.questionnaires.plans import Timing
from tests.browser.staff import staff
from tests.browser.test_axe import examine
from tests.browser.windows import Windows
from tests.research.factories import join
from tests.research.test_codes import card

ONLY = (Purpose.QUESTIONNAIRES, Purpose.CONTACT)


async def asking(windows: Windows) -> UUID:
    """An open study with a baseline that asks about services, after loneliness."""
    database = windows.database
    async with unit_of_work(database) as session:
        study = await studies.create(
            session, title="How you are", summary="Why.", asks=ONLY, wave_weeks=(0, 13)
        )
        await plans.set_(session, database.pool, study, Timing(), {1: ["phq9", "services"]})
        await sheets.publish(session, study, body="Please read **all** of it.")
        await studies.open_(session, study)
        return study.id


async def taking_part(windows: Windows, study_id: UUID) -> str:
    """The pseudonym of somebody who agrees to questionnaires."""
    async with unit_of_work(windows.database) as session:
        study = await studies.access(session, study_id, is_researcher=False)
    receipt = await join(windows.database, study, new_id(), dict.fromkeys(ONLY, True))
    assert receipt.pseudonym is not None
    return receipt.pseudonym


async def desk(windows: Windows, name: str, study_id: UUID) -> Page:
    return await staff(
        windows, name, Role.RESEARCHER, f"/research/studies/{study_id}/by-hand"
    )


async def find(page: Page, code: str) -> Locator:
    """The line of the baseline of whoever has this code."""
    await page.get_by_label("The participant's code").fill(code.lower())
    await page.get_by_role("button", name="Find their questions").click()
    return page.get_by_role("listitem").filter(has_text="Open, nothing answered yet")


async def typed(page: Page, third: str) -> None:
    """One person types the paper with the keyboard alone."""
    await page.get_by_label("Day written on the paper").fill("2026-01-02")
    await page.get_by_label("Little interest or pleasure").focus()
    for number in ("1", "2", third, "0", "0", "0", "0", "0", ""):
        await page.keyboard.type(number)
        await page.keyboard.press("Enter")


async def test_paper_is_typed_by_two_people_and_what_differs_is_decided(windows: Windows) -> None:
    study_id = await asking(windows)
    code = await taking_part(windows, study_id)
    today = await windows.database_day()
    wren = await desk(windows, "Wren", study_id)
    await (await find(wren, code)).get_by_role("button", name="Type a paper").click()
    await typed(wren, "3")
    await wren.get_by_label("Day written on the paper").fill(today)
    assert await examine(wren) == []
    await wren.get_by_role("button", name="Keep this entry").click()
    await expect(wren.get_by_text("Someone else types it a second time.")).to_be_visible()
    await expect(wren.get_by_text("Waits for someone else")).to_be_visible()
