"""Deciding: once, by whoever holds the case, all of it or nothing."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from app.core import events
from app.core.db import AnyConnection
from app.moderation.decision_models import Act
from tests.moderation.factories import case_about
from tests.people import KIND, People, SignedIn, id_of


async def stored(connection: AnyConnection, table: str) -> list[dict[str, Any]]:
    cursor = await connection.execute(f"SELECT * FROM moderation.{table}")
    return await cursor.fetchall()


async def post_row(connection: AnyConnection, post_id: UUID) -> dict[str, Any]:
    cursor = await connection.execute("SELECT * FROM community.posts WHERE id = %s", (post_id,))
    rows: list[dict[str, Any]] = await cursor.fetchall()
    return rows[0]


async def texts(one: SignedIn) -> list[tuple[str, str]]:
    return [(notice["kind"], notice["text"]) for notice in await one.notices()]


async def test_folding_puts_it_behind_a_note_and_tells_everyone(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    wren = await people.member("Wren")
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    await wren.worry(post_id)
    answer = await sam.decide(case_id, "fold", note_about="  self-harm ")
    assert answer.status_code == 201
    decision = answer.json()
    assert (decision["act"], decision["note_about"], decision["moderator_name"]) == (
        "fold",
        "self-harm",
        "Sam",
    )
    seen = await wren.get(f"/posts/{post_id}")
    assert seen["note"] == {"about": "self-harm", "by": "moderator"}
    ((kind, notice),) = await texts(rowan)
    assert kind == "decision"
    assert "“self-harm”" in notice
    assert KIND in notice
    assert "you can appeal" in notice
    assert "Sky" not in notice
    assert "Wren" not in notice
    ((kind, answered),) = await texts(sky)
    assert kind == "report_answer"
    assert "folded" in answered
    assert KIND not in answered, "the reason was written to its author"
    ((_, worried),) = await texts(wren)
    assert worried.startswith("You told us you were worried")
    assert await sam.queue() == []
    (case,) = await stored(connection, "cases")
    assert case["decision_id"] == UUID(decision["id"])


async def test_hiding_shows_it_to_its_author_alone_with_the_reason(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    await sam.decide(await case_about(post_id, sky, sam), "hide")
    assert (await sky.client.get(f"/api/v1/posts/{post_id}")).status_code == 404
    mine = await rowan.get(f"/posts/{post_id}")
    assert (mine["state"], mine["hidden_reason"]) == ("hidden", KIND)
    ((_, notice),) = await texts(rowan)
    assert notice.startswith("We've hidden what you wrote for now. You're not in trouble.")
    ((_, answered),) = await texts(sky)
    assert "hidden" in answered


@pytest.mark.parametrize("kind", ["breaks_rules", "worried"])
async def test_nothing_means_we_looked_and_only_who_flagged_is_told(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, kind: str
) -> None:
    post_id = id_of(await rowan.publish())
    await sky.flag(post_id, kind)
    (case,) = await sam.queue()
    await sam.claim(case["id"])
    assert (await sam.decide(case["id"])).status_code == 201
    assert await texts(rowan) == [], "they never knew that it was flagged"
    ((_, answered),) = await texts(sky)
    assert answered.endswith(KIND)
    assert (await sky.get(f"/posts/{post_id}"))["state"] == "visible"


async def test_a_decision_needs_the_case_in_hand(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam, is_claimed=False)
    free = await ash.decide(case_id)
    assert (free.status_code, free.json()["type"]) == (409, "lease-lost")
    await sam.claim(case_id)
    held = await ash.decide(case_id)
    assert (held.status_code, held.json()["type"]) == (409, "case-claimed")
    assert (await sam.decide(case_id)).status_code == 201
    for one in (sam, ash):
        late = await one.decide(case_id, version=1, reason="Other words than before.")
        assert (late.status_code, late.json()["type"]) == (409, "already-decided")
        assert (await one.claim(case_id)).json()["type"] == "already-decided"


async def test_a_decision_needs_the_case_as_it_was_read(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    version = await sam.version(case_id)
    await (await people.member("Wren")).worry(post_id)
    stale = await sam.decide(case_id, version=version)
    assert (stale.status_code, stale.json()["type"]) == (409, "case-changed")
    assert stale.json()["version"] == version + 1
    assert (await sam.decide(case_id, version=version + 1)).status_code == 201


async def test_a_decision_needs_the_text_as_it_was_read(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    await rowan.edit(post_id, "Other words, that nobody has read yet.")
    unread = await sam.decide(case_id, "hide")
    assert (unread.status_code, unread.json()["type"]) == (409, "text-changed")
    await sam.get(f"/cases/{case_id}")
    answer = await sam.decide(case_id, "hide")
    assert (answer.status_code, answer.json()["revision"]) == (201, 2)


async def test_taking_a_case_is_not_having_read_it(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam, is_claimed=False)
    read = (await sam.get(f"/cases/{case_id}"))["text_now"]["revision"]
    await rowan.edit(post_id, "Other words, that nobody has read yet.")
    await sam.claim(case_id)
    unread = await sam.decide(case_id, "hide", revision=read)
    assert (unread.status_code, unread.json()["type"]) == (409, "text-changed")
    read = (await sam.get(f"/cases/{case_id}"))["text_now"]["revision"]
    assert (await sam.decide(case_id, "hide", revision=read)).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"act": "delete"}, "/act"),
        ({"reason": "No."}, "/reason"),
        ({"reason": "x" * 1_001}, "/reason"),
        ({"reason": "  \u200b  "}, "/reason"),
        ({"act": "fold", "note_about": "  "}, "/note_about"),
        ({"act": "fold", "note_about": None}, "/note_about"),
        ({"act": "fold", "note_about": "x" * 61}, "/note_about"),
        ({"version": -1}, "/version"),
    ],
)
async def test_a_decision_says_why_in_words_that_can_be_kept(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    body: dict[str, Any],
    pointer: str,
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    answer = await sam.decide(case_id, **{"act": "nothing", "version": 1, **body})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_of_two_decisions_at_once_one_stands(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    """One moderator in two windows: both hold the lease, and still the case is decided once."""
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    version = await sam.version(case_id)
    answers = await asyncio.gather(
        sam.decide(case_id, "hide", version=version),
        sam.decide(case_id, "nothing", version=version),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(await stored(connection, "decisions")) == 1
    assert len(await sky.notices()) == 1


async def test_of_two_moderators_at_once_only_the_holder_decides(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    connection: AnyConnection,
) -> None:
    for _ in range(4):
        case_id = await case_about(id_of(await rowan.publish()), sky, sam)
        answers = await asyncio.gather(
            ash.decide(case_id, version=1), sam.decide(case_id, "hide", version=1)
        )
        assert [answer.status_code for answer in answers] == [409, 201]
    assert {row["act"] for row in await stored(connection, "decisions")} == {Act.HIDE}


async def test_a_crash_in_the_last_step_leaves_nothing(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    connection: AnyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    before = [await stored(connection, table) for table in ("cases", "log", "decisions")]
    real = events.record

    async def crash(session: Any, event: events.Event, **more: Any) -> None:
        if event.event_type == "case.decided":
            raise RuntimeError("the lights went out")
        await real(session, event, **more)

    with monkeypatch.context() as patched:
        patched.setattr(events, "record", crash)
        assert (await sam.decide(case_id, "hide")).status_code == 500
    after = [await stored(connection, table) for table in ("cases", "log", "decisions")]
    assert after == before
    assert (await post_row(connection, post_id))["visibility"] == "visible"
    assert await rowan.notices() == await sky.notices() == []
    assert (await sam.decide(case_id, "hide")).status_code == 201


async def test_the_database_keeps_decisions_as_they_were_made(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    await sam.decide(await case_about(id_of(await rowan.publish()), sky, sam))
    for statement in (
        "UPDATE moderation.decisions SET act = 'hide'",
        "DELETE FROM moderation.decisions",
        "TRUNCATE moderation.decisions CASCADE",
        "UPDATE moderation.log SET act = 'seen'",
        "DELETE FROM moderation.log",
        "TRUNCATE moderation.log",
        "UPDATE moderation.cases SET decision_id = NULL",
        "DELETE FROM moderation.cases",
    ):
        with pytest.raises(Exception, match="append-only"):
            await connection.execute(statement)


async def test_the_database_has_room_for_one_decision_a_case(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    await sam.decide(await case_about(id_of(await rowan.publish()), sky, sam))
    with pytest.raises(Exception, match="uq_decisions_case_id"):
        await connection.execute(
            "INSERT INTO moderation.decisions (id, case_id, subject_kind, subject_id,"
            " subject_version, moderator_id, act, reason, decided_at)"
            " SELECT gen_random_uuid(), case_id, subject_kind, subject_id, subject_version,"
            " moderator_id, act, reason, decided_at"
            " FROM moderation.decisions"
        )


async def test_a_crowd_is_answered_once_each(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    crowd = [await people.member(f"Member {number}") for number in range(12)]
    await asyncio.gather(*(one.flag(post_id) for one in crowd))
    assert (await sam.decide(case_id)).status_code == 201
    cursor = await connection.execute(
        "SELECT member_id, count(*) FROM community.notifications"
        " WHERE kind = 'report_answer' GROUP BY member_id"
    )
    assert [row["count"] for row in await cursor.fetchall()] == [1] * 13


async def test_a_decision_sent_again_after_a_lost_answer_is_the_same_decision(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    version = await sam.version(case_id)
    first = await sam.decide(case_id, "hide", version=version)
    again = await sam.decide(case_id, "hide", version=version)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len([one for one in await rowan.notices() if one["kind"] == "decision"]) == 1
    other = await sam.decide(case_id, "hide", version=version, reason="Other words than before.")
    assert (other.status_code, other.json()["type"]) == (409, "already-decided")
