"""Every word that was typed is shown as it was typed, whatever marks stand around it."""

import re
from html import unescape

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from app.core import text
from app.core.errors import InvalidError
from tests.support.html import what_is_wrong, words_of


def shown(source: str) -> str:
    """What a reader sees of it, line by line."""
    return words_of(text.render(source)).strip("\n")


def links(source: str) -> list[str]:
    return re.findall('href="([^"]*)"', text.render(source))


# ── Doses, and other asterisks that mean what they are ───────────────────────────────────────


@pytest.mark.parametrize(
    "source",
    [
        "put me on 2*50mg in the morning and 1*25mg at night",
        "2*50mg in the morning\nand 1*25mg at night",
        "2\n*50mg in the morning and 1*\n25mg at night",
        "I take 2\n* 50mg in the morning",
        "(50mg)*2 and 2*(25mg)",
        "50%*2 and 2*£5",
        "2**50mg and 1**25mg",
        "3 *50mg in the morning and 2* 25mg at night",
        '"50mg"*2 and 2*"25mg"',
        "0.5*100mg, 1.5*50 mg",
        "2*(50+25)*3",
        "½*50mg and ½*25mg",
        "10~~20mg or 30~~40mg",
        "薬*50mg、夜に薬*25mg",
        "f*ck this sh*t, a**hole",
        "2 * 50mg, 1 * 25mg",
        "50mg* in the morning\n*with food",
        "+ 25mg today\n+ 50mg tomorrow",
        "> 50mg is too much",
        ">= 100mg",
        "2015. I fell ill.\n2017. I got better.",
        "007. not a list",
    ],
)
@pytest.mark.parametrize("around", ["{}", "- {}", "> said: {}", "Well.\n\n{}"])
def test_figures_are_shown_as_written(source: str, around: str) -> None:
    if around == "- {}":
        source = source.replace("\n", "\n  ")
    written = around.format(source)
    lines = [line.strip() for line in source.split("\n")]
    seen = [line.strip() for line in shown(written).removeprefix("said: ").split("\n")]
    assert [line for line in seen if line not in {"", "Well."}] == lines


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*a* and **b**, ***c***", "<em>a</em> and <strong>b</strong>, <em><strong>c"),
        ("*50mg* a day", "<em>50mg</em> a day"),
        ("(*50mg*)", "(<em>50mg</em>)"),
        ("take *2*.", "take <em>2</em>."),
        ("*take 2*50mg now*", "<em>take 2*50mg now</em>"),
        ("**50**%", "<strong>50</strong>%"),
        ("so *very\ntired* today", "<em>very<br>\ntired</em>"),
        ("❤️*you*❤️", "<em>you</em>"),
        ("~~no~~", "<s>no</s>"),
        ("**「強調」**です", "<strong>「強調」</strong>です"),
        ("これは**「強調」**です", "これは<strong>「強調」</strong>です"),
        ("これは**強調**です", "これは<strong>強調</strong>です"),
        ("**注意。**Please read", "<strong>注意。</strong>Please"),
        ("这是**“重点”**吗", "这是<strong>“重点”</strong>吗"),
        ("중요한 **“말”**입니다", "<strong>“말”</strong>입니다"),
        ("นี่คือ**สำคัญ**มาก", "<strong>สำคัญ</strong>มาก"),
        ("~~「いいえ」~~です", "<s>「いいえ」</s>です"),
        ("*「小」*です", "<em>「小」</em>です"),
    ],
)
def test_emphasis_that_is_meant_is_emphasis(source: str, html: str) -> None:
    assert html in text.render(source)


def test_items_keep_the_numbers_they_were_typed_with() -> None:
    html = text.render("1. a\n3. b\n4. c\n25. d")
    assert re.findall('<li(?: value="([0-9]+)")?', html) == ["", "3", "", "25"]
    assert '<p dir="auto">116123. b</p>' in text.render("1. a\n\n116123. b")


# ── Nothing vanishes ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("depth", [1, 5, 6, 12, 13, 40])
@pytest.mark.parametrize("kind", ["items", "numbers", "quotes", "close quotes", "both"])
def test_deep_nesting_shows_every_word(depth: int, kind: str) -> None:
    names = [f"word{level}" for level in range(depth)]
    source = {
        "items": "\n".join(f"{'  ' * level}- {name}" for level, name in enumerate(names)),
        "numbers": "\n".join(f"{'   ' * level}1. {name}" for level, name in enumerate(names)),
        "quotes": "> " * depth + " ".join(names),
        "close quotes": "\n".join(f"{'>' * (level + 1)} {n}" for level, n in enumerate(names)),
        "both": "> - " * depth + " ".join(names),
    }[kind]
    html = text.render(text.clean(source))
    assert re.findall("word[0-9]+", words_of(html)) == names
    assert what_is_wrong(html) == []


@pytest.mark.parametrize(
    "source",
    [
        "```these words\nand these\n```",
        "~~~ these too",
        "[Samaritans](tel:116123)",
        "[me](she/her)",
        "[write](mailto:someone@example.org)",
        "[help](https://example.org 'open all night')",
        "![a cat](nowhere)",
        "<svg onload=alert(1)> <!-- this -->",
        "[note]: /url 'words'",
        "&copy; &zwj; &#8238;",
    ],
)
def test_what_does_nothing_is_shown_as_typed(source: str) -> None:
    words = re.findall(r"[^\W_]+", source)
    assert re.findall(r"[^\W_]+", shown(source)) == words


_PIECES = st.sampled_from(
    [
        *("- ", "* ", "+ ", "> ", ">", "1. ", "12) ", "  ", "    ", "\n", "\n\n", "\t", " "),
        *("*", "**", "_", "~~", "`", "```", "~~~", "[", "](", ")", "]", "<", ">", "\\", "&", "#"),
        *("](/wall)", "](x)", "](https://a.org/x)", "https://b.org/y", "---", "!", "|", "'", '"'),
        *("one", "two", "three", "50mg", "2", "3.5", "é", "薬", "مرحبا", "「", "」", "&lt;", "/"),
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=1500)
@example("- a\n  - b\n    - c\n      - d\n        - e\n          - f\n")
@example(">" * 12 + " a")
def test_every_word_of_the_text_is_in_what_is_shown(source: str) -> None:
    try:
        cleaned = text.clean(source)
    except InvalidError:
        return
    html = text.render(cleaned)
    seen = words_of(html) + " ".join(re.findall('(?:href|start|value)="([^"]*)"', html))
    numbers = iter(range(1, 1000))
    seen += " ".join(str(next(numbers)) for _ in re.findall("<li", html))
    kept = re.sub(r"[^\w]|_", "", seen)
    for word in re.findall(r"[^\W_]+", cleaned):
        assert word in kept, (word, html)
    assert what_is_wrong(html) == []


# ── Where an address ends ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", ["https://example.org/", "https://example.org/help?a=b#c-d"])
@pytest.mark.parametrize(
    "around",
    [
        *("[{}]", "({})", "<b>{}</b>", "{{{}}}", "“{}”", "‘{}’", '"{}"', "'{}'", "«{}»", "‹{}›"),
        *("„{}“", "»{}«", "「{}」", "『{}』", "（{}）", "【{}】", "《{}》", "〈{}〉"),
        *(
            "{}!",
            "{}?",
            "{}.",
            "{},",
            "{};",
            "{}:",
            "{}...",
            "{}…",
            "{}!?",
            "{}).",
            "({}).",
            "{}!)",
        ),
        *(
            "{}。",
            "{}、次",
            "{}，和",
            "{}！",
            "{}？",
            "{}；",
            "{}：",
            "{}؟",
            "{}،",
            "{}؛",
            "{}।",
            "{}።",
        ),
        *("**{}**", "*{}*", "_{}_", "~~{}~~", "*see {}*, yes", "- {}", "> {}!", "|{}|"),
        *("詳しくは{}。", "ดูที่{} นะ", "見て：{}", "[{}", "{}]", "{}) and (", "— {}—", "{}\u200f"),
    ],
)
def test_the_signs_around_an_address_stay_outside(address: str, around: str) -> None:
    source = around.format(address)
    assert links(source) == [address]
    assert f">{address}</a>" in text.render(source)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/_a_/x",
        "https://example.org/*a*/x",
        "https://example.org/a__b__c",
        "https://example.org/~~a~~/",
        "https://en.wikipedia.org/wiki/Mind_(charity)",
        "https://en.wikipedia.org/wiki/Mind_(charity)_(UK)",
        "https://example.org/?q[]=1",
        "https://example.org/a,b;c:d!e",
        "https://example.org/Alzheimer's",
        "https://example.org/Alzheimer’s",
        "https://example.org/wiki/うつ病",
        "https://日本語.jp/",
        "https://пример.рф/",
        "http://a.b.c.example.co.uk:8080/x",
        "https://example.org/x-",
        "https://en.wikipedia.org/wiki/Snake_",
        "https://example.org/a__",
        "https://example.org/#",
    ],
)
@pytest.mark.parametrize("around", ["{}", "see {} now", "({})", "**{}**!", "[{}]"])
def test_an_address_is_linked_whole(address: str, around: str) -> None:
    assert links(around.format(address)) == [address]


def test_the_words_of_a_link_may_be_an_address_themselves() -> None:
    assert links("[https://a.org/](https://b.org/)") == ["https://b.org/"]
    assert links("[see _https://a.org/_x](/wall)") == ["/wall"]


def test_code_links_nothing() -> None:
    assert links("`https://a.org/`") == links("```\nhttps://a.org/\n```") == []


# ── Direction ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("hello", ["p auto"]),
        ("مرحبا\n\nhello", ["p auto", "p auto"]),
        ("*مرحبا*", ["p auto"]),
        ("- مرحبا\n- hello", ["ul", "li auto", "li auto"]),
        ("1. שלום", ["ol", "li auto"]),
        ("- مرحبا\n\n- hello", ["ul", "li rtl", "p auto", "li auto", "p auto"]),
        ("> مرحبا\n>\n> hello", ["blockquote rtl", "p auto", "p auto"]),
        ("> hello\n\nمرحبا", ["blockquote auto", "p auto", "p auto"]),
        ("> - 1\n> - مرحبا", ["blockquote rtl", "ul", "li auto", "li auto"]),
        ("- 1\n  > مرحبا", ["ul", "li rtl", "blockquote rtl", "p auto"]),
        ("```\nمرحبا\n```", ["pre auto"]),
    ],
)
def test_every_block_finds_its_own_direction(source: str, blocks: list[str]) -> None:
    found = re.findall('<(pre|p|ul|ol|li|blockquote)(?: dir="([a-z]+)")?', text.render(source))
    assert [" ".join(filter(None, block)) for block in found] == blocks


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "^_^ thank you ^_^",
            "(╥_╥) and (╥_╥)",
            "-_- so tired -_-",
            "=_= and =_=",
            "*_*",
            "^*^ ^*^",
        ),
        *("(._.) no (._.)", "(*^_^*)", ">_< hard day", ">.< sorry", ">:( again", ">_>", "<3 you"),
        *("feeling low today ¯\\_(ツ)_/¯", "\\o/ and :-* and :-*", "T_T", "o_O and O_o"),
        *(
            "take 2 *tabs am, 1* tab pm",
            "~~~",
            "```",
            "I give up\n~~~",
            "-",
            "*",
            "1.",
            ">",
            "> \n>",
        ),
        *("[](https://a.org/x)", "[](/wall)", "[ ](https://a.org/)", "hello\n-\n", "**", "~~~~"),
    ],
)
def test_faces_and_lone_signs_stay_as_they_were_typed(typed: str) -> None:
    shown = unescape(re.sub(r"<[^>]*>", "", text.render(typed)))
    assert shown.split() == typed.split()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("I took 2 *really* strong ones", "<em>really</em>"),
        ('say "_quoted_" and (*really*)', "<em>really</em>"),
        ('say "_quoted_" and (*really*)', "<em>quoted</em>"),
        ("*see this!*, yes", "<em>see this!</em>"),
        ("*(yes)* and *“yes”*", "<em>(yes)</em>"),
        ("*💙 love* and _💙_", "<em>💙</em>"),
        ("**_both_**", "<strong><em>both</em></strong>"),
        ("*_both_*", "<em><em>both</em></em>"),
        ("__「強調」__です", "<strong>「強調」</strong>です"),
        ("2 pills *at 8*", "<em>at 8</em>"),
        (">text\n>\n>more", "<blockquote"),
        (">\n> text", "<blockquote"),
        ("```\ncode\n```", "<code>code\n</code>"),
        ("- a\n- b", "<li"),
    ],
)
def test_marks_around_words_still_mark(typed: str, shown: str) -> None:
    assert shown in text.render(typed)


@given(st.text("*_~`>-1. \\[]()/!^ab\n", min_size=1, max_size=20))
@example("---")
def test_what_holds_a_sign_shows_one(typed: str) -> None:
    assume(typed.strip())
    html = text.render(typed)
    assert unescape(re.sub(r"<[^>]*>", "", html)).strip() or "<li" in html or "<hr" in html, html


@pytest.mark.parametrize(
    "typed",
    [
        *("(*_*) and (*_*)", "(*´▽`*) and (*´▽`*)", "(`_´) grr (`_´)", "(_ _) sorry (_ _)"),
        *("\\(^o^)/ and \\(^o^)/", "(/_\\) sad (/_\\)", "so tired :\\\nand sad :\\", "\\"),
        *(">w< today", ">///< oh", ">x<", "'_' and '_'", 'press "*" or "*"', "“_” and “_”"),
        *("take 2 *tabs am,\n1* tab pm", "take 2 *tabs am and 1 *tab pm, 3* caps"),
        *("here: ` `", "[` `](/wall)", "[\u2800](/wall)", "`\n`", "well `\u3164` then"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "I feel {}"])
def test_more_faces_and_signs_stay_as_they_were_typed(typed: str, around: str) -> None:
    written = around.format(typed)
    assert shown(written).split() == written.split()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\\*as typed\\* and \\`so\\`", "*as typed* and `so`</p>"),
        ("1\\) no list\n\\- nor this", ">1) no list<br>\n- nor this<"),
        ("[words]\\(/wall)", ">[words](/wall)<"),
        ("(*really*) (_so_) (`code`)", "(<em>really</em>) (<em>so</em>) (<code>code</code>)"),
        ("*\"really\"* and '*so*'", "<em>&quot;really&quot;</em> and '<em>so</em>'"),
        ("take 2 *whole* tabs", "<em>whole</em>"),
        ("`` ` ``", "<code>`</code>"),
        (">these words<", "<blockquote"),
    ],
)
def test_marks_beside_them_still_mark(typed: str, shown: str) -> None:
    assert shown in text.render(typed)


_LINE = st.text("*_~`\\ab1 ()^.>-<\"'ツ", min_size=1, max_size=30)


@given(_LINE)
@settings(max_examples=1500)
@example("¯\\_(ツ)_/¯ *a* _b_ ~~1~~ `a` \\*")
@example("*a _b_* **a** `` ` ``")
def test_a_sign_vanishes_only_where_it_did_something(typed: str) -> None:
    source = text.clean(f"x {typed}x")
    html = text.render(source)
    seen = unescape(re.sub("<[^>]*>", "", html))
    gone = {sign: source.count(sign) - seen.count(sign) for sign in set(source) - {" "}}
    marks, tildes = gone.pop("*", 0) + gone.pop("_", 0), gone.pop("~", 0)
    assert marks == 2 * html.count("<em>") + 4 * html.count("<strong>"), html
    assert tildes == 4 * html.count("<s>"), html
    codes = html.count("<code>")
    ticks, backslashes = gone.pop("`", 0), gone.pop("\\", 0)
    assert (ticks >= 2 * codes) if codes else ticks == 0, html
    assert 0 <= backslashes <= len(re.findall(r"\\[\\`*_~<]", source)), html
    assert set(gone.values()) <= {0}, html


@pytest.mark.parametrize("typed", ["**\u200b**", "~~\u200d~~", "*\u200b*\n\n> *\u2060*"])
def test_what_shows_nothing_once_it_is_rendered_is_refused(typed: str) -> None:
    html = text.render(text.clean(typed))
    with pytest.raises(InvalidError, match="nothing to read"):
        text.refuse_blank(html)


@pytest.mark.parametrize("typed", ["-", "---", ".", "&lt;", "**💙**", "```\n.\n```", "[x](/wall)"])
def test_what_shows_a_sign_is_taken(typed: str) -> None:
    text.refuse_blank(text.render(text.clean(typed)))
