"""Whether rendered text holds nothing but what may stand in a page."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from bleach._vendor.html5lib import HTMLParser as BrowserParser
from bleach._vendor.html5lib.constants import namespaces

from app.core.markdown import REL
from app.core.text import ATTRIBUTES, TAGS

#: Elements without an end tag.
_VOID = frozenset({"br", "hr"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, frozenset()):
                self.wrong.append(f"{name}={value!r}")
        if tag == "a":
            self._check_link(dict(attrs))
        if tag not in _VOID:
            self.open.append(tag)

    def _check_link(self, attributes: dict[str, str | None]) -> None:
        href = attributes.get("href") or ""
        if attributes.get("rel") != REL:
            self.wrong.append(f"rel of {href!r}")
        is_ours = href.startswith("/") and urlsplit(href).netloc == ""
        if not is_ours and urlsplit(href).scheme not in {"http", "https"}:
            self.wrong.append(f"href={href!r}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"<?{data}>")


def what_is_wrong(html: str) -> list[str]:
    """Everything in it that is not allowed, by two parsers; empty when it is safe and balanced."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.wrong + [f"<{tag}> stays open" for tag in reader.open] + _as_a_browser(html)


def words_of(html: str) -> str:
    """Its text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)


def _as_a_browser(html: str) -> list[str]:
    """The same question to the parser that follows the HTML standard, inside a page's element."""
    page = BrowserParser().parse(f"<div id=around>{html}</div><p id=after></p>")
    ns = "{" + namespaces["html"] + "}"
    body = page.find(f"{ns}body")
    children = [(child.tag, child.get("id")) for child in body]
    wrong = [] if children == [(f"{ns}div", "around"), (f"{ns}p", "after")] else [repr(children)]
    for element in body[0].iter():
        tag = str(element.tag).removeprefix(ns)
        if element is not body[0] and tag not in TAGS:
            wrong.append(f"<{tag}> in a browser")
    return wrong
