"""What each column of a dataset means. Writers, verification and the codebook file read this."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from app.research.about import NOT_ANSWERED, AgeBand, Area, PeerSupportBefore, TenureBand
from app.research.disclosure import WITHHELD

#: Stands for everyone outside the dataset: they are counted together and never told apart.
OTHERS: Final = "OTHERS"

#: Columns whose combinations could tell who someone is, in the order of the file.
QUASI_IDENTIFIERS: Final = ("tenure_band", "age_band", "area", "peer_support_before")
#: The same from the one withheld first to the one that research needs most.
WITHHOLDING_ORDER: Final = ("area", "age_band", "tenure_band", "peer_support_before")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it tells, and the values it can have."""

    name: str
    type: Literal["text", "integer"]
    label: str
    values: dict[str, str] = field(default_factory=dict)


def _spelled(words: Iterable[str]) -> dict[str, str]:
    return {str(word): str(word).replace("_", " ") for word in words}


def _answers(words: Iterable[str], *, can_skip: bool = True) -> dict[str, str]:
    skipped = {NOT_ANSWERED: "the participant skipped the question"} if can_skip else {}
    withheld = {WITHHELD: "too rare to be shown (fewer than 5 people share the combination)"}
    return _spelled(words) | skipped | withheld


_PARTICIPANTS: Final = (
    Column("participant", "text", "Pseudonym, random, for this study only"),
    Column(
        "tenure_band",
        "text",
        "How long they had been a member when they joined the study",
        _answers(TenureBand, can_skip=False),
    ),
    Column("age_band", "text", "Age at joining the study", _answers(AgeBand)),
    Column("area", "text", "Region or nation of the United Kingdom", _answers(Area)),
    Column(
        "peer_support_before",
        "text",
        "Whether they had known peer support before this community",
        _answers(PeerSupportBefore),
    ),
)

_ACTIVITIES: Final = (
    Column("participant", "text", "Whose act it was"),
    Column("day", "integer", "Days since they joined the study; 0 is the day of joining (UTC)"),
    Column(
        "hour_band",
        "text",
        "Time of day (UTC)",
        {
            "night": "00:00 to 05:59",
            "morning": "06:00 to 11:59",
            "afternoon": "12:00 to 17:59",
            "evening": "18:00 to 23:59",
        },
    ),
    Column(
        "kind",
        "text",
        "What they did",
        {
            "published": "published a post",
            "replied": "replied to a post or reply",
            "reacted": "gave a reaction",
            "received": "received a reply, or a reaction when `reaction` is filled",
            "read": "had a post in view for `seconds`",
        },
    ),
    Column(
        "counterpart",
        "text",
        "The other person, when they are in the dataset too; empty otherwise; the participant's "
        "own pseudonym when they replied to themselves",
    ),
    Column(
        "intent",
        "text",
        "What a published post was for, when its author said so",
        _spelled(
            ("looking_for_support", "saying_hello", "seeking_suggestions", "sharing_a_little_win")
        ),
    ),
    Column(
        "reaction",
        "text",
        "Which reaction was given or received",
        _spelled(("thinking_of_you", "i_hear_you", "i_like_this", "this_helped_me")),
    ),
    Column(
        "length_band",
        "text",
        "How long the post or reply was",
        {
            "brief": "up to 50 characters",
            "short": "51 to 280 characters",
            "medium": "281 to 1,000 characters",
            "long": "over 1,000 characters",
        },
    ),
    Column(
        "has_note",
        "text",
        "Whether its author put a content note on it",
        {"yes": "yes", "no": "no"},
    ),
    Column("seconds", "integer", "Seconds in view, at most 600 for one post in one sending"),
)

_OTHERS_TOO: Final = {OTHERS: "everyone outside the dataset, counted together"}

_TIES: Final = (
    Column("giver", "text", "Who replied or reacted", _OTHERS_TOO),
    Column("receiver", "text", "To whom; replies to oneself are left out", _OTHERS_TOO),
    Column("replies", "integer", "How many replies"),
    Column("reactions", "integer", "How many reactions"),
)

#: The files of rows and their columns, in order.
FILES: Final[dict[str, tuple[Column, ...]]] = {
    "participants": _PARTICIPANTS,
    "activities": _ACTIVITIES,
    "ties": _TIES,
}


def names(file: str) -> list[str]:
    """The names of a file's columns, in order."""
    return [column.name for column in FILES[file]]


HEADER: Final = ("file", "column", "type", "label", "value", "value_label")


def as_rows() -> Iterator[tuple[str, ...]]:
    """The codebook as a plain table: a row a column, and a row each of its values."""
    for file, columns in FILES.items():
        for column in columns:
            yield file, column.name, column.type, column.label, "", ""
            for value, label in column.values.items():
                yield file, column.name, column.type, column.label, value, label


def as_tree() -> dict[str, list[dict[str, object]]]:
    """The codebook as JSON holds it."""
    return {
        file: [
            {
                "name": column.name,
                "type": column.type,
                "label": column.label,
                "values": column.values,
            }
            for column in columns
        ]
        for file, columns in FILES.items()
    }
