"""Advice in windows: an adviser asks for a change, the team answers, everybody reads it."""

from playwright.async_api import expect

from app.core.db import unit_of_work
from app.identity.roles import Role
from app.research import sheets, studies
from tests.browser.staff import staff
from tests.browser.windows import Windows

TITLE = "Evenings"
SAID = "Say who can see it."


async def test_a_study_opens_when_an_adviser_was_heard_and_signs_it_off(windows: Windows) -> None:
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title=TITLE, summary="Why.")
        await sheets.publish(session, study, body="Please read.")
    linden = await staff(windows, "Linden", Role.ADVISER, "/advising")
    card = linden.get_by_role("article", name=f"Information sheet of “{TITLE}”")
    await expect(card.get_by_text("Please read.")).to_be_visible()
    await card.get_by_role("button", name="Needs a change").click()
    await expect(card.get_by_text("Say in a few words what it is.")).to_be_visible()
    await card.get_by_label("What you think of it").fill(SAID)
    await card.get_by_label("My words may be shown publicly").check()
    await card.get_by_role("button", name="Needs a change").click()
    await expect(card.get_by_role("listitem")).to_contain_text(SAID)

    room = f"/research/studies/{study.id}"
    wren = await staff(windows, "Wren", Role.RESEARCHER, room)
    await wren.get_by_role("button", name="Open it to members").click()
    dialog = wren.get_by_role("dialog")
    await dialog.get_by_role("button", name="Open it").click()
    await expect(dialog.get_by_text("Not signed off yet: its information sheet.")).to_be_visible()
    await dialog.get_by_role("link", name="What advisers said").click()
    await wren.get_by_label("What we did about it").fill("It says so in the second line.")
    await wren.get_by_role("button", name="Answer").click()
    await expect(wren.get_by_text("What we did:")).to_be_visible()

    await card.get_by_role("button", name="Sign off").click()
    await expect(linden.get_by_text("Nothing waits for you")).to_be_visible()
    await wren.goto(room)
    await wren.get_by_role("button", name="Open it to members").click()
    await wren.get_by_role("dialog").get_by_role("button", name="Open it").click()
    await expect(wren.get_by_text("Open: members can join")).to_be_visible()
    visitor = await windows.open()
    await visitor.goto("/you-said-we-did")
    await expect(visitor.get_by_text(SAID)).to_be_visible()
    await expect(visitor.get_by_text("It says so in the second line.")).to_be_visible()
