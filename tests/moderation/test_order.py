"""Queue, decisions and one's own flags stand in the order of what happened, whatever clocks say."""

from datetime import UTC, datetime, timedelta

from app.community import posts
from app.core import clock
from app.core.db import unit_of_work
from app.moderation import appeals, queue
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
#: Fewer than make a batch of one member's flags.
STEPS = (0, -120, 60)


async def test_the_queue_and_ones_own_flags_are_in_order_through_a_step_of_the_clock(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    made = []
    for seconds in STEPS:
        post_id = id_of(await rowan.publish())
        with clock.at(NOW + timedelta(seconds=seconds)):
            assert (await sky.flag(post_id)).status_code == 201
        made.append(str(post_id))
    assert [case["subject"]["id"] for case in await sam.queue()] == made
    places = [case["place"] for case in await sam.queue()]
    assert places == sorted(places)
    flags = (await sky.get("/me/reports"))["items"]
    assert [flag["post_id"] for flag in flags] == made[::-1]


async def test_no_page_leaves_out_a_case_that_a_slow_clock_opened(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    with clock.at(NOW):
        for number in range(queue.PAGE + 1):
            await (await people.member(f"Person {number}")).worry(id_of(await rowan.publish()))
        first = await sam.get("/cases")
    late = id_of(await rowan.publish())
    with clock.at(NOW - timedelta(seconds=120)):
        await sky.worry(late)
    rest = await sam.get("/cases", cursor=first["next_cursor"])
    assert str(late) == rest["items"][-1]["subject"]["id"]
    assert len(first["items"]) + len(rest["items"]) == queue.PAGE + 2


async def test_what_was_decided_last_is_in_force_though_the_clock_stepped_back(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = id_of(await rowan.publish())
    with clock.at(NOW):
        hidden = await sam.decide(await case_about(post_id, sky, sam), "hide")
        assert hidden.status_code == 201, hidden.text
    wren = await people.member("Wren")
    other = id_of(await wren.publish())
    with clock.at(NOW - timedelta(seconds=120)):
        asked = await rowan.post(f"/posts/{post_id}/appeal", words=None)
        assert asked.status_code == 201, asked.text
        ash = await people.moderator("Ash")
        (case_id,) = [
            case["id"] for case in await ash.queue() if case["subject"]["id"] == str(post_id)
        ]
        assert (await ash.claim(case_id)).status_code == 200
        restored = await ash.decide(case_id, "restore")
        assert restored.status_code == 201, restored.text
        folded = await ash.decide(await case_about(other, sky, ash), "fold")
        assert folded.status_code == 201, folded.text
    async with unit_of_work(people.app.state.database) as session:
        assert (await posts.get(session, post_id)).visibility == "visible"
        assert await appeals.in_force(session, post_id) is None
    decided = await ash.queue("decided")
    assert [case["subject"]["id"] for case in decided] == [
        str(other),
        str(post_id),
        str(post_id),
    ]
