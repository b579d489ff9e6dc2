"""The queue: worried first, then the oldest; by key; open to moderators alone."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from app.api.schemas.cases import CasePage
from app.core import clock
from app.identity.roles import Role
from app.moderation import queue
from app.moderation.cases import LEASE
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_worried_come_first_then_the_oldest(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    ids = []
    for minutes, is_worried in ((0, False), (1, True), (2, False), (3, True)):
        post_id = id_of(await rowan.publish(f"Post {minutes}."))
        with clock.at(NOON + timedelta(minutes=minutes)):
            answer = await (sky.worry(post_id) if is_worried else sky.flag(post_id))
        assert answer.status_code == 201
        ids.append(str(post_id))
    order = [ids.index(case["subject"]["id"]) for case in await sam.queue()]
    assert order == [1, 3, 0, 2]
    await sky.worry(ids[2])
    order = [ids.index(case["subject"]["id"]) for case in await sam.queue()]
    assert order == [1, 2, 3, 0], "a worry lifts a case to where its age puts it"


async def test_pages_go_on_where_the_last_ended(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    persons = [sky, *[await people.member(f"Person {number}") for number in range(8)]]
    with clock.at(NOON):  # all in one moment: the id decides
        for number in range(queue.PAGE + 5):
            post_id, person = id_of(await rowan.publish()), persons[number % len(persons)]
            await (person.worry(post_id) if number % 3 == 0 else person.flag(post_id))
    first = await sam.get("/cases")
    rest = await sam.get("/cases", cursor=first["next_cursor"])
    ids = [case["id"] for case in first["items"] + rest["items"]]
    assert len(first["items"]) == queue.PAGE
    assert len(set(ids)) == queue.PAGE + 5
    assert rest["next_cursor"] is None


async def test_a_page_holds_to_its_model_and_says_where_the_live_stream_goes_on(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    empty = CasePage.model_validate(await sam.get("/cases"))
    assert empty.items == []
    assert empty.next_cursor is None
    post_id = id_of(await rowan.publish("A **hard** day & a <b>long</b> one. " * 20))
    await case_about(post_id, sky, sam)
    page = await sam.get("/cases")
    assert CasePage.model_validate(page).model_dump(mode="json") == page
    (case,) = page["items"]
    excerpt = case["subject"]["excerpt"]
    assert excerpt.startswith("A hard day & a <b>long</b> one. A hard")
    assert len(excerpt) <= queue.EXCERPT
    assert excerpt.endswith("…")
    assert case["subject"]["author"] == {
        "id": str(rowan.member_id),
        "display_name": "Rowan",
    }
    assert page["position"] > empty.position


async def test_a_post_taken_back_shows_no_words(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    await sky.flag(post_id)
    await rowan.withdraw(post_id)
    (case,) = await sam.queue()
    assert (case["subject"]["state"], case["subject"]["excerpt"]) == ("withdrawn", "")


async def test_mine_are_those_i_hold_now_and_decided_the_newest_first(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    cases = []
    for seconds in range(3):
        with clock.at(NOON - timedelta(seconds=3 - seconds)):
            post_id = id_of(await rowan.publish())
            cases.append(await case_about(post_id, sky, sam, is_claimed=False))
    one, two, free = cases
    with clock.at(NOON):
        for case_id in (one, two):
            await sam.claim(case_id)
        assert [case["id"] for case in await sam.queue("mine")] == [one, two]
        assert await ash.queue("mine") == []
        assert [case["state"] for case in await ash.queue()] == ["claimed", "claimed", "open"]
    with clock.at(NOON + LEASE):
        assert await sam.queue("mine") == [], "time has run out"
        assert {case["state"] for case in await ash.queue()} == {"open"}
        for case_id in (two, one):
            await ash.claim(case_id)
        await ash.decide(two)
    with clock.at(NOON + LEASE + timedelta(minutes=1)):
        await ash.decide(one)
        assert [case["id"] for case in await sam.queue("decided")] == [one, two]
        assert [case["id"] for case in await sam.queue()] == [free]


async def test_decided_cases_page_by_key(rowan: SignedIn, sky: SignedIn, sam: SignedIn) -> None:
    for number in range(queue.PAGE + 2):
        with clock.at(NOON + timedelta(minutes=number)):
            await sam.decide(await case_about(id_of(await rowan.publish()), sky, sam))
    first = await sam.get("/cases", state="decided")
    rest = await sam.get("/cases", state="decided", cursor=first["next_cursor"])
    assert [len(page["items"]) for page in (first, rest)] == [queue.PAGE, 2]
    assert len({case["id"] for case in first["items"] + rest["items"]}) == queue.PAGE + 2


@pytest.mark.parametrize("cursor", ["x", "WyIxIl0", "WyJUcnVlIiwiMjAyNiIsIngiXQ"])
async def test_a_cursor_of_another_kind_is_refused(sam: SignedIn, cursor: str) -> None:
    answer = await sam.client.get("/api/v1/cases", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (422, "bad-cursor")


PATHS = (
    ("GET", "/cases"),
    ("GET", "/cases/waiting"),
    ("GET", "/cases/{id}"),
    ("POST", "/cases/{id}/claim"),
    ("PUT", "/cases/{id}/claim"),
    ("DELETE", "/cases/{id}/claim"),
    ("POST", "/cases/{id}/reach-out"),
    ("POST", "/cases/{id}/hand-over"),
    ("POST", "/cases/{id}/decision"),
    ("GET", "/moderation/reasons"),
    ("GET", "/moderation/log"),
    ("GET", "/moderation/log/people"),
    ("GET", "/moderation/log/check"),
    ("POST", "/moderation/log/check"),
)
STEP = {"words": "We are here for you.", "version": 1}
BODIES = {
    "/cases/{id}/decision": {"act": "nothing", "reason": "It can stay here.", "version": 1},
    "/cases/{id}/reach-out": STEP,
    "/cases/{id}/hand-over": STEP,
}
MODERATORS = {Role.MODERATOR, Role.SAFEGUARDING}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MEMBER])
async def test_the_room_is_open_to_moderators_with_their_second_factor(
    people: People, rowan: SignedIn, sky: SignedIn, role: Role
) -> None:
    with_factor = await people.member("With", roles=[role])
    without = await people.member("Without", roles=[role], is_second_factor_passed=False)
    owner = await people.moderator("Owner")
    case_id = await case_about(id_of(await rowan.publish()), sky, owner, is_claimed=False)
    for method, path in PATHS:
        url = f"/api/v1{path.format(id=case_id)}"
        sent = {"json": BODIES[path]} if path in BODIES else {}
        allowed = await with_factor.client.request(method, url, **sent)  # type: ignore[arg-type]
        refused = await without.client.request(method, url, **sent)  # type: ignore[arg-type]
        if role in MODERATORS:
            assert allowed.status_code in {200, 201, 202, 204, 409}, f"{method} {path}"
            assert refused.json()["type"] == "second-factor-required"
        else:
            assert (allowed.status_code, refused.status_code) == (403, 403), f"{method} {path}"


async def test_nobody_else_enters(
    sky: SignedIn, client: httpx2.AsyncClient, rowan: SignedIn, sam: SignedIn
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    for path in ("/cases", f"/cases/{case_id}", "/moderation/log", "/moderation/reasons"):
        assert (await client.get(f"/api/v1{path}")).status_code == 401
        assert (await sky.client.get(f"/api/v1{path}")).status_code == 403


async def test_reasons_to_start_from_are_kind_and_long_enough(sam: SignedIn) -> None:
    items = (await sam.get("/moderation/reasons"))["items"]
    assert {item["act"] for item in items} == {"nothing", "fold", "hide", "restore"}
    for item in items:
        assert 10 <= len(item["text"]) <= 1_000
        assert "!" not in item["text"]
        assert item["read_by"] == ("reporters" if item["act"] == "nothing" else "author")


def test_an_excerpt_cut_inside_a_tag_or_a_sign_stays_words() -> None:
    assert queue.excerpt('<p>Hello <a href="https://exam') == "Hello"
    assert queue.excerpt("<p>you &am") == "you"
    assert queue.excerpt("<p>a &lt;b&gt; c</p>\n<p>d</p>") == "a <b> c d"
