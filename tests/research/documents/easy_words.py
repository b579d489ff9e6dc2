"""What makes a sentence hard to read: its length, its words, numbers as per cent."""

import re
from collections.abc import Iterator

from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Document,
    FigureSources,
    Heading,
    Paragraph,
    Picture,
    walk,
)

MOST_WORDS = 15
#: Words of studies, of offices and of books. Each has a plainer one.
HARD = frozenset(
    (
        *("analysis", "anonymous", "approximately", "average", "baseline", "baselines", "cohort"),
        *("confidential", "confidentiality", "data", "dataset", "demographic", "dosage", "dose"),
        *("effect", "effective", "estimate", "evaluate", "evaluation", "evidence", "facilitate"),
        *("facilitation", "figure", "figures", "finding", "findings", "however", "implement"),
        *("improvement", "indicate", "indicates", "individual", "individuals", "instrument"),
        *("intervention", "interval", "mean", "measure", "measures", "median", "methodology"),
        *("outcome", "outcomes", "participant", "participants", "per", "percent", "percentage"),
        *("prior", "proportion", "provide", "purpose", "questionnaire", "ratio", "regarding"),
        *("research", "respondent", "respondents", "response", "responses", "result", "results"),
        *("sample", "score", "scores", "significant", "significantly", "statistic", "statistics"),
        *("study", "subsequently", "suppress", "suppressed", "survey", "therefore", "threshold"),
        *("utilise", "variable", "wave", "waves", "wellbeing", "withheld"),
    )
)
#: “The ones we mean” is no average.
ALLOWED = {"The ones filled in are the ones we mean."}
_END = re.compile(r"(?<=[.?!:])\s+")


def faults(sentence: str) -> list[str]:
    """What is hard about a sentence, in words."""
    words = re.findall(r"[\w’'-]+", sentence.lower())
    found = [f"{len(words)} words"] if len(words) > MOST_WORDS else []
    if sentence not in ALLOWED:
        found += [f"“{word}”" for word in words if word in HARD]
    return found + ([] if "%" not in sentence else ["%"])


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [one for one in _END.split(text.strip()) if one]


def of_document(document: Document) -> Iterator[str]:
    """Every sentence for its readers: all but where numbers come from."""
    for block in walk(document.blocks):
        for text in _texts(block):
            yield from sentences(text)


def _texts(block: Block) -> list[str]:
    if isinstance(block, Heading):
        return [block.text]
    if isinstance(block, Paragraph | Picture):
        return ["".join(span.text for span in block.spans)]
    if isinstance(block, Bullets):
        return ["".join(span.text for span in item) for item in block.items]
    assert isinstance(block, FigureSources | Box) or not hasattr(block, "spans")
    return []
