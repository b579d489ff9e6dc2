"""Rights as a grid: every operation of openapi.json, asked as everybody there is."""

import json
import tomllib
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from tests.api.grid import BODIES, ENDS_SIGN_INS, MARKER, STAFF, Grid, furnish, request

HERE = Path(__file__).parent
TABLE = tomllib.loads((HERE / "grid.toml").read_text(encoding="utf-8"))
DESCRIBED = json.loads((HERE.parents[1] / "frontend" / "openapi.json").read_text(encoding="utf-8"))
PEOPLE: list[str] = TABLE["people"].split()
RIGHTS: dict[str, list[str]] = {name: row.split() for name, row in TABLE["rights"].items()}
#: By operation, the right that it asks for and how it answers whoever has it.
ROWS: dict[str, tuple[str, int]] = {
    operation: (right, status)
    for right, operations in TABLE["operations"].items()
    for operation, status in operations.items()
}
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    one["operationId"]: (method, path, one)
    for path, methods in DESCRIBED["paths"].items()
    for method, one in methods.items()
}
IN_ORDER = [
    *sorted(set(OPERATIONS) - set(ENDS_SIGN_INS), key=list(OPERATIONS).index),
    *ENDS_SIGN_INS,
]
#: Who is asked about what is open to anyone: passwords take long to try.
ANYONE = {"visitor", "unconfirmed", "suspended", "checker-2", "author"}
#: Who is refused for what they are, by the type of the problem.
REFUSALS = {
    "not-signed-in": "in",
    "address-not-verified": "ver",
    "account-suspended": "sus",
    "research-stands-apart": "apt",
    "second-factor-required": "fac",
    "forbidden": "no",
    "not-yours": "own",
    "staff-stand-apart": "stf",
    "hosts-only": "hst",
}


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert set(ROWS) == set(OPERATIONS)
    assert len(ROWS) == sum(map(len, TABLE["operations"].values())), "none stands in two rights"
    assert set(TABLE["operations"]) == set(RIGHTS)
    assert {len(row) for row in RIGHTS.values()} == {len(PEOPLE)}
    takes_body = {name for name, (_, _, one) in OPERATIONS.items() if "requestBody" in one}
    assert set(BODIES) == takes_body
    assert set(STAFF) < set(PEOPLE)


def word_of(answer: httpx2.Response) -> str:
    """An answer as the table says it."""
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    kind = answer.json()["type"] if is_problem else ""
    return REFUSALS.get(kind, str(answer.status_code))


async def ask(grid: Grid, client: httpx2.AsyncClient, name: str, operation: str) -> httpx2.Response:
    """One cell; what ends a sign-in is asked from another browser of theirs."""
    method, path, _ = OPERATIONS[operation]
    asked = request(grid, name, operation, path)
    if operation not in ENDS_SIGN_INS:
        return await client.request(method, **asked)
    async with await grid.client(name, is_fresh=True) as other:
        return await other.request(method, **asked)


def wrong_in(answer: httpx2.Response, operation: str, name: str) -> str | None:
    """How an answer differs from its cell."""
    right, status = ROWS[operation]
    expected = RIGHTS[right][PEOPLE.index(name)]
    met = word_of(answer)
    if met != (str(status) if expected == "yes" else expected):
        return f"{expected} ({status}), met {met} {answer.text[:200] if met.isdigit() else ''}"
    if met == "apt" and "another account" not in answer.json()["detail"]:
        return "it is not said what to do"
    if expected != "yes" and (MARKER in answer.text or "Author" in answer.text):
        return "the refusal tells what it is about"
    return None


async def test_everybody_may_what_the_grid_says_and_no_more(app: FastAPI) -> None:
    grid = await furnish(app)
    wrong = []
    for name in PEOPLE:
        async with await grid.client(name, is_fresh=False) as client:
            for operation in IN_ORDER:
                if ROWS[operation][0] == "anyone" and name not in ANYONE:
                    continue
                answer = await ask(grid, client, name, operation)
                if why := wrong_in(answer, operation, name):
                    wrong.append(f"{operation} as {name}: {why}")
    assert not wrong, "\n".join(wrong)
