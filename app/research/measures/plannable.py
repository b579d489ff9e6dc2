"""Names that an analysis plan can give to what it will look at: measures, scores, and what people
do in numbers. A name that is none of them promises what nothing will ever be held against."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Final

from app.core.errors import InvalidError
from app.research.answer_columns import MEETING_MINUTES, SESSIONS
from app.research.bands import MEASURES
from app.research.instruments.catalogue import shipped
from app.research.measures.catalogue import ALL

#: So many names are told in place of one that is not known, and so alike they are.
_NEAREST: Final = 3
_LIKE: Final = 0.5


@cache
def names() -> tuple[str, ...]:
    """Every measure, the columns of what people do, and every score of every version."""
    scores = (score.name for one in shipped().instruments.values() for score in one.scores)
    counted = (*MEASURES, SESSIONS, MEETING_MINUTES)
    return tuple(dict.fromkeys((*(one.name for one in ALL), *counted, *scores)))


def require_known(wanted: Sequence[str], pointer: str) -> None:
    """Raises InvalidError for the first that there is not, with those that look most like it."""
    for name in wanted:
        if name not in names():
            raise InvalidError(f"There is no measure “{name}”. {_nearest(name)}", pointer=pointer)


def _nearest(name: str) -> str:
    found = get_close_matches(name, names(), n=_NEAREST, cutoff=_LIKE)
    if not found:
        return f"Those there are: {', '.join(one.name for one in ALL)}, and the scores asked."
    return f"The nearest there are: {', '.join(found)}."
