"""What one contact with a service costs: a table for each price year, outside code."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from app.research.errors.instruments import BadInstrumentError
from app.research.instruments.catalogue import FOLDER

COLUMNS: Final = ("contact", "unit", "pence", "price_year", "standing", "source")


class Standing(StrEnum):
    """Whether a source says the figure, or it only fills a place until a study brings its own."""

    SOURCED = "sourced"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one contact of a kind costs, by whom."""

    contact: str
    unit: str
    pence: int
    standing: Standing
    source: str


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """A dated table: what each contact costs at the prices of one year."""

    price_year: int
    rows: dict[str, UnitCost]


def years(folder: Path = FOLDER / "costs") -> list[int]:
    """The price years there are, the newest first."""
    return sorted(
        (int(path.stem.rpartition("-")[2]) for path in folder.glob("*.csv")), reverse=True
    )


def read(price_year: int, folder: Path = FOLDER / "costs") -> UnitCosts:
    """The table of a price year; raises BadInstrumentError."""
    path = folder / f"services-{price_year}.csv"
    rows: dict[str, UnitCost] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise BadInstrumentError(
                path, 1, f"The columns are {', '.join(COLUMNS)}. Name them so."
            )
        for row in reader:
            cost = _row(row, price_year, path, reader.line_num)
            if cost.contact in rows:
                says = f"“{cost.contact}” stands here a second time. Take one away."
                raise BadInstrumentError(path, reader.line_num, says)
            rows[cost.contact] = cost
    return UnitCosts(price_year, rows)


@cache
def newest() -> UnitCosts:
    """The table of the newest price year that came with this software, read once."""
    return read(years()[0])


def _row(row: dict[str, str], price_year: int, path: Path, line: int) -> UnitCost:
    if None in row or None in row.values() or not all(row.values()):
        raise BadInstrumentError(path, line, "Each row has six values. Fill in what is missing.")
    if row["price_year"] != str(price_year):
        says = f"The price year is {row['price_year']}, in a table of {price_year}. Use one year."
        raise BadInstrumentError(path, line, says)
    if not row["pence"].isdecimal():
        says = f"“{row['pence']}” is no number of pence. Write it without pounds or commas."
        raise BadInstrumentError(path, line, says)
    if row["standing"] not in list(Standing):
        says = f"“{row['standing']}” is not known. Say sourced or demonstration."
        raise BadInstrumentError(path, line, says)
    return UnitCost(
        contact=row["contact"],
        unit=row["unit"],
        pence=int(row["pence"]),
        standing=Standing(row["standing"]),
        source=row["source"],
    )
