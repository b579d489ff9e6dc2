"""The rules of disclosure control for tables of persons: named constants, each cited.

Inside, for the team: counts of 1 to 7 persons are redacted, everything else is rounded to 5, and
totals are sums of what is published, so that subtracting gives nothing back (OpenSAFELY,
"Statistical disclosure control"). Outside, for everybody: fewer than 10 (ACRO's threshold), and
totals are counts of their own, for tables that share one must say the same of it; so each table is
audited together with all that its study has published before.

Stricter than there, none is redacted like a few: who knows where nobody is can put many tables
beside each other and find many of the few (a test plays that), and an empty cell tells of everyone
in its row (class disclosure).
Sums of acts need ten persons, none of whom did half of them and no two of whom did over 90 % (ACRO;
with the first rule the second one is stricter than the p % rule at 10).
"""

from dataclasses import dataclass
from typing import Final

from app.core.number_format import percent
from app.research.protection.rounding import MIDPOINT_6, TO_FIVE, Rounding

#: Counts of persons up to this one are redacted inside.
REDACTED_TO: Final = 7
#: With fewer persons in all there is no table inside, with fewer in a cell there is no sum, and
#: no count of fewer leaves the team.
LEAST_PERSONS: Final = 10
#: One person with this share of the acts in a cell, or two with that one, and the sum is theirs.
SHARE_OF_ONE: Final = 0.5
SHARE_OF_TWO: Final = 0.9
#: How many counts must stay possible for one that was held back: as many as for a rounded one.
LEAST_OPEN: Final = TO_FIVE.step


@dataclass(frozen=True, slots=True)
class Rule:
    """How counts of persons are shown: none below `least`, the others rounded."""

    least: int
    rounding: Rounding
    sentence: str

    def shown(self, persons: int) -> int | None:
        """A count as it may be seen, None when it is held back."""
        return None if persons < self.least else self.rounding.shown(persons)

    def possible(self, figure: int) -> tuple[int, int]:
        """The least and the greatest count that a figure leaves open for who knows the rule."""
        low, high = self.rounding.possible(figure)
        return max(low, self.least), high


PEOPLE_RULE: Final = (
    f"Groups of fewer than {REDACTED_TO + 1} people, or none, are held back, and everything else "
    f"is rounded to the nearest {TO_FIVE.step}. Totals add up what is shown. Where one figure "
    "could be worked out from a total that is known from elsewhere, the smallest one beside it is "
    "held back too."
)
ACTS_RULE: Final = (
    f"Acts are told of {LEAST_PERSONS} people or more, and only where no one did half of them and "
    f"no two did over {percent(SHARE_OF_TWO)}. They are rounded to the nearest {TO_FIVE.step}, and "
    "totals add up what is shown. Where one figure is held back in a line, the smallest one beside "
    "it is held back too."
)
_OUTSIDE: Final = (
    "Groups of fewer than {least} people, or none, are held back, and everything else, totals "
    "included, is rounded to {to}. Where a figure would narrow one of them down to fewer than "
    "{open} counts, alone or beside everything that this study has published before, that figure "
    "is held back too."
)

INSIDE: Final = Rule(REDACTED_TO + 1, TO_FIVE, PEOPLE_RULE)
OUTSIDE: Final = Rule(
    LEAST_PERSONS,
    TO_FIVE,
    _OUTSIDE.format(least=LEAST_PERSONS, to=f"the nearest {TO_FIVE.step}", open=LEAST_OPEN),
)
#: For the numbers under a survival curve.
OUTSIDE_SURVIVAL: Final = Rule(
    LEAST_PERSONS,
    MIDPOINT_6,
    _OUTSIDE.format(
        least=LEAST_PERSONS, to=f"the middle of {MIDPOINT_6.step}: 7 to 12 is 9", open=LEAST_OPEN
    ),
)


def is_too_few(persons: int) -> bool:
    """Whether a table about so few people is refused as a whole."""
    return persons < LEAST_PERSONS
