"""The registry of activity: every kind, its version and its fields, each field with its values.

What is not declared here is refused: by the schemas of the API, by the writers, and by the
database, whose table `activity_types` and CHECKs hold the same. A version rises when a kind
changes its meaning; old rows keep the version they were recorded under.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class ActivityKind(StrEnum):
    """What a participant did, or what was done to something of theirs."""

    PUBLISHED = "published"
    REPLIED = "replied"
    REACTED = "reacted"
    RECEIVED = "received"
    TOOK_BACK = "took_back"
    LOST = "lost"
    READ = "read"
    HELP_OPENED = "help_opened"
    NOTE_OPENED = "note_opened"
    BREAK_TAKEN = "break_taken"


#: Seconds of reading that one row can hold.
MAX_READ_SECONDS: Final = 600
#: An ordinal beyond this stays this.
MAX_ORDINAL: Final = 100


@dataclass(frozen=True, slots=True)
class ActivityType:
    """One kind in one version."""

    kind: ActivityKind
    version: int
    label: str
    fields: tuple[str, ...] = ()


_TOWARDS: Final = ("other_side", "counterpart_id", "target")

TYPES: Final = (
    ActivityType(
        ActivityKind.PUBLISHED,
        1,
        "published a post",
        ("intent", "length_band", "has_note", "ordinal"),
    ),
    ActivityType(
        ActivityKind.REPLIED,
        1,
        "replied to a post or a reply",
        (*_TOWARDS, "length_band", "has_note"),
    ),
    ActivityType(ActivityKind.REACTED, 1, "gave a reaction", (*_TOWARDS, "reaction")),
    ActivityType(
        ActivityKind.RECEIVED,
        1,
        "received a reply, or a reaction when `reaction` is filled",
        (*_TOWARDS, "reaction", "latency_band"),
    ),
    ActivityType(
        ActivityKind.TOOK_BACK,
        1,
        "removed a reaction (when `reaction` is filled), or deleted a post or reply of their own",
        (*_TOWARDS, "reaction"),
    ),
    ActivityType(
        ActivityKind.LOST, 1, "a reaction that they had received was removed",
        (*_TOWARDS, "reaction"),
    ),
    ActivityType(
        ActivityKind.READ, 1, "seconds in view, summed over posts (before version 2)", ("seconds",)
    ),
    ActivityType(
        ActivityKind.READ, 2, "seconds by the clock with posts in view", ("seconds",)
    ),
    ActivityType(ActivityKind.HELP_OPENED, 1, "opened Help now"),
    ActivityType(ActivityKind.NOTE_OPENED, 1, "opened a post through its content note"),
    ActivityType(ActivityKind.BREAK_TAKEN, 1, "took a break"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActivityField:
    """A field of activity: what it tells, and its values with their labels if it has a few."""

    name: str
    label: str
    values: dict[str, str] = field(default_factory=dict)


def _spelled(*words: str) -> dict[str, str]:
    return {word: word.replace("_", " ") for word in words}


FIELDS: Final = {
    one.name: one
    for one in (
        ActivityField("kind", "What they did", _spelled(*ActivityKind)),
        ActivityField("day", "Days since they joined the study; 0 is the day of joining"),
        ActivityField(
            "time_band",
            "Time of day in the programme's own zone",
            {
                "night": "00:00 to 05:59",
                "morning": "06:00 to 11:59",
                "afternoon": "12:00 to 17:59",
                "evening": "18:00 to 23:59",
            },
        ),
        ActivityField("actor_role", "What part they played", _spelled("member", "host", "adviser")),
        ActivityField(
            "other_side",
            "Who the other person was",
            {
                "participant": "someone else in the study",
                "member": "a member who is not in the study",
                "staff": "someone who works for the community",
                "self": "themselves",
            },
        ),
        ActivityField("target", "What it was about", {"post": "a post", "reply": "a reply"}),
        ActivityField(
            "intent",
            "What a published post was for, when its author said so",
            _spelled(
                "looking_for_support", "saying_hello", "seeking_suggestions", "sharing_a_little_win"
            ),
        ),
        ActivityField(
            "reaction",
            "Which reaction",
            _spelled("thinking_of_you", "i_hear_you", "i_like_this", "this_helped_me"),
        ),
        ActivityField(
            "length_band",
            "How long the post or reply was",
            {
                "brief": "up to 50 characters",
                "short": "51 to 280 characters",
                "medium": "281 to 1,000 characters",
                "long": "over 1,000 characters",
            },
        ),
        ActivityField(
            "has_note",
            "Whether its author put a content note on it",
            {"true": "yes", "false": "no"},
        ),
        ActivityField(
            "ordinal",
            "Which of their own posts since joining it was: 1 for the first; 100 for later ones",
        ),
        ActivityField(
            "latency_band",
            "How long their post had waited for its first reply",
            {
                "under_10_minutes": "less than 10 minutes",
                "under_1_hour": "10 minutes to an hour",
                "under_6_hours": "1 to 6 hours",
                "under_1_day": "6 to 24 hours",
                "later": "a day or longer",
            },
        ),
        ActivityField(
            "session",
            "Which session since joining it was in: 1 for the first; 30 idle minutes end one",
        ),
        ActivityField("seconds", "Seconds by the clock with posts in view"),
    )
}

#: Upper ends of the bands of a text's length, in characters.
LENGTH_BANDS: Final = ((50, "brief"), (280, "short"), (1_000, "medium"))
LONGEST: Final = "long"
#: Upper ends of the bands of waiting, in seconds; the end itself belongs to the next band.
LATENCY_BANDS: Final = (
    (600, "under_10_minutes"),
    (3_600, "under_1_hour"),
    (21_600, "under_6_hours"),
    (86_400, "under_1_day"),
)
LATEST: Final = "later"


def length_band(length: int) -> str:
    """How long a text is, in four words: an exact length could be matched with the wall."""
    return next((band for limit, band in LENGTH_BANDS if length <= limit), LONGEST)


def latency_band(seconds: int) -> str:
    """How long a post waited for its first answer, in five words."""
    return next((band for limit, band in LATENCY_BANDS if seconds < limit), LATEST)
