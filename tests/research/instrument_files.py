"""A small instrument for tests, written to a folder as the shipped ones stand in theirs."""

from pathlib import Path

STRUCTURE = """\
name = "mood"
version = 1
title = "Mood"
measures = "Mood."
minutes = 1

[evidence]
citation = ["None."]
words = "Ours."
scoring = "A sum."

[licence]
kind = "cc_by"
ships_words = true
holder = "Ours"
attribution = "Ours"
terms = "Free."

[options]
much = [0, 1, 2]
yes_no = [0, 1]

[[items]]
name = "mood_gate"
options = "yes_no"

[[items]]
name = "mood_1"
options = "much"
show_if = { item = "mood_gate", codes = [1] }

[[items]]
name = "mood_2"
options = "much"

[[scores]]
name = "mood_total"
label = "Mood"
method = "sum"
items = ["mood_1", "mood_2"]
range = [0, 4]
higher_is = "worse"
"""

WORDS = """\
instrument = "mood"
version = 1
structure = 1
language = "en"
title = "How you are"

[options.much]
0 = "Not"
1 = "Some"
2 = "Much"

[options.yes_no]
0 = "No"
1 = "Yes"

[items]
mood_gate = { text = "Any?" }
mood_1 = { text = "How much?" }
mood_2 = { text = "And this?" }
"""


def write(folder: Path, structure: str = STRUCTURE, words: str | None = WORDS) -> Path:
    """The folder, with one instrument and its words in it."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / "words" / "en").mkdir(parents=True, exist_ok=True)
    (folder / "files" / "mood-1.toml").write_text(structure, "utf-8")
    if words is not None:
        (folder / "words" / "en" / "mood-1.toml").write_text(words, "utf-8")
    return folder


def line_of(text: str, source: str) -> int:
    """The line on which a text stands first."""
    return source[: source.index(text)].count("\n") + 1
