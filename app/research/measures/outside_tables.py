"""Shares and tables of people on their way outside: as counts of populations, and as they are shown
once they were published."""

from dataclasses import asdict
from typing import Final

from app.research.measures.protected import FEW
from app.research.measures.results import Base, PeopleAxis, PeopleShare, PeopleTable, Trait
from app.research.measures.shown_parts import ShownShare, ShownTable
from app.research.protection.counts import CountedTable, Split
from app.research.protection.populations import Population
from app.research.protection.publication import PublishedTable
from app.research.protection.rules import OUTSIDE, is_too_few

#: Why there is no figure, in words for whoever reads the report.
HELD: Final = "It can't be told without telling of a few people."
UNAUDITED: Final = "It could not be checked together with all others, so it is held back."
#: Of everyone, so that a share is a table of one column.
_ALL: Final = Split("all", (frozenset({"all"}),))


def counted(part: PeopleShare | PeopleTable, cut: str) -> CountedTable:
    """Who is counted in each place. What is not lasting is another field, or base, at each cut."""
    population = Population(cut)
    if isinstance(part, PeopleShare):
        places = (frozenset(part.values), frozenset(part.others))
        rows = Split(_named(part.trait, cut), places)
        rest = part.of - part.persons
        return CountedTable(population, rows, _ALL, ((part.persons,), (rest,)))
    persons = tuple(tuple(row) for row in part.persons)
    return CountedTable(population, _split(part.rows, cut), _split(part.columns, cut), persons)


def based(base: Base, cut: str) -> str:
    """The base as the audit names it."""
    return base.name if base.is_lasting else f"{base.name} {cut}"


def _split(axis: PeopleAxis, cut: str) -> Split:
    values = axis.values or tuple((value,) for value, _ in axis.places)
    return Split(_named(axis.trait or Trait(axis.field), cut), tuple(map(frozenset, values)))


def _named(trait: Trait, cut: str) -> str:
    return trait.name if trait.is_lasting else f"{trait.name} {cut}"


def share(part: PeopleShare, found: PublishedTable | None) -> ShownShare:
    """A share from published counts; None where it could not be audited. It is in per cent of
    rounded counts: whoever reads it can work out no more than from these."""
    if found is None:
        return ShownShare(part.name, part.label, None, None, None, UNAUDITED, OUTSIDE.sentence)
    (people,), _ = found.table.values
    of = found.table.total
    percent = None if people is None or not of else min(100, round(100 * people / of))
    why = "" if percent is not None else _why(part.of)
    return ShownShare(part.name, part.label, people, of, percent, why, found.rule)


def table(part: PeopleTable, found: PublishedTable | None) -> ShownTable:
    """A published table with its totals, which may be held back one by one; None where it could not
    be audited."""
    rows, columns = part.rows.places, part.columns.places
    nothing: list[list[int | None]] = [[None for _ in columns] for _ in rows]
    cells = found.table.values if found else nothing
    held = sum(value is None for row in cells for value in row)
    is_empty = held == len(rows) * len(columns)
    return ShownTable(
        name=part.name,
        label=part.title,
        row_title=part.rows.title,
        rows=[label for _, label in rows],
        column_title=part.columns.title,
        columns=[label for _, label in columns],
        cells=cells,
        row_totals=(found.table.row_totals if found else None) or [None for _ in rows],
        column_totals=(found.table.column_totals if found else None) or [None for _ in columns],
        total=found.table.total if found else None,
        held_back=held,
        flags=[asdict(flag) for flag in found.table.flags] if found else [],
        why=(UNAUDITED if found is None else _why(part.base.persons) if is_empty else ""),
        rule=OUTSIDE.sentence,
    )


def _why(people: int) -> str:
    return FEW if is_too_few(people) else HELD
