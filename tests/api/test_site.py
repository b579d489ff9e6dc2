"""What the built front end is served with."""

import base64
import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.api.site import Site, policy

SCRIPT = b"start();"
PAGE = b"<!doctype html><script>" + SCRIPT + b'</script><script src="/_app/x.js"></script>'
FILES = {
    "app.html": PAGE,
    "index.html": b"<!doctype html>Welcome",
    "house-rules.html": b"<!doctype html>Rules",
    "house-rules/easy-read.html": b"<!doctype html>Easy",
    "threads/_.html": b"<!doctype html>A thread",
    "icon.svg": b"<svg/>",
    "_app/immutable/entry/start.js": b"export {}",
    "_app/immutable/entry/start.js.gz": gzip.compress(b"export {}"),
    "service-worker.js": b"// worker",
}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A front end as its builder leaves it."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


@pytest.fixture
async def browser(build: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A client on the site alone."""
    site = Starlette(routes=[Mount("/", Site(build))])
    transport = httpx2.ASGITransport(app=site)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here.test") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/", FILES["index.html"]),
        ("/house-rules", FILES["house-rules.html"]),
        ("/house-rules/", FILES["house-rules.html"]),
        ("/house-rules/easy-read", FILES["house-rules/easy-read.html"]),
        ("/wall", PAGE),
        ("/threads/0198-not-known-to-the-server", FILES["threads/_.html"]),
        ("/threads/0198/deeper", PAGE),
        ("/no-kind/0198", PAGE),
    ],
)
async def test_every_address_of_the_application_is_a_page(
    browser: httpx2.AsyncClient, path: str, content: bytes
) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/unknown",
        "/_app/immutable/gone.js",
        "/robots.txt",
        "/../pyproject.toml",
        "/%2e%2e/secret.env",
    ],
)
async def test_what_is_no_page_is_not_answered_with_one(
    browser: httpx2.AsyncClient, path: str
) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_a_page_may_run_its_own_scripts_and_no_others(browser: httpx2.AsyncClient) -> None:
    directives = (await browser.get("/wall")).headers["content-security-policy"].split("; ")
    digest = base64.b64encode(hashlib.sha256(SCRIPT).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}'" in directives
    assert "default-src 'none'" in directives
    assert "frame-ancestors 'none'" in directives
    plain = (await browser.get("/house-rules")).headers["content-security-policy"]
    assert "sha256" not in plain


def test_a_policy_names_each_inline_script_once() -> None:
    twice = b"<script>a()</script><script type=module>b()</script><script>a()</script>"
    assert policy(twice).count("sha256-") == 2


async def test_every_answer_says_what_browsers_must_not_do(browser: httpx2.AsyncClient) -> None:
    for path in ("/", "/wall", "/icon.svg", "/_app/immutable/entry/start.js"):
        headers = (await browser.get(path)).headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "noindex" in headers["x-robots-tag"]
        assert "camera=()" in headers["permissions-policy"]


async def test_files_named_by_content_are_kept_and_others_asked_for_anew(
    browser: httpx2.AsyncClient,
) -> None:
    kept = await browser.get("/_app/immutable/entry/start.js")
    assert "immutable" in kept.headers["cache-control"]
    assert kept.headers["content-type"] == "text/javascript; charset=utf-8"
    worker = await browser.get("/service-worker.js")
    assert worker.headers["cache-control"] == "no-cache"


async def test_a_compressed_twin_is_sent_to_who_can_read_it(browser: httpx2.AsyncClient) -> None:
    path = "/_app/immutable/entry/start.js"
    packed = await browser.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == b"export {}"
    plain = await browser.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


async def test_pages_are_read_only(browser: httpx2.AsyncClient) -> None:
    assert (await browser.head("/wall")).status_code == 200
    assert (await browser.post("/wall")).status_code == 405


async def test_without_a_build_one_sentence_says_so(tmp_path: Path) -> None:
    transport = httpx2.ASGITransport(app=Starlette(routes=[Mount("/", Site(tmp_path))]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://here.test") as client:
        answer = await client.get("/")
    assert "make run" in answer.text
    assert "116 123" in answer.text
