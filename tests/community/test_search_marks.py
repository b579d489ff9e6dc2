"""What search found is marked where it stands, and a mark changes nothing else."""

import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from app.community import highlights, search_words
from app.core import text
from app.core.db import Database
from tests.people import SignedIn


async def marked(browser: SignedIn, q: str) -> list[str]:
    return [item["body_html"] for item in (await browser.get("/search", q=q))["items"]]


#: What someone wrote, what is asked, and how it is shown.
MARKED = [
    ("I could not sleep.", "sleeping", "I could not <mark>sleep</mark>."),
    (
        "Sleep, SLEEPS and sleepless",
        "sleep",
        "<mark>Sleep</mark>, <mark>SLEEPS</mark> and sleepless",
    ),
    ("the last night, and a night", '"last night"', "the <mark>last night</mark>, and a night"),
    (
        "the last night, and a night",
        "last night",
        "the <mark>last night</mark>, and a <mark>night</mark>",
    ),
    (
        "the last *night* of it",
        '"last night"',
        "the <mark>last</mark> <em><mark>night</mark></em> of it",
    ),
    ("at the café", "cafe", "at the <mark>café</mark>"),
    ("une éclair", "ECLAIR", "une <mark>éclair</mark>"),
    ("I can’t go on", "can't", "I <mark>can’t</mark> go on"),
    ("She is dying inside", "die", "She is <mark>dying</mark> inside"),
    ("I'm lying down", "lie", "I'm <mark>lying</mark> down"),
    ("Cries, he cried", "cry", "<mark>Cries</mark>, he <mark>cried</mark>"),
    ("I've been, we've been", "ive", "<mark>I've</mark> been, we've been"),
    ("I've been, we've been", "weve", "I've been, <mark>we've</mark> been"),
    ("and y'all, é", "yall", "and <mark>y'all</mark>, é"),
    ("and y'all", "yall", "and <mark>y'all</mark>"),
    ("sleep/mood (sleep)", "sleep", "<mark>sleep</mark>/mood (<mark>sleep</mark>)"),
    ("mark & amp; amps", "amp", "<mark>mark</mark> &amp; <mark>amp</mark>; <mark>amps</mark>"),
    ("up -down", "up -sideways", "<mark>up</mark> -down"),
    ("とても強調したい", "強調", "とても<mark>強調</mark>したい"),
    ("ฉันรู้สึกเศร้ามาก", "เศร้า", "ฉันรู้สึก<mark>เศร้า</mark>มาก"),
    ("so 💊 today", "💊", "so <mark>💊</mark> today"),
    ("это ещё не всё", "еще", "это <mark>ещё</mark> не всё"),
    ("می\u200cخواهم", "میخواهم", "<mark>می\u200cخواهم</mark>"),
    ("by e-mail, e or mail", "email", "by <mark>e-mail</mark>, e or mail"),
    ("by email", "e-mail", "by <mark>email</mark>"),
    ("by e-mail only", '"email only"', "by <mark>e-mail only</mark>"),
    ("at self-harm, harm", "self-harm", "at <mark>self-harm</mark>, harm"),
    ("call 116 123 now", "116123", "call <mark>116 123</mark> now"),
    ("call 116123 now", "116 123", "call <mark>116123</mark> now"),
    ("call (020) 7946 0000.", "02079460000", "call (<mark>020) 7946 0000</mark>."),
    ("10,000 steps", "10000", "<mark>10,000</mark> steps"),
    ("on 50mg", "50", "on <mark>50mg</mark>"),
    ("on 50mg", "mg", "on <mark>50mg</mark>"),
    ("on 50 mg", "50mg", "on <mark>50 mg</mark>"),
    ("my B.P.D. and b", "bpd", "my <mark>B.P.D</mark>. and b"),
    ("my C\u2011PTSD é", "cptsd", "my <mark>C\u2011PTSD</mark> é"),
    ("so. mind, care", "https://www.mind.care", "so. <mark>mind</mark>, <mark>care</mark>"),
    ("on 100µg", "ug", "on <mark>100µg</mark>"),
    ("हिंदी", "हिन्दी", "<mark>हिंदी</mark>"),
]


ENDINGS = (
    *("", "s", "es", "ies", "ied", "ier", "iness", "y", "ying", "ing", "ingly", "ed", "edly"),
    *("eed", "ly", "ency", "ancy", "ably", "izer", "ization", "ational", "ator", "alism"),
    *("ality", "fulness", "ousness", "iveness", "bility", "bly", "ogy", "icity", "ative"),
    *("ement", "e", "le", "ss", "us"),
)


async def test_what_was_found_is_marked(rowan: SignedIn) -> None:
    for said, asked, shown in MARKED:
        post = await rowan.publish(said)
        (html,) = await marked(rowan, asked)
        inner = html.removesuffix("</p>").split(">", 1)[1]
        assert inner == shown.replace("<mark>mark</mark>", "mark"), (said, asked)
        await rowan.withdraw(post)


async def test_a_mark_stands_in_no_tag_and_makes_none(rowan: SignedIn, sky: SignedIn) -> None:
    await rowan.publish(
        "[dir](https://example.org/rel?a=1&b=2) <b>auto</b> `p` rel a href auto, amp lt gt quot"
    )
    for q in (
        "dir",
        "rel",
        "auto",
        "href",
        "p",
        "https",
        "example.org",
        "a",
        "amp lt gt b quot",
        "b 1 2",
    ):
        (html,) = await marked(sky, q)
        bare = html.replace("<mark>", "").replace("</mark>", "")
        assert bare == (await sky.wall())[0]["body_html"], q
        for tag in re.findall("<[^>]*>", html):
            assert tag in {"<mark>", "</mark>"} or "mark" not in tag, (q, html)
        assert html.count("<mark>") == html.count("</mark>"), q
        assert "&<mark>" not in html, q
    (item,) = (await sky.get("/search", q="b"))["items"]
    assert "&lt;<mark>b</mark>&gt;auto" in item["body_html"]


async def test_every_word_begins_as_is_looked_for_by_its_stem(database: Database) -> None:
    """Words of every short beginning and every ending that English stems know."""
    consonants, vowels = "bcdlnstvy", "aeiouy"
    short = {a + b for a in ("", *consonants, *vowels) for b in (*consonants, *vowels)}
    bases = short | {a + v + b for a in consonants for v in vowels for b in consonants}
    words = [base + ending for base in sorted(bases) for ending in ENDINGS]
    for word, stem in (await highlights.stems(database.pool, words)).items():
        assert word.startswith(highlights.near({stem}).begins), (word, stem)


async def test_the_note_says_what_was_found_in_it_and_nothing_it_could_do(
    rowan: SignedIn, sky: SignedIn
) -> None:
    await rowan.publish("Words.", note={"about": "self-harm & <i>blood</i>"})
    await rowan.publish("Words without a note.")
    plain, noted = (await sky.get("/search", q="words"))["items"]
    assert plain["note_html"] is None
    assert noted["note_html"] == "self-harm &amp; &lt;i&gt;blood&lt;/i&gt;"
    (noted,) = (await sky.get("/search", q="blood self harm"))["items"]
    assert noted["note"]["about"] == "self-harm & <i>blood</i>"
    assert noted["note_html"] == (
        "<mark>self</mark>-<mark>harm</mark> &amp; &lt;i&gt;<mark>blood</mark>&lt;/i&gt;"
    )


@given(
    said=st.text("ab cé'’<>&;-=\"\n*_`강薬💊\u0301\u200d/12.,()", min_size=1, max_size=80),
    data=st.data(),
)
@settings(max_examples=300)
def test_marks_change_nothing_else_and_every_word_has_its_place(
    said: str, data: st.DataObject
) -> None:
    html = text.render(text.clean(said + "x"))
    everything = highlights.pieces(html, None)
    words = {word for _, _, many in everything for word in many} - {search_words.BREAK}
    spoken = unescape(re.sub("<[^>]*>", "\n", re.sub("&[a-z]+;", "\n", html)))
    assert words == set(search_words.words(spoken).split()) - {search_words.BREAK}
    stem = {word: word for word in (*words, search_words.BREAK)}
    wanted = [(data.draw(st.sampled_from(sorted(words))),)] if words else []
    whole = highlights.put(html, everything, wanted, stem)
    near = highlights.put(
        html,
        highlights.pieces(html, highlights.place_of(wanted, stem)),
        wanted,
        stem,
    )
    assert whole == near
    assert whole.replace("<mark>", "").replace("</mark>", "") == html
