"""Words of a shown part: how a number is told in a line and in a sentence."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from app.core.number_format import figure, percent

#: Stands wherever a number is not told, so that nothing is left out in silence.
HELD_BACK: Final = "held back"
_PENCE: Final = 100
#: Decimals that a number keeps also where they are 0, so that those below each other are alike.
_DECIMALS: Final = {"points": 2, "ratio": 3, "times": 1}
#: A wait of so many minutes or more is told in hours, where they are whole.
_LONG_WAIT, _HOUR = 360, 60
_MINUS: Final = "−"

Part = Mapping[str, Any]


def sentence_case(words: str) -> str:
    """With its first letter large."""
    return words[:1].upper() + words[1:]


def full_sentence(words: str) -> str:
    """With its first letter large and one full stop at its end."""
    return sentence_case(words) + ("" if words.endswith((".", "!", "?")) else ".")


def number(value: float) -> str:
    """A number as it was rounded, with a minus that is as wide as a plus."""
    plain = f"{abs(value):,.3f}".rstrip("0").rstrip(".")
    return f"{_MINUS}{plain}" if value < 0 and plain != "0" else plain


def value(amount: float, unit: str) -> str:
    """A value in its unit: `£1,203`, `0.42`, `14 days`."""
    sign = _MINUS if amount < 0 else ""
    if unit == "share":
        return sign + percent(abs(amount))
    if unit == "pence":
        return f"{sign}£{figure(round(abs(amount) / _PENCE))}"
    if unit == "minutes" and amount >= _LONG_WAIT and amount % _HOUR == 0:
        return f"{number(amount / _HOUR)} hours"
    told = _even(amount, unit)
    if unit == "ratio":
        return told
    return f"{told} {unit.removesuffix('s') if told == '1' else unit}"


def _even(amount: float, unit: str) -> str:
    """A number with as many decimals as others of its unit."""
    if unit not in _DECIMALS:
        return number(amount)
    plain = f"{abs(amount):,.{_DECIMALS[unit]}f}"
    return f"{_MINUS}{plain}" if amount < 0 and float(plain.replace(",", "")) else plain


def bare(amount: float, unit: str) -> str:
    """A value without the name of its unit, for a column whose head says it."""
    return value(amount, unit) if unit in ("share", "pence") else _even(amount, unit)


def still_there(percent: float) -> str:
    """A place of a curve: always with one decimal."""
    return f"{percent:.1f}%"


def count(people: int | None) -> str:
    """A count of people in a cell."""
    return HELD_BACK if people is None else figure(people)


def interval(part: Part) -> str:
    """From where to where an estimate may lie, or ""."""
    if part["low"] is None or part["high"] is None:
        return ""
    return f"{bare(part['low'], part['unit'])} to {bare(part['high'], part['unit'])}"


def inline(part: Part) -> str:
    """The number inside a line; "" where none is told, or where it is no number."""
    if part["why"] or part["kind"] not in ("estimate", "share"):
        return ""
    if part["kind"] == "share":
        return f"{part['percent']}%"
    told = value(part["value"], part["unit"])
    between = interval(part)
    return f"{told} (95% interval {between})" if between else told


def key(part: Part) -> str:
    """The number alone, for large type."""
    if part["why"]:
        return HELD_BACK
    if part["kind"] == "share":
        return f"{part['percent']}%"
    return value(part["value"], part["unit"])


def sentence(part: Part) -> str:
    """All of it in a sentence, with its denominator, or why nothing is told."""
    label = sentence_case(part["label"])
    if part["why"]:
        return f"{label}: {HELD_BACK}. {full_sentence(part['why'])}"
    return _SENTENCES[part["kind"]](part, label)


def _of_estimate(part: Part, label: str) -> str:
    people = "" if part["people"] is None else f", among {_about(part['people'])}"
    return f"{label}{_joint(label)}{inline(part)}{people}."


def _of_share(part: Part, label: str) -> str:
    people = f"about {figure(part['people'])} of {_about(part['of'])}"
    return f"{label}{_joint(label)}{part['percent']}% ({people})."


def _joint(label: str) -> str:
    """A label with a colon of its own gets no second one."""
    return ", " if ":" in label else ": "


def _about(people: int) -> str:
    return f"about {figure(people)} people"


def _of_table(part: Part, label: str) -> str:
    people = "" if part["total"] is None else f" Of {_about(part['total'])}."
    return f"{label}, in {len(part['rows'])} by {len(part['columns'])} groups.{people}"


def _of_curve(part: Part, label: str) -> str:
    last = part["points"][-1]
    return (
        f"{label}: of {_about(part['people'])} at the beginning, "
        f"{still_there(last['percent'])} are still there after {number(last['day'])} days."
    )


def _of_counts(part: Part, label: str) -> str:
    told = zip(part["places"], part["people"], strict=True)
    return f"{label}: " + "; ".join(f"{place}, {count(people)}" for place, people in told) + "."


_SENTENCES: Final[Mapping[str, Callable[[Part, str], str]]] = {
    "estimate": _of_estimate,
    "share": _of_share,
    "table": _of_table,
    "curve": _of_curve,
    "counts": _of_counts,
}


#: `…, wave 2 (week 13): mean change` and `…, wave 2 (week 13)`.
_WAVE: Final = r"wave \d+ \(week \d+\)"
_BEFORE: Final = re.compile(rf"(?P<together>.*{_WAVE}): (?P<own>.+)")
_BEHIND_ALL: Final = re.compile(rf"(?P<own>[^:]+): (?P<together>[^:]*{_WAVE}, .+)")
_BEHIND: Final = re.compile(rf"(?P<own>.+), (?P<together>{_WAVE})")
_COLON: Final = re.compile(r"(?P<together>[^:]+): (?P<own>.+)")


def apart(label: str) -> tuple[str, str]:
    """What a label shares with those of its group, and what it has alone."""
    for pattern in (_BEFORE, _BEHIND_ALL, _BEHIND, _COLON):
        if found := pattern.fullmatch(label):
            return sentence_case(found["together"]), sentence_case(found["own"])
    return "", sentence_case(label)


def own_words(labels: Sequence[str]) -> list[str]:
    """Labels without what all of them begin or end with, up to a comma or a colon."""
    ends = [re.split(r"(?=, |: )", label) for label in labels]
    while all(len(end) > 1 for end in ends) and len({end[-1] for end in ends}) == 1:
        ends = [end[:-1] for end in ends]
    while all(len(end) > 1 for end in ends) and len({end[0] for end in ends}) == 1:
        ends = [[end[1].lstrip(",: "), *end[2:]] for end in ends]
    return [sentence_case("".join(end)) for end in ends]


def held_back(part: Part) -> int:
    """How many cells or numbers the rule took."""
    if part["kind"] == "table":
        return int(part["held_back"])
    if part["kind"] == "counts":
        return sum(people is None for people in part["people"])
    return int(bool(part["why"]))


def is_held_back(part: Part) -> bool:
    """Whether it is a table, a curve or counts of which nothing is told."""
    if part["kind"] == "table":
        return all(people is None for line in part["cells"] for people in line)
    if part["kind"] == "counts":
        return all(people is None for people in part["people"])
    return part["kind"] == "curve" and bool(part["why"])
