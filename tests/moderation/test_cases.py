"""Cases: claimed under a lease that ends by itself, opened with a line in the log."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from app import moderation
from app.api.schemas.cases import CaseDetail
from app.core import clock
from app.core.db import AnyConnection
from app.identity.roles import Role
from app.moderation.cases import LEASE
from app.moderation.policies import OWN_POST, OWN_REPORT
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def log(connection: AnyConnection) -> list[str]:
    cursor = await connection.execute("SELECT act FROM moderation.log ORDER BY seq")
    return [row["act"] for row in await cursor.fetchall()]


async def events(connection: AnyConnection) -> list[str]:
    cursor = await connection.execute(
        "SELECT type FROM core.events WHERE topics @> ARRAY['cases'] ORDER BY id"
    )
    return [row["type"] for row in await cursor.fetchall()]


async def test_a_claim_is_seen_by_all_and_keeps_others_out(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
) -> None:
    with clock.at(NOON):
        case_id = await case_about(id_of(await rowan.publish()), sky, sam, is_claimed=False)
        claimed = (await sam.claim(case_id)).json()
        assert claimed["state"] == "claimed"
        expires_at = (NOON + LEASE).isoformat().replace("+00:00", "Z")
        assert claimed["claim"] == {
            "moderator_name": "Sam",
            "is_me": True,
            "expires_at": expires_at,
        }
        (seen,) = await ash.queue()
        assert seen["claim"] == {**claimed["claim"], "is_me": False}
        taken = await ash.claim(case_id)
        assert (taken.status_code, taken.json()["type"]) == (409, "case-claimed")
    assert await log(connection) == ["opened", "claimed"]
    assert await events(connection) == ["case.opened", "case.claimed"]


async def test_a_lease_ends_by_itself(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    with clock.at(NOON):
        case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    with clock.at(NOON + LEASE - timedelta(microseconds=1)):
        assert (await ash.claim(case_id)).status_code == 409
    with clock.at(NOON + LEASE):
        (case,) = await ash.queue()
        assert (case["state"], case["claim"]) == ("open", None)
        late = await sam.decide(case_id)
        assert (late.status_code, late.json()["type"]) == (409, "lease-lost")
        assert (await ash.claim(case_id)).status_code == 200
        late = await sam.decide(case_id)
        assert (late.status_code, late.json()["type"]) == (409, "case-claimed")
        assert (await ash.decide(case_id)).status_code == 201


async def test_a_claim_can_be_kept_longer_while_it_lasts(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
) -> None:
    with clock.at(NOON):
        case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    with clock.at(NOON + timedelta(minutes=10)):
        kept = (await sam.put(f"/cases/{case_id}/claim")).json()
        assert kept["claim"]["expires_at"] == "2026-11-24T12:25:00Z"
        other = await ash.put(f"/cases/{case_id}/claim")
        assert (other.status_code, other.json()["type"]) == (409, "case-claimed")
    with clock.at(NOON + timedelta(minutes=20)):
        again = await sam.claim(case_id)
        assert again.json()["claim"]["expires_at"] == "2026-11-24T12:35:00Z"
    with clock.at(NOON + timedelta(minutes=35)):
        lost = await sam.put(f"/cases/{case_id}/claim")
        assert (lost.status_code, lost.json()["type"]) == (409, "lease-lost")
    assert await log(connection) == ["opened", "claimed", "extended", "extended"]


async def test_a_case_can_be_given_back(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    assert (await ash.delete(f"/cases/{case_id}/claim")).status_code == 204, "not hers: nothing"
    assert [case["state"] for case in await ash.queue()] == ["claimed"]
    for _ in range(2):
        assert (await sam.delete(f"/cases/{case_id}/claim")).status_code == 204
    assert [case["state"] for case in await ash.queue()] == ["open"]
    assert await log(connection) == ["opened", "claimed", "released"]
    assert (await events(connection))[-1] == "case.released"
    assert (await sam.decide(case_id)).json()["type"] == "lease-lost"


async def test_of_two_who_claim_at_once_one_holds_it(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam, is_claimed=False)
    answers = await asyncio.gather(*(one.claim(case_id) for one in (sam, ash) * 3))
    winners = {n % 2 for n, answer in enumerate(answers) if answer.status_code == 200}
    assert len(winners) == 1
    assert {answer.status_code for answer in answers} == {200, 409}


async def test_an_unknown_case_is_not_found(sam: SignedIn) -> None:
    for method, path in (("GET", ""), ("POST", "/claim"), ("PUT", "/claim"), ("DELETE", "/claim")):
        answer = await sam.client.request(method, f"/api/v1/cases/{uuid4()}{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "case-not-found")
    assert (await sam.decide(str(uuid4()))).status_code == 404


async def roads(one: SignedIn, case_id: str) -> list[tuple[int, str]]:
    """Every way to a case and what each answers."""
    path = f"/cases/{case_id}"
    answers = [
        await one.client.get(f"/api/v1{path}"),
        await one.claim(case_id),
        await one.put(f"{path}/claim"),
        await one.delete(f"{path}/claim"),
        await one.decide(case_id, version=1),
    ]
    return [(answer.status_code, answer.json()["detail"]) for answer in answers]


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SAFEGUARDING])
async def test_nobody_looks_into_a_case_about_their_own_words(
    people: People, sky: SignedIn, sam: SignedIn, role: Role
) -> None:
    author = await people.moderator("Author", role)
    case_id = await case_about(id_of(await author.publish()), sky, sam, is_claimed=False)
    assert await roads(author, case_id) == [(403, OWN_POST)] * 5
    assert await author.queue() == [], "it is not in their queue"
    assert len(await sam.queue()) == 1


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SAFEGUARDING])
async def test_nobody_decides_what_they_flagged(
    people: People, rowan: SignedIn, sam: SignedIn, role: Role
) -> None:
    reporter = await people.moderator("Reporter", role)
    case_id = await case_about(id_of(await rowan.publish()), reporter, sam, is_claimed=False)
    assert await roads(reporter, case_id) == [(403, OWN_REPORT)] * 5
    (case,) = await reporter.queue()
    assert case["why_not"] == OWN_REPORT
    assert (await sam.queue())[0]["why_not"] is None


async def test_flagging_a_case_one_holds_gives_it_to_someone_else(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    await sam.worry(post_id)
    assert (await sam.decide(case_id)).json()["detail"] == OWN_REPORT


async def test_a_case_shows_the_text_then_and_now_in_its_thread(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await sky.publish("How do you cope?"))
    early = id_of(await sky.reply(root, "Anyone?"))
    post_id = id_of(await rowan.reply(root, "First *words*."))
    late = id_of(await sky.reply(post_id, "Oh."))
    id_of(await rowan.publish("Elsewhere."))
    await sky.flag(post_id, detail="Unkind.")
    await rowan.edit(post_id, "Second words.")
    await (await people.member("Wren")).worry(post_id)
    await rowan.edit(post_id, "Third words.")
    (case,) = await sam.queue()
    detail = await sam.get(f"/cases/{case['id']}")
    assert CaseDetail.model_validate(detail).model_dump(mode="json") == detail
    assert {name: detail[name] for name in case} == case
    first = detail["flagged_text"]
    assert (first["revision"], first["body_html"], first["note"]) == (
        1,
        '<p dir="auto">First <em>words</em>.</p>',
        None,
    )
    times = [text["written_at"] for text in [*detail["flagged_texts"], detail["text_now"]]]
    assert times == sorted(times), "each text says when it was written"
    assert (detail["subject"]["written_at"], detail["subject"]["edited_at"]) == (
        times[0],
        times[-1],
    )
    assert [text["body_html"] for text in detail["flagged_texts"]] == [
        '<p dir="auto">First <em>words</em>.</p>',
        '<p dir="auto">Second words.</p>',
    ]
    assert (detail["text_now"]["revision"], detail["text_now"]["body_html"]) == (
        3,
        '<p dir="auto">Third words.</p>',
    )
    assert [post["id"] for post in detail["thread"]] == [
        str(id_) for id_ in (root, early, post_id, late)
    ]
    assert [(r["kind"], r["reporter_name"], r["revision"]) for r in detail["reports"]] == [
        ("worried", "Wren", 2),
        ("breaks_rules", "Sky", 1),
    ]
    assert detail["reports"][1]["detail"] == "Unkind."
    assert detail["decisions"] == []
    assert {act["allowed"] for act in detail["acts"]} == {False}, "not claimed yet"
    await sam.claim(case["id"])
    acts = (await sam.get(f"/cases/{case['id']}"))["acts"]
    assert {act["act"] for act in acts if act["allowed"]} == {"nothing", "fold", "hide"}
    assert all(act["why_not"] for act in acts if not act["allowed"])


async def test_a_long_thread_is_shown_around_the_reply(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await sky.publish())
    replies = [id_of(await rowan.reply(root, f"Reply {number}.")) for number in range(25)]
    case_id = await case_about(replies[12], sky, sam)
    thread = (await sam.get(f"/cases/{case_id}"))["thread"]
    assert [post["id"] for post in thread] == [str(id_) for id_ in [root, *replies[2:23]]]


async def test_what_was_flagged_stays_readable_when_its_author_takes_it_back(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish("I can't go on."))
    case_id = await case_about(post_id, sky, sam)
    await rowan.withdraw(post_id)
    detail = await sam.get(f"/cases/{case_id}")
    assert detail["flagged_text"]["body_html"] == '<p dir="auto">I can\'t go on.</p>'
    assert detail["text_now"] is None
    assert [post["state"] for post in detail["thread"]] == ["withdrawn"]
    assert {act["act"] for act in detail["acts"] if act["allowed"]} == {"nothing"}
    refused = await sam.decide(case_id, "hide")
    assert (refused.status_code, refused.json()["type"]) == (409, "act-not-open")
    assert (await sam.decide(case_id)).status_code == 201
    (told,), (mine,) = await sky.notices(), (await sky.get("/me/reports"))["items"]
    assert told["text"] == mine["answer"]
    assert "has deleted it" in told["text"]


async def test_every_opening_is_a_line_in_the_log(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam, is_claimed=False)
    for one in (sam, ash, sam):
        await one.get(f"/cases/{case_id}")
    assert await log(connection) == ["opened", "seen", "seen", "seen"]
    lines = (await sam.get("/moderation/log", case_id=case_id))["items"]
    assert [line["actor"] and line["actor"]["display_name"] for line in lines] == [
        "Sam",
        "Ash",
        "Sam",
        None,
    ]


def test_no_statement_of_moderation_names_research() -> None:
    """Research data never reaches a decision about a person (UK GDPR, research safeguards)."""
    for path in sorted(Path(moderation.__path__[0]).glob("*.py")):
        assert "research" not in path.read_text("utf-8"), path.name
