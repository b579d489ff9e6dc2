"""The wall: its order, its pages, what is unread, and the live position it hands on."""

from datetime import UTC, datetime, timedelta

from app.core import clock
from app.core.db import AnyConnection
from tests.community.factories import Browser, Json

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def walk(browser: Browser, path: str, **query: object) -> list[Json]:
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


async def fill(browser: Browser, many: int, **more: object) -> list[Json]:
    """Posts a minute apart, two in every minute that divides by five."""
    made = []
    for number in range(many):
        with clock.at(START + timedelta(minutes=number - (number % 5 == 1))):
            made.append(await browser.publish(f"Post {number}", **more))
    return made


async def test_pages_hold_every_post_once_the_newest_first(rowan: Browser, sky: Browser) -> None:
    made = await fill(rowan, 45)
    seen = await walk(sky, "/wall")
    order = sorted(made, key=lambda post: (post["created_at"], post["id"]), reverse=True)
    assert [post["id"] for post in seen] == [post["id"] for post in order]


async def test_a_page_is_not_moved_by_what_is_new(rowan: Browser, sky: Browser) -> None:
    made = await fill(rowan, 25)
    first = await sky.get("/wall")
    await rowan.publish("New meanwhile.")
    second = await sky.get("/wall", cursor=first["next_cursor"])
    ids = [post["id"] for post in first["items"] + second["items"]]
    assert sorted(ids) == sorted(post["id"] for post in made)
    assert second["next_cursor"] is None


async def test_exactly_one_page_has_no_next(rowan: Browser) -> None:
    await fill(rowan, 20)
    page = await rowan.get("/wall")
    assert (len(page["items"]), page["next_cursor"]) == (20, None)


async def test_an_intent_shows_its_own_posts(rowan: Browser, sky: Browser) -> None:
    await fill(rowan, 22, intent="saying_hello")
    await fill(rowan, 3, intent="looking_for_support")
    await fill(rowan, 2)
    found = await walk(sky, "/wall", intent="saying_hello")
    assert len(found) == 22
    assert {post["intent"] for post in found} == {"saying_hello"}
    assert await sky.status("/wall?intent=showing_off") == 422


async def test_unanswered_posts_come_first(rowan: Browser, sky: Browser) -> None:
    made = await fill(rowan, 50, intent="saying_hello")
    answered = {post["id"] for post in made[::2]}
    for post in made[::2]:
        await sky.reply(post)
    for query in ({}, {"intent": "saying_hello"}):
        found = await walk(sky, "/wall", unanswered=True, **query)
        assert len({post["id"] for post in found}) == 50
        assert [post["is_answered"] for post in found] == [False] * 25 + [True] * 25
        for part in (found[:25], found[25:]):
            times = [post["created_at"] for post in part]
            assert times == sorted(times, reverse=True)
        assert {post["id"] for post in found[25:]} == answered


async def test_cursors_that_are_not_ours_are_refused(rowan: Browser) -> None:
    await fill(rowan, 21)
    ours = (await rowan.get("/wall"))["next_cursor"]
    for path in (
        "/wall?cursor=nonsense",
        "/wall?cursor=WyJhIl0",
        "/wall?cursor=WyJuZXdlc3QiLCJ4IiwieSJd",
        "/wall?cursor=WyJuZXdlc3QiLCIyMDI2LTAxLTAxIiwieSJd",
        f"/wall?unanswered=true&cursor={ours}",
        f"/search?q=post&cursor={ours}",
        f"/me/activity?cursor={ours}",
        f"/me/notifications?cursor={ours}",
    ):
        answer = await rowan.client.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["type"]) == (422, "bad-cursor"), path


async def test_what_came_since_is_marked_unseen(rowan: Browser, sky: Browser) -> None:
    old = await rowan.publish("Old.")
    page = await sky.get("/wall")
    assert page["seen_until"] is None
    assert [post["is_unseen"] for post in page["items"]] == [False]
    marked = await sky.client.put("/api/v1/wall/seen", json={"position": page["position"]})
    assert marked.status_code == 204
    new = await rowan.publish("New.")
    await sky.publish("My own.")
    later = await sky.get("/wall")
    assert later["seen_until"] is not None
    unseen = {post["id"]: post["is_unseen"] for post in later["items"]}
    assert (unseen[old["id"]], unseen[new["id"]]) == (False, True)
    assert sum(unseen.values()) == 1
    assert (await sky.get(f"/posts/{new['id']}"))["is_unseen"] is True


async def test_what_was_seen_stays_seen(rowan: Browser, sky: Browser) -> None:
    await rowan.publish("One.")
    early = (await sky.get("/wall"))["position"]
    await rowan.publish("Two.")
    late = (await sky.get("/wall"))["position"]
    for position in (late, early, "0-0"):
        await sky.client.put("/api/v1/wall/seen", json={"position": position})
    assert not any(post["is_unseen"] for post in await sky.wall())


async def test_a_position_that_is_not_ours_is_refused(rowan: Browser) -> None:
    for position in ("", "x", "1", "1-", f"{1 << 64}-1"):
        answer = await rowan.client.put("/api/v1/wall/seen", json={"position": position})
        assert (answer.status_code, answer.json()["type"]) == (422, "bad-position")


async def test_the_position_of_a_read_is_where_the_stream_goes_on(
    rowan: Browser, sky: Browser, connection: AnyConnection
) -> None:
    assert (await sky.get("/wall"))["position"] == "0-0"
    post = await rowan.publish()
    position = (await sky.get("/wall"))["position"]
    assert position == (await sky.thread(post))["position"]
    cursor = await connection.execute("SELECT xid::text || '-' || id AS at FROM core.events")
    assert await cursor.fetchall() == [{"at": position}]


async def test_an_empty_wall_is_an_empty_page(rowan: Browser) -> None:
    page = await rowan.get("/wall")
    assert page == {"items": [], "next_cursor": None, "position": "0-0", "seen_until": None}
