"""No text of one person keeps the others waiting."""

import asyncio
import threading
import time
import tracemalloc
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.community import highlights, passages, posts, repeated_quotes, search_words
from app.community.content import Content
from app.core import rendering, text
from app.core.db import Database, unit_of_work
from tests.people import SignedIn

PILE = "a" + "\u0301" * 64_000 + "\u0316" * 64_000
FITTING_PILE = "a" + "\u0301" * 19_999 + "\u0316" * 20_000
COSTLY = "***a" * 2_500


@pytest.mark.parametrize(
    "body",
    [
        {"body": PILE},
        {"body": "Hello.", "note": {"about": PILE}},
        {"body": "Hello.", "note": {"about": FITTING_PILE}},
        {"body": "b" * 40_001},
    ],
    ids=["body", "note", "a shorter note", "letters"],
)
async def test_what_is_far_too_long_is_refused_before_anything_is_made_of_it(
    rowan: SignedIn, body: dict[str, object]
) -> None:
    post = await rowan.publish()
    for method, path in (
        ("POST", "/posts"),
        ("PUT", f"/posts/{post['id']}"),
        ("POST", f"/posts/{post['id']}/replies"),
    ):
        began = time.process_time()
        answer = await rowan.client.request(method, f"/api/v1{path}", json=body)
        assert time.process_time() - began < 1
        assert answer.status_code == 422, path
        assert "too long" in answer.text or "Please shorten it" in answer.text


async def test_a_pile_of_marks_is_cut_to_what_a_letter_carries(rowan: SignedIn) -> None:
    began = time.process_time()
    post = await rowan.publish(FITTING_PILE)
    assert time.process_time() - began < 1
    assert len(post["body_source"]) <= text.MOST_MARKS + 1


async def test_while_a_costly_text_is_rendered_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rendered elsewhere: rendering waits here for something that only the loop can do."""
    goes_on, render = threading.Event(), text.render
    waited: list[bool] = []

    def wait_and_render(source: str) -> str:
        waited.append(goes_on.wait(timeout=30))
        return render(source)

    monkeypatch.setattr(text, "render", wait_and_render)
    asyncio.get_running_loop().call_soon(goes_on.set)
    assert (await Content.of(COSTLY, None)).html == render(COSTLY)
    assert waited == [True]


async def test_texts_rendered_at_once_come_out_as_one_by_one() -> None:
    texts = [f"*{n}* " * (400 if n % 3 else 2) + "https://example.org/" for n in range(30)]
    expected = [text.render(one) for one in texts]
    assert await asyncio.gather(*(rendering.render(one) for one in texts)) == expected


async def test_a_text_that_nobody_waits_for_any_more_holds_up_no_other() -> None:
    given_up = asyncio.create_task(rendering.render(COSTLY))
    waiting = asyncio.create_task(rendering.render(COSTLY))
    await asyncio.sleep(0)
    given_up.cancel()
    waiting.cancel()
    await asyncio.gather(given_up, waiting, return_exceptions=True)
    assert await rendering.render("*a*") == '<p dir="auto"><em>a</em></p>'


LONG = "word " * 1_900
#: Each sign is taken apart into eighteen.
ARABIC = "\ufdfa" * 2_000


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], list[bool]]:
    """Makes a function wait for something that only the loop can do, whenever it is called."""

    def watch(module: Any, name: str) -> list[bool]:
        went_on: list[bool] = []
        done = getattr(module, name)
        loop = asyncio.get_running_loop()

        def wait_and_do(*args: Any) -> Any:
            goes_on = threading.Event()
            loop.call_soon_threadsafe(goes_on.set)
            went_on.append(goes_on.wait(timeout=30))
            return done(*args)

        monkeypatch.setattr(module, name, wait_and_do)
        return went_on

    return watch


async def test_while_the_words_of_a_costly_text_are_found_the_loop_goes_on(
    rowan: SignedIn, beside: Callable[[Any, str], list[bool]]
) -> None:
    went_on = beside(search_words, "words")
    assert (await rowan.publish(ARABIC))["body_source"] == ARABIC
    assert went_on == [True]


async def test_while_quotes_are_held_against_what_is_hidden_the_loop_goes_on(
    rowan: SignedIn, database: Database, beside: Callable[[Any, str], list[bool]]
) -> None:
    root = await rowan.publish()
    hidden = await rowan.reply(root, LONG)
    for number in range(4):
        await rowan.edit(hidden, f"{LONG} {number}")
    await rowan.reply(root, f"> {LONG}")
    went_on = beside(repeated_quotes, "covered")
    async with unit_of_work(database) as session:
        post = await posts.get(session, UUID(hidden["id"]), lock=True)
        await posts.hide(session, post, reason="It described a method.")
    assert went_on == [True], "the one that quotes it is covered"
    quoting = await rowan.reply(root, f"> {LONG} again")
    assert "A moderator has hidden what is quoted here" in quoting["body_html"]
    assert went_on == [True, True]


async def test_while_a_long_page_of_what_was_found_is_marked_the_loop_goes_on(
    rowan: SignedIn, beside: Callable[[Any, str], list[bool]]
) -> None:
    for _ in range(5):
        await rowan.publish(LONG)
    went_on = [beside(highlights, "pieces"), beside(highlights, "put")]
    found = await rowan.get("/search", q='"word word"')
    assert [len(found["items"]), *map(set, went_on)] == [5, {True}, {True}]


@pytest.mark.parametrize(
    "said",
    ["a-", "a.", "1 ", "1) ", "1-1 ", "1,000", "1", "-", "_", "न्त-", "é-", "薬-", "'s", "1 1a"],
)
def test_many_ways_to_spell_a_word_cost_no_more_than_words(said: str) -> None:
    """Some milliseconds each; what grows with the square of a text takes a minute of these."""
    long = f"a {said * (100_000 // len(said))}"
    began = time.process_time()
    search_words.words(long)
    search_words.asked(long[:20_000])
    highlights.pieces(long, None)
    highlights.pieces(long, highlights.near({"ab"}))
    assert time.process_time() - began < 2


async def test_while_a_costly_question_is_cut_into_words_the_loop_goes_on(
    rowan: SignedIn, beside: Callable[[Any, str], list[bool]]
) -> None:
    went_on = beside(search_words, "asked")
    assert (await rowan.get("/search", q=f"https://{ARABIC[:900]}"))["items"] == []
    assert went_on == [True]


def test_of_many_long_hidden_texts_little_is_kept() -> None:
    """To keep all runs of all of them took 17 MB for each text of 10,000 signs."""
    hidden = [
        "".join(chr(0x4E00 + (number * 7_919 + at * at * 31) % 20_000) for at in range(3_000))
        for number in range(10)
    ]
    quoting = text.render("\n\nYes.\n\n".join(f"> {'語' * length}" for length in range(1, 13)))
    tracemalloc.start()
    try:
        repeated_quotes.covered([quoting], hidden)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("marks", ["“‘\"'«„「『《‹", '"', "a'", "'", "`", "“„", "“” ", "»«"])
@pytest.mark.parametrize("words", ["", "a b c ", "a b c " * 1_600])
def test_however_many_marks_stand_a_text_is_asked_for_a_few_times(marks: str, words: str) -> None:
    html = text.render((f"{marks}{words}" * 10_000)[:10_000])
    asked: list[int] = []

    def note(passage: str) -> bool:
        asked.append(len(passage))
        return False

    assert passages.without(html, note) == html
    assert sum(asked) <= 16 * len(html)


@given(
    said=st.lists(st.sampled_from("ab"), max_size=30),
    rows=st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), max_size=4),
)
def test_words_in_a_row_are_marked_wherever_the_row_stands(
    said: list[str], rows: list[list[str]]
) -> None:
    html = ".".join(said)  # no two neighbours are marked as one
    found = [(2 * at, 2 * at + 1, (word,)) for at, word in enumerate(said)]
    inside = {
        at + n
        for row in rows
        for at in range(len(said))
        if said[at : at + len(row)] == row
        for n in range(len(row))
    }
    expected = ".".join(
        f"<mark>{word}</mark>" if at in inside else word for at, word in enumerate(said)
    )
    stem = {letter: letter for letter in "abc"}
    assert highlights.put(html, found, [tuple(row) for row in rows], stem) == expected
