"""Who sees what, as a table: a relation between reader and author is a row, a surface a column.

In each row Sky has written a post and a reply below a post of Rowan's, and Rowan a reply below
Sky's post. Moss reads, and has replied to Sky and reacted before.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from app.community import members, posts
from app.community.subscribers import SUBSCRIBER
from app.core import delivery
from app.core.db import Database, unit_of_work
from tests.community.factories import Browser, Json


@dataclass
class Scene:
    """Who is there and what they wrote."""

    app: FastAPI
    rowan: Browser
    sky: Browser
    moss: Browser
    root: Json = field(default_factory=dict)
    below: Json = field(default_factory=dict)
    other: Json = field(default_factory=dict)
    reply: Json = field(default_factory=dict)
    cursor: str | None = None

    @property
    def database(self) -> Database:
        database: Database = self.app.state.database
        return database


async def furnish(scene: Scene) -> None:
    rowan, sky, moss = scene.rowan, scene.sky, scene.moss
    for number in range(4):
        await moss.publish(f"Older {number}.")
    scene.root = await sky.publish("A marker, above.", intent="saying_hello")
    scene.below = await rowan.reply(scene.root, "A marker, by Rowan.")
    scene.other = await rowan.publish("Rowan's own.")
    scene.reply = await sky.reply(scene.other, "A marker, below.")
    for number in range(20):
        await moss.publish(f"Newer {number}.")
    mine = await moss.publish("Moss's own.")
    await sky.reply(mine, "To Moss.")
    await sky.react(mine)
    await moss.react(scene.root)
    await moss.react(scene.reply)
    scene.cursor = (await moss.get("/wall"))["next_cursor"]


Act = Callable[[Scene], Awaitable[None]]


def hidden(name: str) -> Act:
    async def act(scene: Scene) -> None:
        async with unit_of_work(scene.database) as session:
            post = await posts.get(session, UUID(getattr(scene, name)["id"]), lock=True)
            await posts.hide(session, post, reason="It names a method.")

    return act


async def withdrawn(scene: Scene) -> None:
    await scene.sky.withdraw(scene.root)


async def left(scene: Scene) -> None:
    async with unit_of_work(scene.database) as session:
        await members.leave(session, scene.sky.member_id)


def put(who: str, whom: str, act: str) -> Act:
    async def do(scene: Scene) -> None:
        one, other = getattr(scene, who), getattr(scene, whom)
        path = f"/api/v1/members/{other.member_id}/{act}"
        assert (await one.client.put(path)).status_code == 204

    return do


async def unblocked(scene: Scene) -> None:
    await put("moss", "sky", "block")(scene)
    path = f"/api/v1/members/{scene.sky.member_id}/block"
    assert (await scene.moss.client.delete(path)).status_code == 204


async def blocked_then_left(scene: Scene) -> None:
    await put("sky", "moss", "block")(scene)
    await left(scene)


async def nothing(scene: Scene) -> None:
    """Nothing happens."""


SEEN, GONE = True, False
#: What happens, and whether Moss sees Sky's post, Rowan's reply below it, Sky's reply below
#: Rowan's post, news of Sky, and Sky.
RELATIONS: dict[str, tuple[Act, dict[str, bool]]] = {
    name: (act, dict(zip(("root", "below", "reply", "news", "member"), seen, strict=True)))
    for name, act, *seen in (
        ("nothing", nothing, SEEN, SEEN, SEEN, SEEN, SEEN),
        ("hidden post", hidden("reply"), SEEN, SEEN, GONE, SEEN, SEEN),
        ("hidden root", hidden("root"), GONE, GONE, SEEN, SEEN, SEEN),
        ("withdrawn root", withdrawn, SEEN, SEEN, SEEN, SEEN, SEEN),
        ("author left", left, SEEN, SEEN, SEEN, SEEN, SEEN),
        ("blocked by reader", put("moss", "sky", "block"), GONE, GONE, GONE, GONE, GONE),
        ("blocked by author", put("sky", "moss", "block"), GONE, GONE, GONE, GONE, GONE),
        ("muted by reader", put("moss", "sky", "mute"), GONE, GONE, GONE, GONE, SEEN),
        ("muted by author", put("sky", "moss", "mute"), SEEN, SEEN, SEEN, SEEN, SEEN),
        ("blocked by a third", put("rowan", "sky", "block"), SEEN, SEEN, SEEN, SEEN, SEEN),
        ("block undone", unblocked, SEEN, SEEN, SEEN, SEEN, SEEN),
        ("author left a block", blocked_then_left, SEEN, SEEN, SEEN, SEEN, SEEN),
    )
}


def ids(items: list[Json]) -> set[str]:
    return {item["id"] for item in items}


async def listed(scene: Scene, path: str, **query: str) -> set[str]:
    found: set[str] = set()
    cursor: str | None = None
    while True:
        page = await scene.moss.get(path, **query, **({"cursor": cursor} if cursor else {}))
        found |= {(item.get("post") or item)["id"] for item in page["items"]}
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("name", RELATIONS)
async def test_what_moss_sees_of_sky(
    app: FastAPI, rowan: Browser, sky: Browser, moss: Browser, name: str
) -> None:
    act, seen = RELATIONS[name]
    scene = Scene(app, rowan, sky, moss)
    await furnish(scene)
    await act(scene)
    await delivery.deliver(scene.database, SUBSCRIBER)
    is_text_gone = name == "withdrawn root"
    places = {part: getattr(scene, part) for part in ("root", "below", "reply")}

    wall = await listed(scene, "/wall")
    assert (scene.root["id"] in wall) is seen["root"], "the wall"
    assert (scene.root["id"] in await listed(scene, "/wall", unanswered="true")) is seen["root"]
    hello = await listed(scene, "/wall", intent="saying_hello")
    assert (scene.root["id"] in hello) is seen["root"], "the wall by intent"
    assert scene.cursor is not None
    later = await scene.moss.get("/wall", cursor=scene.cursor)
    assert (scene.root["id"] in ids(later["items"])) is seen["root"], "a cursor from before"

    found = await listed(scene, "/search", q="marker")
    for part, post in places.items():
        is_found = seen[part] and not (is_text_gone and part == "root")
        assert (post["id"] in found) is is_found, f"search: {part}"
        assert (await moss.status(f"/posts/{post['id']}") == 200) is seen[part], f"id: {part}"
        status = await moss.client.put(f"/api/v1/posts/{post['id']}/reactions/i_hear_you")
        is_open = status.status_code in {204, 409}
        assert is_open is seen[part], f"reacting: {part}"
        answer = await moss.client.post(f"/api/v1/posts/{post['id']}/replies", json={"body": "Hi."})
        assert (answer.status_code in {201, 409}) is seen[part], f"replying: {part}"
        flag = {"post_id": post["id"], "kind": "worried"}
        flagged = (await moss.client.post("/api/v1/reports", json=flag)).status_code
        assert (flagged != 404) is seen[part], f"flagging: {part}"

    thread = await moss.thread(scene.other)
    assert (scene.reply["id"] in ids(thread["replies"]["items"])) is seen["reply"], "a thread"
    # By now Moss has replied there, if they could.
    others = [one for one in thread["replies"]["items"] if not one["author"]["is_me"]]
    assert len(others) == int(seen["reply"]), "nothing else of it"
    assert (await moss.status(f"/threads/{scene.root['id']}") == 200) is seen["root"]
    reacted = await listed(scene, "/me/activity", kind="reactions")
    assert (scene.root["id"] in reacted) is seen["root"], "what one reacted to"

    news = (await moss.get("/me/notifications"))["items"]
    told = {item["kind"] for item in news if item["kind"] in {"reply", "reaction"}}
    assert told == ({"reply", "reaction"} if seen["news"] else set()), "news"
    if not name.startswith(("author left", "withdrawn")):
        people = await moss.get("/search", q=sky.name)
        assert (sky.name in {one["display_name"] for one in people["members"]}) is seen["member"]
    assert (await moss.status(f"/members/{sky.member_id}") == 200) is seen["member"], "their page"


@pytest.mark.parametrize("name", ["blocked by reader", "blocked by author", "muted by reader"])
async def test_no_count_tells_of_who_is_out_of_sight(
    app: FastAPI, rowan: Browser, sky: Browser, moss: Browser, name: str
) -> None:
    post = await rowan.publish("Rowan's own.")
    reply = await rowan.reply(post, "More of it.")
    below = await sky.reply(reply, "A reply.")
    await sky.react(post)
    mine = await moss.publish("Moss's own.")
    await sky.react(mine)
    await sky.reply(mine)
    before = await moss.get(f"/posts/{post['id']}")
    assert (before["reply_count"], before["is_answered"], before["reactions"]["given"]) == (
        2,
        True,
        ["i_hear_you"],
    )
    await RELATIONS[name][0](Scene(app, rowan, sky, moss))
    seen = await moss.get(f"/posts/{post['id']}")
    assert (seen["reply_count"], seen["is_answered"]) == (1, False)
    assert seen["reactions"]["given"] == []
    assert (await moss.get(f"/posts/{reply['id']}"))["reply_count"] == 0
    own = await moss.get(f"/posts/{mine['id']}")
    assert (own["reply_count"], own["is_answered"], own["unread_replies"]) == (0, False, False)
    assert not own["reactions"]["names"]
    assert own["reactions"]["given"] == []
    waits = await moss.get("/wall", unanswered="true")
    assert post["id"] in ids(waits["items"][: waits["waiting_here"]]), "it waits, for Moss"
    # A place that only replies out of sight would hold open is none.
    await sky.reply(post, "Another.")
    await rowan.withdraw(reply)
    assert await moss.status(f"/posts/{reply['id']}") == 404
    assert await sky.status(f"/posts/{reply['id']}") == 200
    # For everyone else all counts as before.
    assert (await rowan.get(f"/posts/{post['id']}"))["reply_count"] == 2
    assert below["id"] in ids((await rowan.thread(post))["replies"]["items"])


async def test_what_is_out_of_sight_answers_as_what_never_was(sky: Browser, moss: Browser) -> None:
    post = await sky.publish()
    assert (await sky.client.put(f"/api/v1/members/{moss.member_id}/block")).status_code == 204
    requests = [
        ("GET", "/posts/{post}", None),
        ("GET", "/threads/{post}", None),
        ("GET", "/posts/{post}/revisions", None),
        ("PUT", "/threads/{post}/read-marker", {"post_id": post["id"]}),
        ("PUT", "/posts/{post}", {"body": "Mine now."}),
        ("DELETE", "/posts/{post}", None),
        ("POST", "/posts/{post}/replies", {"body": "Hm."}),
        ("PUT", "/posts/{post}/reactions/i_hear_you", None),
        ("GET", "/members/{member}", None),
        ("PUT", "/members/{member}/mute", None),
        ("PUT", "/members/{member}/block", None),
        ("DELETE", "/members/{member}/block", None),
    ]
    for method, path, body in requests:
        answers = []
        for post_id, member_id in ((post["id"], sky.member_id), (uuid4(), uuid4())):
            asked = path.format(post=post_id, member=member_id)
            answer = await moss.client.request(method, f"/api/v1{asked}", json=body)
            problem = answer.json() if answer.content else {}
            problem.pop("request_id", None)
            content = str(problem).replace(str(post_id), "").replace(str(member_id), "")
            headers = {name for name in answer.headers if name not in {"x-request-id"}}
            answers.append((answer.status_code, content, headers))
        assert answers[0] == answers[1], path


async def test_the_quiet_list_is_no_way_round(rowan: Browser, sky: Browser, moss: Browser) -> None:
    """Everyone's own list is their own: nothing in it says by whom one is blocked."""
    await sky.client.put(f"/api/v1/members/{moss.member_id}/block")
    assert await moss.get("/me/blocks") == {"blocked": [], "muted": []}
    assert [one["display_name"] for one in (await sky.get("/me/blocks"))["blocked"]] == [moss.name]
    assert await rowan.get("/me/blocks") == {"blocked": [], "muted": []}
