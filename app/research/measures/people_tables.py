"""Tables of persons, counted from a frame with a row a person."""

import polars as pl

from app.research.measures.results import PeopleAxis, PeopleTable


def counted(
    name: str, title: str, rows: PeopleAxis, columns: PeopleAxis, people: pl.DataFrame
) -> PeopleTable:
    """People by two fields of the frame; each person has a value of both."""
    fields = [rows.field, columns.field]
    found = {
        (row, column): count for row, column, count in people.group_by(fields).len().iter_rows()
    }
    cells = tuple(
        tuple(found.get((row, column), 0) for column, _ in columns.places) for row, _ in rows.places
    )
    return PeopleTable(name, title, rows, columns, cells)
