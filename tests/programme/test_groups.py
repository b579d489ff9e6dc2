"""Groups: started by the office, found by members, closed without losing what was recorded."""

import httpx2
import pytest

from app.identity.roles import Role
from tests.people import Json, People, SignedIn
from tests.programme.conftest import Office


def problem(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]


async def change(office: Office, group: Json, **words: object) -> httpx2.Response:
    path = f"/api/v1/programme/groups/{group['id']}"
    return await office.by.client.put(path, json=office.words(**words))


async def test_a_member_finds_a_group_in_their_area_and_goes_there(
    office: Office, group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    areas = (await rowan.get("/areas"))["items"]
    assert areas == [{"id": office.area_id, "name": "Leeds", "group_count": 1}]

    (found,) = (await rowan.get("/groups", area_id=office.area_id))["items"]
    assert found["name"] == "Tuesday circle"
    assert found["organisation"] == "Harbour Minds"
    assert found["hosts"] == [{"member_id": str(host.member_id), "display_name": "Marlow"}]
    assert (found["is_member"], found["is_host"]) == (False, False)
    assert (await rowan.get("/me/groups"))["items"] == []

    for _ in range(2):
        assert (await rowan.put(f"/groups/{group['id']}/membership")).status_code == 204
    assert [one["is_member"] for one in (await rowan.get("/me/groups"))["items"]] == [True]
    assert [one["is_host"] for one in (await host.get("/me/groups"))["items"]] == [True]

    for _ in range(2):
        assert (await rowan.delete(f"/groups/{group['id']}/membership")).status_code == 204
    assert (await rowan.get("/me/groups"))["items"] == []


async def test_groups_come_in_pages_by_name_and_none_is_left_out(
    office: Office, rowan: SignedIn
) -> None:
    names = [f"Group {number:03}" for number in range(103)]
    for name in reversed(names):
        await office.start(name=name, **({"mode": "online"} if name.endswith("7") else {}))
    seen: list[str] = []
    cursor: str | None = None
    while True:
        asked = {} if cursor is None else {"cursor": cursor}
        page = await rowan.get("/groups", **asked)
        seen += [one["name"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == names
    online = (await rowan.get("/groups", online="true"))["items"]
    assert [one["name"] for one in online] == [name for name in names if name.endswith("7")]


async def test_a_group_that_meets_in_person_needs_an_area_and_one_online_none(
    office: Office,
) -> None:
    refused = await office.by.post("/programme/groups", **office.words(area_id=None))
    assert problem(refused) == (404, "area-not-found")
    assert "needs an area" in refused.json()["detail"]
    await office.start(area_id=None, mode="online")


@pytest.mark.parametrize("field", ["organisation_id", "area_id"])
async def test_what_is_not_there_is_named(office: Office, field: str) -> None:
    nowhere = "00000000-0000-7000-8000-00000000dead"
    refused = await office.by.post("/programme/groups", **office.words(**{field: nowhere}))
    assert problem(refused) == (404, f"{field.removesuffix('_id')}-not-found")


async def test_names_are_given_once_however_they_are_cased(office: Office, group: Json) -> None:
    taken = (409, "name-in-use")
    assert problem(await office.by.post("/programme/areas", name="LEEDS")) == taken
    assert problem(await office.by.post("/programme/organisations", name="harbour minds")) == taken
    again = office.words(name="TUESDAY circle")
    assert problem(await office.by.post("/programme/groups", **again)) == taken
    other = await office.by.post("/programme/areas", name="Devon")
    await office.start(area_id=other.json()["id"])

    area = f"/api/v1/programme/areas/{other.json()['id']}"
    assert problem(await office.by.client.put(area, json={"name": "Leeds"})) == taken
    renamed = await office.by.client.put(area, json={"name": "  Devon  and  the moor "})
    assert renamed.json()["name"] == "Devon and the moor"
    organisation = f"/api/v1/programme/organisations/{office.organisation_id}"
    assert (await office.by.client.put(organisation, json={"name": "Quay"})).status_code == 200
    listed = (await office.by.get("/programme/organisations"))["items"]
    assert [one["name"] for one in listed] == ["Quay"]


async def test_the_office_changes_a_group(office: Office, group: Json, rowan: SignedIn) -> None:
    answer = await change(office, group, name="Evening circle", kind="facilitated", about="")
    assert answer.status_code == 200
    found = await rowan.get(f"/groups/{group['id']}")
    assert (found["name"], found["kind"], found["about"]) == ("Evening circle", "facilitated", "")
    assert (await change(office, group, name=" ")).status_code == 422
    assert (await rowan.get(f"/groups/{group['id']}"))["name"] == "Evening circle"


async def test_a_closed_group_is_found_no_longer_and_stands_for_what_was_recorded(
    office: Office, group: Json, host: SignedIn, rowan: SignedIn
) -> None:
    await rowan.put(f"/groups/{group['id']}/membership")
    for _ in range(2):
        closed = await office.by.delete(f"/programme/groups/{group['id']}")
        assert closed.status_code == 204
    assert (await rowan.get("/groups"))["items"] == []
    assert (await rowan.get("/me/groups"))["items"] == []
    assert (await host.get("/me/groups"))["items"] == []
    assert (await rowan.get(f"/groups/{group['id']}"))["is_closed"] is True
    joining = await rowan.put(f"/groups/{group['id']}/membership")
    assert problem(joining) == (409, "group-closed")
    hosting = await office.by.put(f"/programme/groups/{group['id']}/hosts/{host.member_id}")
    assert problem(hosting) == (409, "group-closed")
    # Its name is free again.
    await office.start()


async def test_only_a_host_can_be_asked_to_run_a_group(
    office: Office, group: Json, rowan: SignedIn
) -> None:
    path = f"/programme/groups/{group['id']}/hosts"
    assert problem(await office.by.put(f"{path}/{rowan.member_id}")) == (409, "not-a-host")
    assert problem(await office.by.put(f"{path}/Nobody at all")) == (404, "member-not-found")


async def test_a_host_who_stands_down_runs_the_group_no_longer(
    office: Office, group: Json, host: SignedIn
) -> None:
    meetings = f"/groups/{group['id']}/meetings"
    assert await host.status(meetings) == 200
    for _ in range(2):
        answer = await office.by.delete(f"/programme/groups/{group['id']}/hosts/Marlow")
        assert answer.status_code == 204
    assert await host.status(meetings) == 403
    assert (await host.get(f"/groups/{group['id']}"))["hosts"] == []


async def test_whom_one_does_not_meet_is_not_named_as_a_host(
    office: Office, group: Json, host: SignedIn, rowan: SignedIn, people: People
) -> None:
    sky = await people.member("Sky")
    assert (await rowan.put(f"/members/{host.member_id}/block")).status_code == 204
    assert (await rowan.get(f"/groups/{group['id']}"))["hosts"] == []
    assert len((await sky.get(f"/groups/{group['id']}"))["hosts"]) == 1


async def test_who_works_on_studies_sees_no_group(group: Json, people: People) -> None:
    wren = await people.member("Dr Wren", roles=(Role.RESEARCHER,))
    for path in ("/groups", "/areas", "/me/groups", f"/groups/{group['id']}"):
        assert await wren.status(path) == 403
