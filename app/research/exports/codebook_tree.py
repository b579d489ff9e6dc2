"""What the codebook says to people, as plain data: its page and its PDF both show this."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.research import codebook
from app.research.bands import Options
from app.research.codebook_columns import Column
from app.research.exports import missing_codes
from app.research.special_codes import SPECIAL

TYPES: Final = {"text": "Text", "integer": "Whole number", "number": "Number"}
_MISSING: Final = (
    "These stand in place of a value. In SPSS they are user-missing and in Stata they are extended "
    "missing values, so both leave them out. In CSV and Parquet they are numbers like any other: "
    "leave them out before you count, or let the set-up script declare them."
)


@dataclass(frozen=True, slots=True)
class CodebookTree:
    """A codebook in the order in which it is read."""

    title: str
    lines: list[str]
    missing_title: str
    missing_words: str
    missing_heads: list[str]
    missing_rows: list[list[str]]
    code_heads: list[str]
    #: Of each file its name, its title and its columns: name, type, label, and a row a code.
    files: list[dict[str, Any]]

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def of(title: str, lines: list[str], files: Iterable[str], options: Options) -> CodebookTree:
    """The codebook of some files of a study."""
    described = {file: codebook.columns(file, options) for file in files}
    found = {
        code
        for columns in described.values()
        for column in columns
        for code in missing_codes.of(column)
    }
    return CodebookTree(
        title=f"Codebook of {title}",
        lines=lines,
        missing_title="Missing codes",
        missing_words=_MISSING,
        missing_heads=["Code", "Meaning", "In SPSS", "In Stata"],
        missing_rows=[
            [str(code), SPECIAL[code], str(code), f".{missing_codes.STATA[code]}"]
            for code in sorted(found)
        ],
        code_heads=["Code", "Meaning"],
        files=[
            {"name": file, "title": f"File: {file}", "columns": [_column(one) for one in columns]}
            for file, columns in described.items()
        ],
    )


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": TYPES[column.type],
        "label": column.label,
        "codes": [[str(code), label] for code, label in column.values.items()],
    }
