"""A table of 20 × 20 that leaves the team: suppressed and audited, against one linear program."""

import random
import time
from typing import Final

from app.research.protection import publication
from app.research.protection.audit import Attack
from app.research.protection.counts import CountedTable, Split
from app.research.protection.figures import counted
from app.research.protection.populations import Atoms, Population
from app.research.protection.rules import OUTSIDE
from bench.results import Results

SIZE: Final = 20
PEOPLE: Final = 3_000
_CUTS: Final = ("2026-03", "2026-09")


def _axis(field: str) -> Split:
    return Split(field, tuple(frozenset({f"{field} {n:02}"}) for n in range(SIZE)))


ROWS, COLUMNS = _axis("area"), _axis("group")
DOMAIN: Final = {"area": ROWS.all, "group": COLUMNS.all}


def tables() -> list[CountedTable]:
    """The same table at two cuts, a twentieth more people at the second; some rows and columns are
    much rarer than others, so that most cells hold a few."""
    chance = random.Random(20)
    weights = [[chance.random() ** 2 + 0.02 for _ in range(SIZE)] for _ in range(2)]
    persons = [[0] * SIZE for _ in range(SIZE)]
    made = []
    for cut, people in zip(_CUTS, (PEOPLE, PEOPLE // 20), strict=True):
        for _ in range(people):
            row, column = (chance.choices(range(SIZE), each)[0] for each in weights)
            persons[row][column] += 1
        made.append(CountedTable(Population(cut), ROWS, COLUMNS, tuple(map(tuple, persons))))
    return made


def measure(results: Results) -> None:
    """CPU seconds of the first table, and of the second beside all that the first one told."""
    first, second = tables()
    started = time.process_time()
    told = publication.publish(first, DOMAIN)
    alone = time.process_time() - started
    started = time.process_time()
    publication.publish(second, DOMAIN, before=told.figures)
    beside = time.process_time() - started
    results.put(
        "suppression_s",
        alone,
        "s",
        baseline=_one_program(first),
        note=f"CPU, {SIZE} × {SIZE}, {told.table.redacted} cells held back; baseline one linear"
        f" program of it; beside an earlier edition {beside:.1f} s",
    )


def _one_program(table: CountedTable) -> float:
    """CPU seconds to bound one cell from one side, the mean of both."""
    populations = table.populations()
    atoms = Atoms(DOMAIN, populations.values())
    groups = [atoms.of(one) for one in populations.values()]
    told = [counted(one, table.count(*place), OUTSIDE) for place, one in populations.items()]
    attack = Attack(atoms.count, groups, told, atoms.links)
    started = time.process_time()
    for group in groups[:5]:
        attack.bounds(group)
    return (time.process_time() - started) / 10
