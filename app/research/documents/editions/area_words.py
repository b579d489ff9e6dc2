"""The fixed words of the area sheets: `words/area_sheets.toml`."""

from functools import cache

from app.research.documents.editions import fixed_words
from app.research.documents.editions.fixed_words import FixedWords


class AreaWords(FixedWords):
    """All of them."""

    read_title: str
    read: str
    intro_not_shown: str
    none_not_shown: str
    others: str
    nothing: str
    all_title: str
    beside_title: str
    beside_table: str
    beside: str
    cost_title: str
    cost_table: str
    cost: str
    no_cost: str
    taking_part: str
    beside_all: str
    agreed: str
    received: str
    came: str
    both: str
    change: str
    caution: str
    held_back: str
    no_change: str
    better: str
    worse: str


@cache
def words() -> AreaWords:
    """Read once."""
    return fixed_words.read("area_sheets", AreaWords)
