"""Search: the words people remember, the newest first, never what one may not see."""

from datetime import UTC, datetime, timedelta

from app.core import clock
from tests.community.factories import Browser, Json
from tests.community.test_wall import walk

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def find(browser: Browser, q: str) -> list[str]:
    items: list[Json] = (await browser.get("/search", q=q))["items"]
    return [item["id"] for item in items]


async def test_posts_and_replies_are_found_by_their_words(rowan: Browser, sky: Browser) -> None:
    post = await rowan.publish("I could not sleep last night.")
    reply = await sky.reply(post, "Sleeping badly here too.")
    assert await find(sky, "sleep") == [reply["id"], post["id"]]
    assert await find(sky, '"last night"') == [post["id"]]
    assert await find(sky, "sleep -night") == [reply["id"]]
    assert await find(sky, "sleep night") == [post["id"]]
    assert await find(sky, "insomnia") == []


async def test_it_follows_edits_and_withdrawals(rowan: Browser, sky: Browser) -> None:
    post = await rowan.publish("Apples.")
    await sky.reply(post)
    await rowan.edit(post, "Pears.")
    assert await find(sky, "apples") == []
    assert await find(sky, "pears") == [post["id"]]
    await rowan.withdraw(post)
    assert await find(rowan, "pears") == []


async def test_words_that_say_nothing_find_nothing(rowan: Browser) -> None:
    await rowan.publish("The and of it.")
    for q in ("the", "& | !", "'", "\\", "((("):
        assert await find(rowan, q) == []
    for q in ("", "   ", "a\x00b", "x" * 201):
        answer = await rowan.client.get("/api/v1/search", params={"q": q})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/q"
    assert await rowan.status("/search") == 422


async def test_pages_hold_every_hit_once(rowan: Browser, sky: Browser) -> None:
    made = []
    for number in range(45):
        with clock.at(START + timedelta(seconds=number)):
            made.append(await rowan.publish(f"Garden {number}."))
            await sky.publish("Something else.")
    found = await walk(sky, "/search", q="garden")
    assert [post["id"] for post in found] == [post["id"] for post in reversed(made)]
