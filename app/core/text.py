"""What people write: cleaned when it comes in, rendered once to safe HTML, cut for excerpts.

Refused: nothing to read, too long, NUL, lone surrogates. Cleaned: line endings, control
characters, what reorders or piles up text around it. Everything else stays as it was written.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from bleach.sanitizer import Cleaner
from markdown_it.token import Token

from app.core.errors import InvalidError
from app.core.markdown import MARKDOWN, to_html
from app.core.number_format import figure

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
)
_DIRECTION = frozenset({"dir"})
ATTRIBUTES = {
    "a": frozenset({"href", "rel"}),
    "blockquote": _DIRECTION,
    "li": frozenset({"dir", "value"}),
    "ol": frozenset({"start"}),
    "p": _DIRECTION,
    "pre": _DIRECTION,
}
PROTOCOLS = frozenset({"http", "https"})

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
#: Controls but tab and newline; embeddings, overrides and isolates (they reorder what stands
#: around a post); the byte-order mark and interlinear annotations.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: What comes is measured before anything is made of it. Letters and accents may come apart and
#: grow together in cleaning, so this many times what fits is still looked at.
GENEROUS = 4
#: Marks on one letter, of any script. The deepest stacks that are read (Tibetan, vocalised Hebrew)
#: have eight; putting n marks in their canonical order costs n squared.
MOST_MARKS = 10
#: More marks on one letter than any script needs run over the lines above and below.
_PILE = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
#: Default_Ignorable_Code_Point of Unicode 16.0 (DerivedCoreProperties.txt): fillers, joiners,
#: variation selectors, marks of direction, tags; and the empty Braille pattern. They show nothing.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def clean(source: str, *, limit: int = 10_000, pointer: str = "/body") -> str:
    """The text as it will be kept; raises InvalidError at `pointer` for what can't be."""
    if len(source) > GENEROUS * limit:
        raise _too_long(len(source), limit, pointer)
    if "\x00" in source or _SURROGATE.search(source):
        raise InvalidError(
            "This holds a character that can't be kept. Please take it out and send it again; "
            "the rest is fine.",
            pointer=pointer,
        )
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", source))
    text = _PILE.sub(r"\1", unicodedata.normalize("NFC", cut_piles(text))).strip()
    if len(text) > limit:
        raise _too_long(len(text), limit, pointer)
    if _is_blank(text):
        raise _nothing_to_read(pointer)
    return text


def refuse_blank(html: str, *, pointer: str = "/body") -> None:
    """Raises InvalidError for a rendered text of which nothing is seen, such as marks around a
    space of no width. It stops at the first sign that shows."""
    if "<hr" not in html and all(_is_blank(unescape(said[1])) for said in _SAID.finditer(html)):
        raise _nothing_to_read(pointer)


#: What stands behind a tag. Nothing rendered stands before the first one.
_SAID = re.compile(r">([^<]+)")


def _nothing_to_read(pointer: str) -> InvalidError:
    return InvalidError(
        "There is nothing to read here yet. Please write a few words.", pointer=pointer
    )


def _too_long(length: int, limit: int, pointer: str) -> InvalidError:
    return InvalidError(
        f"This is {figure(length)} characters long and {figure(limit)} fit. Please shorten it, or "
        "send "
        "it in two parts. Nothing is lost.",
        pointer=pointer,
    )


def cut_piles(text: str) -> str:
    """Without the marks that stand on a letter that has MOST_MARKS already: one pass, before
    anything looks at how marks combine. Signs that show nothing do not begin a letter."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for sign in text:
        category = unicodedata.category(sign)
        if category[0] == "M":
            marks += 1
            if marks > MOST_MARKS:
                continue
        elif category != "Cf":
            marks = 0
        kept.append(sign)
    return "".join(kept)


def clean_line(source: str, *, limit: int, pointer: str) -> str:
    """The same for a text of one line: any run of white space becomes one space."""
    return " ".join(clean(source, limit=limit, pointer=pointer).split())


def visible(text: str) -> str:
    """Without signs that show nothing, for where two texts that look alike must not differ."""
    shown = _INVISIBLE.sub("", text)
    return "".join(sign for sign in shown if unicodedata.category(sign) != "Cf")


def _is_blank(text: str) -> bool:
    return all(
        unicodedata.category(character) in {"Cc", "Cf", "Cn", "Mn", "Zl", "Zp", "Zs"}
        or _INVISIBLE.match(character)
        for character in text
    )


# ── Rendering ────────────────────────────────────────────────────────────────────────────────

#: What could make Markdown or links do something: a sign of theirs, a dot inside a word, a line
#: that begins like a list, spaces at the ends of lines, white space of other kinds.
_MARKED = re.compile(r"[\\`*_{}\[\]<>#+~|&/@=^]|\.\w|^[ -]|^\d+[.)]| $|[^\S\n ]", re.MULTILINE)

#: A wall behind Markdown: only what this list holds leaves. Not for several threads at once.
_CLEANER = Cleaner(
    tags=TAGS,
    attributes={tag: list(names) for tag, names in ATTRIBUTES.items()},
    protocols=PROTOCOLS,
)


def render(source: str) -> str:
    """Cleaned text as HTML that is safe to place in a page; done once, when it is written."""
    if _MARKED.search(source):
        return _render_marked(source)
    return _render_plain(source)


def _render_marked(source: str) -> str:
    return str(_CLEANER.clean(to_html(source))).strip("\n")


def _render_plain(source: str) -> str:
    """The same outcome for text without marks, at a tenth of the cost; a test holds them equal."""
    paragraphs = _BLANK_LINES.split(source.strip("\n").replace('"', "&quot;"))
    return "\n".join(
        f'<p dir="auto">{paragraph.replace(_NEWLINE, _BREAK)}</p>' for paragraph in paragraphs
    )


_BLANK_LINES = re.compile("\n\n+")
_NEWLINE = "\n"
_BREAK = "<br>\n"


# ── Excerpts ─────────────────────────────────────────────────────────────────────────────────


def excerpt(source: str, length: int) -> str:
    """The words of a text without its marks, on one line, cut between words."""
    words = " ".join(_words(MARKDOWN.parse(source[: length * 8]))).split()
    text = " ".join(words)
    if len(text) <= length:
        return text
    cut = text[: length - 1].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:.-')}…"


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children:
            yield "".join(child.content or " " for child in token.children)
        elif token.content:
            yield token.content


_QUOTE = re.compile(r"</?blockquote[^>]*>")
#: Tags inside of words leave nothing behind, the others a space.
_INLINE = re.compile(r"</?(?:a|code|em|s|strong)(?:\s[^>]*)?>")
_TAG = re.compile(r"<[^>]*>")
_CUT_OFF = re.compile(r"(?:<[^>]*|&[#\w]*)$")


def excerpt_of(html: str, length: int, *, is_cut: bool = False) -> str:
    """How a rendered text begins, without its marks and without what it quotes, cut between words.
    `is_cut` says that the HTML itself goes on behind its end."""
    own, depth, at = [], 0, 0
    for tag in _QUOTE.finditer(html):
        if depth == 0:
            own.append(html[at : tag.start()])
        depth = max(0, depth + (-1 if tag[0][1] == "/" else 1))
        at = tag.end()
    if depth == 0:
        own.append(html[at:])
    shown = _TAG.sub(" ", _INLINE.sub("", _CUT_OFF.sub("", " ".join(own))))
    words = " ".join(unescape(shown).split())
    if len(words) <= length and not is_cut:
        return words
    cut = words[: length - 1].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:.-')}…" if cut else ""
