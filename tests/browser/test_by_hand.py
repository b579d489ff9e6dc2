"""Answers by hand: gone through together, typed from paper by two people, by the code of a card."""

from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect

from app.core import clock, db
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
from tests.support.signed_off import open_signed_off

ONLY = (Purpose.QUESTIONNAIRES, Purpose.CONTACT)


async def asking(windows: Windows, asks: tuple[Purpose, ...] = ONLY) -> UUID:
    """An open study with a baseline that asks about services, after loneliness."""
    database = windows.database
    async with unit_of_work(database) as session:
        study = await studies.create(
            session, title="How you are", summary="Why.", asks=asks, wave_weeks=(0, 13)
        )
        await plans.set_(session, database.pool, study, Timing(), {1: ["phq9", "services"]})
        await sheets.publish(session, study, body="Please read **all** of it.")
        await open_signed_off(session, study)
        return study.id


async def taking_part(windows: Windows, study_id: UUID) -> str:
    """The pseudonym of somebody who agrees to questionnaires."""
    async with unit_of_work(windows.database) as session:
        study = await studies.access(session, study_id, is_researcher=False)
    receipt = await join(windows.database, study, new_id(), dict.fromkeys(ONLY, True))
    assert receipt.pseudonym is not None
    return receipt.pseudonym


async def desk(windows: Windows, name: str, study_id: UUID) -> Page:
    return await staff(windows, name, Role.RESEARCHER, f"/research/studies/{study_id}/by-hand")


async def find(page: Page, code: str) -> Locator:
    """The line of the baseline of whoever has this code."""
    await page.get_by_label("The participant's code").fill(code.lower())
    await page.get_by_role("button", name="Find their questions").click()
    return page.get_by_role("listitem").filter(has_text="Open, nothing answered yet")


async def typed(page: Page, third: str) -> None:
    """One person types the paper of today with the keyboard alone."""
    today = clock.now().astimezone(ZoneInfo("Europe/London")).date()
    await page.get_by_label("Day written on the paper").fill(today.isoformat())
    await page.get_by_role("textbox", name="Little interest or pleasure").focus()
    for number in ("1", "2", third, "0", "0", "0", "0", "0", "", "1 2", "4"):
        await page.keyboard.type(number)
        await page.keyboard.press("Enter")


async def test_paper_is_typed_by_two_people_and_what_differs_is_decided(windows: Windows) -> None:
    study_id = await asking(windows)
    code = await taking_part(windows, study_id)
    wren = await desk(windows, "Wren", study_id)
    await (await find(wren, code)).get_by_role("button", name="Type a paper").click()
    await typed(wren, "7")
    await wren.get_by_role("button", name="Keep this entry").click()
    await expect(wren.get_by_text("One of 0, 1, 2, 3.")).to_be_visible()
    wrong = wren.get_by_role("textbox", name="Trouble falling or staying asleep")
    await expect(wrong).to_be_focused()
    await wrong.fill("3")
    assert await examine(wren) == []
    await wren.get_by_role("button", name="Keep this entry").click()
    await expect(wren.get_by_text("Someone else types it a second time.")).to_be_visible()
    await expect(wren.get_by_text("Waits for someone else")).to_be_visible()
    finch = await desk(windows, "Finch", study_id)
    await finch.get_by_role("button", name="Open").click()
    await expect(finch.get_by_text("You don't see what they typed")).to_be_visible()
    await typed(finch, "2")
    await finch.get_by_role("button", name="Compare with the first entry").click()
    await expect(finch.get_by_role("heading", name="1 difference")).to_be_visible()
    confirm = finch.get_by_role("button", name="Confirm this paper")
    await expect(confirm).to_be_disabled()
    await finch.get_by_label("Nearly every day").check()
    assert await examine(finch) == []
    await confirm.click()
    await expect(finch.get_by_text("Confirmed. The answers are kept.")).to_be_visible()
    await expect(finch.get_by_text("Every paper that was typed is confirmed.")).to_be_visible()
    row = await _only(windows, "SELECT mode, answered_on, done_at FROM research.responses")
    assert row["mode"] == "paper"
    third = await _only(windows, "SELECT value FROM research.answers WHERE item = 'phq9_3'")
    assert third["value"] == 3


async def _only(windows: Windows, query: LiteralString) -> dict[str, Any]:
    (row,) = await db.fetch(windows.database.pool, query)
    return row


async def test_a_helper_goes_through_the_questions_with_somebody(windows: Windows) -> None:
    study_id = await asking(windows)
    code = await taking_part(windows, study_id)
    wren = await desk(windows, "Wren", study_id)
    await wren.get_by_label("The participant's code").fill(code[:-1])
    await wren.get_by_role("button", name="Find their questions").click()
    await expect(wren.get_by_text("One character of that code is wrong or missing")).to_be_visible()
    await (await find(wren, code)).get_by_role("button", name="Go through it together").click()
    await wren.get_by_role("button", name="Start").click()
    for _ in range(9):
        await wren.get_by_label("Several days", exact=True).check()
        await wren.get_by_role("button", name="Next").click()
    await wren.get_by_role("button", name="Go on").click()
    await wren.get_by_role("button", name="Start").click()
    await wren.get_by_role("button", name="Skip this question").click()
    await wren.get_by_role("button", name="Hand it in").click()
    await expect(wren.get_by_text("Handed in. Thank you both.")).to_be_visible()
    row = await _only(windows, "SELECT mode, done_at FROM research.responses")
    assert row["mode"] == "assisted"
    assert row["done_at"]


async def test_a_form_is_printed_alone(windows: Windows) -> None:
    wren = await desk(windows, "Wren", await asking(windows))
    await wren.get_by_role("button", name="Print: Baseline").click()
    form = wren.get_by_role("article", name="The form as it is printed")
    await expect(form.get_by_text("Your code:")).to_be_visible()
    await expect(form.get_by_text("Only if you ticked").first).to_be_visible()
    await wren.evaluate("document.documentElement.classList.add('prints-form')")
    await wren.emulate_media(media="print")
    await expect(form).to_be_visible()
    await expect(wren.get_by_role("button", name="Print")).to_be_hidden()
    await expect(wren.get_by_role("navigation").first).to_be_hidden()


async def test_somebody_with_a_card_takes_part_on_a_phone(windows: Windows) -> None:
    await asking(windows, (*ONLY, Purpose.ACTIVITY))
    code = await card(windows.database)
    page = await windows.open()
    await page.goto("/take-part")
    field = page.get_by_label("The code on your card")
    await field.fill("C-00000-00")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("That isn't a code we know")).to_be_visible()
    await field.fill(code)
    assert await examine(page) == []
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("button", name="Read about it").click()
    for words in ("Questions about how I am", "The team may ask me again", "meetings I come to"):
        await expect(page.get_by_label(words)).not_to_be_checked()
    await page.get_by_label("Questions about how I am").check()
    await page.get_by_label("meetings I come to").check()
    assert await examine(page) == []
    await page.get_by_role("button", name="Take part").click()
    receipt = page.get_by_role("article", name="Receipt: You take part")
    await expect(receipt).to_be_focused()
    await expect(receipt.get_by_text("Meetings I come to")).to_be_visible()
    pseudonym = (await _only(windows, "SELECT id FROM research.participants"))["id"]
    await expect(receipt.get_by_text(pseudonym)).to_be_visible()
    await page.get_by_role("button", name="Answer (").click()
    await page.get_by_role("button", name="Start").click()
    await page.get_by_label("Several days", exact=True).check()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("Question 2 of 9")).to_be_visible()
    await page.get_by_role("button", name="Stop here for now").click()
    await expect(page.get_by_text("What you answered is kept.")).to_be_visible()
    assert (await _only(windows, "SELECT value FROM research.answers"))["value"] == 1
    assert code not in page.url
    assert await page.context.cookies() == []
    await page.get_by_role("button", name="Leave this study").click()
    await page.get_by_role("button", name="Stop and erase").click()
    gone = page.get_by_role("article", name="Receipt: Your rows, texts and answers are erased")
    await expect(gone).to_be_visible()
    await page.get_by_role("button", name="Close and forget my code").click()
    await expect(page.get_by_label("The code on your card")).to_have_value("")
