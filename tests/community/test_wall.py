"""The wall: its order, its pages, what is unread, and the live position it hands on."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.core import clock, pages
from app.core.db import AnyConnection, Database
from app.core.event_partitions import keep
from app.core.events import Subscriber
from tests.community.test_visibility import hide
from tests.people import Json, SignedIn
from tests.support.aging import age

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def walk(browser: SignedIn, path: str, **query: object) -> list[Json]:
    """Every item of a list, page by page."""
    found: list[Json] = []
    cursor = None
    while True:
        page = await browser.get(
            path, **{**query, **({} if cursor is None else {"cursor": cursor})}
        )
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def fill(browser: SignedIn, many: int, **more: object) -> list[Json]:
    """Posts a minute apart, two in every minute that divides by five."""
    made = []
    for number in range(many):
        with clock.at(START + timedelta(minutes=number - (number % 5 == 1))):
            made.append(await browser.publish(f"Post {number}", **more))
    return made


async def test_pages_hold_every_post_once_the_newest_first(rowan: SignedIn, sky: SignedIn) -> None:
    made = await fill(rowan, 45)
    seen = await walk(sky, "/wall")
    order = sorted(made, key=lambda post: (post["created_at"], post["id"]), reverse=True)
    assert [post["id"] for post in seen] == [post["id"] for post in order]


async def test_a_page_is_not_moved_by_what_is_new(rowan: SignedIn, sky: SignedIn) -> None:
    made = await fill(rowan, 25)
    first = await sky.get("/wall")
    await rowan.publish("New meanwhile.")
    second = await sky.get("/wall", cursor=first["next_cursor"])
    ids = [post["id"] for post in first["items"] + second["items"]]
    assert sorted(ids) == sorted(post["id"] for post in made)
    assert second["next_cursor"] is None


async def test_exactly_one_page_has_no_next(rowan: SignedIn) -> None:
    await fill(rowan, 20)
    page = await rowan.get("/wall")
    assert (len(page["items"]), page["next_cursor"]) == (20, None)


async def test_an_intent_shows_its_own_posts(rowan: SignedIn, sky: SignedIn) -> None:
    await fill(rowan, 22, intent="saying_hello")
    await fill(rowan, 3, intent="looking_for_support")
    await fill(rowan, 2)
    found = await walk(sky, "/wall", intent="saying_hello")
    assert len(found) == 22
    assert {post["intent"] for post in found} == {"saying_hello"}
    assert await sky.status("/wall?intent=showing_off") == 422


async def test_unanswered_first_puts_who_waited_longest_on_top(
    rowan: SignedIn, sky: SignedIn
) -> None:
    made = await fill(rowan, 50, intent="saying_hello")
    for post in made[::2]:
        await sky.reply(post)
    for post in made[1::2]:
        await rowan.reply(post, "A word of my own.")
    order = [post["id"] for post in made]
    with clock.at(START + timedelta(days=2)):
        for query in ({}, {"intent": "saying_hello"}):
            found = await walk(sky, "/wall", unanswered=True, **query)
            ids = [post["id"] for post in found]
            assert ids == order[1::2] + order[::2][::-1], "then the rest, the newest first"


async def test_after_two_weeks_a_post_stands_on_top_no_more(rowan: SignedIn, sky: SignedIn) -> None:
    with clock.at(START - timedelta(days=15)):
        old = [await rowan.publish(f"Old {number}") for number in range(2)]
    made = await fill(rowan, 3)
    await sky.reply(made[1])
    with clock.at(START):
        found = [post["id"] for post in await sky.wall(unanswered=True)]
        page = await sky.get("/wall", unanswered=True)
    assert page["waiting_here"] == 2
    rest = [made[1], old[1], old[0]]
    assert found == [made[0]["id"], made[2]["id"], *(post["id"] for post in rest)]


async def test_pages_of_the_unanswered_hold_every_post_once_while_time_goes_by(
    rowan: SignedIn, sky: SignedIn
) -> None:
    made = await fill(rowan, 45)
    for post in made[30:]:
        await sky.reply(post)
    with clock.at(START + timedelta(days=14) - timedelta(minutes=1)):
        first = await sky.get("/wall", unanswered=True)
    found, cursor, waiting = first["items"], first["next_cursor"], [first["waiting_here"]]
    with clock.at(START + timedelta(days=14, hours=1)):
        while cursor is not None:
            page = await sky.get("/wall", unanswered=True, cursor=cursor)
            found, cursor = found + page["items"], page["next_cursor"]
            waiting.append(page["waiting_here"])
    assert [post["id"] for post in found[:30]] == [post["id"] for post in made[:30]]
    assert [post["id"] for post in found[30:]] == [post["id"] for post in made[30:][::-1]]
    assert waiting == [20, 10, 0]


async def test_a_first_reply_ends_the_waiting_and_taking_it_back_begins_it_again(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    first = await rowan.publish("First.")
    second = await rowan.publish("Second.")
    taken_back = await rowan.publish("Taken back.")
    await rowan.reply(taken_back)
    await rowan.withdraw(taken_back)
    hidden = await rowan.publish("Hidden.")
    await hide(database, hidden)

    async def waiting() -> list[str]:
        page = await rowan.get("/wall", unanswered=True)
        everything = {post["id"] for post in (first, second, taken_back, hidden)}
        assert {post["id"] for post in page["items"]} == everything
        return [post["id"] for post in page["items"][: page["waiting_here"]]]

    assert await waiting() == [first["id"], second["id"]]
    reply = await sky.reply(first)
    assert await waiting() == [second["id"]]
    await sky.withdraw(reply)
    assert await waiting() == [first["id"], second["id"]]
    reply = await moss.reply(first)
    await hide(database, reply)
    assert await waiting() == [first["id"], second["id"]], "what is hidden is no reply"


async def test_the_wall_says_how_many_have_waited_for_hours(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    with clock.at(START - timedelta(days=15)):
        await rowan.publish("Too long ago.")
    made = await fill(rowan, 12)
    with clock.at(START + timedelta(hours=3, minutes=-1)):
        assert (await sky.get("/wall"))["waiting_count"] == 0
    with clock.at(START + timedelta(hours=5)):
        await rowan.publish("Just now.")
        assert (await sky.get("/wall"))["waiting_count"] == 10, "and no more are counted"
        for post in made[:5]:
            await sky.reply(post)
        await hide(database, made[5])
        page = await sky.get("/wall")
        assert page["waiting_count"] == 6
        assert page["waiting_here"] == 0
        assert (await rowan.get("/wall"))["waiting_count"] == 0, "one's own wait for others"
        assert (await sky.get("/wall", intent="saying_hello"))["waiting_count"] == 6
        assert (await sky.get("/wall", unanswered=True))["waiting_count"] is None
    await fill(rowan, 20)
    following = (await sky.get("/wall"))["next_cursor"]
    assert (await sky.get("/wall", cursor=following))["waiting_count"] is None


async def test_cursors_that_are_not_ours_are_refused(rowan: SignedIn) -> None:
    await fill(rowan, 21)
    ours = (await rowan.get("/wall"))["next_cursor"]
    for path in (
        "/wall?cursor=nonsense",
        "/wall?cursor=WyJhIl0",
        "/wall?cursor=WyJuZXdlc3QiLCJ4IiwieSJd",
        "/wall?cursor=WyJuZXdlc3QiLCIyMDI2LTAxLTAxIiwieSJd",
        f"/wall?unanswered=true&cursor={ours}",
        f"/wall?unanswered=true&cursor={pages.encode('newest', uuid4(), uuid4())}",
        f"/wall?unanswered=true&cursor={pages.encode('waiting', uuid4(), 'x')}",
        f"/search?q=post&cursor={ours}",
        f"/me/activity?cursor={ours}",
        f"/me/notifications?cursor={ours}",
    ):
        answer = await rowan.client.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["type"]) == (422, "bad-cursor"), path


async def test_what_came_since_is_marked_unseen(rowan: SignedIn, sky: SignedIn) -> None:
    old = await rowan.publish("Old.")
    page = await sky.get("/wall")
    assert page["read_until"] is None
    assert [post["is_unseen"] for post in page["items"]] == [False]
    marked = await sky.client.put("/api/v1/wall/read-marker", json={"position": page["position"]})
    assert marked.status_code == 204
    new = await rowan.publish("New.")
    await sky.publish("My own.")
    later = await sky.get("/wall")
    assert later["read_until"] is not None
    unseen = {post["id"]: post["is_unseen"] for post in later["items"]}
    assert (unseen[old["id"]], unseen[new["id"]]) == (False, True)
    assert sum(unseen.values()) == 1
    assert (await sky.get(f"/posts/{new['id']}"))["is_unseen"] is True


async def test_what_was_seen_stays_seen(rowan: SignedIn, sky: SignedIn) -> None:
    await rowan.publish("One.")
    early = (await sky.get("/wall"))["position"]
    await rowan.publish("Two.")
    late = (await sky.get("/wall"))["position"]
    for position in (late, early, "0-0"):
        await sky.client.put("/api/v1/wall/read-marker", json={"position": position})
    assert not any(post["is_unseen"] for post in await sky.wall())


async def test_a_position_that_is_not_ours_is_refused(rowan: SignedIn) -> None:
    for position in ("", "x", "1", "1-", f"{1 << 64}-1"):
        answer = await rowan.client.put("/api/v1/wall/read-marker", json={"position": position})
        assert (answer.status_code, answer.json()["type"]) == (422, "bad-position")


@pytest.fixture
def nobody() -> Subscriber:
    async def handle(*_: object) -> None:
        """Takes all and does nothing."""

    return Subscriber("nobody", frozenset({"never.happens"}), handle)


async def test_the_wall_is_marked_as_seen_after_weeks_without_a_post(
    rowan: SignedIn,
    sky: SignedIn,
    database: Database,
    database_url: str,
    connection: AnyConnection,
    nobody: Subscriber,
) -> None:
    """The events of its posts are dropped; something else happened meanwhile."""
    first = await rowan.publish()
    old = (await sky.get("/wall"))["position"]
    age(database_url, weeks=4)
    await sky.client.put(f"/api/v1/posts/{first['id']}/reactions/i_hear_you")
    page = await sky.get("/wall")
    assert len((await keep(database, [nobody], keep_days=14)).dropped) == 1
    await rowan.publish()

    async def unseen() -> list[bool]:
        return [post["is_unseen"] for post in (await sky.get("/wall"))["items"]]

    await sky.client.put("/api/v1/wall/read-marker", json={"position": old})
    marked = await connection.execute("SELECT FROM community.space_seen")
    assert not marked.rowcount, "a position from before all that is kept says nothing"
    await sky.client.put("/api/v1/wall/read-marker", json={"position": page["position"]})
    assert await unseen() == [True, False]
    now = (await sky.get("/wall"))["position"]
    await sky.client.put("/api/v1/wall/read-marker", json={"position": now})
    assert await unseen() == [False, False]


async def test_the_position_of_a_read_is_where_the_stream_goes_on(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    assert (await sky.get("/wall"))["position"] == "0-0"
    post = await rowan.publish()
    position = (await sky.get("/wall"))["position"]
    assert position == (await sky.thread(post))["position"]
    cursor = await connection.execute("SELECT xid::text || '-' || id AS at FROM core.events")
    assert await cursor.fetchall() == [{"at": position}]


async def test_an_empty_wall_is_an_empty_page(rowan: SignedIn) -> None:
    page = await rowan.get("/wall")
    assert page == {
        "items": [],
        "next_cursor": None,
        "position": "0-0",
        "read_until": None,
        "waiting_here": 0,
        "waiting_count": 0,
    }
