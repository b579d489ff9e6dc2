"""The editions that are made of one frozen dataset: for whom each is, and which sections a
researcher writes. Light: the server reads it."""

from dataclasses import dataclass
from enum import StrEnum


class EditionKind(StrEnum):
    """For whom a report is made, in the order in which they were built."""

    EARLY_FINDINGS = "early_findings"
    TWO_PAGES = "two_pages"
    FOUR_PAGES = "four_pages"
    FULL_REPORT = "full_report"
    TOOLKIT = "toolkit"
    AREA_SHEETS = "area_sheets"
    WHAT_YOU_TOLD_US = "what_you_told_us"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an edition that a researcher writes; the figures around it come by themselves."""

    name: str
    title: str
    #: What belongs in it, for whoever writes.
    hint: str
    #: What it may be at most, where pages are counted; 0 is as long as it takes.
    most_words: int = 0


@dataclass(frozen=True, slots=True)
class EditionDefinition:
    """One kind of edition, declared once: the editor, the renderer and the project page read it."""

    kind: EditionKind
    title: str
    for_whom: str
    sections: tuple[Section, ...]
