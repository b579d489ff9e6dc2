"""A fault of ours: the person gets a number and nothing else, and we find it in the log."""

import json

import httpx2
import pytest
from fastapi import FastAPI

from app.core.db import AnyConnection
from tests.support.servers import serving
from tests.support.settings import ORIGIN

PASSWORD = "violet harbour tram"
SIGN_IN = {"email": "rowan@example.org", "password": PASSWORD}


async def test_nobody_gets_a_stack_trace_and_its_number_leads_to_it(
    database_url: str, connection: AnyConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(database_url) as server:
        await connection.execute("ALTER TABLE identity.accounts RENAME TO elsewhere")
        async with httpx2.AsyncClient(base_url=server.origin) as browser:
            answer = await browser.post("/api/v1/session", json=SIGN_IN)
    problem = answer.json()
    number = problem["request_id"]
    assert answer.status_code == 500
    assert set(problem) == {"type", "title", "status", "detail", "request_id"}
    assert problem["type"] == "internal"
    for word in ("Traceback", "File", "SELECT", "identity", "Undefined", "psycopg", ".py"):
        assert word not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == number
    assert answer.headers["x-content-type-options"] == "nosniff"

    log = capfd.readouterr().err
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    ours = {line["event"]: line for line in lines if line.get("request_id") == number}
    assert "Traceback" in ours["unexpected error"]["exception"]
    assert "UndefinedTable" in ours["unexpected error"]["exception"]
    assert ours["request"]["status"] == 500
    assert PASSWORD not in log
    assert SIGN_IN["email"] not in log


async def test_an_answer_that_breaks_off_is_not_followed_by_another(app: FastAPI) -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)  # type: ignore[operator]
        raise RuntimeError("half way")

    app.mount("/half", broken)
    app.router.routes.insert(0, app.router.routes.pop())
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
        with pytest.raises(RuntimeError, match="half way"):
            await browser.get("/half/")
