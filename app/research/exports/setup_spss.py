"""A script that reads the CSV files into SPSS, with labels and missing codes as in the .sav."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.research.codebook_columns import Column
from app.research.exports import labels, missing_codes

_HEAD: Final = """\
* Encoding: UTF-8.
* Reads the CSV files of this folder into datasets, with labels and missing codes.
* In SPSS: CD to this folder, then run this file.
"""


def script(files: Mapping[str, Sequence[Column]]) -> str:
    """The whole script: a dataset a file."""
    return _HEAD + "".join(_file(name, columns) for name, columns in files.items())


def _file(name: str, columns: Sequence[Column]) -> str:
    # Numbers are read without decimals, or SPSS would take the last two digits for them.
    variables = "\n    ".join(
        f"{one.name} {f'A{labels.WIDEST_TEXT}' if one.type == 'text' else 'F8.0'}"
        for one in columns
    )
    read = (
        f"\nGET DATA /TYPE=TXT /FILE='{name}.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED\n"
        f"  /DELIMITERS=',' /QUALIFIER='\"' /FIRSTCASE=2\n  /VARIABLES={variables}.\n"
    )
    described = "".join(_column(one) for one in columns)
    # A copy, since PSPP drops a dataset once the next is read, named or not.
    return f"{read}{described}DATASET COPY {name}.\n"


def _column(column: Column) -> str:
    name = column.name
    lines = [
        f"VARIABLE LABELS {name}\n  "
        f"{quoted(labels.of_bytes(column.label, labels.SPSS_VARIABLE))}.\n"
    ]
    if column.type == "number":
        lines.append(f"FORMATS {name} (F8.2).\n")
    if column.type != "text" and column.values:
        codes = "".join(
            f"\n  {code} {quoted(labels.of_bytes(label, labels.SPSS_VALUE))}"
            for code, label in column.values.items()
        )
        lines.append(f"VALUE LABELS {name}{codes}.\n")
    missing = missing_codes.of(column)
    if missing:
        is_range = missing_codes.is_range(missing)
        several = f"{missing[0]} THRU {missing[-1]}" if is_range else ", ".join(map(str, missing))
        lines.append(f"MISSING VALUES {name} ({several}).\n")
    return "".join(lines)


def quoted(text: str) -> str:
    """A string of SPSS's: one line, each quote twice."""
    return "'" + labels.one_line(text).replace("'", "''") + "'"
