"""Text comes in clean or not at all, and leaves as HTML that can do nothing."""

import re
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core import text
from app.core.errors import InvalidError
from app.core.markdown import REL
from tests.support.html import what_is_wrong, words_of

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
SIGNS = "\\`*_{}[]<>()#+-~|&/@=^!.:;\"' \n\tab1é\u202e\u200b😀"


def link(href: str, words: str | None = None) -> str:
    return f'<a href="{href}" rel="{REL}">{words or href}</a>'


def directed(html: str) -> str:
    """With what lets each block find its own direction."""
    return re.sub("<(p|li|blockquote|pre)>", r'<\1 dir="auto">', html)


@pytest.mark.parametrize(
    ("source", "cleaned"),
    [
        ("  hello \n\n", "hello"),
        ("a\r\nb\rc\x0bd\x0ce\u2028f\u2029g\x85h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("be\x07ll \x1b[31mred\x9b", "bell [31mred"),
        ("tab\tstays", "tab\tstays"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u202da\u202cb\u2066c\u2067d\u2068e\u2069", "abcde"),
        ("\ufeffbom \ufff9note\ufffb", "bom note"),
        ("e\u0301", "é"),
        (FAMILY, FAMILY),
        ("\N{WAVING BLACK FLAG}\U000e0067", "\N{WAVING BLACK FLAG}\U000e0067"),
        ("مرحبا\u200f", "مرحبا\u200f"),
        ("z" + "\u0321" * 40 + "a", "z" + "\u0321" * 5 + "a"),
    ],
)
def test_what_is_cleaned(source: str, cleaned: str) -> None:
    assert text.clean(source) == cleaned


@pytest.mark.parametrize(
    ("mark", "other"),
    [
        ("\u0301", "\u0316"),
        ("\u05b0", "\u05b1"),
        ("\u0f73", "\u0f39"),
        ("\u064b", "\u0655"),
        ("\u20dd", "\u20e3"),
        ("\u3099", "\u302a"),
        ("\U0001d165", "\U0001d17b"),
    ],
)
def test_marks_are_cut_to_what_a_letter_carries_and_cost_no_more_than_letters(
    mark: str, other: str
) -> None:
    """128,000 of them took 22 seconds: putting them in order costs their number squared."""
    most = text.GENEROUS * 10_000
    began = time.process_time()
    cleaned = text.clean("a" + mark * (most // 2 - 1) + other * (most // 2))
    assert time.process_time() - began < 1
    assert 1 < len(unicodedata.normalize("NFD", cleaned)) <= 2 * text.MOST_MARKS + 1
    with pytest.raises(InvalidError, match="128,001 characters long and 10,000 fit"):
        text.clean("a" + mark * 64_000 + other * 64_000)


def test_marks_that_are_hidden_between_signs_that_show_nothing_are_cut_too() -> None:
    cleaned = text.clean("a" + "\u0335\u200d" * 1000)
    assert cleaned.count("\u0335") == text.MOST_MARKS


@pytest.mark.parametrize(
    "word",
    [
        "\u05d1\u05bc\u05b0\u05e8\u05b5\u05d0\u05e9\u05c1\u05b4\u0596\u05d9\u05ea",
        "\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f0b",
        "Ti\u1ebfng Vi\u1ec7t",
        "\u0915\u094d\u0937\u0924\u094d\u0930\u093f\u092f",
        "\u2764\ufe0f\u200d\U0001f525 \U0001f3f3\ufe0f\u200d\U0001f308",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    ],
)
def test_marks_that_people_write_with_stay(word: str) -> None:
    assert text.clean(word) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "   \n\t ",
        "\u00a0\u2003\u3000",
        "\u200b\u200c\u200d\u2060\ufeff",
        "\u202e\u202c",
        "\u00ad\u034f\u115f\u1160\u3164\uffa0\u2800",
        "\x01\x02",
        "\ufe0f\ufe0f",
    ],
)
def test_what_shows_nothing_is_refused(source: str) -> None:
    with pytest.raises(InvalidError, match="nothing to read"):
        text.clean(source)


@pytest.mark.parametrize("source", ["a\x00b", "\ud800", "ok \udfff ok", "\ud83d\ude00"])
def test_what_can_not_be_kept_is_refused(source: str) -> None:
    with pytest.raises(InvalidError, match="can't be kept") as caught:
        text.clean(source, pointer="/note/about")
    assert caught.value.extensions["errors"][0]["pointer"] == "/note/about"


@pytest.mark.parametrize("sign", ["a", "😀", "é"])
def test_ten_thousand_signs_fit_and_not_one_more(sign: str) -> None:
    assert len(text.clean(sign * 10_000)) == 10_000
    with pytest.raises(InvalidError, match=r"10,001 characters long and 10,000 fit"):
        text.clean(sign * 10_001)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("**a** *b* ~~c~~", "<p><strong>a</strong> <em>b</em> <s>c</s></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("<b>hi</b>", "<p>&lt;b&gt;hi&lt;/b&gt;</p>"),
        ("#hashtag\n# not a title", "<p>#hashtag<br>\n# not a title</p>"),
        ("said so\n---", "<p>said so</p>\n<hr>"),
        ("[a]: http://a.org x", f"<p>[a]: {link('http://a.org')} x</p>"),
        ("see https://a.org/x?y=1&z=2.", f"<p>see {link('https://a.org/x?y=1&amp;z=2')}.</p>"),
        ("(www.mind.org.uk)", f"<p>({link('http://www.mind.org.uk', 'www.mind.org.uk')})</p>"),
        ("so tired.it was", "<p>so tired.it was</p>"),
        ("me@mind.org.uk", "<p>me@mind.org.uk</p>"),
        ("[words](https://a.org)", f"<p>{link('https://a.org', 'words')}</p>"),
        ("[a](https://a.org 'b')", f"<p>[a]({link('https://a.org')} 'b')</p>"),
        ("[wall](/wall)", f"<p>{link('/wall', 'wall')}</p>"),
        ("[x](//evil.org)", "<p>[x](//evil.org)</p>"),
        ("[y](/\\evil.org)", f"<p>{link('/%5Cevil.org', 'y')}</p>"),
        ("[x](ftp://a.org) [y](tel:1)", "<p>[x](ftp://a.org) [y](tel:1)</p>"),
        ("![cat](http://a.org/cat.png)", f"<p>!{link('http://a.org/cat.png', 'cat')}</p>"),
        ("```\nwww.a.org\n```", "<pre><code>www.a.org\n</code></pre>"),
        ('"quoted"', "<p>&quot;quoted&quot;</p>"),
    ],
)
def test_how_text_is_rendered(source: str, html: str) -> None:
    assert text.render(source) == directed(html)


@given(st.text(alphabet=SIGNS, max_size=80) | st.text(max_size=80))
@settings(max_examples=600)
@example("[a](https://a.org/<script>)")
@example("<svg><style><img src=x onerror=alert(1)>")
@example('"><a href=javascript:1>')
def test_whatever_is_written_the_html_is_safe(source: str) -> None:
    try:
        cleaned = text.clean(source)
    except InvalidError:
        return
    assert what_is_wrong(text.render(cleaned)) == []


@given(st.text(alphabet="ab 1.,:;!?'\"()-\né…😀", max_size=60))
@settings(max_examples=800)
def test_plain_text_takes_a_shorter_way_to_the_same_html(source: str) -> None:
    try:
        cleaned = text.clean(source)
    except InvalidError:
        return
    assert text.render(cleaned) == text._render_marked(cleaned)


@given(st.text(alphabet="ab .,:;!?'\"()\né…😀", min_size=1, max_size=60))
@settings(max_examples=300)
def test_no_word_is_lost(source: str) -> None:
    try:
        cleaned = text.clean(source)
    except InvalidError:
        return
    assert words_of(text.render(cleaned)).split() == cleaned.split()


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_cleaning_twice_is_cleaning_once(source: str) -> None:
    try:
        cleaned = text.clean(source)
    except InvalidError:
        return
    assert text.clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "piece",
    [
        *("*", "[", "`a", ">", "> ", "*a **b", "![", "<a", "(", "a-", "a.", "http://a.", "- "),
        *("- a\n", "&", "&amp;", "a\n", "[a](http://a.org)", "**a", "~~a", "_a_", "<http://a>"),
        *("[a", "www.", " \n", "a" * 63 + ".", "a.org (", "`", "\\", "1. a\n", "😀", "a.co/?("),
        "\u0301a",
    ],
)
def test_nothing_takes_long_to_render(piece: str) -> None:
    source = (piece * 10_000)[:10_000]
    began = time.process_time()
    text.render(source)
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    ("source", "length", "cut"),
    [
        ("Short.", 20, "Short."),
        ("**Bold** and [link](http://a.org)", 40, "Bold and link"),
        ("one two three four", 12, "one two…"),
        ("one\ntwo\n\n- three", 40, "one two three"),
        ("a" * 50, 10, "a" * 9 + "…"),
        ("<b>x</b>", 20, "<b>x</b>"),
    ],
)
def test_an_excerpt_is_words_on_one_line(source: str, length: int, cut: str) -> None:
    assert text.excerpt(source, length) == cut
    assert len(text.excerpt(source, length)) <= length


def test_a_line_is_one_line() -> None:
    assert text.clean_line("  a \n\n b\tc ", limit=10, pointer="/x") == "a b c"


@pytest.mark.parametrize(
    ("html", "excerpt"),
    [
        (
            '<p dir="auto">One <em>wo</em>rd.</p>\n<p dir="auto">Two<br>\nthree.</p>',
            "One word. Two three.",
        ),
        (
            "<blockquote>\n<p>Quoted <blockquote>twice</blockquote></p></blockquote>\n<p>Own.</p>",
            "Own.",
        ),
        ("<blockquote><p>Only quoted.</p></blockquote>", ""),
        ("<p>1 &lt; 2 &amp;amp; &quot;3&quot;</p>", '1 < 2 &amp; "3"'),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        (f"<p>{'word ' * 20}</p>", f"{'word ' * 6}word…"),
        ("<p></p>", ""),
    ],
)
def test_an_excerpt_of_what_is_shown_holds_its_own_words_alone(html: str, excerpt: str) -> None:
    assert text.excerpt_of(html, 40) == excerpt


@pytest.mark.parametrize(
    "cut", ["<p>One two <em", "<p>One two <a href='x", "<p>One two &am", "<p>One two thr"]
)
def test_an_excerpt_of_what_was_cut_anywhere_ends_after_a_word(cut: str) -> None:
    assert text.excerpt_of(cut, 40, is_cut=True).removesuffix("…") in {"One", "One two"}
