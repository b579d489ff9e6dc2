"""A figure: a part of an outside result by its name, `measure.part`, in words. Light: the server
lists figures with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.research.charts import figure_words
from app.research.measures import catalogue
from app.research.measures.shown_parts import ShownResult

#: Characters of a hash that are told: enough to compare with the manifest.
_HASH = 8


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """One part of a result as it is told to everybody."""

    #: `measure.part`.
    name: str
    measure: str
    #: Of the measure.
    title: str
    part: figure_words.Part

    @property
    def kind(self) -> str:
        """Estimate, share, table, curve or counts."""
        return str(self.part["kind"])

    @property
    def label(self) -> str:
        """What it is of."""
        return str(self.part["label"])

    @property
    def why(self) -> str:
        """Why nothing is shown, as a sentence, or ""."""
        why = str(self.part["why"])
        return figure_words.full_sentence(why) if why else ""

    @property
    def inline(self) -> str:
        """The number inside a line; "" where it is held back or is no number."""
        return figure_words.inline(self.part)

    @property
    def key(self) -> str:
        """The number alone, or that it is held back."""
        return figure_words.key(self.part)

    @property
    def sentence(self) -> str:
        """All of it in a sentence with its denominator."""
        return figure_words.sentence(self.part)

    @property
    def rule(self) -> str:
        """The rule that was applied, and what it took."""
        taken = figure_words.held_back(self.part)
        return f"{self.part['rule']} {_taken(taken)}"


def _taken(cells: int) -> str:
    if cells == 0:
        return "It took nothing here."
    return f"It took {cells} {'figure' if cells == 1 else 'figures'} here."


@dataclass(frozen=True, slots=True)
class Origin:
    """From which dataset, and by which version of the software, figures were computed."""

    dataset_number: int
    dataset_sha256: str
    software_version: str

    @property
    def line(self) -> str:
        """In a line: `dataset 3 (1f2e3d4c), Alongside 1.2.0`."""
        begins = self.dataset_sha256[:_HASH]
        return f"dataset {self.dataset_number} ({begins}), Alongside {self.software_version}"


def all_of(results: Iterable[ShownResult]) -> Mapping[str, ReportFigure]:
    """Every figure of these results by its name, in their order."""
    found: dict[str, ReportFigure] = {}
    for result in results:
        declared = catalogue.find(result.measure)
        title = declared.title if declared else result.measure
        for part in result.parts:
            name = f"{result.measure}.{part['name']}"
            found[name] = ReportFigure(name, result.measure, title, part)
    return found
