"""Files of SPSS and Stata, read back: their values with missing codes as numbers, and what the
files say about them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars
import pyreadstat

from app.research.bands import ANSWERS, MEASURES, AskedInstrument, Options
from app.research.codebook_columns import Column
from app.research.exports import missing_codes, package, writers
from app.research.exports.writers import Format
from app.research.instruments import catalogue
from app.research.schedule import Schedule
from app.research.score_bands import choosable

Values = dict[str, list[Any]]

_ASKED = tuple(
    AskedInstrument(one.name, one.version, (1, 2, 3))
    for one in catalogue.shipped().instruments.values()
)
#: A dataset that holds whatever a dataset can.
EVERYTHING = Options(
    measures=tuple(MEASURES),
    answers=tuple(ANSWERS),
    schedule=Schedule.of_weeks((0, 13, 26)),
    scores=tuple(choosable(_ASKED)),
    asked=_ASKED,
)
#: All its files.
FILES = tuple(name for names in package.WITH.values() for name in names)

#: What each of Stata's letters stands for.
LETTERS = {letter: code for code, letter in missing_codes.STATA.items()}
#: Made to break quotes, macros, markup, lines and lengths.
HOSTILE = [
    "é" * 150,
    "x" * 300,
    "It's \"quoted\" `macro' $global ${brace} \\back\\ %s {curly}",
    'line one\nline two\r\n"; quit() #',
    "#eval(\"1\") ] *bold* $x$ = head #panic() </script><b onload='x'>",
    "* comment. // not /* here */ . END",
    "ends in a quote'",
    "Zusammen über 語 کمک \U0001f600 all",
]


def columns() -> list[Column]:
    """A column of each type, with hostile labels throughout and all the missing codes."""
    special: dict[int | str, str] = {code: f"special {code}" for code in (-9, -8, -7, -6, -5)}
    labelled: dict[int | str, str] = dict(enumerate(HOSTILE))
    return [
        Column("person", "text", HOSTILE[4]),
        Column("answer", "integer", HOSTILE[1], {**labelled, **special}),
        Column("band", "integer", HOSTILE[0], {1: HOSTILE[3], -8: "withheld", -9: HOSTILE[4]}),
        Column("count", "integer", HOSTILE[5]),
        Column("score", "number", HOSTILE[7], {-9: HOSTILE[6], -6: "declined", -5: "not reached"}),
        Column("other", "text", "Text with codes", {"NONE": "nobody"}),
    ]


def frame(rows: int) -> polars.DataFrame:
    """So many rows that hold each kind of value."""
    codes = [*range(len(HOSTILE)), -9, -8, -7, -6, -5]
    scores = [11.25, -0.594, 0.0, 100.0, -9.0, -6.0, -5.0, 1e6]
    counts = [0, 151, 152, 2_000_000, -98, -99, -100]
    return polars.DataFrame(
        {
            "person": [f"P-é{n // 7:06}" for n in range(rows)],
            "answer": [codes[n % len(codes)] for n in range(rows)],
            "band": [(1, -8, -9)[n % 3] for n in range(rows)],
            "count": [counts[n % len(counts)] for n in range(rows)],
            "score": [scores[n % len(scores)] for n in range(rows)],
            "other": [("NONE", "", None, "eight by" * 2)[n % 4] for n in range(rows)],
        },
        schema={
            "person": polars.String,
            "answer": polars.Int32,
            "band": polars.Int32,
            "count": polars.Int32,
            "score": polars.Float64,
            "other": polars.String,
        },
    )


def written(
    folder: Path, format_: Format, rows: polars.DataFrame, described: Sequence[Column]
) -> Path:
    """A file of these rows."""
    frozen, target = folder / "frozen", folder / f"rows.{format_}"
    rows.write_parquet(frozen)
    writers.write(frozen, target, format_, described)
    return target


def plain(rows: polars.DataFrame) -> Values:
    """The values as every format should have them."""
    texts = rows.with_columns(polars.col(polars.String).fill_null(""))
    return texts.to_dict(as_series=False)


def read(path: Path) -> tuple[Values, Any]:
    """The values of a .sav or .dta, missing codes as numbers, and what it says about them."""
    reader = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
    found, described = reader(str(path), user_missing=True, output_format="dict")
    letters: dict[str, Any] = described.missing_user_values if path.suffix == ".dta" else {}
    return {name: _numbers(values, letters.get(name)) for name, values in found.items()}, described


def _numbers(values: Any, letters: Sequence[str] | None) -> list[Any]:
    return [LETTERS[one] if letters and one in LETTERS else one for one in values]


def missing(path: Path, described: Any) -> Mapping[str, set[int]]:
    """The codes that a file itself says are missing, by column."""
    if path.suffix == ".dta":
        labels = described.variable_value_labels.items()
        return {name: {LETTERS[one] for one in codes if one in LETTERS} for name, codes in labels}
    return {
        name: {code for one in ranges for code in range(int(one["lo"]), int(one["hi"]) + 1)}
        for name, ranges in described.missing_ranges.items()
    }
