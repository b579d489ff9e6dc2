"""My activity: everything I did, also what I took back."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from tests.community.test_wall import walk
from tests.people import SignedIn

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def test_what_i_did_the_newest_first(rowan: SignedIn, sky: SignedIn) -> None:
    theirs = await sky.publish("Theirs.")
    mine = await rowan.publish("Mine.")
    reply = await rowan.reply(theirs)
    await rowan.react(theirs, "i_like_this")
    await rowan.withdraw(mine)
    page = await rowan.get("/me/activity")
    assert [(item["kind"], item["reaction"], item["post"]["id"]) for item in page["items"]] == [
        ("reaction", "i_like_this", theirs["id"]),
        ("reply", None, reply["id"]),
        ("post", None, mine["id"]),
    ]
    taken_back = page["items"][2]["post"]
    assert (taken_back["state"], taken_back["body_html"]) == ("withdrawn", "")
    assert (await sky.get("/me/activity"))["items"][0]["post"]["id"] == theirs["id"]


@pytest.mark.parametrize(
    ("part", "many"), [(None, 69), ("posts", 23), ("replies", 23), ("reactions", 23)]
)
async def test_pages_hold_everything_once(
    rowan: SignedIn, sky: SignedIn, part: str | None, many: int
) -> None:
    for number in range(23):
        with clock.at(START + timedelta(minutes=number // 2)):
            theirs = await sky.publish(f"Theirs {number}")
            await rowan.publish(f"Mine {number}")
            await rowan.reply(theirs)
            await rowan.react(theirs)
    query = {} if part is None else {"kind": part}
    found = await walk(rowan, "/me/activity", **query)
    assert len({(item["kind"], item["post"]["id"]) for item in found}) == len(found) == many
    times = [item["at"] for item in found]
    assert times == sorted(times, reverse=True)
