"""The columns of the files of answers: `responses`, `scores` and `doses`.

A question is told in the words that came with this software. Those of an instrument whose words
need a licence are never told: the column names its place in it, and its codes stand alone.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from app.research.bands import MEASURES, OBSERVED, Options
from app.research.codebook_columns import Column, special
from app.research.instruments import catalogue, unit_costs
from app.research.instruments.structure import Instrument, Item, ItemKind, Method, Score
from app.research.instruments.wording import Wording
from app.research.questionnaire_models import ResponseMode
from app.research.score_bands import instruments, of_score
from app.research.special_codes import DECLINED, NOT_ANSWERED, NOT_APPLICABLE, NOT_REACHED

#: The files of exact rows about a person: they stay inside, but for an agreement.
FILES: Final = ("responses", "scores", "doses")
#: What became of a wave, in the order of the codes, from 1.
STATES: Final = {
    "done": "handed in",
    "declined": "declined",
    "begun": "begun, not handed in",
    "silent": "nothing was answered, and the time is over",
    "open": "nothing was answered yet",
}
#: Written where nothing was read.
NO_LANGUAGE: Final = "none"

MISSING: Final = special(NOT_ANSWERED, NOT_APPLICABLE, DECLINED, NOT_REACHED)
_NONE: Final = special(NOT_APPLICABLE)
_YES_NO: Final[dict[int | str, str]] = {0: "no", 1: "yes"}
_MODES: Final[dict[int | str, str]] = {
    code: str(mode) for code, mode in enumerate(ResponseMode, start=1)
}
_STATE: Final = Column(
    "state",
    "integer",
    "What became of the wave, up to the cut",
    dict(enumerate(STATES.values(), start=1)),
)

SESSIONS: Final = "sessions"
MEETING_MINUTES: Final = "meeting_minutes"
#: The group and the area of most meetings in a period, by the numbers they have in this study.
CLUSTERS: Final = ("group_cluster", "area_cluster")


def responses(person: Column, options: Options) -> tuple[Column, ...]:
    """A row a person and wave: what became of it, and each answer."""
    return (
        person,
        wave(options),
        _STATE,
        Column("mode", "integer", "How it was answered", _MODES | _NONE),
        Column(
            "language",
            "text",
            "In which language the words were read",
            {NO_LANGUAGE: "nothing was read"},
        ),
        Column("is_late", "integer", "Whether something came after the window", _YES_NO),
        Column("due_day", "integer", "Day since joining on which it opened", {}),
        *(
            Column(f"{name}_day", "integer", f"Day since joining on which it was {words}", _NONE)
            for name, words in (
                ("opened", "first looked at"),
                ("saved", "answered last"),
                ("done", "handed in"),
            )
        ),
        *(column for _, _, columns in items(options) for column in columns),
    )


def scores(person: Column, options: Options) -> tuple[Column, ...]:
    """A row a person and wave: each score, from how many answers, and its step."""
    return (
        person,
        wave(options),
        _STATE,
        *(column for one, _ in all_scores(options) for column in _of_score(one)),
    )


def doses(person: Column, period: Column) -> tuple[Column, ...]:
    """A row a person and period: exactly what was counted in it."""
    return (
        person,
        period,
        Column(OBSERVED, "integer", "On how many of its days their activity could be recorded", {}),
        Column(SESSIONS, "integer", "Sessions; one ends with 30 minutes without any act", {}),
        *(Column(one.name, "integer", one.label, {}) for one in reversed(MEASURES.values())),
        Column(MEETING_MINUTES, "integer", "How many minutes these meetings were planned for", {}),
        *(
            Column(name, "integer", f"{what} of most of these meetings, by a random number", _NONE)
            for name, what in zip(CLUSTERS, ("Group", "Area"), strict=True)
        ),
    )


def wave(options: Options) -> Column:
    """The wave, counted from 1, with its week where waves come in weeks since joining."""
    spoken: dict[int | str, str] = {
        number: f"week {day // 7}" for number, day in enumerate(options.schedule.waves, start=1)
    }
    return Column("wave", "integer", "Wave of questionnaires, counted from 1", spoken)


def items(options: Options) -> Iterator[tuple[Instrument, Item, list[Column]]]:
    """Every question with its columns, each once, as its newest version has it; none of those that
    are answered in words."""
    newest = {item.name: (one, item) for _, one in instruments(options) for item in one.items}
    for one, item in newest.values():
        if item.kind is not ItemKind.TEXT:
            yield one, item, list(_of_item(one, item))


def all_scores(options: Options) -> list[tuple[Score, Instrument]]:
    """Every score of what was asked, each once, as its newest version has it."""
    newest = {score.name: (score, one) for _, one in instruments(options) for score in one.scores}
    return list(newest.values())


def _of_item(one: Instrument, item: Item) -> Iterator[Column]:
    words = _words(one)
    place = [other.name for other in one.items].index(item.name) + 1
    label = words.items[item.name].text if words else f"{one.title}, question {place}"
    options = option_words(one, item)
    if item.kind is ItemKind.SEVERAL:
        for code, option in options.items():
            name, says = several(item, int(code)), f"{label} {option}"
            yield Column(name, "integer", says, _YES_NO | MISSING)
    else:
        yield Column(item.name, "integer", label, options | MISSING)


def several(item: Item, code: int) -> str:
    """The column of one option of a question that takes several."""
    return f"{item.name}_{code}"


def _words(one: Instrument) -> Wording | None:
    if not one.licence.ships_words:
        return None
    found = catalogue.shipped().shipped(one)
    return next((words for words in found if words.language == "en"), found[0])


def option_words(one: Instrument, item: Item) -> dict[int | str, str]:
    """What somebody could choose, by its code."""
    words = _words(one)
    labels: Mapping[str, str] = words.options.get(item.options or "", {}) if words else {}
    return {code: labels.get(str(code), f"option {code}") for code in one.codes(item)}


def _of_score(one: Score) -> Iterator[Column]:
    label = one.label
    if one.method is Method.COST:
        label = f"{label}, in pence at the prices of {unit_costs.newest().price_year}"
    yield Column(one.name, "number", label, MISSING)
    yield Column(f"{one.name}_n", "integer", f"{one.label}: answers it rests on", {})
    if one.bands:
        steps: dict[int | str, str] = dict(enumerate(of_score(one).names, start=1))
        yield Column(f"{one.name}_b", "integer", f"{one.label}: step", steps | MISSING)
