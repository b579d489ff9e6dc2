"""Health, size and origin, as every request meets them."""

from collections.abc import AsyncIterator

import httpx2

from app.core.settings import Settings
from app.main import create_app
from tests.people import new_client
from tests.support.settings import settings_for


async def test_the_server_says_that_it_lives_and_can_serve(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "alive"}
    assert (await client.get("/health/ready")).json() == {"status": "ready"}
    assert "alongside_requests" in (await client.get("/metrics")).text


async def test_out_in_the_world_figures_are_for_whoever_holds_the_token(settings: Settings) -> None:
    server = {"public_url": "https://alongside.example", "host": "0.0.0.0"}  # noqa: S104
    for token, bearer, status in (
        (None, "anything", 404),
        ("walnut-orbit", "anything", 404),
        ("walnut-orbit", "walnut-orbit", 200),
    ):
        made = create_app(settings_for(settings.database.url, metrics_token=token, **server))
        async with made.router.lifespan_context(made), new_client(made) as client:
            headers = {"Authorization": f"Bearer {bearer}"}
            assert (await client.get("/metrics", headers=headers)).status_code == status
            ready = await client.get("/health/ready", headers=headers)
            assert ready.status_code == (404 if (token and status == 404) else 200)


async def test_a_body_of_50_megabytes_is_refused_before_it_is_read(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.post("/api/v1/session", content=b"x" * 50_000_000)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "too-large"


async def test_a_body_that_hides_its_size_is_refused_too(client: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(800):
            yield b"x" * 65_536

    headers = {"Content-Type": "application/json"}
    answer = await client.post("/api/v1/session", content=chunks(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["type"] == "too-large"


async def test_another_site_cannot_act_in_a_members_name(client: httpx2.AsyncClient) -> None:
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ):
        answer = await client.post("/api/v1/session", headers=headers, json={})
        assert answer.status_code == 403
        assert answer.json()["type"] == "cross-site"


async def test_an_unknown_address_is_a_problem_in_the_same_shape(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert set(answer.json()) >= {"type", "title", "status", "detail", "request_id"}
