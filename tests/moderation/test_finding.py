"""What moderators find: the log by filters, the rule said to be broken, earlier cases, outcomes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.api.schemas.cases import CaseDetail, CasesWaiting
from app.api.schemas.log import LogPeople
from app.core import clock
from app.moderation import log
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of

#: An hour after midnight in London, where the day is a day further than in UTC.
SUMMER = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


async def lines(one: SignedIn, **only: str) -> list[tuple[str, str | None]]:
    page = await one.get("/moderation/log", **only)
    return [
        (line["act"], line["actor"] and line["actor"]["display_name"]) for line in page["items"]
    ]


async def test_the_log_is_filtered_by_who_act_and_case_together(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    first = await case_about(id_of(await rowan.publish()), sky, sam)
    second = await case_about(id_of(await rowan.publish()), sky, ash)
    assert await lines(sam, act="claimed") == [("claimed", "Ash"), ("claimed", "Sam")]
    by_sam = {"actor_id": str(sam.member_id)}
    assert await lines(sam, **by_sam) == [("claimed", "Sam")]
    assert await lines(sam, case_id=first) == [("claimed", "Sam"), ("opened", None)]
    assert await lines(sam, case_id=second, act="claimed", **by_sam) == []
    named = LogPeople.model_validate(await sam.get("/moderation/log/people"))
    assert [one.display_name for one in named.items] == ["Ash", "Sam"]
    assert all(one.id in {sam.member_id, ash.member_id} for one in named.items)


async def test_the_log_is_filtered_by_days_on_the_clock_of_the_team(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    for days in range(3):
        with clock.at(SUMMER + timedelta(days=days)):
            await sky.flag(id_of(await rowan.publish()))
    whole = await sam.get("/moderation/log")

    async def seqs(**only: str) -> list[int]:
        return [line["seq"] for line in (await sam.get("/moderation/log", **only))["items"]]

    assert await seqs(since="2026-07-03") == [3, 2]
    assert await seqs(until="2026-07-02") == [1], "half past midnight in London"
    assert await seqs(until="2026-07-01") == []
    assert await seqs(since="2026-07-03", until="2026-07-03") == [2]
    assert await seqs(since="0001-01-01", until="9999-12-31") == [
        line["seq"] for line in whole["items"]
    ]


async def test_a_filtered_log_goes_on_by_key(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    for _ in range(log.PAGE + 3):
        await sam.put(f"/cases/{case_id}/claim")
        await ash.get(f"/cases/{case_id}")
    first = await sam.get("/moderation/log", act="extended")
    rest = await sam.get("/moderation/log", act="extended", cursor=first["next_cursor"])
    assert [len(page["items"]) for page in (first, rest)] == [log.PAGE, 3]
    assert {line["act"] for line in first["items"] + rest["items"]} == {"extended"}
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "only",
    [{"act": "eaten"}, {"actor_id": "sam"}, {"since": "yesterday"}, {"until": "1782864000"}],
)
async def test_a_filter_that_means_nothing_is_refused(sam: SignedIn, only: dict[str, str]) -> None:
    answer = await sam.client.get("/api/v1/moderation/log", params=only)
    assert answer.status_code == 422


async def test_a_row_tells_the_rules_said_to_be_broken_what_most_say_first(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    await sky.flag(post_id, reason="spam")
    for name in ("Wren", "Linnet"):
        await (await people.member(name)).flag(post_id, reason="unsafe_method")
    await (await people.member("Jay")).worry(post_id)
    (case,) = await sam.queue()
    assert case["reasons"] == ["unsafe_method", "spam"]
    assert (case["report_count"], case["worried_count"]) == (4, 1)


async def test_how_many_wait_and_how_many_people_stand_behind_them(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    async def waiting(one: SignedIn) -> tuple[int, int, int]:
        found = CasesWaiting.model_validate(await one.get("/cases/waiting"))
        return found.cases, found.worried, found.people

    assert await waiting(sam) == (0, 0, 0)
    post_id = id_of(await rowan.publish())
    await sky.worry(post_id)
    await (await people.member("Wren")).flag(post_id)
    await sky.flag(id_of(await rowan.publish()))
    await sky.flag(id_of(await ash.publish()))
    assert await waiting(sam) == (3, 1, 2)
    assert await waiting(ash) == (2, 1, 2), "nothing of what is about their own post"
    for case in await sam.queue():
        await sam.claim(case["id"])
        await sam.decide(case["id"])
    assert await waiting(sam) == (0, 0, 0)


async def test_a_case_shows_earlier_flags_and_decisions_about_its_author(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    hidden = await case_about(id_of(await rowan.publish("One.")), sky, sam)
    await sam.decide(hidden, "hide")
    post_id = id_of(await rowan.publish("Two."))
    await sky.worry(post_id)
    await sam.get("/cases")
    (waits,) = [case["id"] for case in await sam.queue()]
    await case_about(id_of(await sky.publish("By someone else.")), rowan, sam)
    case_id = await case_about(id_of(await rowan.publish("Three.")), sky, sam)
    detail = await ash.get(f"/cases/{case_id}")
    assert CaseDetail.model_validate(detail).model_dump(mode="json") == detail
    earlier = detail["earlier"]
    figures = {name: earlier[name] for name in ("cases", "worried", "folded", "hidden")}
    assert figures == {"cases": 2, "worried": 1, "folded": 0, "hidden": 1}
    latest, first = earlier["latest"]
    assert (latest["id"], latest["is_worried"], latest["outcome"]) == (waits, True, None)
    assert first["reasons"] == ["hurtful"]
    assert outcome(first) == ("hide", "Sam")
    assert "Sky" not in str(earlier), "who flagged is told in each case alone"


async def test_what_a_moderator_flagged_themselves_is_not_among_the_earlier_cases(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    await ash.flag(id_of(await rowan.publish("One.")))
    case_id = await case_about(id_of(await rowan.publish("Two.")), sky, sam)
    assert (await sam.get(f"/cases/{case_id}"))["earlier"]["cases"] == 1
    assert (await ash.get(f"/cases/{case_id}"))["earlier"]["cases"] == 0


def outcome(case: dict[str, Any]) -> tuple[str, str]:
    return case["outcome"]["act"], case["outcome"]["moderator_name"]


async def test_decided_cases_show_the_outcome_and_who_decided(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    for one, act in ((sam, "fold"), (ash, "nothing")):
        await one.decide(await case_about(id_of(await rowan.publish()), sky, one), act)
    await case_about(id_of(await rowan.publish()), sky, sam)
    decided = await sam.queue("decided")
    assert [outcome(case) for case in decided] == [("nothing", "Ash"), ("fold", "Sam")]
    assert decided[1]["outcome"]["note_about"] == "self-harm"
    assert date.fromisoformat(decided[0]["outcome"]["decided_at"][:10])
    assert [case["outcome"] for case in await sam.queue()] == [None]
