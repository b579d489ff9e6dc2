"""All kinds of editions, in the order in which they were built."""

from typing import Final

from app.research.reports.kinds import EditionDefinition, EditionKind, Section

_FINDINGS: Final = Section("findings", "What we found", "The findings, in your own words.")

ALL: Final = tuple(
    EditionDefinition(kind, kind.replace("_", " ").capitalize(), "Everyone.", (_FINDINGS,))
    for kind in EditionKind
)


def find(kind: EditionKind) -> EditionDefinition:
    """The definition of a kind."""
    return next(one for one in ALL if one.kind == kind)
