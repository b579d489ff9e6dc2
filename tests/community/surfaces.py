"""Where members meet what others write: a column each of the table of who sees what."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.core import clock
from tests.community.relations import PLACE, SEEN, TAKEN, Scene, Sight
from tests.people import Json, SignedIn

POST = ("root", "below", "reply", "under")

Scenes = dict[str, Scene]
Met = set[str]


async def listed(moss: SignedIn, path: str, **query: str) -> list[Json]:
    """Everything on all pages."""
    found: list[Json] = []
    cursor: str | None = None
    while True:
        page = await moss.get(path, **query, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def ids(items: list[Json]) -> Met:
    return {item["id"] for item in items}


def a_list(path: str, **query: str) -> Callable[[SignedIn, Scenes], Awaitable[Met]]:
    async def look(moss: SignedIn, scenes: Scenes) -> Met:
        return ids([item.get("post") or item for item in await listed(moss, path, **query)])

    return look


def each(path: str, *parts: str) -> Callable[[SignedIn, Scenes], Awaitable[Met]]:
    """Asked for one by one, by their ids."""

    async def look(moss: SignedIn, scenes: Scenes) -> Met:
        asked = [getattr(scene, part)["id"] for scene in scenes.values() for part in parts]
        return {one for one in asked if await moss.status(path.format(one)) == 200}

    return look


async def an_old_cursor(moss: SignedIn, scenes: Scenes) -> Met:
    found: Met = set()
    for cursor in scenes["nothing"].app.state.cursors:
        found |= ids((await moss.get("/wall", cursor=cursor))["items"])
    return found


async def threads(moss: SignedIn, scenes: Scenes) -> Met:
    found: Met = set()
    for scene in scenes.values():
        for root in (scene.root, scene.other):
            if await moss.status(f"/threads/{root['id']}") == 200:
                thread = await moss.thread(root)
                found |= ids([thread["post"], *thread["replies"]["items"]])
    return found


async def news(moss: SignedIn, scenes: Scenes) -> Met:
    told = await listed(moss, "/me/notifications")
    assert all(item["thread_id"] for item in told), "of what is out of sight nothing is told"
    return {f"{item['kind']} {item['thread_id']}" for item in told}


async def people(moss: SignedIn, scenes: Scenes) -> Met:
    found: Met = set()
    for scene in scenes.values():
        page = await moss.get("/search", q=scene.sky.name)
        found |= {one["id"] for one in page["members"]}
    return found


async def pages_of_members(moss: SignedIn, scenes: Scenes) -> Met:
    asked = [str(scene.sky.member_id) for scene in scenes.values()]
    return {one for one in asked if await moss.status(f"/members/{one}") == 200}


def tried(method: str, path: str, *parts: str, **body: Any) -> Callable[..., Awaitable[Met]]:
    """What answers otherwise than what never was."""

    async def look(moss: SignedIn, scenes: Scenes) -> Met:
        found: Met = set()
        now = clock.now()
        for minutes, scene in enumerate(scenes.values()):
            for part in parts:
                one = getattr(scene, part)["id"]
                said = {key: value or one for key, value in body.items()}
                with clock.at(now + timedelta(minutes=minutes)):  # or it were too many at once
                    answer = await moss.client.request(
                        method, f"/api/v1{path.format(one)}", json=said or None
                    )
                assert answer.status_code in {201, 204, 404, 409}, answer.text
                if answer.status_code != 404:
                    found.add(one)
        return found

    return look


WORDED, PLACED = {SEEN}, {SEEN, PLACE}
#: Each surface: the operation behind it, what can stand there, what of it is met there, and how to
#: look. What Moss writes comes last.
SURFACES: dict[str, tuple[str, tuple[str, ...], set[Sight], Callable[..., Awaitable[Met]]]] = {
    "the wall": ("read_wall", ("root",), PLACED, a_list("/wall")),
    "the wall by intent": (
        "read_wall",
        ("root",),
        PLACED,
        a_list("/wall", intent="saying_hello"),
    ),
    "what waits": ("read_wall", ("root",), PLACED, a_list("/wall", unanswered="true")),
    "a cursor from before": ("read_wall", ("root",), PLACED, an_old_cursor),
    "search": ("search", POST, WORDED, a_list("/search", q="marker")),
    "search for people": ("search", ("member",), WORDED, people),
    "a post": ("read_post", POST, PLACED, each("/posts/{}", *POST)),
    "a thread": ("read_thread", POST, PLACED, threads),
    "former texts": ("list_revisions", POST, set(), each("/posts/{}/revisions", *POST)),
    "what one reacted to": (
        "list_my_activity",
        POST,
        PLACED,
        a_list("/me/activity", kind="reactions"),
    ),
    "news": ("list_my_notifications", ("news", "echo"), WORDED, news),
    "a member": ("read_member", ("member",), WORDED, pages_of_members),
    "reacting": (
        "give_reaction",
        POST,
        PLACED,
        tried("PUT", "/posts/{}/reactions/this_helped_me", *POST),
    ),
    "having read": (
        "mark_thread_read",
        POST[:1],
        PLACED,
        tried("PUT", "/threads/{}/read-marker", "root", post_id=""),
    ),
    "replying": (
        "reply_to_post",
        POST,
        PLACED,
        tried("POST", "/posts/{}/replies", *POST, body="Hi."),
    ),
    # Of what was taken back one is told so: it may still stand on the screen.
    "flagging": (
        "file_report",
        POST,
        {*PLACED, TAKEN},
        tried("POST", "/reports", *POST, post_id="", kind="worried"),
    ),
}


def place_of(scene: Scene, part: str) -> Met:
    """By what a surface names a part."""
    match part:
        case "news":
            return {f"{kind} {scene.mine['id']}" for kind in ("reply", "reaction")}
        case "echo":
            return {f"reply {scene.talk['id']}"}
        case "member":
            return {str(scene.sky.member_id)}
        case _:
            return {getattr(scene, part)["id"]}
