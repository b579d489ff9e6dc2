"""People out of ten, for readers to whom a per cent says little: `about 6 in 10 people`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.research.charts.colours import MUTED, PRIMARY
from app.research.charts.figure_words import HELD_BACK
from app.research.documents.document import TextSpan
from app.research.documents.figures import ReportFigure

TEN: Final = 10
_YES_AND_NO: Final = 2
#: A person in the picture: a head above shoulders.
_HEAD: Final = '<circle cx="{x}" cy="11" r="7.5"'
_BODY: Final = '<path d="M{left} 46 v-13 a12 12 0 0 1 24 0 v13 z"'
_STEP: Final = 34
_HEIGHT: Final = 50


@dataclass(frozen=True, slots=True)
class CountedPeople:
    """How many people of how many, as a figure tells it; None where one of both is held back."""

    figure: str
    people: int | None
    of: int | None

    @property
    def share(self) -> float | None:
        """The share, from both counts as they were rounded."""
        if self.people is None or not self.of:
            return None
        return min(1.0, self.people / self.of)

    @property
    def tenths(self) -> int | None:
        """How many of ten."""
        return None if self.share is None else _tenths(self.share)

    @property
    def words(self) -> str:
        """How many of ten, at the beginning of a sentence."""
        return HELD_BACK if self.share is None else words(self.share, "people")


def words(share: float, of: str) -> str:
    """A share of people, or of something else: `About 8 in 10 posts`."""
    tenths = _tenths(share)
    if tenths == 0:
        return f"Fewer than 1 in {TEN} {of}"
    if tenths == TEN:
        return "Nearly everyone" if of == "people" else f"Nearly all {of}"
    return f"About {tenths} in {TEN} {of}"


def _tenths(share: float) -> int:
    """Halves go up, as people round."""
    return int(TEN * share + 0.5)


def span(told: CountedPeople, *, is_first: bool = True) -> TextSpan:
    """The words in a sentence, at its beginning or inside it."""
    said = told.words if is_first else told.words[:1].lower() + told.words[1:]
    return TextSpan(said, is_strong=True, figure=told.figure)


def of_share(figure: ReportFigure) -> CountedPeople:
    """Of a share of people."""
    return CountedPeople(figure.name, figure.part["people"], figure.part["of"])


def of_first_column(figure: ReportFigure, row: int | None = None) -> CountedPeople:
    """Of a table whose first two columns are *yes* and *no*: in all, or in one of its rows."""
    part = figure.part
    cells = part["column_totals"] if row is None else part["cells"][row]
    people, others = cells[:2]
    if figure.why or people is None or others is None:
        return CountedPeople(figure.name, None, None)
    # Where nobody is in a third column, the table tells both together: not the sum of two that
    # were rounded, or a sheet would say 90 where the table has 85.
    both = part["total"] if row is None else part["row_totals"][row]
    is_all = len(cells) == _YES_AND_NO and both is not None
    return CountedPeople(figure.name, people, both if is_all else people + others)


def picture(filled: int) -> str:
    """Ten people in a row, the first ones filled: so that no colour has to be seen."""
    people = "".join(_person(place, place < filled) for place in range(TEN))
    width = TEN * _STEP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" '
        f'viewBox="0 0 {width} {_HEIGHT}">{people}</svg>'
    )


def _person(place: int, is_filled: bool) -> str:
    middle = place * _STEP + _STEP // 2
    if is_filled:
        style = f' fill="{PRIMARY}" stroke="{PRIMARY}" stroke-width="2"/>'
    else:
        style = f' fill="none" stroke="{MUTED}" stroke-width="2"/>'
    return "".join(_shapes(middle, style))


def _shapes(middle: int, style: str) -> Iterator[str]:
    yield _HEAD.format(x=middle) + style
    yield _BODY.format(left=middle - 12) + style
