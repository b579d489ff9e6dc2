"""An analysis plan in windows: one researcher fills in the outline, another signs, one departs."""

from playwright.async_api import expect

from app.core.db import unit_of_work
from app.identity.roles import Role
from app.research import sheets, studies
from tests.browser.staff import staff
from tests.browser.windows import Windows

SAID = {
    "What do you want to find out?": "Does an answer help?",
    "Whose data, and from when until when?": "Everyone, for twelve weeks.",
    "What about answers that are missing?": "Counted, and told.",
    "What change would be worth having?": "Two more days.",
}


async def test_a_plan_is_filled_in_signed_by_another_and_departed_from(windows: Windows) -> None:
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title="Evenings", summary="Why.")
        await sheets.publish(session, study, body="Please read.")
    room = f"/research/studies/{study.id}/plan"
    wren = await staff(windows, "Wren", Role.RESEARCHER, room)
    await wren.get_by_role("button", name="Write version 1").click()
    await expect(wren.get_by_text("Name at least one.")).to_be_visible()
    for label, words in SAID.items():
        await wren.get_by_label(label).fill(words)
    await wren.get_by_label("Primary measures").fill("active_days")
    await wren.reload()
    await expect(wren.get_by_text("Here is what you were writing.")).to_be_visible()
    await wren.get_by_role("button", name="Write version 1").click()
    await expect(wren.get_by_text("Version 1 waits for a signature")).to_be_visible()
    await expect(wren.get_by_role("button", name="Sign version 1")).to_have_count(0)

    larch = await staff(windows, "Larch", Role.RESEARCHER, room)
    await expect(larch.get_by_text("Does an answer help?")).to_be_visible()
    await larch.get_by_role("button", name="Sign version 1").click()
    await expect(larch.get_by_text("Version 1 is signed.")).to_be_visible()

    await wren.reload()
    await wren.get_by_label("What was done otherwise").fill("We looked at replies too.")
    await wren.get_by_label("Why", exact=True).fill("Somebody asked us to.")
    await wren.get_by_role("button", name="Note it").click()
    await expect(wren.get_by_role("listitem").filter(has_text="replies too")).to_contain_text(
        "from version 1"
    )
