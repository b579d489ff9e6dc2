"""The marks people may use: a part of CommonMark in which every word that was typed is shown.

Left out on purpose: HTML (shown as typed), pictures (nothing is fetched from elsewhere), headings
(a post stands inside a page that has its own; "#hashtag" and "---" stay text), indented code,
reference definitions, titles of links (all three swallow what people meant as words), and
character references ("&#8238;" would bring back what cleaning took out).
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, fence, list_block
from markdown_it.rules_inline import backtick, escape
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

from app.core import delimiters
from app.core.links import ADDRESS, HINT, end_of
from app.core.scripts import reads_from_the_right

REL: Final = "nofollow ugc noopener"
#: Quotes count one and lists two; what lies deeper is shown as it was typed.
DEPTH: Final = 12


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Only these become links; anything else in their place stays as it was typed."""
        is_ours = url.startswith("/") and not url.startswith("//")
        return is_ours or url.lower().startswith(("http://", "https://"))


# ── Blocks ───────────────────────────────────────────────────────────────────────────────────

#: "+ 25mg" is more, and "2015." or "007." a number: as items they would lose that.
#: A sign with nothing behind it is what someone typed.
_ITEM = re.compile(r"(?:[*-]|(?:0|[1-9]\d{0,2})[.)])[ \t]+\S")
_NO_ITEM = re.compile(r"(?:\d{4,}|0\d+)[.)]")
#: Not "> 50mg", "≥" as people type it, nor a face: ">_<", ">:(", ">w<".
_QUOTED = re.compile(r">(?!\s*=?\s*[\d£$€½¼¾])(?![_.:;<=^-]\S)(?!\S{1,4}<(?:\s|$))")
_DIGIT_BEFORE = re.compile(r"\d\s*$")
_MULTIPLIED = re.compile(r"\*\s+\d")


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = _line(state, start)
    if state.level + 2 >= DEPTH or not _ITEM.match(line):
        return False
    if silent and _MULTIPLIED.match(line) and _DIGIT_BEFORE.search(_line(state, start - 1)):
        return False
    return list_block(state, start, end, silent)


def _no_item(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Ends a list where a number follows that is none of its items."""
    return silent and _NO_ITEM.match(_line(state, start)) is not None


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.level + 1 >= DEPTH or not _QUOTED.match(_line(state, start)):
        return False
    return _quotes_something(state, start, end) and blockquote(state, start, end, silent)


def _quotes_something(state: StateBlock, start: int, end: int) -> bool:
    for number in range(start, end):
        line = _line(state, number)
        if not line.startswith(">"):
            return False
        if line.strip("> \t"):
            return True
    return False


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A fence around nothing is shown as it was typed."""
    if silent or not fence(state, start, end, silent):
        return silent and fence(state, start, end, silent)
    token = state.tokens[-1]
    if token.content.strip() or token.info.strip():
        return True
    state.tokens.pop()
    state.line = start
    return False


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


# ── Inside a line ────────────────────────────────────────────────────────────────────────────

#: Brackets around signs alone, also with one space between two that are alike: "(*_*)", "(_ _)".
_FACE = re.compile(r"\((?:(?:[^\s()\[\]\w]|_){2,10}|([_*~^-]) \1)\)")
#: Where words stop and one of the rules below may begin.
_MARK = re.compile(rf"[\n\\`*_~\[\]<]|(?=\([^\s\w(]|\(_){_FACE.pattern}")
_MARK_OR_ADDRESS = re.compile(f"{_MARK.pattern}|{ADDRESS.pattern}", ADDRESS.flags)


def _text(state: StateInline, silent: bool) -> bool:
    stop = _MARK_OR_ADDRESS if state.env.get("has_addresses") else _MARK
    found = stop.search(state.src, state.pos, state.posMax)
    end = found.start() if found else state.posMax
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _face(state: StateInline, silent: bool) -> bool:
    """A face in brackets is shown as it was drawn, whatever marks it is drawn with."""
    found = _FACE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.append_pending(found[0])
    state.pos = found.end()
    return True


#: Signs that a backslash takes a meaning from, and what must stand before some of them.
_TAKEN = frozenset("\\`*_~[]<")
_TAKEN_BEHIND = {
    **dict.fromkeys(">-+", re.compile(r"(?:^|\n)[ \t]*$")),
    **dict.fromkeys(".)", re.compile(r"(?:^|\n)[ \t]*\d{1,9}$")),
    "(": re.compile(r"\]$"),
}


def _escape(state: StateInline, silent: bool) -> bool:
    """A backslash takes its meaning from a mark, and is a sign like another where there is none, as
    before "(" or at the end of a line, or where it is the arm of a face."""
    at = state.pos
    if state.src[at] != "\\":
        return False
    before, behind = state.src[max(0, at - 12) : at], state.src[at + 1 : at + 2]
    is_arm = before != "" and unicodedata.category(before[-1]) in {"Sk", "Sm", "So"}
    if behind in _TAKEN or (behind in _TAKEN_BEHIND and _TAKEN_BEHIND[behind].search(before)):
        if not is_arm or behind not in set("*_~"):
            return escape(state, silent)
        kept = "\\" + behind
    else:
        kept = "\\"
    if not silent:
        state.append_pending(kept)
    state.pos += len(kept)
    return True


def _code(state: StateInline, silent: bool) -> bool:
    """As the library has it, but that code of which nothing is shown stays as it was typed."""
    start = state.pos
    if not backtick(state, silent):
        return False
    made = state.tokens[-1] if state.tokens else None
    is_code = made is not None and made.type == "code_inline" and not state.pending
    if not silent and made is not None and is_code and not _shows(made.content):
        state.tokens.pop()
        state.append_pending(state.src[start : state.pos])
    return True


def _address(state: StateInline, silent: bool) -> bool:
    if not state.env.get("has_addresses"):
        return False
    found = ADDRESS.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    words = state.src[state.pos : end_of(found)]
    state.pos += len(words)
    if silent:
        return True
    if state.linkLevel:
        state.append_pending(words)
        return True
    has_scheme = words[:8].lower().startswith(("http://", "https://"))
    _open_link(state, words if has_scheme else f"http://{words}")
    state.append_pending(words)
    state.push("link_close", "a", -1)
    return True


def _link(state: StateInline, silent: bool) -> bool:
    """[words](address), without a title: what else stands there is shown."""
    if state.src[state.pos] != "[":
        return False
    start, maximum = state.pos, state.posMax
    label_end = state.md.helpers.parseLinkLabel(state, start, True)
    if label_end < 0 or not _shows(state.src[start + 1 : label_end].replace("`", "")):
        return False
    if state.src[label_end + 1 : label_end + 2] != "(":
        return False
    found = state.md.helpers.parseLinkDestination(state.src, label_end + 2, maximum)
    href = state.md.normalizeLink(found.str) if found.ok else ""
    if found.pos >= maximum or state.src[found.pos] != ")" or not state.md.validateLink(href):
        return False
    if not silent:
        state.pos, state.posMax = start + 1, label_end
        _open_link(state, href)
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
    state.pos, state.posMax = found.pos + 1, maximum
    return True


#: Letters and signs of which nothing is seen, fillers of Hangul and of Braille.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def _shows(words: str) -> bool:
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in _FILLERS for sign in words)


def _open_link(state: StateInline, href: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": href}


# ── What is written ──────────────────────────────────────────────────────────────────────────


class _Renderer(RendererHTML):
    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """Every link says that it leads away."""
        tokens[idx].attrs["rel"] = REL
        return self.renderToken(tokens, idx, options, env)

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """What stands behind the opening fence is the first line: it would be lost otherwise."""
        token = tokens[idx]
        info = token.info.strip()
        words = f"{info}\n{token.content}" if info else token.content
        return f'<pre dir="auto"><code>{escapeHtml(words)}</code></pre>\n'


def _number(tokens: list[Token]) -> None:
    """Give each item the number it was typed with, where counting would give another."""
    due: list[int] = []
    for token in tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            due.append(int(token.attrs.get("start", 1)))
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            due.pop()
        elif token.type == "list_item_open" and token.info:
            number = int(token.info)
            if number != due[-1]:
                token.attrs["value"] = number
            due[-1] = number + 1


def _direct(tokens: list[Token]) -> None:
    """Let every block find its own direction.

    dir=auto looks past children that have a dir, so a quote or an item made of paragraphs is told
    outright when it reads from the right.
    """
    waiting: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type in {"blockquote_open", "list_item_open"}:
            token.attrs["dir"] = "auto"
            waiting.append(token)
        elif token.type == "paragraph_open":
            token.attrs["dir"] = "auto"
        elif token.type in {"inline", "fence"}:
            is_bare = tokens[at - 1].hidden
            from_right = reads_from_the_right(token.content)
            if from_right:
                for container in waiting[:-1] if is_bare else waiting:
                    container.attrs["dir"] = "rtl"
            if from_right is not None:
                waiting.clear()
        elif token.type in {"blockquote_close", "list_item_close"} and waiting:
            waiting.pop()


def _make() -> MarkdownIt:
    made = _Markdown(
        "commonmark",
        {"html": False, "breaks": True, "xhtmlOut": False, "maxNesting": DEPTH},
        renderer_cls=_Renderer,
    )
    made.enable("strikethrough").disable(
        ["html_block", "html_inline", "image", "heading", "lheading", "code", "reference", "entity"]
    )
    block, inline = made.block.ruler, made.inline.ruler
    block.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("blockquote", _blockquote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.before("paragraph", "no_item", _no_item, {"alt": ["list"]})
    inline.at("text", _text)
    inline.before("escape", "face", _face)
    inline.at("escape", _escape)
    inline.at("backticks", _code)
    inline.at("emphasis", delimiters.tokenize)
    inline.at("strikethrough", delimiters.tokenize)
    inline.at("link", _link)
    inline.after("text", "address", _address)
    return made


MARKDOWN: Final = _make()


def to_html(source: str) -> str:
    """Its HTML, not yet cleaned."""
    tokens = MARKDOWN.parse(source, {"has_addresses": HINT.search(source) is not None})
    _number(tokens)
    _direct(tokens)
    return str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))
