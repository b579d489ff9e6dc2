"""The fixed words of “What you told us”: `words/what_you_told_us.toml`."""

from functools import cache

from app.research.documents.editions import fixed_words
from app.research.documents.editions.fixed_words import FixedWords


class SentenceWords(FixedWords):
    """A heading, and sentences of one idea each."""

    title: str
    lines: list[str]


class WhoWords(FixedWords):
    """Who took part."""

    title: str
    joined: str
    joined_withheld: str
    received: str
    came: str


class EasyValueWords(SentenceWords):
    """A sentence for each of the six values."""

    withheld: list[str]
    values_experience_score: str
    values_safety_score: str
    values_choice_score: str
    values_two_way_score: str
    values_connection_score: str
    values_oneself_score: str


class FeelingWords(SentenceWords):
    """What changed, by which way and how much."""

    start: str
    little: str
    unclear: str
    withheld: str
    alike: str
    why: list[str]
    none: list[str]


class HardWords(SentenceWords):
    """What hurt people."""

    ever: str
    kinds: str
    adverse_kind_1: str
    adverse_kind_2: str
    adverse_kind_3: str
    adverse_kind_4: str
    adverse_kind_5: str
    adverse_kind_9: str
    sorry: list[str]


class UnknownWords(FixedWords):
    """What nobody can tell from the answers."""

    title: str
    answered: str
    others: list[str]
    held_back: list[str]


class SayWords(SentenceWords):
    """How to answer."""

    contact: str
    no_contact: list[str]
    write: str
    thanks: str


class NumberWords(FixedWords):
    """Instead of a number, and about all of them."""

    title: str
    held_back: str
    line: str


class PictureWords(FixedWords):
    """What a picture shows, for those who don't see it."""

    several: str
    one: str
    none: str


class ScoreWords(FixedWords):
    """What a score is about, and each way in which it can change."""

    topic: str
    better: str
    worse: str


class ToldWords(FixedWords):
    """All of them."""

    about: SentenceWords
    reading: SentenceWords
    who: WhoWords
    values: EasyValueWords
    feelings: FeelingWords
    hard: HardWords
    unknown: UnknownWords
    next: SentenceWords
    help: SentenceWords
    say: SayWords
    numbers: NumberWords
    picture: PictureWords
    scores: dict[str, ScoreWords]


@cache
def words() -> ToldWords:
    """Read once."""
    return fixed_words.read("what_you_told_us", ToldWords)
