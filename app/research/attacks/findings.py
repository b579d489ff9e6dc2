"""What an attack came to, and whether that is too much: people named, beside what chance would."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

#: The wall match may name this share of the people who write; every other attack, none.
WALL_LIMIT: Final = 0.10
WALL_MATCH: Final = "wall_match"
#: How seldom chance alone may do as well before a finding counts as better than chance.
SIGNIFICANCE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Finding:
    """One attack on one file: `named` rightly out of `of` people, `by_chance` expected."""

    name: str
    named: int
    of: int
    by_chance: float
    note: str = ""
    #: How often chance alone does as well, where the attack measured that itself (`joins`).
    p_value: float | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the file must stay inside.

        Wall match: more than 10% of the writers. Every other attack: at least one person, and so
        many that guessing would do as well in fewer than 1 of 100 tries. Guessing is binomial: each
        of `of` people is hit with probability `by_chance / of`, independently.
        """
        if self.name == WALL_MATCH:
            return self.named > WALL_LIMIT * self.of
        return self.named > self.by_chance and self._luck() < SIGNIFICANCE

    def _luck(self) -> float:
        if self.p_value is not None:
            return self.p_value
        return at_least(self.named, self.of, self.by_chance / self.of)


def at_least(hits: int, tries: int, chance: float) -> float:
    """P(X >= hits) for X binomial: the exact sum, in logarithms so that large counts don't fail."""
    if hits <= 0:
        return 1.0
    if chance <= 0:
        return 0.0
    if chance >= 1:
        return 1.0
    logs = [
        math.lgamma(tries + 1) - math.lgamma(k + 1) - math.lgamma(tries - k + 1)
        + k * math.log(chance) + (tries - k) * math.log1p(-chance)
        for k in range(hits, tries + 1)
    ]  # fmt: skip
    return min(1.0, math.fsum(map(math.exp, logs)))


def is_refused(findings: Iterable[Finding]) -> bool:
    """Whether one of them is reason enough."""
    return any(finding.is_refused for finding in findings)


def as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings as a dataset's row keeps them."""
    return [{**asdict(found), "is_refused": found.is_refused} for found in findings]


def lines(findings: Iterable[Finding]) -> list[str]:
    """The table that the command prints."""
    rows = [("attack", "named", "of", "by chance", "", "")]
    for found in findings:
        verdict = "REFUSED" if found.is_refused else "ok"
        numbers = (str(found.named), str(found.of), f"{found.by_chance:.1f}")
        rows.append((found.name, *numbers, verdict, found.note))
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    return [_line(row, widths) for row in rows]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, *numbers, verdict, note = row
    cells = [
        name.ljust(widths[0]),
        *(number.rjust(width) for number, width in zip(numbers, widths[1:4], strict=True)),
        verdict.ljust(widths[4]),
        note,
    ]
    return "  ".join(cells).rstrip()
