"""Instruments on screen: the list, the scoring in words, a preview as on a phone, and licences."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from app.identity.roles import Role
from tests.browser.staff import staff
from tests.browser.test_access import NARROW, look
from tests.browser.test_axe import WIDE, examine
from tests.browser.windows import PHONE, Windows
from tests.research.instrument_words import licence, placeholder

PREVIEW = "/research/instruments/{}/preview"


async def _preview(windows: Windows, name: str, **options: Any) -> tuple[Page, Locator]:
    """A researcher's window, and the phone in it."""
    page = await staff(windows, "Wren", Role.RESEARCHER, PREVIEW.format(name), **options)
    return page, page.get_by_role("region", name="Preview, as on a phone")


async def _answer(phone: Locator, label: str) -> None:
    await phone.get_by_label(label, exact=True).check()
    await phone.get_by_role("button", name="Next").click()


async def test_a_researcher_finds_how_an_instrument_is_scored(windows: Windows) -> None:
    wren = await staff(windows, "Wren", Role.RESEARCHER, "/research")
    await wren.get_by_role("link", name="Instruments", exact=True).click()
    row = wren.get_by_role("listitem").filter(has_text="SWEMWBS")
    await expect(row.get_by_text("Locked: needs a licence")).to_be_visible()
    await wren.get_by_role("link", name="PHQ-9").click()
    await expect(wren.get_by_text("The sum of 9 items, 0 to 27. Higher is worse.")).to_be_visible()
    await expect(wren.get_by_text("Up to 2 answers may be missing")).to_be_visible()
    await expect(wren.get_by_text("Steps: minimal from 0, mild from 5")).to_be_visible()
    await wren.get_by_role("link", name="See it as a participant").click()
    await expect(wren.get_by_role("heading", name="Preview: PHQ-9")).to_be_visible()


async def test_a_preview_is_one_question_a_screen_on_a_phones_width(windows: Windows) -> None:
    _, phone = await _preview(windows, "gad7")
    await expect(phone.get_by_text("7 questions. You can skip any of them")).to_be_visible()
    box = await phone.bounding_box()
    assert box is not None
    assert box["width"] == PHONE["width"]
    await phone.get_by_role("button", name="Start").click()
    await expect(phone.get_by_text("Question 1 of 7")).to_be_visible()
    question = phone.get_by_role("group", name="Feeling nervous, anxious or on edge")
    await expect(question).to_be_focused()
    await expect(question.get_by_role("radio")).to_have_count(4)
    await phone.get_by_role("button", name="Next").click()
    await expect(phone.get_by_text("Choose an answer, or skip this question.")).to_be_visible()
    await _answer(phone, "Several days")
    await expect(phone.get_by_text("Question 2 of 7")).to_be_visible()
    await phone.get_by_role("button", name="Back").click()
    await expect(phone.get_by_label("Several days")).to_be_checked()
    await phone.get_by_role("button", name="Next").click()
    for number in range(2, 8):
        await expect(phone.get_by_text(f"Question {number} of 7")).to_be_visible()
        await phone.get_by_role("button", name="Skip this question").click()
    await expect(phone.get_by_role("heading", name="That was all. Thank you.")).to_be_focused()
    await phone.get_by_role("button", name="Begin again").click()
    await expect(phone.get_by_role("button", name="Start")).to_be_visible()


async def test_what_was_ticked_decides_what_is_asked(windows: Windows) -> None:
    _, phone = await _preview(windows, "services")
    await phone.get_by_role("button", name="Start").click()
    await expect(phone.get_by_text("Question 1 of 1", exact=True)).to_be_visible()
    await phone.get_by_label("A GP surgery, face to face").check()
    await phone.get_by_label("A&E (emergency department)").check()
    await expect(phone.get_by_text("Question 1 of 3")).to_be_visible()
    await phone.get_by_label("None of these").check()
    await expect(phone.get_by_text("Question 1 of 1", exact=True)).to_be_visible()
    await expect(phone.get_by_label("A GP surgery, face to face")).not_to_be_checked()
    await phone.get_by_label("A&E (emergency department)").check()
    await phone.get_by_role("button", name="Next").click()
    times = phone.get_by_role("textbox", name="how many times did you go to A&E")
    await times.fill("a few")
    await phone.get_by_role("button", name="Next").click()
    await expect(phone.get_by_text("Write a whole number from 0 to 99")).to_be_visible()
    await times.fill("2")
    await phone.get_by_role("button", name="Next").click()
    await expect(phone.get_by_role("heading", name="That was all. Thank you.")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "before", "asks", "harmless"),
    [("phq9", 8, "better off dead", "Not at all"), ("core10", 5, "plans to end my", "Not at all")],
)
async def test_help_is_shown_at_once_and_in_a_preview_nobody_is_asked(
    windows: Windows, name: str, before: int, asks: str, harmless: str
) -> None:
    wren, phone = await _preview(windows, name)
    asked: list[str] = []
    wren.on("request", lambda sent: asked.append(sent.url) if sent.method != "GET" else None)
    await phone.get_by_role("button", name="Start").click()
    for number in range(1, before + 1):
        await expect(phone.get_by_text(f"Question {number} of")).to_be_visible()
        await phone.get_by_role("button", name="Skip this question").click()
    await expect(phone.get_by_text(asks)).to_be_visible()
    thanks = phone.get_by_role("heading", name="Thank you for telling us")
    for option in (await phone.get_by_role("radio").all())[1:]:
        await option.check()
        await expect(thanks).to_be_visible()
        await expect(phone.get_by_role("link", name="Help now")).to_be_visible()
        await expect(phone.get_by_role("link", name="116 123")).to_be_visible()
        await phone.get_by_label(harmless).check()
        await expect(thanks).to_have_count(0)
    await phone.get_by_role("radio").last.check()
    await phone.get_by_role("button", name="Yes, please contact me").click()
    await phone.get_by_label("How can we reach you?").fill("wren@example.org")
    await phone.get_by_role("button", name="Send this to the team").click()
    await expect(phone.get_by_text("This is a preview: nobody was asked.")).to_be_visible()
    assert asked == []


async def test_a_preview_is_played_by_keyboard_alone(windows: Windows) -> None:
    wren, phone = await _preview(windows, "gad7")
    await phone.get_by_role("button", name="Start").focus()
    await wren.keyboard.press("Enter")
    for number in range(1, 7):
        await expect(phone.get_by_text(f"Question {number} of 7")).to_be_visible()
        await expect(phone.get_by_role("group")).to_be_focused()
        await wren.keyboard.press("Tab")
        await wren.keyboard.press("Space")
        await wren.keyboard.press("ArrowDown")
        await expect(phone.get_by_label("Several days")).to_be_checked()
        await wren.keyboard.press("Enter")
    await expect(phone.get_by_role("group")).to_be_focused()
    for _ in range(4):
        await wren.keyboard.press("Tab")
    await expect(phone.get_by_role("button", name="Skip this question")).to_be_focused()
    await wren.keyboard.press("Enter")
    await expect(phone.get_by_role("heading", name="That was all. Thank you.")).to_be_focused()


async def test_every_screen_of_instruments_fits_a_small_one(windows: Windows) -> None:
    wren, phone = await _preview(windows, "ons4", viewport=NARROW)
    await phone.get_by_role("button", name="Start").click()
    await expect(phone.get_by_role("radio")).to_have_count(11)
    assert await wren.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    for path in ("", "/phq9", "/swemwbs", "/phq9/preview", "/swemwbs/preview"):
        await look(wren, f"/research/instruments{path}")


async def test_axe_finds_nothing_in_a_preview(windows: Windows) -> None:
    wren, phone = await _preview(windows, "phq9")
    await phone.get_by_role("button", name="Start").click()
    await phone.get_by_role("button", name="Next").click()
    assert await examine(wren) == []
    for _ in range(8):
        await phone.get_by_role("button", name="Skip this question").click()
    await phone.get_by_role("radio").last.check()
    await expect(phone.get_by_text("Thank you for telling us")).to_be_visible()
    for viewport in (PHONE, WIDE):
        await wren.set_viewport_size(viewport)
        assert await examine(wren) == []
    for path in ("", "/services", "/reqol10"):
        await wren.goto(f"/research/instruments{path}")
        await expect(wren.get_by_role("heading", level=1)).to_be_visible()
        assert await examine(wren) == []


async def test_a_licence_opens_the_words_and_its_end_locks_them(windows: Windows) -> None:
    sol = await staff(windows, "Sol", Role.ADMINISTRATOR, "/staff")
    await sol.get_by_role("link", name="Licences").click()
    await sol.get_by_role("link", name="SWEMWBS", exact=True).click()
    await sol.get_by_role("button", name="Record the licence").click()
    await expect(sol.get_by_label("Licence number")).to_be_focused()
    said = licence()
    await sol.get_by_label("Licence number").fill(said["licence_number"])
    await sol.get_by_label("What it covers").fill(said["scope"])
    await sol.get_by_label("First day").fill(said["starts_on"])
    await sol.get_by_label("Last day").fill(said["expires_on"])
    await sol.get_by_role("button", name="Record the licence").click()
    await expect(sol.get_by_text("Licensed, words not entered yet")).to_be_visible()

    words = placeholder("swemwbs")
    await sol.get_by_role("button", name="Keep these words").click()
    await expect(sol.get_by_label("Title")).to_be_focused()
    await sol.get_by_label("Title").fill(words["title"])
    for number, item in enumerate(words["items"], start=1):
        await sol.get_by_label(f"Item {number}", exact=True).fill(item["text"])
    for option in words["option_sets"][0]["options"]:
        label = f"Answer that scores {option['code']}"
        await sol.get_by_label(label).fill(option["label"])
    await sol.get_by_role("button", name="Turn the order round").click()
    await sol.get_by_role("button", name="Keep these words").click()
    await expect(sol.get_by_text("Entered: English, version 1.")).to_be_visible()

    wren, phone = await _preview(windows, "swemwbs")
    await phone.get_by_role("button", name="Start").click()
    await expect(phone.get_by_text("Placeholder for swemwbs_1")).to_be_visible()
    await expect(phone.get_by_role("radio").first).to_have_value("5")

    await sol.get_by_role("button", name="End it now").click()
    await sol.get_by_role("dialog").get_by_label("Why").fill("The study is over.")
    await sol.get_by_role("button", name="End the licence").click()
    await expect(sol.get_by_text("Locked: the licence has ended")).to_be_visible()
    await expect(sol.get_by_role("button", name="Keep these words")).to_have_count(0)
    await wren.reload()
    await expect(wren.get_by_text("Without its words there is nothing to preview.")).to_be_visible()
    await expect(wren.get_by_text("Placeholder for swemwbs_1")).to_have_count(0)


async def test_axe_finds_nothing_in_licences(windows: Windows) -> None:
    sol = await staff(windows, "Sol", Role.ADMINISTRATOR, "/licences")
    await sol.get_by_role("link", name="ReQoL-10").click()
    await expect(sol.get_by_role("heading", name="Record a licence")).to_be_visible()
    await sol.get_by_role("button", name="Record the licence").click()
    for viewport in (PHONE, WIDE):
        await sol.set_viewport_size(viewport)
        assert await examine(sol) == []
    office = await staff(windows, "Office", Role.ADMINISTRATOR, "/licences", viewport=NARROW)
    for path in ("/licences", "/licences/reqol10"):
        await look(office, path)
