"""Old state plus received frames equals fresh state, for every act and everyone who looks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.community import posts
from app.core import events
from app.core.db import Database, unit_of_work
from app.identity.roles import Role
from app.realtime.hub import Hub
from tests.people import SignedIn, signed_in
from tests.realtime.screens import Json, Screen, thread, wall
from tests.support.waiting import eventually


@dataclass
class Scene:
    """A thread with a reply, its two authors, and others who look."""

    app: FastAPI
    ann: SignedIn
    bo: SignedIn
    others: list[SignedIn]
    post: Json
    reply: Json

    @property
    def screens(self) -> list[Screen]:
        everyone = [self.ann, self.bo, *self.others]
        return [wall(one) for one in everyone] + [thread(one, self.post) for one in everyone]


@pytest.fixture
async def scene(app: FastAPI) -> Scene:
    ann, bo, cy = await signed_in(app), await signed_in(app), await signed_in(app)
    moderator = await signed_in(app, roles=(Role.MODERATOR,))
    await bo.publish("Something else.")
    post = await ann.publish("A hard day.")
    reply = await bo.reply(post)
    return Scene(app, ann, bo, [cy, moderator], post, reply)


async def converges(scene: Scene, action: Callable[[], Awaitable[object]]) -> None:
    """Everyone has a page open; something happens; every page shows what a fresh one would."""
    hub: Hub = scene.app.state.hub
    database: Database = scene.app.state.database
    assert await scene.app.state.live.is_ready()
    screens = scene.screens
    for screen in screens:
        await screen.open(hub)
    await action()
    now = await events.now(database.pool)

    async def place() -> events.Position:
        return hub.position

    await eventually(place, until=lambda found: found >= now)
    for screen in screens:
        await screen.keep_up()
        assert screen.shown == await screen.fresh(), (screen.browser.name, screen.path)


async def test_a_new_post(scene: Scene) -> None:
    await converges(scene, lambda: scene.ann.publish("Another.", intent="saying_hello"))


async def test_a_reply_and_a_reply_to_a_reply(scene: Scene) -> None:
    await converges(scene, lambda: scene.others[0].reply(scene.post, "We hear you."))
    await converges(scene, lambda: scene.ann.reply(scene.reply, "Thank you."))


async def test_an_edit_of_a_post_and_of_a_reply(scene: Scene) -> None:
    note = {"about": "self-harm"}
    await converges(scene, lambda: scene.ann.edit(scene.post, "A better day.", note=note))
    await converges(scene, lambda: scene.bo.edit(scene.reply, "I hear you, really."))


async def test_reactions_come_and_go(scene: Scene) -> None:
    async def take_back() -> None:
        path = f"/api/v1/posts/{scene.post['id']}/reactions/i_hear_you"
        assert (await scene.bo.client.delete(path)).status_code == 204

    await converges(scene, lambda: scene.bo.react(scene.post))
    await converges(scene, lambda: scene.others[0].react(scene.reply, "thinking_of_you"))
    await converges(scene, take_back)


async def test_a_reply_and_then_its_thread_are_taken_back(scene: Scene) -> None:
    answer = await scene.others[0].reply(scene.reply, "So do I.")
    await converges(scene, lambda: scene.others[0].withdraw(answer))
    await converges(scene, lambda: scene.bo.withdraw(scene.reply))
    await converges(scene, lambda: scene.ann.withdraw(scene.post))


async def test_a_moderator_folds_hides_and_restores(scene: Scene) -> None:
    await converges(scene, lambda: moderate(scene, scene.post, "fold"))
    await converges(scene, lambda: moderate(scene, scene.reply, "hide"))
    await converges(scene, lambda: moderate(scene, scene.reply, "restore"))
    await converges(scene, lambda: moderate(scene, scene.post, "hide"))
    await converges(scene, lambda: moderate(scene, scene.post, "restore"))


async def test_much_at_once(scene: Scene) -> None:
    async def much() -> None:
        for number in range(4):
            made = await scene.others[0].publish(f"Post {number}.")
            await scene.ann.reply(made)
            await scene.bo.react(made)
        await scene.bo.withdraw(scene.reply)

    await converges(scene, much)


async def test_what_everyone_is_told_names_no_person(scene: Scene) -> None:
    hub: Hub = scene.app.state.hub
    assert await scene.app.state.live.is_ready()
    screens = scene.screens
    for screen in screens:
        await screen.open(hub)
    made = await scene.others[0].publish("Another.")
    await scene.bo.react(made)
    assert (
        await scene.bo.client.delete(f"/api/v1/posts/{made['id']}/reactions/i_hear_you")
    ).status_code == 204
    await scene.ann.reply(made)

    async def kinds() -> list[str]:
        return [kind for kind in screens[0].wire.kinds() if "." in kind]

    await eventually(kinds, until=lambda found: len(found) == 4)
    people = {str(one.member_id) for one in (scene.ann, scene.bo, *scene.others)}
    for screen in screens:
        for frame in screen.wire.frames:
            assert people.isdisjoint(map(str, frame.values())), frame


async def moderate(scene: Scene, post: Json, act: str) -> None:
    """Straight through the community's own functions, as a decision does."""
    async with unit_of_work(scene.app.state.database) as session:
        found = await posts.get(session, UUID(post["id"]), lock=True)
        if act == "fold":
            await posts.fold(session, found, about="Self-harm")
        elif act == "hide":
            await posts.hide(session, found, reason="It described a method.")
        else:
            await posts.restore(session, found)
