"""A device whose clock is a day off: a wave is open by the server's clock, and so is what is kept
of when it was answered."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from app.core import clock, db
from app.core.db import unit_of_work
from app.research import sheets, studies
from app.research.questionnaires import plans
from app.research.questionnaires.plans import Timing
from tests.browser.test_questionnaires import ASKS, joined, next_
from tests.browser.windows import Windows
from tests.people import Person
from tests.support.signed_off import open_signed_off

DAY = timedelta(days=1)
HALF = DAY / 2
#: How long a wave is open here; nothing is taken late.
WINDOW = timedelta(days=3)
_TIMES = """
    SELECT opened_at, saved_at, done_at, late_at FROM research.responses WHERE study_id = %s
"""


async def opening(windows: Windows, title: str, at: datetime) -> UUID:
    """A study whose first wave opens at this moment."""
    local = at.astimezone(ZoneInfo("Europe/London"))
    timing = Timing(
        opens_at=local.time().replace(second=0, microsecond=0),
        window_days=WINDOW.days,
        late_days=0,
        reminders=0,
    )
    days = (local.date(), local.date() + timedelta(days=84))
    async with unit_of_work(windows.database) as session:
        study = await studies.create(
            session, title=title, summary="Why.", asks=ASKS, wave_days=days
        )
        await plans.set_(session, windows.database.pool, study, timing, {1: ["ucla3"]})
        await sheets.publish(session, study, body="Please read.")
        await open_signed_off(session, study)
        return study.id


async def refused(windows: Windows, person: Person, study: UUID) -> str:
    """Why the server takes no answer of theirs."""
    page = await windows.open()
    await windows.sign_in(page, person)
    part = {"instrument": "ucla3", "wording_version": 1, "answers": {"ucla3_companionship": 1}}
    answer = await page.context.request.put(
        f"{windows.server.origin}/api/v1/questionnaires/{study}/1/answers",
        data={"parts": [part]},
        headers={"Origin": windows.server.origin},
    )
    return str((await answer.json())["type"])


@pytest.mark.parametrize(
    ("off", "open_since", "shut_since", "says"),
    [
        # By the device the first has closed, and the second is open.
        (DAY, WINDOW - HALF, -HALF, "Opens"),
        # By the device the first comes tomorrow, and the second is open.
        (-DAY, HALF, WINDOW + HALF, "Its time is over"),
    ],
    ids=["ahead", "behind"],
)
async def test_a_device_a_day_off_answers_what_is_open_by_the_servers_clock(
    windows: Windows, off: timedelta, open_since: timedelta, shut_since: timedelta, says: str
) -> None:
    began = clock.now()
    study = await opening(windows, "Is open", began - open_since)
    shut = await opening(windows, "Is not", began - shut_since)
    person = await joined(windows, study)
    await joined(windows, shut, person=person)
    page = await windows.open()
    await page.clock.set_fixed_time(began + off)
    await windows.sign_in(page, person)
    await page.goto("/questionnaires")
    of_shut = page.get_by_role("region", name="Is not")
    await expect(of_shut.get_by_text("There is nothing to answer right now.")).to_be_visible()
    await expect(of_shut.get_by_role("listitem").first).to_contain_text(says)
    await page.get_by_role("region", name="Is open").get_by_role("link", name="Answer").click()
    await page.get_by_role("button", name="Start").click()
    await next_(page, "Often")
    for number in range(2, 5):
        await expect(page.get_by_text(f"Question {number} of 4")).to_be_visible()
        await page.get_by_role("button", name="Skip this question").click()
    await page.get_by_role("button", name="Hand in").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    (times,) = await db.fetch(windows.database.pool, _TIMES, (study,))
    assert times.pop("late_at") is None
    assert all(began <= at <= clock.now() for at in times.values()), times
    assert await refused(windows, person, shut) == "wave-not-open"
    assert await db.fetch(windows.database.pool, _TIMES, (shut,)) == []
