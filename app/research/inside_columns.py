"""The columns of the files that never leave: as few as measures are computed from."""

from typing import Final

from app.research import demographics
from app.research.bands import ANSWERS
from app.research.codebook_columns import Column, special
from app.research.registry import FIELDS
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE

#: People, their days, who gave to whom, how long posts waited, and the groups they came to.
FILES: Final = ("people", "days", "pairs", "answered", "groups")
#: Who answered a post first, by code.
ANSWERERS: Final[dict[int | str, str]] = {
    1: "another member",
    2: "someone who works for the community",
}
#: How somebody's time ended, by code.
ENDED: Final[dict[int | str, str]] = {
    1: "with the cut: they took part until then",
    2: "they stopped",
}
#: What became of consent to activity, where there was none.
_NEVER: Final = special(NOT_APPLICABLE)
_YES_NO: Final[dict[int | str, str]] = {0: "no", 1: "yes"}


def _answers() -> list[Column]:
    words = {
        "area": demographics.Area,
        "age_band": demographics.AgeBand,
        "tenure_band": demographics.TenureBand,
        "peer_support_before": demographics.PeerSupportBefore,
    }
    return [
        Column(
            name,
            "integer",
            f"What they said of themselves on joining: {name.replace('_', ' ')}",
            {
                **{code: str(one).replace("_", " ") for code, one in enumerate(words[name], 1)},
                **special(NOT_ANSWERED),
            },
        )
        for name in ANSWERS
    ]


def columns(file: str, person: Column) -> tuple[Column, ...]:
    """The columns of such a file, in order."""
    if file == "people":
        return (
            person,
            Column("joined", "integer", "Period of 12 weeks since the study opened; 1 …"),
            Column("first_day", "integer", "First day with consent to activity", _NEVER),
            Column("last_day", "integer", "Last day with consent to activity", _NEVER),
            Column("ended", "integer", "How their activity ended", {**ENDED, **_NEVER}),
            *_answers(),
        )
    return {
        "days": (
            person,
            Column("day", "integer", FIELDS["day"].label),
            Column(
                "is_active", "integer", "Whether they did something or came to a meeting", _YES_NO
            ),
            Column("published", "integer", "Posts published, also those deleted later"),
            Column("seconds", "integer", FIELDS["seconds"].label),
            Column("is_away", "integer", "Whether a time away began", _YES_NO),
        ),
        "pairs": (
            person,
            Column("counterpart", "text", "To whom, in the same study"),
            Column("giving", "integer", "Replies and reactions, less those deleted or removed"),
        ),
        "answered": (
            person,
            Column("day", "integer", "Day since joining on which a first reply came"),
            Column("answerer", "integer", "Who wrote it", ANSWERERS),
            Column(
                "waited",
                "integer",
                FIELDS["latency_band"].label,
                dict(enumerate(FIELDS["latency_band"].values.values(), start=1)),
            ),
            Column("posts", "integer", "Posts that were answered so"),
        ),
        "groups": (
            Column("group_cluster", "integer", "Group, by its random number in this study"),
            Column("kind", "text", "Kind of group"),
            Column("mode", "text", "How it meets"),
        ),
    }[file]
