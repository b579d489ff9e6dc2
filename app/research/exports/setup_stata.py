"""A script that reads the CSV files into Stata, with labels and missing codes as in the .dta.

Labels are set in Mata, where what Stata would take for a macro, a comment or the end of a string
can be written by its number.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.research.codebook_columns import Column
from app.research.exports import labels, missing_codes

_HEAD: Final = """\
* Reads the CSV files of this folder into frames, with labels and missing codes.
* In Stata 16 or newer: cd to this folder, then do setup.do. See them with: frames dir
version 16
"""
#: What is safe between quotes; all else is written by its number.
_SAFE: Final = re.compile(r"([A-Za-z0-9 ,.;:()\-+%?!=_]+)")


def script(files: Mapping[str, Sequence[Column]]) -> str:
    """The whole script: a frame a file."""
    return _HEAD + "".join(_file(name, columns) for name, columns in files.items())


def _file(name: str, columns: Sequence[Column]) -> str:
    texts = " ".join(str(n) for n, one in enumerate(columns, start=1) if one.type == "text")
    as_text = f" stringcols({texts})" if texts else ""
    read = (
        f"\ncapture frame create {name}\nframe change {name}\n"
        f'import delimited using "{name}.csv", clear varnames(1) case(preserve)'
        f' encoding("UTF-8") bindquote(strict) asdouble{as_text}\n'
    )
    numbers = [one for one in columns if one.type != "text"]
    decoded = "".join(_decode(one) for one in numbers if missing_codes.of(one))
    named = "".join(
        f'st_varlabel("{one.name}", '
        f"{quoted(labels.of_characters(one.label, labels.STATA_VARIABLE))})\n"
        for one in columns
    )
    coded = "".join(_codes(one) for one in numbers if one.values)
    return f"{read}{decoded}mata:\n{named}{coded}end\n"


def _decode(column: Column) -> str:
    pairs = " \\ ".join(f"{code}=.{missing_codes.STATA[code]}" for code in missing_codes.of(column))
    return f"mvdecode {column.name}, mv({pairs})\n"


def _codes(column: Column) -> str:
    letters = {code: f".{letter}" for code, letter in missing_codes.STATA.items()}
    codes = " \\ ".join(letters.get(int(code), str(code)) for code in column.values)
    words = " \\ ".join(quoted(label) for label in column.values.values())
    return (
        f'st_vlmodify("{column.name}", ({codes}), ({words}))\n'
        f'st_varvaluelabel("{column.name}", "{column.name}")\n'
    )


def quoted(text: str) -> str:
    """An expression of Mata's that gives the text."""
    pieces = [piece for piece in _SAFE.split(labels.one_line(text)) if piece]
    return " + ".join(_piece(piece) for piece in pieces) or '""'


def _piece(piece: str) -> str:
    if _SAFE.fullmatch(piece):
        return f'"{piece}"'
    return " + ".join(f"uchar({ord(one)})" for one in piece)
