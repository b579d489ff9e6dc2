"""All seven attacks on one file that is to leave."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.research.attacks import clocks, freezes, ids, insider, two_studies, wall_match
from app.research.attacks.combining import combine
from app.research.attacks.findings import Finding
from app.research.attacks.insider import Insider
from app.research.attacks.outgoing import Outgoing
from app.research.attacks.wall import WallRows
from app.research.attacks.wall_match import Truth


@dataclass(frozen=True, slots=True)
class AttackInput:
    """The file, what the attacker has beside it, and who is whom."""

    file: Outgoing
    wall: WallRows
    truth: Truth
    insiders: Sequence[Insider] = ()
    #: The same file of the study's other datasets.
    others_of_study: Sequence[Outgoing] = ()
    #: The same file of other studies, with who is whom there.
    other_studies: Sequence[tuple[Outgoing, Truth]] = ()
    #: Ids that are given out with it: the study's, the dataset's.
    ids: Sequence[UUID] = field(default_factory=list)


def play(case: AttackInput, joins: Finding) -> list[Finding]:
    """What each attack came to, in the order of the table in docs/research.md.

    `joins` is played on the database itself (`joins.attack`), whatever the file holds.
    """
    counted = replace(
        case,
        file=case.file.observed_rows,
        others_of_study=[other.observed_rows for other in case.others_of_study],
    )
    return [
        _best_match(counted),
        clocks.attack(counted.file, case.truth.enrolled),
        insider.attack(counted.file, case.insiders, case.truth),
        freezes.attack([counted.file, *counted.others_of_study]),
        _worst_link(case),
        joins,
        ids.attack(case.ids),
    ]


def _best_match(case: AttackInput) -> Finding:
    """The file alone, and with the study's other files beside it."""
    found = wall_match.attack(case.file, case.wall, case.truth)
    if case.file.kind == "acts" or not case.others_of_study:
        return found
    together = combine([case.file, *case.others_of_study])
    more = wall_match.attack(together, case.wall, case.truth)
    if more.named <= found.named:
        return found
    return replace(more, note=f"{more.note}; with the study's other files, alone {found.named}")


def _worst_link(case: AttackInput) -> Finding:
    found = [
        two_studies.attack(case.file, other, (case.truth, truth))
        for other, truth in case.other_studies
    ]
    nobody = Finding("two_studies", 0, 0, 0.0, "no other study to compare with")
    return max(found, key=lambda one: (one.is_refused, one.named - one.by_chance), default=nobody)
