"""Studies hear who came to a meeting, of a member and of somebody with a card, over HTTP."""

from app.core import clock
from app.core.db import AnyConnection, Database
from app.identity.roles import Role
from tests.people import Json, People, SignedIn
from tests.programme.conftest import Office, meeting_of
from tests.research.asked_studies import asked_study
from tests.research.factories import START, later
from tests.research.over_http import ask, deliver_all


async def test_a_meeting_reaches_the_studies_of_who_was_there(
    people: People,
    office: Office,
    group: Json,
    host: SignedIn,
    rowan: SignedIn,
    database: Database,
    connection: AnyConnection,
) -> None:
    study = await asked_study(await people.member("Dr Wren", roles=(Role.RESEARCHER,)))
    of_member = await study.join(rowan)
    with clock.at(START):
        code = (await host.post(f"/groups/{group['id']}/codes")).json()["code"]
        yes = {"activity": True, "questionnaires": False, "contact": False}
        receipt = await ask(
            rowan,  # whoever holds the browser: the code says who takes part
            "POST",
            f"/by-code/studies/{study.id}/participation",
            {"code": code, "sheet_version": 1, "purposes": yes},
            status=201,
        )
        assert {act["purpose"]: act["act"] for act in receipt["acts"]}["activity"] == "given"
    with clock.at(later(days=1)):
        meeting = await meeting_of(host, group)
        await rowan.put(f"/groups/{group['id']}/membership")
        await host.put(f"/meetings/{meeting}/attendance/members/{rowan.member_id}")
        await host.put(f"/meetings/{meeting}/attendance/codes/{code}")
        await host.delete(f"/meetings/{meeting}/attendance/codes/{code}")
        await deliver_all(database)
        (held,) = (await rowan.get("/me/data"))["studies"]
        mine = await rowan.get(f"/me/data/{study.id}/attendances")
    cursor = await connection.execute(
        "SELECT a.participant_id, a.day, a.times, g.thing_id AS group_id, r.thing_id AS area_id"
        " FROM research.attendances a"
        " JOIN research.clusters g ON g.kind = 'group' AND g.number = a.group_cluster"
        " JOIN research.clusters r ON r.kind = 'area' AND r.number = a.area_cluster"
    )
    found = await cursor.fetchall()
    assert {(row["participant_id"], row["day"], row["times"]) for row in found} == {
        (of_member, 1, 1),
        (receipt["pseudonym"], 1, 1),
        (receipt["pseudonym"], 1, -1),
    }
    assert {(str(row["group_id"]), str(row["area_id"])) for row in found} == {
        (group["id"], office.area_id)
    }
    assert held["attendance_count"] == 1
    (row,) = mine["items"]
    assert row == {
        "held_on": "2026-03-03",
        "day": 1,
        "minutes": 90,
        "mode": "in_person",
        "is_taken_off": False,
    }
