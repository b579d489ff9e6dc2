"""What leaves compressed: what every member may read, to a page of ours, and nothing else."""

import gzip

import httpx2
import pytest

from tests.people import SignedIn

OURS = {"Accept-Encoding": "br, gzip", "Sec-Fetch-Site": "same-origin"}


async def furnish(rowan: SignedIn, sky: SignedIn) -> str:
    """Enough for every list to be long; the thread's id."""
    post = await rowan.publish("Garden one.")
    for _ in range(8):
        await sky.reply(post, "Garden two, with a few more words than one.")
        await sky.publish("Garden three, with a few more words than one.")
    return str(post["id"])


async def raw(
    browser: SignedIn, path: str, headers: dict[str, str]
) -> tuple[httpx2.Response, bytes]:
    """The answer, and its body as it was on the line."""
    async with browser.client.stream("GET", f"/api/v1{path}", headers=headers) as answer:
        return answer, b"".join([piece async for piece in answer.aiter_raw()])


@pytest.mark.parametrize("path", ["/wall", "/threads/{thread}", "/search?q=garden"])
async def test_posts_leave_compressed_and_are_the_same(
    rowan: SignedIn, sky: SignedIn, path: str
) -> None:
    path = path.format(thread=await furnish(rowan, sky))
    plain, body = await raw(rowan, path, {"Accept-Encoding": "identity"})
    answer, packed = await raw(rowan, path, OURS)
    assert "content-encoding" not in plain.headers
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(packed))
    assert len(packed) < len(body) / 2
    assert gzip.decompress(packed) == body
    for one in (plain, answer):
        assert one.headers["vary"] == "Accept-Encoding, Sec-Fetch-Site"
    head = await rowan.client.head(f"/api/v1{path}", headers=OURS)
    assert head.content == b""
    for name in ("content-encoding", "content-length", "content-type", "vary"):
        assert head.headers[name] == answer.headers[name]


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "cross-site"},
        {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-site"},
        {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "br, zstd", "Sec-Fetch-Site": "same-origin"},
        {"Accept-Encoding": "gzip; q=0, br", "Sec-Fetch-Site": "same-origin"},
        {"Accept-Encoding": "gzipped", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_nobody_else_and_nobody_who_cannot_read_it_gets_it_compressed(
    rowan: SignedIn, sky: SignedIn, headers: dict[str, str]
) -> None:
    await furnish(rowan, sky)
    answer, _ = await raw(rowan, "/wall", headers)
    assert "content-encoding" not in answer.headers


async def test_what_is_meant_for_one_person_never_leaves_compressed(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn
) -> None:
    """Others write into these answers while they are read again: their length must say nothing."""
    await furnish(rowan, sky)
    paths = ["/me", "/me/notifications", "/me/activity", "/sessions", "/me/reports"]
    for browser, path in [*((rowan, path) for path in paths), (moderator, "/cases")]:
        answer, _ = await raw(browser, path, OURS)
        assert answer.status_code == 200, path
        assert "content-encoding" not in answer.headers, path


async def test_what_is_small_leaves_as_it_is(rowan: SignedIn) -> None:
    await rowan.publish("Garden one.")
    answer, body = await raw(rowan, "/wall", OURS)
    assert len(body) < 1_400
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding, Sec-Fetch-Site"
