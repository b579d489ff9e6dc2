"""What may stand between a reader and an author, a row each, and what the reader meets then.

In each row a Sky of its own has written two posts and a reply below a post of Rowan's, and Rowan
a reply below each. Moss reads, has answered below the second post, and reacted to all of it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from uuid import UUID

from fastapi import FastAPI

from app.community import members, posts
from app.core import clock
from app.core.db import Database, unit_of_work
from app.identity import account_standing, accounts, staff
from app.identity.letters import Letterbox
from app.identity.roles import Role
from tests.people import Json, SignedIn


@dataclass
class Scene:
    """Who is there and what they wrote: one row of the table."""

    app: FastAPI
    rowan: SignedIn
    sky: SignedIn
    moss: SignedIn
    #: Sky's post, and Rowan's reply to it.
    root: Json = field(default_factory=dict)
    below: Json = field(default_factory=dict)
    #: Rowan's post, Sky's reply to it, and Rowan's to that.
    other: Json = field(default_factory=dict)
    reply: Json = field(default_factory=dict)
    under: Json = field(default_factory=dict)
    #: Moss's post, which Sky answered; Sky's second, below which Rowan answered Moss.
    mine: Json = field(default_factory=dict)
    talk: Json = field(default_factory=dict)

    @property
    def database(self) -> Database:
        database: Database = self.app.state.database
        return database


async def furnish(scene: Scene, word: str) -> None:
    """All that Sky and Rowan write."""
    rowan, sky = scene.rowan, scene.sky
    scene.root = await sky.publish(f"{word}, above.", intent="saying_hello")
    scene.below = await rowan.reply(scene.root, f"{word}, by Rowan.")
    scene.other = await rowan.publish("Rowan's own.")
    scene.reply = await sky.reply(scene.other, f"{word}, below.")
    scene.under = await rowan.reply(scene.reply, f"{word}, by Rowan again.")


async def meet(scene: Scene) -> None:
    """What Moss does, and is told of."""
    rowan, sky, moss = scene.rowan, scene.sky, scene.moss
    scene.talk = await sky.publish("Let us talk.")
    scene.mine = await moss.publish("Moss's own.")
    await sky.reply(scene.mine, "To Moss.")
    await sky.react(scene.mine)
    await rowan.reply(await moss.reply(scene.talk, "By Moss."), "Rowan answers Moss.")
    for part in (scene.root, scene.below, scene.reply, scene.under):
        await moss.react(part)


Act = Callable[[Scene], Awaitable[None]]


def all_of(*acts: Act) -> Act:
    async def do(scene: Scene) -> None:
        for act in acts:
            await act(scene)

    return do


def hidden(*names: str, restore: bool = False) -> Act:
    async def act(scene: Scene) -> None:
        for name in names:
            async with unit_of_work(scene.database) as session:
                post = await posts.get(session, UUID(getattr(scene, name)["id"]), lock=True)
                if restore:
                    await posts.restore(session, post)
                else:
                    await posts.hide(session, post, reason="It names a method.")

    return act


async def folded(scene: Scene) -> None:
    async with unit_of_work(scene.database) as session:
        post = await posts.get(session, UUID(scene.root["id"]), lock=True)
        await posts.fold(session, post, about="food")


def withdrawn(who: str, *names: str) -> Act:
    async def act(scene: Scene) -> None:
        for name in names:
            await getattr(scene, who).withdraw(getattr(scene, name))

    return act


async def left(scene: Scene) -> None:
    async with unit_of_work(scene.database) as session:
        await accounts.close(
            session,
            Letterbox(scene.app.state.encryption, "http://localhost"),
            account_id=scene.sky.account_id,
            erase_study_data=False,
        )


async def suspended(scene: Scene) -> None:
    async with unit_of_work(scene.database) as session:
        until = clock.now() + timedelta(days=14)
        await account_standing.suspend(session, scene.sky.member_id, until=until)
    assert await scene.sky.status("/wall") == 403


def limited(kind: str) -> Act:
    async def act(scene: Scene) -> None:
        ends = dict.fromkeys(("no_posting_until", "read_first_until"))
        ends[kind] = clock.now() + timedelta(days=7)
        async with unit_of_work(scene.database) as session:
            await members.limit(session, scene.sky.member_id, **ends)

    return act


async def writes(scene: Scene) -> None:
    """A new reply in the place of the former, and Rowan's to it goes with it."""
    scene.reply = await scene.sky.reply(scene.other, "A marker, read first.")
    async with unit_of_work(scene.database) as session:
        await posts.premoderate(
            session, await posts.get(session, UUID(scene.reply["id"]), lock=True)
        )


async def opened(scene: Scene) -> None:
    await hidden("reply", restore=True)(scene)
    await scene.moss.react(scene.reply)


async def rests(scene: Scene) -> None:
    answer = await scene.sky.client.put("/api/v1/me/break", json={"length": "week"})
    assert answer.status_code == 200, answer.text


def given(role: Role) -> Act:
    async def act(scene: Scene) -> None:
        account_id = scene.sky.account_id
        async with unit_of_work(scene.database) as session:
            await staff.grant(
                session, account_id=account_id, role=role, reason="A test.", granter_id=None
            )

    return act


def put(who: str, whom: str, act: str, *, undo: bool = False) -> Act:
    async def do(scene: Scene) -> None:
        one, other = getattr(scene, who), getattr(scene, whom)
        path = f"/api/v1/members/{other.member_id}/{act}"
        answer = await one.client.request("DELETE" if undo else "PUT", path)
        assert answer.status_code == 204

    return do


async def elsewhere(scene: Scene) -> None:
    """Sky's threads stand in a space that nobody belongs to, all of each."""
    async with scene.database.pool.connection() as connection, connection.transaction():
        # A thread and its space are one key: for as long as it moves nothing is held together.
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(_MOVE, [[scene.root["id"], scene.talk["id"]]])


_MOVE = """
    WITH space AS (INSERT INTO community.spaces (id, kind, name)
      SELECT gen_random_uuid(), 'group', gen_random_uuid()::text RETURNING id)
    UPDATE community.posts SET space_id = space.id FROM space WHERE thread_id = ANY (%s::uuid[])
"""


async def nothing(scene: Scene) -> None:
    """Nothing happens."""


class Sight(Enum):
    """What Moss meets: the post, the place where it stood, or nothing. Flagging says why."""

    SEEN = "seen"
    PLACE = "a place without words"
    TAKEN_BACK = "taken back"
    GONE = "gone"


SEEN, PLACE, TAKEN, GONE = Sight
PARTS = ("root", "below", "reply", "under", "news", "echo", "member")
ALL = (SEEN,) * 7
OUT = (GONE, GONE, GONE, SEEN, GONE, GONE, GONE)
#: What happens, and whether Moss sees Sky's post, Rowan's reply below it, Sky's reply below Rowan's
#: post, Rowan's below that, the news of Sky, the news of Rowan below Sky's second post, and Sky.
RELATIONS: dict[str, tuple[Act, dict[str, Sight]]] = {
    name: (act, dict(zip(PARTS, sights, strict=True)))
    for name, act, sights in (
        ("nothing", nothing, ALL),
        ("hidden post", hidden("reply"), (SEEN, SEEN, GONE, SEEN, SEEN, SEEN, SEEN)),
        ("hidden root", hidden("root", "talk"), (GONE, GONE, SEEN, SEEN, SEEN, GONE, SEEN)),
        ("hidden for a while", all_of(hidden("root"), hidden("root", restore=True)), ALL),
        ("folded root", folded, ALL),
        ("in a space one is no part of", elsewhere, (GONE, GONE, SEEN, SEEN, SEEN, GONE, SEEN)),
        (
            "withdrawn root",
            withdrawn("sky", "root", "talk"),
            (PLACE, SEEN, SEEN, SEEN, SEEN, SEEN, SEEN),
        ),
        (
            "withdrawn post",
            withdrawn("sky", "reply"),
            (SEEN, SEEN, PLACE, SEEN, SEEN, SEEN, SEEN),
        ),
        (
            "withdrawn with all below",
            all_of(withdrawn("rowan", "below", "under"), withdrawn("sky", "root", "reply")),
            (TAKEN, TAKEN, TAKEN, TAKEN, SEEN, SEEN, SEEN),
        ),
        (
            "withdrawn root, hidden",
            all_of(withdrawn("sky", "root", "talk"), hidden("root", "talk")),
            (GONE, GONE, SEEN, SEEN, SEEN, GONE, SEEN),
        ),
        ("author left", left, ALL),
        # What someone wrote before says nothing of what is decided for them after.
        ("suspended author", suspended, ALL),
        ("author who may not write", limited("no_posting_until"), ALL),
        ("author who is read first", limited("read_first_until"), ALL),
        (
            "held until a moderator reads it",
            all_of(limited("read_first_until"), writes),
            (SEEN, SEEN, GONE, SEEN, SEEN, SEEN, SEEN),
        ),
        (
            "held, then opened",
            all_of(limited("read_first_until"), writes, opened),
            ALL,
        ),
        ("author who rests", rests, ALL),
        ("author who moderates now", given(Role.MODERATOR), ALL),
        ("author who works on studies now", given(Role.RESEARCHER), ALL),
        ("blocked by reader", put("moss", "sky", "block"), OUT),
        ("blocked by author", put("sky", "moss", "block"), OUT),
        ("blocked by both", all_of(put("moss", "sky", "mute"), put("sky", "moss", "block")), OUT),
        ("muted by reader", put("moss", "sky", "mute"), (*OUT[:-1], SEEN)),
        ("muted by author", put("sky", "moss", "mute"), ALL),
        ("blocked by a third", put("rowan", "sky", "block"), ALL),
        (
            "block undone",
            all_of(put("moss", "sky", "block"), put("moss", "sky", "block", undo=True)),
            ALL,
        ),
        ("author left a block", all_of(put("sky", "moss", "block"), left), ALL),
        (
            "suspended author who blocked",
            all_of(put("sky", "moss", "block"), suspended),
            OUT,
        ),
    )
}
#: Whoever left has no name to be found by; who works on studies is no part of the community.
UNFOUND = {"author left", "author left a block", "author who works on studies now"}
