"""Health, size and origin, as every request meets them."""

from collections.abc import AsyncIterator

import httpx2


async def test_the_server_says_that_it_lives_and_can_serve(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "alive"}
    assert (await client.get("/health/ready")).json() == {"status": "ready"}
    assert "alongside_requests" in (await client.get("/metrics")).text


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
