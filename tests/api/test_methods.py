"""Every address says what can be done there, and answers HEAD where it answers GET."""

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.api.router import routes
from tests.people import signed_in

PATHS = sorted({one.path_format for one in routes() if isinstance(one, APIRoute)})
SAMPLE = "01a21b39-1146-76c8-b07d-e65c537ad4a0"
VERBS = {"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"}


def address(path: str) -> str:
    """With something in every place of it."""
    while "{" in path:
        before, _, rest = path.partition("{")
        path = f"{before}{SAMPLE}{rest.partition('}')[2]}"
    return path


def known(path: str) -> set[str]:
    found = {
        method
        for one in routes()
        if isinstance(one, APIRoute) and one.path_format == path
        for method in one.methods or ()
    }
    return found | ({"HEAD"} if "GET" in found else set())


@pytest.mark.parametrize("path", PATHS)
async def test_a_method_that_an_address_does_not_know_is_answered_with_those_it_does(
    client: httpx2.AsyncClient, path: str
) -> None:
    for method in [*sorted(VERBS - known(path)), "OPTIONS"]:
        answer = await client.request(method, address(path))
        assert answer.status_code == 405, method
        assert known(path) <= set(answer.headers["allow"].split(", "))
        if method != "HEAD":
            assert answer.json()["type"] == "method-not-allowed"


@pytest.mark.parametrize("path", [path for path in PATHS if "GET" in known(path)])
async def test_head_is_answered_as_get_is_and_without_a_body(
    client: httpx2.AsyncClient, path: str
) -> None:
    got = await client.get(address(path))
    head = await client.head(address(path))
    assert head.status_code == got.status_code
    assert head.headers.get("content-type") == got.headers.get("content-type")
    assert head.content == b""


async def test_pages_know_get_and_head_and_an_address_that_is_none_of_ours_is_none(
    client: httpx2.AsyncClient, app: FastAPI
) -> None:
    answer = await client.post("/wall")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        answer = await client.request(method, "/api/v1/nothing-of-ours")
        assert answer.status_code == 404, method
    assert (await client.head("/openapi.json")).status_code == 200


@pytest.mark.parametrize("flag", ["yes", "on", "1", "t", "TRUE", ""])
async def test_a_flag_in_an_address_is_true_or_false(app: FastAPI, flag: str) -> None:
    async with (one := await signed_in(app)).client as client:
        assert (await client.get(f"/api/v1/wall?unanswered={flag}")).status_code == 422
        for right in ("true", "false"):
            assert (await client.get(f"/api/v1/wall?unanswered={right}")).status_code == 200
    assert one.name
