"""Sentences that people read use the words that communities like this one use: no old word comes
back. Read are the pages and strings of the browser, and what the server says and sends."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: What is no longer said, and what is said in its place.
OLD = {
    r"\bletters?\b(?! or numbers?| or signs| and number| of it)": "e-mail",
    r"\b(take|took|taken|taking) (it|this|that|them|a role|the role)? ?back\b": "delete, remove",
    r"\bdoors?\b": "two ways to tell us",
    r"\b(anew|afresh)\b": "again",
    r"\bput (this|it) away\b": "close",
    r"\bnot saying\b": "no label",
    r"\b(you can leave this|if you like)\b": "(optional)",
    r"\btold who asked\b": "who told us",
    r"\bhow to get hurt\b": "a way to self-harm",
    r"\bact very soon\b": "might be about to harm themselves",
    r"\bin trust\b": "agreed to share",
    r"\b(its|the) seals?\b": "checksum",
    r"\bpassword until now\b": "current password",
    r"\bname for here\b": "your name on Alongside",
    r"^News$": "Replies and updates",
    r"\b(whoever|whom|whilst|lest|thus|hence|shall|upon|herein|thereof)\b": "a plain word",
}
FORBIDDEN = re.compile("|".join(OLD), re.IGNORECASE)

_STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|`((?:[^`\\]|\\.)*)`")
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|(?<![:'\"`\w])//[^\n]*", re.DOTALL)
_NOT_TEXT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
_EXPRESSION = re.compile(r"\{[^{}]*\}")
_TAG = re.compile(r"</?[a-zA-Z:][^<>]*>")

#: Names of files, or of packages, that hold what the server says to people.
SAYING = {
    "choices",
    "messages",
    "speech",
    "letters",
    "invitation_letters",
    "errors",
    "templates",
    "policies",
    "names",
    "hours",
    "highlights",
    "news",
    "declared_engagement",
    "declared_exchange",
    "declared_outcomes",
    "definitions",
}


#: Statements and patterns, which nobody reads.
IN_CODE = re.compile(r"\b(SELECT|UPDATE|INSERT|JOIN)\b|\(\?:")


def in_browser(path: Path) -> Iterator[str]:
    source = _COMMENT.sub(" ", path.read_text("utf-8"))
    for found in _STRING.finditer(source):
        yield next(filter(None, found.groups()), "")
    if path.suffix == ".svelte":
        text = _NOT_TEXT.sub(" ", source)
        while _EXPRESSION.search(text):
            text = _EXPRESSION.sub(" … ", text)
        yield from _TAG.split(text)


def on_the_server(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def sentences() -> dict[str, list[str]]:
    """What people read, by the file that says it. A string of one word is a name of something in
    code unless it begins as a sentence does."""
    source = ROOT / "frontend" / "src"
    pages = [
        path
        for path in [*source.rglob("*.svelte"), *source.rglob("*.ts")]
        if "generated" not in path.parts and not path.name.endswith((".test.ts", ".d.ts"))
    ]
    said = {path: in_browser(path) for path in pages} | {
        path: on_the_server(path)
        for path in (ROOT / "app").rglob("*.py")
        if {path.stem, path.parent.name} & SAYING
    }
    found = {}
    for path, strings in said.items():
        texts = [" ".join(each.split()) for each in strings if not IN_CODE.search(each)]
        found[str(path.relative_to(ROOT))] = [
            each for each in texts if " " in each or each[:1].isupper()
        ]
    return found


def test_no_old_word_is_read_by_anyone() -> None:
    found = [
        f"{path}: {text}"
        for path, texts in sentences().items()
        for text in texts
        if FORBIDDEN.search(text)
    ]
    assert not found, "\n".join(found)


def test_what_is_read_is_found() -> None:
    said = sentences()
    assert sum(map(len, said.values())) > 2_000
    everything = "\n".join(text for texts in said.values() for text in texts)
    for known in (
        "We can't show them again.",
        "Thank you for looking out for someone.",
        "We can't promise when someone reads it.",
    ):
        assert known in everything


@pytest.mark.parametrize(
    "text",
    [
        "We've sent you a letter.",
        "Take it back",
        "Whoever wrote this",
        "Start anew",
        "News",
        "What you need it for, if you like",
    ],
)
def test_an_old_word_is_noticed(text: str) -> None:
    assert FORBIDDEN.search(text)
