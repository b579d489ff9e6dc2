"""What is on a screen: read once, and then kept up by frames alone, as the front end does."""

from typing import Any

import orjson

from app.realtime.connection import Connection
from app.realtime.hub import Hub
from app.realtime.session_handler import SessionHandler
from tests.people import SignedIn
from tests.realtime.stand_ins import RememberedWire, all_open

Json = dict[str, Any]


#: Set by the reader's own reading and writing, not by what others do: no frame tells of it.
OWN_MARKS = ("is_unseen", "unread_replies")


def unmarked(post: Json) -> Json:
    """What it looks like to someone who has read everything."""
    return {name: value for name, value in post.items() if name not in OWN_MARKS}


class Screen:
    """A page someone has open, and its socket."""

    def __init__(self, browser: SignedIn, path: str, topic: str) -> None:
        self.browser = browser
        self.path = path
        self.topic = topic
        self.shown: dict[str, Json] = {}
        self.wire = RememberedWire()

    async def open(self, hub: Hub) -> None:
        """Read the page, and listen from where it was read."""
        page = await self.read()
        self.shown = {post["id"]: unmarked(post) for post in page["posts"]}
        connection = Connection(self.browser.actor, self.wire)
        hub.enter(connection, admitted_at=hub.position)
        asked = {"do": "subscribe", "topics": [self.topic], "since": page["position"], "ref": 1}
        assert (
            await SessionHandler(hub, connection, all_open).hear(orjson.dumps(asked).decode())
            is None
        )
        assert "refetch" not in self.wire.kinds()

    async def read(self) -> Json:
        """The page as it is now; a thread that is gone has nothing on it."""
        answer = await self.browser.client.get(f"/api/v1{self.path}")
        if answer.status_code == 404:
            return {"posts": [], "position": None}
        page = answer.json()
        posts = page["items"] if "items" in page else [page["post"], *page["replies"]["items"]]
        return {"posts": posts, "position": page["position"]}

    async def keep_up(self) -> None:
        """Take what was told: each frame names what to read anew."""
        for frame in self.wire.frames:
            if "." in frame["type"]:
                for post_id in self.touched(frame):
                    await self._read_anew(post_id)
        self.wire.frames.clear()

    def touched(self, frame: Json) -> set[str]:
        """The wall shows roots, a thread its posts; a count of replies stands on the parent."""
        if self.topic == "wall":
            return {frame["thread_id"]}
        known = self.shown.get(frame["post_id"], {})
        parent_id = frame.get("parent_id") or known.get("parent_id")
        return {frame["thread_id"], frame["post_id"], parent_id or frame["thread_id"]}

    async def _read_anew(self, post_id: str) -> None:
        """A thread stands and falls with its root; of what one wrote there oneself, one's own words
        and the place of the root stay."""
        is_thread = self.topic == f"thread:{post_id}"
        answer = await self.browser.client.get(f"/api/v1/posts/{post_id}")
        if answer.status_code == 404 and is_thread:
            self.shown = await self.fresh()
        elif answer.status_code == 404:
            self.shown.pop(post_id, None)
        elif is_thread and self.shown.get(post_id, {}).get("body_html", "") == "":
            self.shown = await self.fresh()
        else:
            self.shown[post_id] = unmarked(answer.json())

    async def fresh(self) -> dict[str, Json]:
        """What someone sees who opens the page only now."""
        return {post["id"]: unmarked(post) for post in (await self.read())["posts"]}


def wall(browser: SignedIn) -> Screen:
    return Screen(browser, "/wall", "wall")


def thread(browser: SignedIn, post: Json) -> Screen:
    return Screen(browser, f"/threads/{post['thread_id']}", f"thread:{post['thread_id']}")
