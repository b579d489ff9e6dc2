"""How the synthetic members put their words together. The words stand in `words.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
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


@dataclass(frozen=True, slots=True)
class Said:
    """A post before it is published."""

    theme: Theme | None
    intent: str | None
    note: str | None
    body: str


def greeting(random: Random) -> Said:
    """Someone's first post."""
    more = random.sample(WORDS.hello_more, random.choice((0, 1, 1, 2)))
    return Said(None, "saying_hello", None, " ".join([random.choice(WORDS.hellos), *more]))


def post(random: Random) -> Said:
    """A post of any length, for any of the reasons people have."""
    theme = random.choice(WORDS.themes)
    intent, openers = random.choices(
        (
            ("looking_for_support", theme.support),
            ("seeking_suggestions", theme.suggestions),
            ("sharing_a_little_win", theme.win),
            (None, theme.support),
        ),
        (38, 24, 20, 18),
    )[0]
    sentences = [random.choice(openers)]
    if intent == "seeking_suggestions" and random.random() < 0.6:
        sentences.insert(0, random.choice(theme.support))
    body = " ".join(sentences)
    length = random.choices((0, 1, 2, 6), (30, 40, 20, 10))[0]
    if length <= 2:
        body = " ".join([body, *random.sample(theme.more, min(length, len(theme.more)))])
    else:
        body = "\n\n".join([body, *_long(random, theme)])
    is_noted = theme.note is not None and intent != "sharing_a_little_win"
    return Said(theme, intent, theme.note if is_noted else None, body)


def _long(random: Random, theme: Theme) -> list[str]:
    """Further paragraphs, for the evenings when it all comes out."""
    turns = ("It isn't only that.", "And then there's the other thing.", "On top of it all:")
    others = random.sample(WORDS.themes, random.choice((1, 1, 2, 3)))
    return [
        " ".join(random.sample(theme.more, len(theme.more))),
        *(
            " ".join([turn, random.choice(other.support), *random.sample(other.more, 2)])
            for turn, other in zip(turns, others, strict=False)
        ),
        "I don't need it solved. It helped to write it down.",
    ]


def reply(random: Random, said: Said) -> str:
    """An answer to what was said: on its subject, mostly."""
    if said.theme is None:
        return random.choice(WORDS.welcomes)
    if random.random() < 0.12:
        return random.choice(WORDS.short)
    words = [random.choice(said.theme.replies)]
    if random.random() < 0.3:
        words.append(random.choice(WORDS.short))
    return " ".join(words)


def thanks(random: Random) -> str:
    """What the author says to those who answered."""
    return random.choice(WORDS.thanks)
