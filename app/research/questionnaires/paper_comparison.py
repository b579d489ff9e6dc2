"""Two readings of one paper: where they differ, and what is kept once that is decided. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.research.questionnaires.entry_errors import UndecidedError
from app.research.scoring import Answer


@dataclass(frozen=True, slots=True)
class Reading:
    """What one person typed: the day on the paper, and answers by item. What is left out, empty or
    None was skipped."""

    answered_on: date
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that two people read differently."""

    item: str
    first: Answer
    second: Answer


def plain(answer: Answer) -> Answer:
    """An answer in the one form in which equal ones are equal: several codes in order, words with
    single spaces, None for nothing."""
    if isinstance(answer, str):
        return " ".join(answer.split()) or None
    if answer is None or isinstance(answer, int):
        return answer
    return sorted(set(answer)) or None


def differences(first: Reading, second: Reading) -> list[Difference]:
    """Each item that was read differently, in the order in which the first was typed."""
    found = []
    for item in dict.fromkeys([*first.answers, *second.answers]):
        one, other = plain(first.answers.get(item)), plain(second.answers.get(item))
        if one != other:
            found.append(Difference(item, one, other))
    return found


def settled(
    first: Reading, second: Reading, *, answered_on: date | None, decided: Mapping[str, Answer]
) -> Reading:
    """What stands on the paper, once somebody has decided every difference (the day too, where it
    was read differently) and nothing else; raises UndecidedError."""
    is_same_day = first.answered_on == second.answered_on
    if (answered_on is None) != is_same_day:
        raise UndecidedError(pointer="/answered_on")
    open_ = {one.item for one in differences(first, second)}
    for item in sorted(open_ ^ set(decided)):
        raise UndecidedError(pointer=f"/decided/{item}")
    agreed = {item: plain(answer) for item, answer in second.answers.items()}
    chosen = {item: plain(answer) for item, answer in decided.items()}
    return Reading(answered_on or second.answered_on, agreed | chosen)
