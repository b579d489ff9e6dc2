"""The words of `words.toml`, read once."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Theme:
    """Something people write about: posts by what they are for, and replies that answer them."""

    name: str
    support: list[str]
    suggestions: list[str]
    win: list[str]
    more: list[str]
    replies: list[str]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the synthetic members can say, and what they are called."""

    first: list[str]
    second: list[str]
    hellos: list[str]
    hello_more: list[str]
    welcomes: list[str]
    thanks: list[str]
    short: list[str]
    abouts: list[str]
    themes: list[Theme]


def _read() -> Words:
    text = Path(__file__).with_name("words.toml").read_text("utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    return Words(**{**data, "themes": [Theme(**theme) for theme in data["themes"]]})


WORDS = _read()
