"""A script that reads the CSV files into R, with labels and missing codes as in the .sav."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.research.codebook_columns import Column
from app.research.exports import labels, missing_codes

_HEAD: Final = """\
# Reads the CSV files of this folder into data frames, with labels and missing codes.
# In R: setwd() to this folder, then source("setup.R"). It needs the package haven.
library(haven)
"""
_CLASSES: Final = {"text": "character", "integer": "integer", "number": "numeric"}


def script(files: Mapping[str, Sequence[Column]]) -> str:
    """The whole script: a data frame a file."""
    return _HEAD + "".join(_file(name, columns) for name, columns in files.items())


def _file(name: str, columns: Sequence[Column]) -> str:
    classes = ",\n    ".join(f'{one.name} = "{_CLASSES[one.type]}"' for one in columns)
    read = (
        f'\n{name} <- read.csv("{name}.csv", fileEncoding = "UTF-8", na.strings = character(),\n'
        f"  colClasses = c(\n    {classes}))\n"
    )
    return read + "".join(_column(f"{name}${one.name}", one) for one in columns)


def _column(place: str, column: Column) -> str:
    if column.type == "text" or not column.values:
        return f'attr({place}, "label") <- {quoted(column.label)}\n'
    # A whole number of R's ends in L.
    ending = "L" if column.type == "integer" else ""
    codes = ", ".join(f"{code}{ending}" for code in column.values)
    words = ",\n    ".join(quoted(label) for label in column.values.values())
    missing = ", ".join(f"{code}{ending}" for code in missing_codes.of(column))
    return (
        f"{place} <- labelled_spss({place}, label = {quoted(column.label)},\n"
        f"  na_values = c({missing}),\n"
        f"  labels = stats::setNames(c({codes}), c(\n    {words})))\n"
    )


def quoted(text: str) -> str:
    """A string of R's in ASCII, whatever the encoding of the machine that reads it."""
    return f'"{"".join(map(_escaped, labels.one_line(text)))}"'


def _escaped(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    return one if one.isascii() else f"\\U{{{ord(one):x}}}"
