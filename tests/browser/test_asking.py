"""Asking a study: choices in words, the answer as a sentence, a table and a picture."""

from playwright.async_api import Page, expect

from app.core import clock
from app.core.ids import new_id
from app.identity.roles import Role
from app.research.demographics import AgeBand, Area, Demographics
from app.research.models import Study
from tests.browser.staff import staff
from tests.browser.test_access import NARROW, look
from tests.browser.test_axe import WIDE, examine
from tests.browser.windows import PHONE, Windows
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import ONLY_ACTIVITY, START, join, later, opened

LIVING = {Area.LONDON: 22, Area.WALES: 12, Area.SCOTLAND: 14}


async def _study(windows: Windows) -> Study:
    """A study of 48 people in three areas; one of those in Scotland wrote, and all the others."""
    study = await opened(windows.database, "What helps at night")
    writers = []
    with clock.at(START):
        for area, number in LIVING.items():
            for n in range(number):
                member = new_id()
                age = AgeBand.FROM_25 if n % 2 else AgeBand.FROM_45
                demographics = Demographics(area=area, age_band=age)
                await join(
                    windows.database, study, member, ONLY_ACTIVITY, demographics=demographics
                )
                writers += [member] if area != Area.SCOTLAND or n == 0 else []
    for days in (1, 100):
        with clock.at(later(days=days)):
            await happen_and_learn(windows.database, [published(one) for one in writers])
    return study


async def _ask(page: Page, **choices: str) -> None:
    for label, choice in choices.items():
        await page.get_by_label(label.replace("_", " "), exact=True).select_option(label=choice)
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.get_by_role("heading", name="Answer")).to_be_focused()


async def test_a_question_is_answered_in_a_sentence_a_table_and_a_picture(windows: Windows) -> None:
    study = await _study(windows)
    wren = await staff(windows, "Wren", Role.RESEARCHER, f"/research/studies/{study.id}")
    await wren.get_by_role("link", name="Data", exact=True).click()
    await wren.get_by_role("button", name="Ask", exact=True).click()
    await expect(wren.get_by_text("About 50 people take part.")).to_be_visible()
    await expect(wren.get_by_text("The figure is shown.")).to_be_visible()

    await _ask(wren, How_many="people who posted", Split_by="area")
    await expect(
        wren.get_by_text(
            "Here is how many of about 45 people (in groups large enough to show) posted, by area."
        )
    ).to_be_visible()
    table = wren.get_by_role("table")
    await expect(table.get_by_role("row", name="London 20 of 20")).to_be_visible()
    await expect(table.get_by_role("row", name="Scotland held back")).to_be_visible()
    await expect(
        wren.get_by_text("12 of 14 figures are held back: fewer than 8 people, or none")
    ).to_be_visible()
    picture = wren.get_by_role("figure")
    await expect(picture.get_by_role("listitem").filter(has_text="Wales")).to_contain_text(
        "10 of 10"
    )
    hatched = picture.get_by_role("listitem").filter(has_text="Scotland")
    await expect(hatched).to_contain_text("held back")
    await expect(hatched.locator(".hatched")).to_have_count(1)
    await expect(picture.get_by_role("listitem")).to_have_count(14)
    assert "12" not in await picture.inner_html(), "the exact count of Wales is not in the picture"

    await _ask(wren, and_by="weeks since joining", Count="how often they did it")
    await expect(table.get_by_role("columnheader", name="weeks 13 to 24")).to_be_visible()


async def test_filters_leave_people_out_and_too_few_are_refused_in_words(windows: Windows) -> None:
    study = await _study(windows)
    path = f"/research/studies/{study.id}/questions"
    wren = await staff(windows, "Wren", Role.RESEARCHER, path)
    await wren.get_by_role("button", name="Leave some out").click()
    await _ask(wren, Field_1="area", **{"is": "Scotland"})
    await expect(wren.get_by_text("About 15 people (area: Scotland) take part.")).to_be_visible()
    await wren.get_by_role("button", name="Leave some out").click()
    await wren.get_by_label("Field 2").select_option(label="age")
    await wren.get_by_label("is", exact=True).last.select_option(label="25 to 34")
    await wren.get_by_role("button", name="Ask", exact=True).click()
    await expect(wren.get_by_text("Fewer than 10 people in this study")).to_be_visible()
    await expect(wren.get_by_role("heading", name="Answer")).to_have_count(0)
    await wren.get_by_role("button", name="Remove field 2").click()
    await _ask(wren)
    await expect(wren.get_by_text("About 15 people (area: Scotland) take part.")).to_be_visible()


async def test_it_is_asked_by_keyboard_alone_and_fits_a_small_screen(windows: Windows) -> None:
    study = await _study(windows)
    path = f"/research/studies/{study.id}/questions"
    wren = await staff(windows, "Wren", Role.RESEARCHER, path, viewport=NARROW)
    await look(wren, path, ready="Split by")
    await wren.reload()
    await wren.get_by_label("Split by").focus()
    await wren.keyboard.type("area")
    for _ in range(2):
        await wren.keyboard.press("Tab")
    await wren.keyboard.press("Enter")
    await expect(wren.get_by_role("heading", name="Answer")).to_be_focused()
    await expect(wren.get_by_role("row", name="Scotland 15")).to_be_visible()
    width = await wren.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]


async def test_axe_finds_nothing_in_an_answer(windows: Windows) -> None:
    study = await _study(windows)
    path = f"/research/studies/{study.id}/questions"
    wren = await staff(windows, "Wren", Role.RESEARCHER, path)
    await wren.get_by_role("button", name="Leave some out").click()
    await wren.get_by_label("Field 1").select_option(label="age")
    await wren.get_by_label("is", exact=True).select_option(label="25 to 34")
    await _ask(wren, How_many="people who posted", Split_by="area", and_by="age")
    await expect(wren.get_by_role("figure")).to_be_visible()
    for viewport in (PHONE, WIDE):
        await wren.set_viewport_size(viewport)
        assert await examine(wren) == []
