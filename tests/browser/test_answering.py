"""Answers to questionnaires are not lost: by leaving, by a line that comes and goes, by another
device; and nothing of them reaches moderators."""

import re
from typing import Any
from uuid import UUID

from playwright.async_api import Page, expect

from app.core import db
from tests.browser.test_access import NARROW
from tests.browser.test_questionnaires import joined, next_, opened
from tests.browser.windows import Windows, kept_for_offline
from tests.people import Person
from tests.support.waiting import eventually

KEPT = "Your answers are kept on this device"
_ANSWERS = "SELECT item, value, codes, words FROM research.answers WHERE study_id = %s"
_REACHED = """
    SELECT (SELECT count(*) FROM research.contact_requests) AS contact,
      (SELECT count(*) FROM moderation.cases) AS cases,
      (SELECT count(*) FROM moderation.reports) AS reports
"""


async def at(windows: Windows, person: Person, study: UUID, **options: Any) -> Page:
    """Their window, at the first question of the baseline."""
    page = await windows.open(**options)
    await windows.sign_in(page, person)
    await page.goto(f"/questionnaires/{study}-1")
    start = page.get_by_role("button", name="Start")
    await expect(start).to_be_enabled()
    await start.click()
    return page


async def holds(windows: Windows, study: UUID, answers: dict[str, object]) -> None:
    """The server comes to hold exactly these; None for what was skipped."""

    async def held() -> dict[str, object]:
        rows = await db.fetch(windows.database.pool, _ANSWERS, (study,))
        given = {row.pop("item"): [one for one in row.values() if one is not None] for row in rows}
        return {item: found[0] if found else None for item, found in given.items()}

    await eventually(held, until=lambda found: found == answers)


async def test_what_is_typed_outlives_leaving(windows: Windows) -> None:
    study = await opened(windows, "services")
    page = await at(windows, await joined(windows, study), study)
    await next_(page, "A&E (emergency department)")
    times = page.get_by_role("textbox")
    stop = page.get_by_role("button", name="Stop here, go on later")
    await times.fill("many")
    await stop.click()
    await expect(page.get_by_text("Write a whole number from 0 to 99")).to_be_visible()
    await times.fill("2")
    await stop.click()
    await expect(page).to_have_url(re.compile("/questionnaires$"))
    await page.get_by_role("link", name="Go on with Baseline").click()
    await expect(page.get_by_text("You answered all of them.")).to_be_visible()
    await page.get_by_role("button", name="Back to the last question").click()
    await times.fill("4")
    await page.get_by_role("link", name="Help now").first.click()
    await expect(page).to_have_url(re.compile("/help-now$"))
    await page.go_back()
    await expect(page.get_by_text("You answered all of them.")).to_be_visible()
    await holds(windows, study, {"services_used": [6], "services_emergency": 4})


async def test_a_changed_answer_takes_its_follow_ups_with_it(windows: Windows) -> None:
    study = await opened(windows, "services")
    page = await at(windows, await joined(windows, study), study)
    await next_(page, "A&E (emergency department)")
    await page.get_by_role("textbox").fill("2")
    await next_(page)
    await page.get_by_role("button", name="Back to the last question").click()
    await page.get_by_role("button", name="Back", exact=True).click()
    await next_(page, "None of these")
    await expect(page.get_by_text("You answered all of them.")).to_be_visible()
    await holds(windows, study, {"services_used": [0]})


async def test_what_is_being_typed_stays_when_the_line_is_back(windows: Windows) -> None:
    study = await opened(windows, "services")
    page = await at(windows, await joined(windows, study), study, keeps_offline=True)
    await kept_for_offline(page)
    await page.context.set_offline(True)
    await next_(page, "A&E (emergency department)")
    await expect(page.get_by_text(KEPT)).to_be_visible()
    await page.reload()
    times = page.get_by_role("textbox")
    await times.fill("2")
    read: list[str] = []
    page.on("request", lambda sent: read.append(sent.url) if sent.method == "GET" else None)
    async with page.expect_response("**/api/v1/me"):
        await page.context.set_offline(False)
    await expect(page.get_by_text(KEPT)).to_have_count(0)
    await holds(windows, study, {"services_used": [6]})
    await expect(times).to_have_value("2")
    await next_(page)
    await holds(windows, study, {"services_used": [6], "services_emergency": 2})
    await expect(page.get_by_text("You answered all of them.")).to_be_visible()
    assert [url for url in read if "/api/v1/questionnaires" in url] == []
    kept = "Object.keys(localStorage).filter((key) => key.includes('questionnaire'))"
    assert await page.evaluate(kept) == []


async def test_handed_in_elsewhere_says_which_answers_were_not_taken(windows: Windows) -> None:
    study = await opened(windows, "services", "ucla3")
    person = await joined(windows, study)
    phone = await at(windows, person, study)
    desk = await at(windows, person, study)
    await next_(desk, "None of these")
    await desk.get_by_role("button", name="Start").click()
    for number in range(2, 6):
        await expect(desk.get_by_text(f"Question {number} of 5")).to_be_visible()
        await desk.get_by_role("button", name="Skip this question").click()
    await desk.get_by_text("Answer one of them after all").click()
    await desk.get_by_role("listitem").get_by_role("button").first.click()
    await next_(desk, "Often")
    await expect(desk.get_by_role("heading", name="That was the last question")).to_be_focused()
    await expect(desk.get_by_text("left out 3")).to_be_visible()
    await desk.get_by_role("button", name="Hand in").click()
    await expect(desk.get_by_role("heading", name="Thank you")).to_be_focused()

    await next_(phone, "A social worker")
    await expect(phone.get_by_text("You've handed this in already")).to_be_visible()
    lost = phone.get_by_role("listitem").filter(has_text="which of these did you use")
    await expect(lost).to_be_visible()


async def test_asking_for_contact_is_tried_again_and_no_moderator_hears_of_it(
    windows: Windows,
) -> None:
    study = await opened(windows, "core10")
    page = await at(windows, await joined(windows, study), study)
    for number in range(1, 6):
        await expect(page.get_by_text(f"Question {number} of 10")).to_be_visible()
        await page.get_by_role("button", name="Skip this question").click()
    await page.get_by_role("radio").last.check()
    await expect(page.get_by_role("link", name="116 123")).to_be_in_viewport()
    await page.get_by_role("button", name="Yes, please contact me").click()
    reach = page.get_by_label("How can we reach you?")
    await reach.fill("rowan@example.org, after six")
    await page.context.set_offline(True)
    send = page.get_by_role("button", name="Send this to the team")
    await send.click()
    await expect(page.get_by_text("It has not been sent")).to_be_visible()
    await expect(reach).to_have_value("rowan@example.org, after six")
    await page.context.set_offline(False)
    await send.click()
    await expect(page.get_by_text("will get in touch with you")).to_be_visible()
    rows = await db.fetch(windows.database.pool, _REACHED, ())
    assert [dict(row) for row in rows] == [{"contact": 1, "cases": 0, "reports": 0}]


async def test_a_question_of_many_answers_fits_a_small_screen(windows: Windows) -> None:
    study = await opened(windows, "ons4")
    page = await at(windows, await joined(windows, study), study, viewport=NARROW)
    await expect(page.get_by_role("radio")).to_have_count(11)
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
