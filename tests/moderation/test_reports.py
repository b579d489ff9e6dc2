"""Flags: two ways, one report a member and case, nothing lost and nobody blamed."""

import asyncio
from uuid import uuid4

import httpx2
import pytest

from app.core.db import AnyConnection
from app.identity.roles import Role
from app.moderation import reports
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of
from tests.support.databases import is_waited_for_a_lock
from tests.support.waiting import eventually


async def rows(connection: AnyConnection, table: str) -> list[dict[str, object]]:
    cursor = await connection.execute(f"SELECT * FROM moderation.{table} ORDER BY id")
    return await cursor.fetchall()


async def events(connection: AnyConnection) -> list[tuple[str, list[str]]]:
    cursor = await connection.execute(
        "SELECT type, topics FROM core.events WHERE type LIKE 'case.%' ORDER BY id"
    )
    return [(row["type"], row["topics"]) for row in await cursor.fetchall()]


async def test_a_flag_opens_a_case_and_keeps_the_text_as_it_was(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish("You are all fools."))
    await rowan.edit(post_id, "Some of you are fools.")
    answer = await sky.flag(post_id, detail="  It hurt  ")
    assert answer.status_code == 201
    assert "let you know" in answer.json()["message"]
    await rowan.edit(post_id, "I'm sorry.")
    (case,), (report,) = await rows(connection, "cases"), await rows(connection, "reports")
    assert (case["post_id"], case["report_count"], case["is_worried"]) == (post_id, 1, False)
    assert report["revision"] == 2
    assert (report["reason"], report["detail"]) == ("hurtful", "It hurt")
    assert await events(connection) == [("case.opened", ["cases"])]


async def test_a_worry_needs_no_reason_and_says_where_help_is(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    answer = await sky.worry(id_of(await sky.reply(id_of(await rowan.publish()))))
    assert answer.status_code == 403, "her own reply"
    answer = await sky.worry(id_of(await rowan.publish()))
    assert answer.status_code == 201
    assert "116 123" in answer.json()["message"]
    (case,) = await rows(connection, "cases")
    assert case["is_worried"] is True


async def test_the_same_flag_again_gets_the_same_answer_and_doubles_nothing(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    first, again = await sky.flag(post_id), await sky.flag(post_id)
    assert (again.status_code, again.json()) == (201, first.json())
    (case,), (report,) = await rows(connection, "cases"), await rows(connection, "reports")
    assert (case["report_count"], case["version"], report["reason"]) == (1, 1, "hurtful")
    assert len(await events(connection)) == 1


async def test_a_second_flag_may_add_words_and_a_worry(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    await sky.flag(post_id)
    await sky.flag(post_id, detail="She wrote this twice.")
    await sky.flag(post_id, detail="She wrote this twice.")
    await sky.worry(post_id, detail="And now I fear for her.")
    (case,), (hurtful, worried) = await rows(connection, "cases"), await rows(connection, "reports")
    assert (hurtful["reason"], hurtful["detail"]) == ("hurtful", "She wrote this twice.")
    assert (worried["is_worried"], worried["detail"]) == (True, "And now I fear for her.")
    assert (case["is_worried"], case["report_count"], case["version"]) == (True, 1, 2)
    kinds = [type_ for type_, _ in await events(connection)]
    assert kinds == ["case.opened", "case.joined", "case.joined"], "the same words tell nobody"


async def test_who_flags_again_after_an_edit_keeps_both_texts_and_both_reasons(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish("You are all fools."))
    await sky.flag(post_id)
    await rowan.edit(post_id, "Here is how to do it.")
    assert (await sky.flag(post_id, reason="unsafe_method")).status_code == 201
    await rowan.edit(post_id, "Good morning.")
    (case,) = await sam.queue()
    assert (case["report_count"], case["version"]) == (1, 2), "one person, and news to read"
    detail = await sam.get(f"/cases/{case['id']}")
    assert [text["body_html"] for text in detail["flagged_texts"]] == [
        '<p dir="auto">You are all fools.</p>',
        '<p dir="auto">Here is how to do it.</p>',
    ]
    said = [(report["reason"], report["revision"]) for report in detail["reports"]]
    assert said == [("hurtful", 1), ("unsafe_method", 2)]
    await sam.claim(case["id"])
    assert (await sam.decide(case["id"], "hide")).status_code == 201
    assert [notice["kind"] for notice in await sky.notices()] == ["report_answer"], "answered once"


async def test_a_flag_means_the_text_that_its_sender_had_on_screen(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish("Nobody would miss you."))
    shown = await sky.get(f"/posts/{post_id}")
    assert shown["revision"] == 1
    await rowan.edit(post_id, "Nobody would miss me.")
    await rowan.edit(post_id, "Good morning, all.")
    assert (await sky.flag(post_id, revision=shown["revision"])).status_code == 201
    (case,) = await sam.queue()
    detail = await sam.get(f"/cases/{case['id']}")
    flagged, former, now = (
        [text["body_html"] for text in texts]
        for texts in (detail["flagged_texts"], detail["former_texts"], [detail["text_now"]])
    )
    assert flagged == ['<p dir="auto">Nobody would miss you.</p>']
    assert former == ['<p dir="auto">Nobody would miss me.</p>']
    assert now == ['<p dir="auto">Good morning, all.</p>']
    assert detail["reports"][0]["revision"] == 1


@pytest.mark.parametrize("revision", [3, 0, -1, 2**31 - 1])
async def test_a_text_that_never_stood_there_can_not_be_flagged(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection, revision: int
) -> None:
    post_id = id_of(await rowan.publish())
    await rowan.edit(post_id, "Other words.")
    answer = await sky.flag(post_id, revision=revision)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/revision"
    assert await rows(connection, "cases") == []


async def test_an_edited_post_shows_the_revision_it_has_by_then(
    rowan: SignedIn, sky: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    await rowan.edit(post_id, "Other words.")
    assert (await sky.get(f"/threads/{post_id}"))["post"]["revision"] == 2
    assert (await sky.get("/wall"))["items"][0]["revision"] == 2


async def test_words_that_no_longer_fit_are_refused_with_the_room_that_is_left(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    await sky.flag(post_id, detail="a" * 900)
    answer = await sky.flag(post_id, detail="b" * 200)
    assert answer.status_code == 422
    assert "98 more" in answer.json()["detail"]
    (report,) = await rows(connection, "reports")
    assert report["detail"] == "a" * 900


async def test_others_join_the_open_case(
    people: People, rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    await sky.flag(post_id)
    await (await people.member("Wren")).flag(post_id, reason="spam")
    assert (await rows(connection, "cases"))[0]["version"] == 1, "nothing new to read"
    await rowan.edit(post_id, "Other words.")
    await (await people.member("Robin")).flag(post_id)
    (case,) = await rows(connection, "cases")
    assert (case["report_count"], case["version"]) == (3, 2), "another text was flagged"
    assert [type_ for type_, _ in await events(connection)] == ["case.opened"] + ["case.joined"] * 2


async def test_ones_own_words_can_not_be_flagged(
    rowan: SignedIn, connection: AnyConnection
) -> None:
    answer = await rowan.flag(id_of(await rowan.publish()))
    assert (answer.status_code, answer.json()["type"]) == (403, "flag-own-post")
    assert "edit or delete them" in answer.json()["detail"]
    assert await rows(connection, "cases") == []


@pytest.mark.parametrize("has_replies", [True, False])
async def test_a_post_taken_back_is_said_to_be_so_with_what_to_do_when_worried(
    rowan: SignedIn, sky: SignedIn, has_replies: bool
) -> None:
    post_id = id_of(await rowan.publish())
    if has_replies:
        id_of(await sky.reply(post_id))
    await rowan.withdraw(post_id)
    answer = await sky.worry(post_id)
    assert (answer.status_code, answer.json()["type"]) == (409, "flag-taken-back")
    assert "999" in answer.json()["detail"]


async def test_what_one_may_not_know_of_is_not_found(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    assert (await sky.flag(uuid4())).status_code == 404
    assert (await sky.flag(sky.member_id)).status_code == 404, "an id of another kind"
    post_id = id_of(await rowan.publish())
    reply_id = id_of(await rowan.reply(post_id))
    case_id = await case_about(post_id, sky, sam)
    assert (await sam.decide(case_id, "hide")).status_code == 201
    for hidden in (post_id, reply_id):
        assert (await sky.flag(hidden)).status_code == 404
    await rowan.withdraw(reply_id)
    assert (await sky.flag(reply_id)).status_code == 404, "its thread is hidden"
    assert (await ash.flag(post_id)).status_code == 201, "a moderator sees it"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "breaks_rules"}, "/"),
        ({"kind": "breaks_rules", "reason": "boring"}, "/reason"),
        ({"kind": "window", "reason": "spam"}, "/kind"),
        ({"kind": "worried", "post_id": "7"}, "/post_id"),
        ({"kind": "worried", "detail": "x" * 1_001}, "/detail"),
        ({"kind": "worried", "detail": "nul \x00"}, "/detail"),
        ({"kind": "worried", "detail": "\u200b\u2060"}, "/detail"),
        ({"kind": "worried", "detail": "x" * 30_000}, "/detail"),
        ({"kind": "worried", "extra": "me"}, "/extra"),
    ],
)
async def test_what_can_not_be_kept_is_refused_by_name(
    rowan: SignedIn, sky: SignedIn, body: dict[str, str], pointer: str
) -> None:
    answer = await sky.post("/reports", **{"post_id": str(id_of(await rowan.publish())), **body})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_blank_detail_is_no_detail(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    assert (await sky.worry(id_of(await rowan.publish()), detail=" \n ")).status_code == 201
    assert (await rows(connection, "reports"))[0]["detail"] is None


async def test_only_members_flag(rowan: SignedIn, client: httpx2.AsyncClient) -> None:
    flag = {"post_id": (await rowan.publish())["id"], "kind": "worried"}
    assert (await client.post("/api/v1/reports", json=flag)).status_code == 401


async def test_500_flags_in_a_minute_are_slowed_but_worry_is_not(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    written = [id_of(await rowan.publish(f"Post {number}")) for number in range(25)]
    answers = [await sky.flag(written[number % 25]) for number in range(500)]
    taken, slowed = reports.RULES_A_MINUTE, answers[-1]
    assert [answer.status_code for answer in answers] == [201] * taken + [429] * (500 - taken)
    assert int(slowed.headers["Retry-After"]) > 0
    assert "999" in slowed.json()["detail"]
    assert len(await rows(connection, "reports")) == taken
    assert (await sky.worry(written[-1])).status_code == 201
    assert (await (await people.member("Wren")).flag(written[-2])).status_code == 201
    assert [case["is_worried"] for case in await sam.queue()][:2] == [True, False]


async def test_worry_is_slowed_only_beyond_what_anyone_could_read(
    rowan: SignedIn, sky: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    answers = [await sky.worry(post_id) for _ in range(reports.WORRIES_A_MINUTE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {201}
    assert answers[-1].status_code == 429
    assert "999" in answers[-1].json()["detail"]


async def test_many_members_flagging_one_post_at_once_make_one_case(
    people: People, rowan: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    crowd = [await people.member(f"Member {number}") for number in range(40)]
    answers = await asyncio.gather(
        *(one.worry(post_id) if n % 9 == 4 else one.flag(post_id) for n, one in enumerate(crowd))
    )
    assert {answer.status_code for answer in answers} == {201}
    (case,) = await sam.queue()
    assert (case["report_count"], case["is_worried"]) == (40, True)
    assert len(await rows(connection, "reports")) == 40
    kinds = [type_ for type_, _ in await events(connection)]
    assert (kinds.count("case.opened"), kinds.count("case.joined")) == (1, 39)


async def test_flags_after_a_decision_open_a_new_case(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    assert (await sam.decide(case_id)).status_code == 201
    assert (await sky.flag(post_id)).status_code == 201
    assert len(await rows(connection, "cases")) == 2
    assert len(await rows(connection, "reports")) == 2


async def test_who_only_hosts_is_a_member_here(people: People, rowan: SignedIn) -> None:
    host = await people.member("Wren", roles=[Role.HOST])
    assert (await host.flag(id_of(await rowan.publish()))).status_code == 201


async def test_sixty_worries_in_six_seconds_are_a_flood(rowan: SignedIn, sky: SignedIn) -> None:
    written = [id_of(await rowan.publish(f"Post {number}")) for number in range(60)]
    answers = [await sky.worry(post_id) for post_id in written]
    assert [answer.status_code for answer in answers].count(429) >= 30
    assert "but not this yet" in answers[-1].json()["detail"]


async def test_what_is_hidden_while_a_flag_waits_for_its_case_is_not_flagged_again(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    wren = await people.member("Wren")
    post_id = id_of(await rowan.publish())
    case_id = await case_about(post_id, sky, sam)
    async with connection.transaction():
        await connection.execute(
            "SELECT FROM moderation.cases WHERE id = %s FOR UPDATE", (case_id,)
        )
        flagged = asyncio.create_task(wren.flag(post_id))
        await eventually(lambda: is_waited_for_a_lock(people.app.state.database))
        await connection.execute(
            "UPDATE community.posts SET visibility = 'hidden', hidden_reason = 'A method.'"
            " WHERE id = %s",
            (post_id,),
        )
    answer = await flagged
    assert answer.status_code == 404, answer.text
    assert len(await rows(connection, "reports")) == 1


async def test_a_case_shows_some_of_many_texts_and_all_of_them_in_pages(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish("Text 1."))
    for number in range(2, 32):
        await sky.flag(post_id) if number <= 16 else None
        await rowan.edit(post_id, f"Text {number}.")
    (case,) = await sam.queue()
    detail = await sam.get(f"/cases/{case['id']}")
    flagged = [text["revision"] for text in detail["flagged_texts"]]
    assert flagged == [1, *range(6, 16)]
    assert [text["revision"] for text in detail["former_texts"]] == [*range(21, 31)]
    assert detail["has_more_texts"]
    path, found = f"/cases/{case['id']}/texts", []
    page = await sam.get(path)
    found += page["items"]
    while page["next_cursor"] is not None:
        page = await sam.get(path, cursor=page["next_cursor"])
        assert len(page["items"]) <= 10
        found += page["items"]
    assert [text["revision"] for text in found] == [*range(31, 0, -1)]
    assert found[-1]["body_html"] == '<p dir="auto">Text 1.</p>'
    assert (await rowan.client.get(f"/api/v1{path}")).status_code == 403
    lines = (await sam.get("/moderation/log", case_id=case["id"]))["items"]
    assert [line["act"] for line in lines].count("seen") == 1 + 4
