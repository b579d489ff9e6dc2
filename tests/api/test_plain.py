"""The site on FastAPI's and uvicorn's own ways answers as on ours; it takes them when it must."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import httpx2
import pytest
import structlog
import uvicorn
from fastapi import Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidStatus

from app import protocol_trial, serve
from app.api import deps, fast_route
from app.api.fast_route import FastRoute, Handler
from app.api.router import routes
from app.api.routes import wall
from app.protocol_trial import OURS, PLAIN, Protocols
from app.run.listener import open_listener
from tests.people import SignedIn, new_client, signed_in
from tests.realtime.sockets import open_socket, subscribed
from tests.support.settings import ORIGIN, settings_for
from tests.support.waiting import eventually

#: Of every answer its own.
OF_ONE_ANSWER = {"date", "x-request-id"}


@dataclass
class Site:
    """A server on the test's database."""

    port: int
    client: httpx2.AsyncClient
    cookie: str

    @property
    def live(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/live"


@asynccontextmanager
async def serving(database_url: str, browser: SignedIn, *, plain: bool) -> AsyncIterator[Site]:
    """In this process, so that both are the same age."""
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = uvicorn.Server(serve.configuration(settings_for(database_url, plain=plain)))
    assert (server.config.http, server.config.ws) == (PLAIN if plain else OURS)
    task = asyncio.create_task(server.serve(sockets=[listener]))

    async def is_up() -> bool:
        return server.started

    await eventually(is_up)
    cookies = dict(browser.client.cookies)
    client = httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Origin": ORIGIN, "Host": "site.test"},
        cookies=cookies,
    )
    async with client:
        yield Site(port, client, "; ".join(f"{name}={value}" for name, value in cookies.items()))
    server.should_exit = True
    await task


@pytest.fixture
async def rowan(app: FastAPI) -> AsyncIterator[SignedIn]:
    async with (found := await signed_in(app, "Rowan")).client:
        yield found


@pytest.fixture
async def sites(database_url: str, rowan: SignedIn) -> AsyncIterator[list[Site]]:
    """Ours, and the plain one."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(serving(database_url, rowan, plain=plain))
            for plain in (False, True)
        ]


def shown(answer: httpx2.Response) -> tuple[int, dict[str, str], bytes]:
    """All that a browser sees of it, but for its time and number."""
    body = answer.content
    if number := answer.headers.get("x-request-id"):
        body = body.replace(number.encode(), b"number")
    headers = {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER}
    return answer.status_code, headers, body


async def test_both_answer_the_same_byte_for_byte(sites: list[Site], rowan: SignedIn) -> None:
    post = await rowan.publish("Hello.")
    await rowan.reply(post, "I hear you.")
    replies = f"/api/v1/posts/{post['id']}/replies"
    answers = "/api/v1/questionnaires/01920000-0000-7000-8000-000000000000/1/answers"
    part = {"instrument": "phq9", "wording_version": 1, "answers": {"interest": 1}}
    asked: list[tuple[int, str, str, dict[str, Any]]] = [
        (200, "GET", "/api/v1/wall", {}),
        (200, "GET", f"/api/v1/threads/{post['id']}", {}),
        (404, "GET", "/api/v1/threads/01920000-0000-7000-8000-000000000000", {}),
        (422, "GET", "/api/v1/threads/no-id", {}),
        (422, "GET", "/api/v1/wall", {"params": {"cursor": "no cursor"}}),
        (403, "GET", "/api/v1/cases", {}),
        (401, "GET", "/api/v1/wall", {"headers": {"Cookie": "session=forged"}}),
        (405, "DELETE", "/api/v1/wall", {}),
        (422, "POST", replies, {"json": {"body": ""}}),
        (422, "POST", replies, {"content": b"{", "headers": {"Content-Type": "application/json"}}),
        (422, "POST", replies, {"json": {"body": "x", "more": 1}}),
        (422, "POST", replies, {"content": b'{"body": "no type"}'}),
        (422, "POST", replies, {"json": {"body": "x"}, "headers": {"Idempotency-Key": "no id"}}),
        (422, "POST", "/api/v1/posts/no-id/replies", {"json": {"body": "x"}}),
        (401, "POST", replies, {"json": {}, "headers": {"Cookie": "session=forged"}}),
        (413, "POST", replies, {"json": {"body": "x" * 300_000}}),
        (403, "POST", replies, {"json": {"body": "x"}, "headers": {"Origin": "http://a.test"}}),
        (401, "POST", "/api/v1/session", {"json": {"email": "a@b.test", "password": "wrong"}}),
        (422, "POST", "/api/v1/session", {"json": {"email": 1}}),
        (204, "POST", "/api/v1/activities", {"json": {"items": [{"type": "help_opened"}]}}),
        (403, "PUT", f"/api/v1/posts/{post['id']}/reactions/i_hear_you", {}),
        (204, "DELETE", "/api/v1/me/welcome", {}),
        (422, "PUT", f"/api/v1/posts/{post['id']}/reactions/no_kind", {}),
        (404, "PUT", answers, {"json": {"parts": [part]}}),
        (422, "PUT", answers, {"json": {"parts": [{**part, "answers": {"interest": {}}}]}}),
        (422, "PUT", answers.replace("/1/", "/13/"), {"json": {"parts": [part]}}),
        (422, "POST", "/api/v1/activities", {"json": {"items": "none"}}),
        (422, "POST", "/api/v1/activities", {"json": {"items": [{"type": "read"}]}}),
    ]
    for status, method, path, more in asked:
        ours, plain = [shown(await site.client.request(method, path, **more)) for site in sites]
        assert ours == plain, path
        assert ours[0] == status, (path, ours)


@pytest.mark.parametrize(("plain", "way"), [(False, "quick"), (True, "general")])
async def test_the_setting_says_which_way_a_route_goes(plain: bool, way: str) -> None:
    class Either(FastRoute):
        def quick_handler(self) -> Handler:
            async def quick(_: Request) -> Response:
                return Response("quick")

            return quick

    async def general() -> Response:
        return Response("general")

    site = FastAPI()
    site.state.settings = settings_for("postgresql://nobody@localhost/nothing", plain=plain)
    site.router.routes.append(Either("/either", general, methods=["GET"]))
    async with new_client(site) as client:
        assert (await client.get("/either")).text == way


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/wall"),
        ("POST", "/api/v1/posts"),
        ("POST", "/api/v1/posts/{post_id}/replies"),
        ("POST", "/api/v1/activities"),
        ("POST", "/api/v1/session"),
        ("PUT", "/api/v1/posts/{post_id}/reactions/{kind}"),
        ("PUT", "/api/v1/questionnaires/{study_id}/{wave}/answers"),
    ],
)
def test_the_busiest_routes_have_a_quick_way(method: str, path: str) -> None:
    (route,) = [
        one
        for one in routes()
        if isinstance(one, FastRoute) and one.path == path and one.methods == {method}
    ]
    assert route.quick_handler() is not None


def test_what_a_route_asks_for_without_a_name_takes_the_general_way() -> None:
    async def answer() -> Response:
        return Response()

    for asked, is_quick in (([], True), ([Depends(deps.member)], False)):
        route = FastRoute("/any", answer, methods=["GET"], dependencies=asked)
        assert (route.quick_handler() is not None) is is_quick


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
async def test_a_reply_that_cannot_be_given_leaves_nothing(
    sites: list[Site], rowan: SignedIn, content_type: str
) -> None:
    post = await rowan.publish("Hello.")
    replies = f"/api/v1/posts/{post['id']}/replies"
    key = {"Idempotency-Key": "01920000-0000-7000-8000-000000000001"}
    written = await rowan.client.post(replies, json={"body": "First."}, headers=key)
    assert written.status_code == 201
    headers = {**key, "Content-Type": content_type}
    for site in sites:
        again = await site.client.post(replies, content=b'{"body": "First."}', headers=headers)
        other = await site.client.post(replies, content=b'{"body": "Other."}', headers=headers)
        assert (again.status_code, other.status_code) == (200, 409)
    assert len((await rowan.get(f"/threads/{post['id']}"))["replies"]["items"]) == 1


async def test_both_take_a_reply(sites: list[Site], rowan: SignedIn) -> None:
    post = await rowan.publish("Hello.")
    ours, plain = [
        await site.client.post(f"/api/v1/posts/{post['id']}/replies", json={"body": "I *hear* you"})
        for site in sites
    ]
    assert (ours.status_code, plain.status_code) == (201, 201)
    own = {"id", "created_at", "path", "position"}
    assert {name: value for name, value in ours.json().items() if name not in own} == {
        name: value for name, value in plain.json().items() if name not in own
    }
    thread = await rowan.get(f"/threads/{post['id']}")
    assert len(thread["replies"]["items"]) == 2


async def test_both_open_a_socket_and_tell_the_same_frame(
    sites: list[Site], rowan: SignedIn
) -> None:
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(open_socket(site.live, site.cookie)) for site in sites
        ]
        heads = []
        for socket in sockets:
            assert socket.response is not None
            heads.append(
                {
                    name.lower(): value
                    for name, value in socket.response.headers.raw_items()
                    if name.lower() not in {"date", "sec-websocket-accept"}
                }
            )
            await socket.recv()
            await subscribed(socket, "wall")
        assert heads[0] == heads[1]
        await rowan.publish("Hello.")
        async with asyncio.timeout(15):
            ours, plain = [await socket.recv() for socket in sockets]
        assert ours == plain
        assert "post.published" in str(ours)


async def test_both_refuse_a_stranger_s_socket_alike(sites: list[Site]) -> None:
    refusals = []
    for site in sites:
        with pytest.raises(InvalidStatus) as refused:
            async with open_socket(site.live, None):
                pass
        refusals.append((refused.value.response.status_code, refused.value.response.body))
    assert refusals[0] == refusals[1]
    assert refusals[0][0] == 401


# ── After an update of a library ────────────────────────────────────────────────────────────────


def test_ours_are_taken_where_they_work() -> None:
    with structlog.testing.capture_logs() as logs:
        assert protocol_trial.best() == OURS
    assert not logs


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("app.api.protocol", Protocols(PLAIN.http, OURS.ws)),
        ("app.realtime.protocol", Protocols(OURS.http, PLAIN.ws)),
    ],
)
def test_one_of_ours_that_cannot_be_imported_gives_way_to_uvicorns_own(
    monkeypatch: pytest.MonkeyPatch, module: str, expected: Protocols
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with structlog.testing.capture_logs() as logs:
        assert protocol_trial.best() == expected
    assert [line["log_level"] for line in logs] == ["warning"]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (HttpToolsProtocol, "_unset_keepalive_if_required"),
        (WebSocketsSansIOProtocol, "handle_connect"),
        (WebSocketsSansIOProtocol, "handle_cont"),
    ],
)
async def test_a_part_that_has_gone_gives_way_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    monkeypatch.delattr(owner, name)
    with structlog.testing.capture_logs() as logs:
        assert protocol_trial.best() != OURS
    assert [line["log_level"] for line in logs] == ["warning"]
    assert "AttributeError" in logs[0]["error"]


async def test_a_route_whose_parts_have_changed_answers_the_general_way(
    app: FastAPI, rowan: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rowan.publish("Hello.")
    usual = await rowan.client.get("/api/v1/wall")
    known = next(route for route in wall.router.routes if isinstance(route, APIRoute))
    monkeypatch.setattr(fast_route, "_warned", set())
    with structlog.testing.capture_logs() as logs, monkeypatch.context() as gone:
        gone.delattr(type(known.dependant.query_params[0]), "get_default")
        gone.setattr(fast_route, "is_one_unit", attrgetter("no_longer_there"))
        made = [FastRoute(known.path, known.endpoint, methods=["GET"]) for _ in range(2)]
    assert [line["log_level"] for line in logs] == ["warning", "warning"]
    app.router.routes.insert(0, made[0])
    assert shown(await rowan.client.get("/api/v1/wall")) == shown(usual)
