"""Search: the words people remember, the newest first, never what one may not see."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st

from app.community import posts, search_words
from app.core import clock
from app.core.db import Database, unit_of_work
from tests.community.test_wall import walk
from tests.people import Json, SignedIn

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def find(browser: SignedIn, q: str) -> list[str]:
    items: list[Json] = (await browser.get("/search", q=q))["items"]
    return [item["id"] for item in items]


async def test_posts_and_replies_are_found_by_their_words(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish("I could not sleep last night.")
    reply = await sky.reply(post, "Sleeping badly here too.")
    assert await find(sky, "sleep") == [reply["id"], post["id"]]
    assert await find(sky, '"last night"') == [post["id"]]
    assert await find(sky, "sleep -night") == [reply["id"]]
    assert await find(sky, "sleep night") == [post["id"]]
    assert await find(sky, "insomnia") == []


async def test_it_follows_edits_and_withdrawals(rowan: SignedIn, sky: SignedIn) -> None:
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
    ("I can´t sleep", "can't"),
    ("I can't sleep", "can`t"),
    ("You'll see, it'll pass", "youll"),
    ("They’d have called", "theyd"),
    ("She's here and he's not", "shes hes"),
    ("hes not well and whos with him", "he's who’s"),
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
    ("see https://www.mind.org.uk/help", "mind.org.uk/help"),
    ("call 116 123 now", "116 123"),
    ("call 116-123", "116 123"),
    ("my C\u2011PTSD", "c-ptsd"),
    ("no one is here", "no-one"),
]


#: The same words, spelled by another person or on another keyboard.
SPELLED = [
    ("see www.mind.org.uk/help", "https://www.mind.org.uk/help"),
    ("see mind.org.uk/help", "https://www.mind.org.uk/help"),
    ("see mind.org.uk/help", "www.mind.org.uk/help"),
    ("see http://mind.org.uk/help", "https://www.mind.org.uk/help/"),
    ("see www.mind.org.uk/help", "(https://mind.org.uk/help)"),
    ("see mind.org.uk/help", '"https://mind.org.uk/help"'),
    ("call 116 123 now", "116123"),
    ("call 116123 now", "116 123"),
    ("call 116 123 now", '"call 116123 now"'),
    ("call 116123 now", '"call 116 123"'),
    ("call (020) 7946 0000", "02079460000"),
    ("call 02079460000", "(020) 7946-0000"),
    ("01.23.45.67.89", "0123456789"),
    ("10,000 steps", "10000"),
    ("10000 steps", "10,000"),
    ("on 50 mg", "50mg"),
    ("on 50mg", "50 mg"),
    ("on 50mg", "50"),
    ("on 50mg", "mg"),
    ("took 7.5mg", "7.5"),
    ("took 7.5 mg", "7.5mg"),
    ("up at 3:30am", "3:30"),
    ("up at 3:30 am", "3:30am"),
    ("it is 3 p.m.", "3pm"),
    ("vitamin B-12", "b12"),
    ("my B.P.D. is", "bpd"),
    ("my BPD is", "b.p.d."),
    ("in the U.K.", "uk"),
    ("in the UK", "U.K."),
    ("my C-PTSD", "cptsd"),
    ("my CPTSD", "C-PTSD"),
    ("on antidepressants", "anti-depressants"),
    ("on anti-depressants", "antidepressants"),
    ("on anti-depressants", "antidepressant"),
    ("co-codamol", "cocodamol"),
    ("cocodamol", "co-codamol"),
    ("no-one is here", "noone"),
    ("noone is here", "no-one"),
    ("by e-mail only", "email"),
    ("by email only", "e-mail"),
    ("by e-mail only", '"by email only"'),
    ("by email only", '"by e-mail only"'),
    ("self-harm", "selfharm"),
    ("hey y'all", "yall"),
    ("علی گفت", "علي"),
    ("هذا علي", "علی"),
    ("کتاب", "كتاب"),
    ("على", "علي"),
    ("مدرسة", "مدرسه"),
    ("२५ ٥٠ ۷۵", "25 50 75"),
    ("ज़िंदगी", "जिंदगी"),
    ("जिंदगी", "ज़िन्दगी"),
    ("हिंदी", "हिन्दी"),
    ("हिन्दी", "हिंदी"),
    ("सम्बंध", "संबन्ध"),
    ("मैं हूँ", "हूं"),
    ("धीरे-धीरे", "धीरेधीरे"),
    ("100µg", "100ug"),
    ("100 ug", "100μg"),
    ("I'm down -5 today", "-5"),
    ("only -minus", "-minus"),
]


async def test_every_word_is_found(rowan: SignedIn) -> None:
    await is_found(rowan, FOUND)


async def test_a_word_is_found_however_it_is_spelled(rowan: SignedIn) -> None:
    await is_found(rowan, SPELLED)


async def is_found(browser: SignedIn, pairs: list[tuple[str, str]]) -> None:
    other = await browser.publish("Something different.")
    posts = {said: await browser.publish(said) for said in dict(pairs)}
    for said, asked in pairs:
        found = await find(browser, asked)
        assert posts[said]["id"] in found, (said, asked)
        assert other["id"] not in found, asked


async def test_what_was_not_said_is_not_found(rowan: SignedIn) -> None:
    post = await rowan.publish("I'll come down and we're well, 病院 and hospital.")
    for q in (
        "ill",
        "id",
        "hell",
        "院病",
        '"down come"',
        "down -well",
        'come -"come down"',
        "come -down",
        "down-come",
        "wellie",
    ):
        assert await find(rowan, q) == [], q
    for q in ('"come down"', "down -up", "“come down”", "病院", "--down", "come - down", '"down'):
        assert await find(rowan, q) == [post["id"]], q
    assert await find(rowan, "-come") == [post["id"]], "nobody wants all the rest"


async def test_words_in_parts_are_left_out_and_told_from_others(rowan: SignedIn) -> None:
    post = await rowan.publish("By e-mail: harm to myself, took 7 of 5 mg, 2 50 times, 12:30.")
    for q in ("by -email", "by -e-mail", "self-harm", "7.5", "75", "250", "1230", "mg -6", "-xyz"):
        assert await find(rowan, q) == [], q
    for q in ("by -mailing-list", "2 50", "harm myself", "12.30", '"e mail harm"'):
        assert await find(rowan, q) == [post["id"]], q


async def test_an_address_of_ours_finds_its_post(rowan: SignedIn, sky: SignedIn) -> None:
    post = await rowan.publish("Where it began.")
    reply = await sky.reply(post, "And went on.")
    address = f"https://alongside.example/threads/{post['id']}"
    telling = await sky.publish(f"I read {address} again.")
    assert await find(sky, address) == [post["id"], telling["id"]]
    for between in ("#", "/#", "?from=news#", "/?from=news&a=b#", "%23", "?from=news%23"):
        assert (await find(sky, f"{address}{between}post-{reply['id']}"))[0] == reply["id"], between
    for end in ("/", "?from=news", "#", "#post-1", "/?a#top"):
        assert (await find(sky, f"{address}{end}"))[0] == post["id"], end
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


async def test_whatever_is_asked_there_is_an_answer(rowan: SignedIn) -> None:
    await rowan.publish("A post.")
    for q in ODD:
        assert await rowan.status(f"/search?q={quote(q)}") in {200, 422}, q
    assert await rowan.status(f"/search?q={quote('-' * 33)}") == 200
    assert await rowan.status(f"/search?q={quote('- ' * 40)}") == 200


def test_any_query_can_be_parsed(database_url: str) -> None:
    anything = st.text(max_size=200) | st.text(alphabet="-\"' aor!&|():*<>\\é’薬", max_size=200)

    @given(q=anything)
    @settings(max_examples=500)
    def parse(q: str) -> None:
        connection.execute(
            "SELECT to_tsquery(%s, %s) @@ to_tsvector(%s, %s)",
            (
                search_words.CONFIGURATION,
                search_words.asked(q),
                search_words.CONFIGURATION,
                search_words.words(q),
            ),
        )

    with psycopg.connect(database_url, autocommit=True) as connection:
        parse()


def test_what_was_written_finds_itself_in_words_and_as_a_phrase(database_url: str) -> None:
    alphabet = "abs '’.,()-_é薬हिन्दी‐µ1234 \n\xa0/:"

    @given(said=st.text(max_size=60) | st.text(alphabet=alphabet, max_size=60))
    @settings(max_examples=500)
    def is_found(said: str) -> None:
        said = re.sub(r"(?<!\S)-+", "", re.sub('["“”„‟«»＂]', "", said))
        for asked in filter(None, (search_words.asked(said), search_words.asked(f'"{said}"'))):
            values = (
                search_words.CONFIGURATION,
                asked,
                search_words.CONFIGURATION,
                search_words.words(said),
            )
            rows = connection.execute("SELECT to_tsquery(%s, %s) @@ to_tsvector(%s, %s)", values)
            assert rows.fetchone() == (True,), asked

    with psycopg.connect(database_url, autocommit=True) as connection:
        is_found()


async def test_words_that_say_nothing_find_nothing(rowan: SignedIn) -> None:
    await rowan.publish("The and of it.")
    for q in ("& | !", "'", "\\", "(((", "--", '""'):
        assert await find(rowan, q) == []
    for q in ("", "   ", "a\x00b", "x" * 201):
        answer = await rowan.client.get("/api/v1/search", params={"q": q})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/q"
    assert await rowan.status("/search") == 422


async def test_the_words_of_a_content_note_are_found(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish("A hard night.", note={"about": "Self-harm, and café smells"})
    reply = await sky.reply(post, "Me too.", note={"about": "drinking"})
    for q in ("self-harm", "self harm", "HARM", "cafe", '"self harm"', "night harm"):
        assert await find(sky, q) == [post["id"]], q
    assert await find(rowan, "drinking") == [reply["id"]]
    assert await find(sky, '"smells a"') == [], "a phrase never runs from the note into the text"
    await rowan.edit(post, "A hard night.", note={"about": "sad"})
    assert await find(sky, "harm") == []
    assert await find(sky, "sad") == [post["id"]]
    await rowan.edit(post, "A hard night.")
    assert await find(sky, "sad") == []
    async with unit_of_work(database) as session:
        await posts.fold(session, await posts.get(session, post["id"], lock=True), about="panic")
    assert await find(sky, "panic") == [post["id"]], "also that of a moderator"
    await rowan.edit(post, "A hard morning.")
    assert await find(sky, "panic morning") == [post["id"]]
    async with unit_of_work(database) as session:
        await posts.unfold(session, await posts.get(session, post["id"], lock=True), about=None)
    assert await find(sky, "panic") == []
    await rowan.withdraw(post)
    assert await find(rowan, "morning") == []


async def test_pages_hold_every_hit_once(rowan: SignedIn, sky: SignedIn) -> None:
    made = []
    for number in range(45):
        with clock.at(START + timedelta(seconds=number)):
            made.append(await rowan.publish(f"Garden {number}."))
            await sky.publish("Something else.")
    found = await walk(sky, "/search", q="garden")
    assert [post["id"] for post in found] == [post["id"] for post in reversed(made)]
