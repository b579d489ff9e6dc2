"""Search: the words people remember, the newest first, never what one may not see."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st

from app.community import finding
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


#: What someone wrote, and what someone looks for who remembers it.
FOUND = [
    ("I feel so down", "down"),
    ("I don't know myself any more", "myself"),
    ("Why me? It's not fair.", "why me"),
    ("Not again!", "not again"),
    ("Not again!", '"not again"'),
    ("I can't sleep", "can't"),
    ("I can't sleep", "can’t"),
    ("I can’t sleep", "can't"),
    ("I can’t sleep", "cant"),
    ("I cant sleep", "can't"),
    ("I don’t want this", "don't"),
    ("They're all at it, and I've had it", "theyre ive"),
    ("I'll be here", "I’ll"),
    ("my mum's house", "mum"),
    ("the O’Brien ward", "o'brien"),
    ("who am i now", "who am I"),
    ("life or death", "or"),
    ("at the café", "cafe"),
    ("at the cafe", "CAFÉ"),
    ("Ich fühle mich müde", "fuhle mude"),
    ("naïve in Łódź", "naive lodz"),
    ("straße", "strasse"),
    ("took my meds.Then slept", "meds"),
    ("took my meds.Then slept", "then"),
    ("sleep/mood is bad", "sleep"),
    ("sleep/mood is bad", "mood"),
    ("sleep and mood", "sleep/mood"),
    ("up,down;left—right…again", "down left right again"),
    ("self-harm", "self harm"),
    ("self harm", "self-harm"),
    ("2*50mg", "50mg"),
    ("snake_case_words", "case"),
    ("see https://example.org/help/a_b?x=1#top.", "https://example.org/help/a_b?x=1#top"),
    ("see https://example.org/help", "example.org"),
    ("see www.mind.org.uk/help", "mind.org.uk"),
    ("это ещё не всё", "еще"),
    ("مرحبا بكم", "مرحبا"),
    ("नमस्ते दुनिया", "दुनिया"),
    ("とても強調したいです", "強調"),
    ("ฉันรู้สึกเศร้ามาก", "เศร้า"),
    ("so 💊 today", "💊"),
    ("in\u00advis\u200bible", "invisible"),
    ("می\u200cخواهم", "میخواهم"),
]


async def test_every_word_is_found(rowan: Browser) -> None:
    other = await rowan.publish("Something different.")
    posts = {said: await rowan.publish(said) for said, _ in FOUND}
    for said, asked in FOUND:
        found = await find(rowan, asked)
        assert posts[said]["id"] in found, (said, asked)
        assert other["id"] not in found, asked


async def test_what_was_not_said_is_not_found(rowan: Browser) -> None:
    post = await rowan.publish("I'll come down and we're well, 病院 and hospital.")
    for q in (
        "ill",
        "id",
        "hell",
        "院病",
        '"down come"',
        "down -well",
        'come -"come down"',
        "-come",
    ):
        assert await find(rowan, q) == [], q
    for q in ('"come down"', "down -up", "“come down”", "病院", "--down", "come - down", '"down'):
        assert await find(rowan, q) == [post["id"]], q


async def test_an_address_of_ours_finds_its_post(rowan: Browser, sky: Browser) -> None:
    post = await rowan.publish("Where it began.")
    reply = await sky.reply(post, "And went on.")
    address = f"https://alongside.example/threads/{post['id']}"
    telling = await sky.publish(f"I read {address} again.")
    assert await find(sky, address) == [post["id"], telling["id"]]
    assert await find(sky, f"{address}#post-{reply['id']}") == [reply["id"]]
    await rowan.withdraw(await rowan.publish("Gone."))
    hidden = address.replace(post["id"], "01a21b26-0000-7000-8000-000000000000")
    assert await find(sky, hidden) == []
    assert await find(sky, "https://x.example/" + "a" * 700) == []


#: What PostgreSQL's own parser of queries stumbles over, and what is just odd.
ODD = [
    *("-" * 33, "- " * 40, "-a " * 60, '"' * 99, "!" * 50, "((((", "& | !", "'", "\\", ":*", "<->"),
    *("or " * 60, "a" * 200, "ﷺ" * 200, "a:b & !c", "-", '-"', '-""', '"-"', "a -", "\u0301" * 9),
    *("😀" * 200, "薬" * 200, "https://a.b/" + "?-&" * 300, "https://" + "ﷺ" * 900, "a'" * 99),
]


async def test_whatever_is_asked_there_is_an_answer(rowan: Browser) -> None:
    await rowan.publish("A post.")
    for q in ODD:
        assert await rowan.status(f"/search?q={quote(q)}") in {200, 422}, q
    assert await rowan.status(f"/search?q={quote('-' * 33)}") == 200
    assert await rowan.status(f"/search?q={quote('- ' * 40)}") == 200


def test_any_query_can_be_parsed(database_url: str) -> None:
    anything = st.text(max_size=200) | st.text(alphabet="-\"' aor!&|():*<>\\é’薬", max_size=200)

    @given(q=anything)
    @settings(max_examples=500, deadline=None)
    def parse(q: str) -> None:
        connection.execute(
            "SELECT websearch_to_tsquery(%s, %s) @@ to_tsvector(%s, %s)",
            (finding.CONFIGURATION, finding.asked(q), finding.CONFIGURATION, finding.words(q)),
        )

    with psycopg.connect(database_url, autocommit=True) as connection:
        parse()


async def test_words_that_say_nothing_find_nothing(rowan: Browser) -> None:
    await rowan.publish("The and of it.")
    for q in ("& | !", "'", "\\", "(((", "--", '""'):
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
