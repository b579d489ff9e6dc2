"""Attendance: of members and of people known by a code, said twice without harm, and in time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx2
import psycopg
import pytest

from app.core import clock, delivery
from app.core.db import AnyConnection, Database
from app.programme.subscribers import SUBSCRIBER
from tests.people import PASSWORD, Json, People, SignedIn
from tests.programme.conftest import NOW, Office, meeting_of
from tests.programme.test_groups import problem


async def list_of(host: SignedIn, meeting: str) -> Json:
    return dict(await host.get(f"/meetings/{meeting}/attendance"))


async def here(host: SignedIn, meeting: str) -> set[str]:
    """Who is ticked, by name or code."""
    people = (await list_of(host, meeting))["people"]
    return {one["display_name"] or one["code"] for one in people if one["is_here"]}


async def others(host: SignedIn, meeting: str, count: object) -> httpx2.Response:
    return await host.client.put(f"/api/v1/meetings/{meeting}/others", json={"count": count})


async def code_of(host: SignedIn, group: Json) -> str:
    answer = await host.post(f"/groups/{group['id']}/codes")
    assert answer.status_code == 201
    return str(answer.json()["code"])


async def test_a_host_ticks_members_and_codes_and_counts_others(
    group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    meeting = await meeting_of(host, group)
    await rowan.put(f"/groups/{group['id']}/membership")
    code = await code_of(host, group)
    shown = (await list_of(host, meeting))["people"]
    assert [(one["display_name"], one["code"], one["is_here"]) for one in shown] == [
        (None, code, False),
        ("Rowan", None, False),
    ]
    for _ in range(2):
        ticked = await host.put(f"/meetings/{meeting}/attendance/members/{rowan.member_id}")
        assert ticked.status_code == 204
        typed = code.lower().replace("-", " ")[2:]
        known = await host.put(f"/meetings/{meeting}/attendance/codes/{typed}")
        assert known.json() == {"code": code}
    assert (await others(host, meeting, 3)).status_code == 204
    assert await here(host, meeting) == {"Rowan", code}
    (listed,) = (await host.get(f"/groups/{group['id']}/meetings"))["items"]
    assert listed["came"] == 5

    for _ in range(2):
        await host.delete(f"/meetings/{meeting}/attendance/members/{rowan.member_id}")
        await host.delete(f"/meetings/{meeting}/attendance/codes/{code}")
    assert await here(host, meeting) == set()


async def test_who_came_last_stands_first_and_a_guest_with_a_code_is_known_next_time(
    office: Office, group: Json, host: SignedIn, people: People
) -> None:
    other = await office.start(name="Friday walk")
    await office.by.put(f"/programme/groups/{other['id']}/hosts/{host.member_id}")
    guest = await code_of(host, other)
    sky, ash = [await people.member(name) for name in ("Sky", "Ash")]
    for member in (sky, ash):
        await member.put(f"/groups/{group['id']}/membership")
    before, now = [await meeting_of(host, group, hours_ago=hours) for hours in (48, 1)]
    await host.put(f"/meetings/{before}/attendance/members/{ash.member_id}")
    assert guest not in [one["code"] for one in (await list_of(host, now))["people"]]
    await host.put(f"/meetings/{before}/attendance/codes/{guest}")
    people_now = (await list_of(host, now))["people"]
    assert {one["display_name"] or one["code"] for one in people_now[:2]} == {"Ash", guest}
    assert (people_now[2]["display_name"], people_now[2]["last_at"]) == ("Sky", None)


async def test_a_code_that_was_mistyped_or_never_given_is_refused(
    group: Json, host: SignedIn
) -> None:
    meeting = await meeting_of(host, group)
    code = await code_of(host, group)
    swapped = code[:2] + code[3] + code[2] + code[4:] if code[2] != code[3] else code[:-1] + "?"
    for typed in (swapped, "C-00000-1T", "Rowan"):
        refused = await host.put(f"/meetings/{meeting}/attendance/codes/{typed}")
        assert problem(refused) == (422, "bad-code")
    assert await here(host, meeting) == set()


async def test_nobody_is_listed_who_does_not_go_to_the_group(
    group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    meeting = await meeting_of(host, group)
    for member_id in (rowan.member_id, uuid4()):
        refused = await host.put(f"/meetings/{meeting}/attendance/members/{member_id}")
        assert problem(refused) == (404, "attendee-unknown")


@pytest.mark.parametrize(
    ("hours", "is_open"), [(-2.1, False), (-1.9, True), (28 * 24 - 1, True), (28 * 24 + 1, False)]
)
async def test_the_list_is_open_from_two_hours_before_until_four_weeks_after(
    group: Json, host: SignedIn, rowan: SignedIn, hours: float, is_open: bool
) -> None:
    with clock.at(NOW):
        meeting = await meeting_of(host, group, hours_ago=0)
        await rowan.put(f"/groups/{group['id']}/membership")
    with clock.at(NOW + timedelta(hours=hours)):
        path = f"/meetings/{meeting}/attendance/members/{rowan.member_id}"
        answers = [await host.put(path), await others(host, meeting, 1), await host.delete(path)]
        assert [answer.status_code for answer in answers] == [204 if is_open else 409] * 3
        assert (await list_of(host, meeting))["is_open"] is is_open


async def test_a_cancelled_meeting_has_no_list(
    group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    meeting = await meeting_of(host, group)
    await rowan.put(f"/groups/{group['id']}/membership")
    await host.delete(f"/meetings/{meeting}")
    refused = await host.put(f"/meetings/{meeting}/attendance/members/{rowan.member_id}")
    assert problem(refused) == (409, "attendance-not-open")


async def test_the_database_holds_the_same(
    group: Json, host: SignedIn, rowan: SignedIn, connection: AnyConnection
) -> None:
    held = await meeting_of(host, group)
    code = await code_of(host, group)
    cancelled = await meeting_of(host, group, hours_ago=3)
    await host.delete(f"/meetings/{cancelled}")
    add = (
        "INSERT INTO programme.attendances (id, meeting_id, member_id, code, recorded_at)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s)"
    )
    now = datetime.now(UTC)
    wrong = [
        (cancelled, rowan.member_id, None, now),
        (held, rowan.member_id, None, now - timedelta(hours=4)),
        (held, rowan.member_id, None, now + timedelta(days=28)),
        (held, rowan.member_id, code, now),
        (held, None, None, now),
    ]
    for row in wrong:
        with pytest.raises(psycopg.errors.CheckViolation):
            await connection.execute(add, row)
    await connection.execute(add, (held, rowan.member_id, None, now))
    with pytest.raises(psycopg.errors.UniqueViolation):
        await connection.execute(add, (held, rowan.member_id, None, now))
    with pytest.raises(psycopg.errors.CheckViolation, match="never rewritten"):
        await connection.execute("UPDATE programme.attendances SET recorded_at = now()")


async def test_who_closes_their_account_was_nowhere_and_is_counted_still(
    group: Json, host: SignedIn, rowan: SignedIn, database: Database, connection: AnyConnection
) -> None:
    meeting = await meeting_of(host, group)
    await rowan.put(f"/groups/{group['id']}/membership")
    await host.put(f"/meetings/{meeting}/attendance/members/{rowan.member_id}")
    await others(host, meeting, 2)
    closed = await rowan.post("/me/closure", password=PASSWORD, erase_study_data=False)
    assert closed.status_code == 204, closed.text
    for _ in range(2):
        await delivery.deliver(database, SUBSCRIBER)
    shown = await list_of(host, meeting)
    assert (shown["people"], shown["others_count"]) == ([], 3)
    cursor = await connection.execute(
        "SELECT count(*) AS held FROM programme.group_members WHERE member_id = %s",
        (rowan.member_id,),
    )
    assert await cursor.fetchone() == {"held": 0}


async def test_who_is_a_host_no_longer_runs_nothing_not_even_before_it_is_told(
    group: Json, host: SignedIn, admin: SignedIn, database: Database, connection: AnyConnection
) -> None:
    taken = await admin.client.request(
        "DELETE",
        f"/api/v1/staff/{host.member_id}/roles",
        json={"role": "host", "reason": "They asked to stop."},
    )
    assert taken.status_code == 204
    assert await host.status(f"/groups/{group['id']}/meetings") == 403
    await delivery.deliver(database, SUBSCRIBER)
    cursor = await connection.execute(
        "SELECT until IS NOT NULL AS ended FROM programme.group_hosts"
    )
    assert await cursor.fetchone() == {"ended": True}


async def test_one_reads_on_which_lists_one_stands(
    group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    await rowan.put(f"/groups/{group['id']}/membership")
    meetings = [await meeting_of(host, group, hours_ago=hours) for hours in range(25, 2, -1)]
    for meeting in meetings[1:]:
        await host.put(f"/meetings/{meeting}/attendance/members/{rowan.member_id}")
    first = await rowan.get("/me/attendances")
    rest = await rowan.get("/me/attendances", cursor=first["next_cursor"])
    assert rest["next_cursor"] is None
    listed = [*first["items"], *rest["items"]]
    assert [one["meeting_id"] for one in listed] == meetings[:0:-1]
    assert {one["group"] for one in listed} == {"Tuesday circle"}
    assert (await host.get("/me/attendances"))["items"] == []
