"""What each kind of answer says to browsers and caches, and that it is for https alone."""

import re

import httpx2
import pytest
from fastapi import FastAPI

from app.core.db import Database
from app.core.settings import Settings
from app.main import create_app
from tests.infra.support import ROOT
from tests.people import sign_in, someone
from tests.support.settings import ORIGIN, settings_for

HTTPS = "https://community.example.org"
HSTS = "max-age=31536000"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/me", 200),
        ("GET", "/api/v1/wall", 200),
        ("GET", "/api/v1/sessions", 200),
        ("GET", "/api/v1/posts/nothing", 422),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/posts", 422),
        ("DELETE", "/api/v1/session", 204),
        ("GET", "/health/live", 200),
        ("GET", "/openapi.json", 200),
    ],
)
async def test_json_is_one_persons_and_kept_nowhere(
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    method: str,
    path: str,
    status: int,
) -> None:
    await sign_in(client, await someone(database, settings))
    answer = await client.request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == status
    assert answer.headers.get_list("cache-control") == ["private, no-store"]
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers, "there is no https on this machine"


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/nothing", "/", "/help-now", "/robots.txt"])
async def test_with_an_https_address_every_answer_asks_for_https_alone(
    database_url: str, path: str
) -> None:
    made: FastAPI = create_app(settings_for(database_url, public_url=HTTPS))
    async with made.router.lifespan_context(made):
        transport = httpx2.ASGITransport(app=made)
        async with httpx2.AsyncClient(transport=transport, base_url=HTTPS) as client:
            answer = await client.get(path)
    assert answer.headers.get_list("strict-transport-security") == [HSTS]


async def test_pages_and_files_keep_their_own_headers(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"{ORIGIN}/help-now")
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert "script-src" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_examples_of_a_proxy_say_the_same(name: str) -> None:
    """Also where the proxy answers by itself, as the servers are away."""
    example = (ROOT / "docker" / "proxy" / name).read_text()
    assert f'Strict-Transport-Security "{HSTS}"' in example
    assert re.search(r'/api/\S* .*Cache-Control "private, no-store"', example, re.DOTALL)
    assert f"docker/proxy/{name}" in (ROOT / "docs" / "operations.md").read_text()
