"""Questionnaires in the browser: planned by a researcher, answered on a phone that loses its
network, gone on with elsewhere, handed in; help at once, and contact that was asked for."""

import re
from uuid import UUID

from playwright.async_api import Page, expect

from app.core import clock
from app.core.db import unit_of_work
from app.core.encryption import Encryption
from app.identity import pseudonyms
from app.identity.roles import Role
from app.research import participation, sheets, studies
from app.research.demographics import Demographics
from app.research.models import Purpose
from app.research.questionnaires import plans
from app.research.questionnaires.invitation_choices import stop_token
from app.research.questionnaires.plans import Timing
from tests.browser.staff import staff
from tests.browser.test_axe import examine
from tests.browser.windows import Windows, kept_for_offline
from tests.people import Person, someone
from tests.support.signed_off import open_signed_off

TITLE = "How you are"
ASKS = (Purpose.ACTIVITY, Purpose.QUESTIONNAIRES)


async def opened(windows: Windows, *instruments: str) -> UUID:
    """A study whose first wave asks these."""
    async with unit_of_work(windows.database) as session:
        study = await studies.create(
            session, title=TITLE, summary="Why.", asks=ASKS, wave_weeks=(0, 13)
        )
        asked = {1: instruments, 2: instruments}
        await plans.set_(session, windows.database.pool, study, Timing(), asked)
        await sheets.publish(session, study, body="Please read.")
        await open_signed_off(session, study)
        return study.id


async def joined(
    windows: Windows, study_id: UUID, name: str = "Rowan", *, person: Person | None = None
) -> Person:
    """Somebody who agreed to questionnaires."""
    person = person or await someone(windows.database, windows.settings, name=name)
    async with unit_of_work(windows.database) as session:
        study = await studies.access(session, study_id, is_researcher=False, lock="join")
        await participation.join(
            session,
            study,
            member_id=person.member_id,
            joined_at=clock.now(),
            sheet_version=1,
            choices=dict.fromkeys(ASKS, True),
            demographics=Demographics(),
        )
    return person


async def next_(page: Page, label: str | None = None) -> None:
    """Choose an answer and go on."""
    if label is not None:
        await page.get_by_label(label, exact=True).check()
    await page.get_by_role("button", name="Next").click()


async def test_a_wave_is_answered_on_a_phone_while_the_network_comes_and_goes(
    windows: Windows,
) -> None:
    person = await joined(windows, await opened(windows, "services", "ucla3"))
    page = await windows.open(keeps_offline=True)
    await windows.sign_in(page, person)
    await page.goto("/news")
    await page.get_by_role("link", name=f"{TITLE}: Baseline").click()
    await expect(page.get_by_role("heading", name="Services you used")).to_be_visible()
    assert await examine(page) == []
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_text("Question 1 of 5")).to_be_visible()
    await kept_for_offline(page)
    await page.get_by_label("Talking therapy from the NHS").check()
    await next_(page)
    await expect(page.get_by_text("Question 2 of 6")).to_be_visible()
    assert await examine(page) == []

    await page.context.set_offline(True)
    await page.get_by_role("textbox").fill("lots")
    await next_(page)
    await expect(page.get_by_text("Write a whole number from 0 to 99")).to_be_visible()
    await page.get_by_role("textbox").fill("4")
    await next_(page)
    await expect(page.get_by_text("Your answers are kept on this device")).to_be_visible()
    await page.get_by_role("button", name="Start").click()
    await next_(page, "Some of the time")
    await page.reload()
    await expect(page.get_by_text("Question 4 of 6")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("Your answers are kept on this device")).to_have_count(0)

    elsewhere = await windows.open(viewport={"width": 1280, "height": 800})
    await windows.sign_in(elsewhere, person)
    await elsewhere.goto("/questionnaires")
    await expect(elsewhere.get_by_text("You've answered 3 questions")).to_be_visible()
    assert await examine(elsewhere) == []
    await elsewhere.get_by_role("link", name="Go on with Baseline").click()
    await expect(elsewhere.get_by_text("Question 4 of 6")).to_be_visible()
    await elsewhere.get_by_role("button", name="Skip this question").click()
    await next_(elsewhere, "Often")
    await next_(elsewhere, "Some of the time")
    await expect(elsewhere.get_by_text("left out 1")).to_be_visible()
    assert await examine(elsewhere) == []
    await elsewhere.get_by_role("button", name="Hand in").click()
    await expect(elsewhere.get_by_role("heading", name="Thank you")).to_be_visible()

    await page.get_by_role("button", name="Skip this question").click()
    await expect(page.get_by_text("You've handed this in already")).to_be_visible()
    await page.goto("/my-data")
    await page.get_by_text("Every answer to its questions").click()
    await expect(page.get_by_text("Talking therapy from the NHS")).to_be_visible()
    own = page.get_by_role("region", name="Baseline")
    await expect(own.get_by_text("Skipped")).to_have_count(1)
    assert await examine(page) == []


async def test_by_keyboard_alone_and_not_this_time(windows: Windows) -> None:
    person = await joined(windows, await opened(windows, "ucla3"))
    page = await windows.open()
    await windows.sign_in(page, person)
    await page.goto("/questionnaires")
    decline = page.get_by_role("button", name="Not this time for Baseline")
    await expect(decline).to_be_enabled()
    await decline.press("Enter")
    await expect(page.get_by_text("You said “not this time”")).to_be_visible()
    await page.get_by_role("link", name="Answer Baseline").press("Enter")
    start = page.get_by_role("button", name="Start")
    await expect(start).to_be_enabled()
    await start.press("Enter")
    for number in range(1, 5):
        await expect(page.get_by_text(f"Question {number} of 4")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="That was the last question")).to_be_focused()
    await page.get_by_role("button", name="Hand in").press("Enter")
    await expect(page.get_by_role("heading", name="Thank you")).to_be_focused()


async def test_help_is_shown_at_once_and_contact_goes_to_the_team_alone(windows: Windows) -> None:
    study_id = await opened(windows, "phq9")
    person = await joined(windows, study_id)
    page = await windows.open()
    await windows.sign_in(page, person)
    await page.goto(f"/questionnaires/{study_id}-1")
    await page.get_by_role("button", name="Start").click()
    for _ in range(8):
        await page.get_by_role("button", name="Skip this question").click()
    await expect(page.get_by_text("Question 9 of 9")).to_be_visible()
    await page.get_by_label("Several days").check()
    help_ = page.get_by_role("region", name="Thank you for telling us")
    await expect(help_).to_contain_text("116 123")
    await help_.get_by_role("button", name="Yes, please contact me").click()
    await help_.get_by_role("button", name="Send this to the team").click()
    await expect(help_.get_by_text("Write a phone number")).to_be_visible()
    await help_.get_by_label("How can we reach you?").fill("07700 900123, after six")
    assert await examine(page) == []
    await help_.get_by_role("button", name="Send this to the team").click()
    await expect(help_.get_by_text("will get in touch with you")).to_be_visible()

    team = await staff(windows, "Dr Wren", Role.RESEARCHER, f"/research/studies/{study_id}")
    await team.get_by_role("link", name="See how to reach them").click()
    await expect(team.get_by_text("07700 900123, after six")).to_be_visible()
    assert await examine(team) == []
    await team.get_by_role("button", name=re.compile("^We have been in touch")).click()
    await team.get_by_role("dialog").get_by_role("button", name="Yes, delete it").click()
    await expect(team.get_by_text("Nobody waits to be contacted")).to_be_visible()
    moderator = await staff(windows, "Sam", Role.SAFEGUARDING, "/moderation")
    await expect(moderator.get_by_role("main")).not_to_contain_text("07700")


async def test_invitations_are_chosen_and_stopped(windows: Windows) -> None:
    person = await joined(windows, await opened(windows, "ucla3"))
    page = await windows.open()
    await windows.sign_in(page, person)
    await page.goto("/questionnaires")
    await page.get_by_text("When and how you are invited").click()
    await page.get_by_label("In the evening").check()
    await page.get_by_label("By e-mail too").uncheck()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    assert await examine(page) == []
    await page.reload()
    await page.get_by_text("When and how you are invited").click()
    await expect(page.get_by_label("In the evening")).to_be_checked()
    await expect(page.get_by_label("By e-mail too")).not_to_be_checked()
    await page.get_by_role("button", name="Stop all invitations").click()
    await expect(page.get_by_text("You get no invitations or reminders")).to_be_visible()
    await page.get_by_role("button", name="Invite me again").click()
    await expect(page.get_by_label("In the evening")).to_be_checked()


async def test_the_link_of_a_letter_stops_invitations_and_says_how_they_come_back(
    windows: Windows,
) -> None:
    study_id = await opened(windows, "ucla3")
    person = await joined(windows, study_id)
    async with unit_of_work(windows.database) as session:
        code = await pseudonyms.find(session, study_id=study_id, member_id=person.member_id)
    token = stop_token(Encryption(windows.settings.secrets), study_id, code or "")
    page = await windows.open()
    # As a mail program opens it that knows no stopping by one click.
    await page.goto(f"/api/v1/invitation-stops/{token}")
    await expect(page).to_have_url(re.compile("/stop-invitations"))
    await page.get_by_role("button", name="Stop them").click()
    await expect(page.get_by_role("heading", name="You get no more invitations")).to_be_visible()
    assert await examine(page) == []
    await windows.sign_in(page, person)
    await page.goto("/questionnaires")
    await page.get_by_text("When and how you are invited").click()
    await page.get_by_role("button", name="Invite me again").click()
    await expect(page.get_by_role("button", name="Stop all invitations")).to_be_visible()


async def test_a_link_that_was_cut_off_says_what_else_can_be_done(windows: Windows) -> None:
    page = await windows.open()
    await page.goto("/stop-invitations#token=cut-off")
    assert await examine(page) == []
    await page.get_by_role("button", name="Stop them").click()
    await expect(page.get_by_text("This link doesn't work")).to_be_visible()


async def test_a_researcher_plans_what_each_wave_asks(windows: Windows) -> None:
    page = await staff(windows, "Dr Wren", Role.RESEARCHER, "/research/new")
    await page.get_by_label("Title").fill(TITLE)
    await page.get_by_label("What it is for").fill("To learn what helps.")
    await page.get_by_label("Answers to questionnaires").check()
    await page.get_by_label("Weeks in which its questions come").fill("0, 13")
    assert await examine(page) == []
    await page.get_by_role("button", name="Begin the study").click()
    await expect(page.get_by_role("heading", name="Baseline")).to_be_visible()
    await page.get_by_role("button", name="Plan these questions").click()
    await expect(page.get_by_text("Choose at least one instrument")).to_be_visible()
    await page.get_by_label("Add to Baseline").select_option("phq9")
    await page.get_by_label("Add to Baseline").select_option("ons4")
    await page.get_by_role("button", name=re.compile("^Earlier in Baseline")).click()
    await page.get_by_role("button", name="Ask the same as in the first wave").click()
    await page.get_by_label("Days from one to the next").fill("14")
    await page.get_by_role("button", name="Plan these questions").click()
    await expect(page.get_by_text("after the window has closed")).to_be_visible()
    await page.get_by_label("Days from one to the next").fill("7")
    await page.evaluate("scrollTo(0, 0)")
    assert await examine(page) == []
    await page.get_by_role("button", name="Plan these questions").click()
    await expect(page.get_by_role("button", name="Change the plan")).to_be_visible()
    await page.reload()
    later = page.get_by_role("region", name="After 3 months").get_by_role("listitem")
    await expect(later).to_have_count(2)
    await expect(later.first).to_contain_text("ONS4")
