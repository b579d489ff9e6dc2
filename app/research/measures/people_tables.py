"""Tables of people: each person in one cell, with a place for those who did not answer."""

from typing import Final

import polars as pl

from app.research.demographics import NOT_ANSWERED
from app.research.measures.results import Base, PeopleAxis, PeopleTable, Trait
from app.research.question_fields import FIELDS, NOT_ANSWERED_LABEL

#: A member whose answer is missing; who came with a card has no time as a member.
_SKIPPED: Final = {NOT_ANSWERED: NOT_ANSWERED_LABEL}


def answer_axis(field: str) -> PeopleAxis:
    """An answer about oneself, in the words in which questions are asked inside."""
    known = FIELDS[field]
    places = tuple(((known.values or {}) | _SKIPPED).items())
    return PeopleAxis(field, known.label, places, Trait(field, is_lasting=True))


def table(
    name: str,
    title: str,
    people: pl.DataFrame,
    rows: PeopleAxis,
    columns: PeopleAxis,
    base: str,
) -> PeopleTable:
    """A row a person in `people`, which are all of a base, with the place of each axis in the
    column of its field."""
    counted = people.group_by(rows.field, columns.field).len()
    persons = {(row, column): count for row, column, count in counted.iter_rows()}
    cells = [
        [persons.get((row, column), 0) for column, _ in columns.places] for row, _ in rows.places
    ]
    return PeopleTable(name, title, rows, columns, cells, Base(base, people.height))
