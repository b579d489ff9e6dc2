"""Second suppression inside, without a solver: whoever knows the exact total of a line from
elsewhere must not find the one count in it that was held back, so a second one is held back beside
it. Totals inside add up what is shown and give nothing away, so that this is enough; tables that
leave the team are audited (`publication`)."""

from collections import Counter
from collections.abc import Callable, Sequence

from app.research.protection.rules import INSIDE, LEAST_OPEN, REDACTED_TO

Shown = list[list[int | None]]
Place = tuple[int, int]
#: Cells whose sum is a figure that someone may know, with their exact amounts.
Line = list[tuple[Place, int]]


def lines(amounts: Sequence[Sequence[int]], *, rows_add: bool, columns_add: bool) -> list[Line]:
    """Rows and columns that add up."""
    placed = [
        [((at, place), amount) for place, amount in enumerate(row)]
        for at, row in enumerate(amounts)
    ]
    across = placed if columns_add else []
    down = [list(column) for column in zip(*placed, strict=True)] if rows_add else []
    return across + down


def always(_: int, __: list[int]) -> bool:
    """For sums of acts: one held back is never left alone."""
    return True


def is_narrow(hidden: int, others: list[int]) -> bool:
    """Whether the exact total leaves too few counts open for the one that is held back. One that
    is held back beside another, and so is above 7, must not be found at all."""
    if hidden > REDACTED_TO:
        return True
    total = hidden + sum(others)
    spans = [INSIDE.rounding.possible(INSIDE.rounding.shown(other)) for other in others]
    lowest = max(0, total - sum(high for _, high in spans))
    highest = min(REDACTED_TO, total - sum(low for low, _ in spans))
    return highest - lowest + 1 < LEAST_OPEN


def hold_beside(
    shown: Shown, among: Sequence[Line], *, has_to: Callable[[int, list[int]], bool]
) -> None:
    """Hold back a second figure wherever a single one could be worked out, until none can: the
    smallest, but first one whose other line needs it as well."""
    is_done = False
    while not is_done:
        is_done = True
        alone = [line for line in among if sum(_is_suppressed(shown, one) for one in line) == 1]
        wanted = Counter(where for line in alone for where, _ in line)
        for line in alone:
            hidden = [one[1] for one in line if _is_suppressed(shown, one)]
            seen = [one for one in line if not _is_suppressed(shown, one)]
            if len(hidden) == 1 and seen and has_to(hidden[0], [amount for _, amount in seen]):
                at, place = min(seen, key=lambda one: (-wanted[one[0]], one[1], one[0]))[0]
                shown[at][place] = None
                is_done = False


def _is_suppressed(shown: Shown, one: tuple[Place, int]) -> bool:
    (at, place), _ = one
    return shown[at][place] is None
