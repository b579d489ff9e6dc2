"""Meetings: planned on the programme's clock, cancelled before anyone came, seen by hosts alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx2
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.db import AnyConnection
from app.programme.errors import NoSuchTimeError
from app.programme.meetings import MeetingPlan, moments
from tests.people import Json, SignedIn
from tests.programme.conftest import NOW, Office, meeting_of
from tests.programme.test_groups import problem

LONDON = ZoneInfo("Europe/London")


async def plan(host: SignedIn, group: Json, day: str, at: str, **more: int) -> httpx2.Response:
    said = {"day": day, "at": at, "minutes": 90, **more}
    return await host.post(f"/groups/{group['id']}/meetings", **said)


async def test_a_host_plans_a_row_of_weeks_and_members_read_when_the_next_is(
    group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    with clock.at(NOW):
        assert (await plan(host, group, "2026-12-01", "18:30", weeks=3)).json() == {"count": 3}
        listed = (await host.get(f"/groups/{group['id']}/meetings"))["items"]
        assert [one["starts_at"][:16] for one in listed] == [
            "2026-12-15T18:30", "2026-12-08T18:30", "2026-12-01T18:30",
        ]  # fmt: skip
        assert [one["came"] for one in listed] == [0, 0, 0]
        found = await rowan.get(f"/groups/{group['id']}")
        assert found["next_at"][:16] == "2026-12-01T18:30"
    # While one goes on it is the next; afterwards the one in a week is.
    with clock.at(NOW.replace(hour=19, minute=59)):
        assert (await rowan.get(f"/groups/{group['id']}"))["next_at"][:10] == "2026-12-01"
    with clock.at(NOW.replace(hour=20, minute=1)):
        assert (await rowan.get(f"/groups/{group['id']}"))["next_at"][:10] == "2026-12-08"


async def test_a_row_of_weeks_is_planned_whole_or_not_at_all(group: Json, host: SignedIn) -> None:
    await plan(host, group, "2026-12-15", "18:30")
    refused = await plan(host, group, "2026-12-01", "18:30", weeks=3)
    assert problem(refused) == (409, "meeting-there")
    listed = (await host.get(f"/groups/{group['id']}/meetings"))["items"]
    assert [one["starts_at"][:10] for one in listed] == ["2026-12-15"]


async def test_a_time_that_the_clocks_leave_out_is_refused(group: Json, host: SignedIn) -> None:
    refused = await plan(host, group, "2027-03-21", "01:30", weeks=2)
    assert problem(refused) == (422, "no-such-time")
    assert refused.json()["errors"][0]["pointer"] == "/at"
    assert (await host.get(f"/groups/{group['id']}/meetings"))["items"] == []
    assert (await plan(host, group, "2027-03-28", "02:30")).status_code == 201


@given(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.integers(1, 26),
)
def test_weekly_meetings_keep_their_time_of_day(day: date, at: time, weeks: int) -> None:
    asked = MeetingPlan(day=day, at=at, minutes=60, weeks=weeks)
    try:
        made = list(moments(asked, LONDON))
    except NoSuchTimeError:
        # Only in the one hour of the year that there isn't.
        assert at.hour == 1
        return
    local = [moment.astimezone(LONDON) for moment in made]
    assert [one.time() for one in local] == [at] * weeks
    assert [one.date() for one in local] == [day + timedelta(weeks=n) for n in range(weeks)]


@pytest.mark.parametrize(
    "wrong", [{"minutes": 14}, {"minutes": 481}, {"weeks": 0}, {"weeks": 27}, {"weeks": "2"}]
)
async def test_a_plan_out_of_range_is_refused(
    group: Json, host: SignedIn, wrong: dict[str, int]
) -> None:
    assert (await plan(host, group, "2026-12-01", "18:30", **wrong)).status_code == 422


async def test_a_meeting_is_cancelled_before_anyone_came_and_not_after(
    group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    with clock.at(NOW):
        empty, held = [await meeting_of(host, group, hours_ago=hours) for hours in (1, 3)]
        await rowan.put(f"/groups/{group['id']}/membership")
        await host.put(f"/meetings/{held}/attendance/members/{rowan.member_id}")
        for _ in range(2):
            assert (await host.delete(f"/meetings/{empty}")).status_code == 204
        assert problem(await host.delete(f"/meetings/{held}")) == (409, "meeting-held")
        listed = (await host.get(f"/groups/{group['id']}/meetings"))["items"]
        assert {one["id"]: one["is_cancelled"] for one in listed} == {empty: True, held: False}


async def test_a_group_that_closes_cancels_what_was_planned_and_keeps_what_was_held(
    office: Office, group: Json, host: SignedIn, connection: AnyConnection
) -> None:
    with clock.at(NOW):
        held = await meeting_of(host, group)
        planned = await meeting_of(host, group, hours_ago=-24)
        await office.by.delete(f"/programme/groups/{group['id']}")
    cursor = await connection.execute(
        "SELECT id, cancelled_at IS NOT NULL AS is_cancelled FROM programme.meetings"
    )
    found = {str(row["id"]): row["is_cancelled"] for row in await cursor.fetchall()}
    assert found == {held: False, planned: True}


async def test_meetings_are_for_those_who_run_the_group(
    group: Json, host: SignedIn, rowan: SignedIn, admin: SignedIn
) -> None:
    meeting = await meeting_of(host, group)
    for other in (rowan, admin):
        refused = await other.client.get(f"/api/v1/groups/{group['id']}/meetings")
        assert problem(refused) == (403, "hosts-only")
        assert problem(await plan(other, group, "2026-12-01", "18:30")) == (403, "hosts-only")
        # Of one meeting they need not know.
        assert await other.status(f"/meetings/{meeting}/attendance") == 404
        assert problem(await other.delete(f"/meetings/{meeting}")) == (404, "meeting-not-found")


async def test_the_database_refuses_to_cancel_a_meeting_with_people(
    group: Json, host: SignedIn, rowan: SignedIn, connection: AnyConnection
) -> None:
    meeting = await meeting_of(host, group)
    await rowan.put(f"/groups/{group['id']}/membership")
    await host.put(f"/meetings/{meeting}/attendance/members/{rowan.member_id}")
    with pytest.raises(psycopg.errors.CheckViolation, match="people were at this meeting"):
        await connection.execute(
            "UPDATE programme.meetings SET cancelled_at = %s WHERE id = %s",
            (datetime.now(UTC), meeting),
        )
