"""A measure: what it counts, of whom, when, and what it leaves out; and how it is computed."""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from app.research.measures.results import MeasurePart

if TYPE_CHECKING:
    from app.research.measures.dataset_frames import Frames

#: So many days without an act end somebody's taking part.
IDLE_DAYS: Final = 28
#: Who could be observed for fewer days has no dose; and doses are told per so many.
DOSE_DAYS: Final = 28
#: What rests on fewer people tells of single ones: the end of a curve, pairs in a network.
ENOUGH: Final = 10

#: What measures of peers leave out, each said the same way everywhere.
STAFF: Final = "Replies and reactions to or from people who work for the community are not counted."
OWN: Final = "Replies and reactions to oneself are not counted."
UNDONE: Final = "What was deleted or removed again is taken off, on the day on which that happened."
OUTSIDE: Final = (
    "What members outside the study wrote is not read; what they gave to participants counts as "
    "received."
)
#: What "received" means, in all measures.
RECEIVED: Final = (
    "Received is at least one reply or reaction from a peer: another member, in the study or not, "
    "who does not work for the community."
)
#: Who is counted, unless a measure says otherwise.
AGREED: Final = (
    "Everyone who ever agreed to a record of what they do, also if they have stopped since, but "
    "nobody who was erased."
)


class MeasureSource(StrEnum):
    """From which files a measure can be computed."""

    #: From exact rows alone, which stay inside.
    EXACT = "exact"
    #: From the banded file that may leave too, with a loss that is told.
    BANDED = "banded"


@dataclass(frozen=True, slots=True)
class MeasureDefinition:
    """One measure, declared once: the screen, the documentation and the reports read this."""

    #: Its name in tables and texts, and that of the module that computes it: `retention`.
    name: str
    title: str
    #: What somebody who is no statistician wants to know.
    question: str
    numerator: str
    denominator: str
    #: The time that is looked at.
    window: str
    #: Of whom it is told.
    base: str
    #: Who can be counted on which day, by days observable; "" where time plays no part.
    risk_set: str
    #: What is done about people who were here before they joined the study.
    left_truncation: str
    left_out: tuple[str, ...]
    source: MeasureSource
    #: The paper, manual or law behind the definition.
    citation: str
    #: Files of the dataset without which it can't be computed.
    needs: tuple[str, ...]

    def compute(self, frames: "Frames") -> tuple[MeasurePart, ...]:
        """What it finds in these files, not protected; raises FileMissingError. Its module is
        loaded now: frames and statistics are memory that no server should carry."""
        module: Any = import_module(f"app.research.measures.{self.name}")
        found: tuple[MeasurePart, ...] = module.compute(frames)
        return found
