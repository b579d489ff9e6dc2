"""Bad and hostile text, posted through the API."""

import itertools
from typing import Any

import orjson
from fastapi import FastAPI

from app.core.allowances import Allowances
from app.core.db import AnyConnection
from tests.community.vectors import vectors
from tests.people import SignedIn
from tests.support.html import what_is_wrong

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"

REFUSED = {
    "empty": "",
    "blank": " \n\t ",
    "no-break spaces": "\u00a0\u2003",
    "zero-width": "\u200b\u200c\u200d\ufeff",
    "only overrides": "\u202e\u202d",
    "fillers": "\u3164\u2800\u115f",
    "marks around nothing": "**\u200b** ~~\u200d~~",
    "only controls": "\x01\x02\x1b",
    "NUL": "before\x00after",
    "one too many": "a" * 10_001,
    "one emoji too many": "😀" * 10_001,
    "far too many": "a" * 40_000,
    "a lone surrogate": "\ud800",
    "a surrogate in words": "ok \udc00 ok",
}

TAKEN = {
    "a letter": "a",
    "as long as can be": "a" * 10_000,
    "ten thousand emoji": "😀" * 10_000,
    "a family": FAMILY,
    "a right-to-left override": "abc\u202egnp.exe",
    "right-to-left words": "مرحبا بالعالم",
    "controls in words": "be\x07ll\x1b[31m",
    "marks without end": "z" + "\u0301" * 500,
    "one long word": "w" * 3000,
    "a thousand lines": "line\n" * 1000,
    "a deep quote": ">" * 500 + " deep",
}


async def send(author: SignedIn, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """As a browser would send it: escaped, so that what can't be UTF-8 arrives too."""
    fields = b",".join(orjson.dumps(key) + b":" + _escape(value) for key, value in body.items())
    content = b"{" + fields + b"}"
    answer = await author.client.post(
        path, content=content, headers={"Content-Type": "application/json"}
    )
    return answer.status_code, answer.json()


def _escape(value: object) -> bytes:
    if not isinstance(value, str):
        return orjson.dumps(value)
    units = value.encode("utf-16-be", "surrogatepass")
    pairs = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
    return ('"' + "".join(f"\\u{unit}" for unit in pairs) + '"').encode()


async def test_what_can_not_be_a_post_is_refused_in_words(
    rowan: SignedIn, sky: SignedIn, connection: AnyConnection
) -> None:
    post = await rowan.publish()
    paths = ("/api/v1/posts", f"/api/v1/posts/{post['id']}/replies")
    for (name, body), path in itertools.product(REFUSED.items(), paths):
        status, problem = await send(sky, path, {"body": body})
        assert status == 422, (name, problem)
        assert [error["pointer"] for error in problem["errors"]] == ["/body"], name
        assert problem["errors"][0]["detail"].endswith("."), name
    cursor = await connection.execute("SELECT count(*) AS posts FROM community.posts")
    assert await cursor.fetchone() == {"posts": 1}


async def test_what_is_only_unusual_is_taken(rowan: SignedIn, sky: SignedIn) -> None:
    for name, body in TAKEN.items():
        status, post = await send(rowan, "/api/v1/posts", {"body": body})
        assert status == 201, (name, post)
        seen = await sky.get(f"/posts/{post['id']}")
        assert what_is_wrong(seen["body_html"]) == [], name
        assert not set("\u202e\x07\x1b") & set(seen["body_html"]), name


async def test_a_note_says_a_word_or_isnt_there(rowan: SignedIn) -> None:
    for about in ("", " \u200b", "x" * 61, "a\x00b"):
        answer = await rowan.client.post(
            "/api/v1/posts", json={"body": "Hi.", "note": {"about": about}}
        )
        assert answer.status_code == 422, about
        assert answer.json()["errors"][0]["pointer"] == "/note/about", about


async def test_a_malformed_request_is_refused_in_words(rowan: SignedIn) -> None:
    for body in (
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"body": 7}',
        b'{"body": null}',
        b'{"body": "a", "more": 1}',
        b"\xff",
    ):
        answer = await rowan.client.post(
            "/api/v1/posts", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json", body
        assert answer.json()["detail"].endswith("."), body


async def test_every_vector_leaves_as_html_that_can_do_nothing(
    app: FastAPI, rowan: SignedIn, sky: SignedIn
) -> None:
    wrong: dict[str, list[str]] = {}
    seen = 0
    for vector in vectors():
        app.state.allowances = Allowances()  # more than one person may write in a while
        status, post = await send(rowan, "/api/v1/posts", {"body": vector.payload})
        if status == 422:
            continue
        assert status == 201, (vector, post)
        seen += 1
        found = what_is_wrong((await sky.get(f"/posts/{post['id']}"))["body_html"])
        if found:
            wrong[f"{vector.id} ({vector.source})"] = found
    assert wrong == {}
    assert seen > 315
