"""R and PSPP open what researchers download, and see the labels, missing codes and values."""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars
import pytest

from app.research import codebook
from app.research.codebook_columns import Column
from app.research.exports import labels, missing_codes, setup_r, setup_spss
from app.research.exports.writers import Format
from tests.research import program_files

TELL = Path(__file__).with_name("tell.R")
ROWS = 40


@dataclass
class Seen:
    """What a program saw in a file, by column."""

    label: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    missing: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    values: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))


def _run(command: list[str | Path], folder: Path) -> str:
    program = shutil.which(str(command[0]))
    assert program, f"no {command[0]}: `make test` brings it"
    done = subprocess.run(
        [program, *map(str, command[1:])],
        cwd=folder,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout


def _number(said: str) -> int | float | str | None:
    if said in program_files.LETTERS:
        return program_files.LETTERS[said]
    try:
        return float(said)
    except ValueError:
        return said


def in_r(folder: Path, expression: str) -> Seen:
    """What R sees in a data frame."""
    script = folder / "tell.R"
    script.write_text(f'source("{TELL}")\ntell({expression})\n')
    seen = Seen()
    for line in _run(["Rscript", "--vanilla", script], folder).splitlines():
        kind, name, first, *others = line.split("\t")
        match kind:
            case "label":
                seen.label[name] = first
            case "code":
                seen.codes[name][int(_number(first) or 0)] = others[0]
            case "missing":
                seen.missing[name].add(int(first))
            case "value":
                seen.values[name].append(first if name in {"person", "other"} else _number(first))
    return seen


def in_pspp(folder: Path, *syntax: str, file: str = "rows") -> Seen:
    """What PSPP sees, as it writes it down again itself."""
    script, out = folder / "tell.sps", folder / f"{file}-by-pspp.sav"
    script.write_text("\n".join([*syntax, f"SAVE OUTFILE='{out}'.", ""]), encoding="utf-8")
    said = _run(["pspp", "-O", "format=txt", script], folder)
    assert "error" not in said.lower(), said
    assert "warning" not in said.lower(), said
    values, described = program_files.read(out)
    return Seen(
        described.column_names_to_labels,
        {
            name: {int(code): text for code, text in codes.items()}
            for name, codes in described.variable_value_labels.items()
        },
        dict(program_files.missing(out, described)),
        values,
    )


def _check(seen: Seen, columns: Iterable[Column], *, label: int, value: int, in_: str) -> None:
    """Labels up to these lengths, codes, missing codes and all values are those that went in."""
    cut = labels.of_characters if in_ == "characters" else labels.of_bytes
    plain = program_files.plain(program_files.frame(ROWS))
    for column in columns:
        assert seen.label[column.name] == cut(column.label, label)
        assert seen.values[column.name] == plain[column.name]
        if column.type != "text":
            assert seen.codes.get(column.name, {}) == {
                code: labels.of_bytes(text, value) for code, text in column.values.items()
            }


def _check_missing(seen: Seen, columns: Iterable[Column]) -> None:
    for column in columns:
        codes = missing_codes.of(column)
        found = seen.missing.get(column.name, set())
        told = [set(codes)]
        if missing_codes.is_range(codes):
            # As its ends, or all of it: also a code that this column doesn't have.
            told += [{codes[0], codes[-1]}, set(range(codes[0], codes[-1] + 1))]
        assert found in told, column.name


@pytest.fixture
def columns() -> list[Column]:
    """With labels made to break quotes, macros and lines."""
    return program_files.columns()


def test_r_opens_the_sav(tmp_path: Path, columns: list[Column]) -> None:
    program_files.written(tmp_path, Format.SAV, program_files.frame(ROWS), columns)
    seen = in_r(tmp_path, 'read_sav("rows.sav", user_na = TRUE)')
    _check(seen, columns, label=255, value=120, in_="bytes")
    _check_missing(seen, columns)


def test_r_opens_the_dta(tmp_path: Path, columns: list[Column]) -> None:
    """Missing codes are Stata's letters there: the values themselves say it."""
    program_files.written(tmp_path, Format.DTA, program_files.frame(ROWS), columns)
    seen = in_r(tmp_path, 'read_dta("rows.dta")')
    _check(seen, columns, label=80, value=32_000, in_="characters")


def test_pspp_opens_the_sav(tmp_path: Path, columns: list[Column]) -> None:
    program_files.written(tmp_path, Format.SAV, program_files.frame(ROWS), columns)
    seen = in_pspp(tmp_path, "GET FILE='rows.sav'.")
    _check(seen, columns, label=255, value=120, in_="bytes")
    _check_missing(seen, columns)


def test_the_script_for_r_gives_what_the_sav_has(tmp_path: Path, columns: list[Column]) -> None:
    program_files.written(tmp_path, Format.CSV, program_files.frame(ROWS), columns)
    (tmp_path / "setup.R").write_text(setup_r.script({"rows": columns}), encoding="utf-8")
    seen = in_r(tmp_path, '{ source("setup.R"); rows }')
    _check(seen, columns, label=1_000, value=1_000, in_="bytes")
    assert {name: codes for name, codes in seen.missing.items() if codes} == {
        column.name: set(missing_codes.of(column)) for column in columns if missing_codes.of(column)
    }


def test_the_script_for_spss_gives_what_the_sav_has(tmp_path: Path, columns: list[Column]) -> None:
    program_files.written(tmp_path, Format.CSV, program_files.frame(ROWS), columns)
    (tmp_path / "setup.sps").write_text(setup_spss.script({"rows": columns}), encoding="utf-8")
    seen = in_pspp(tmp_path, "INCLUDE 'setup.sps'.")
    _check(seen, columns, label=255, value=120, in_="bytes")
    _check_missing(seen, columns)


def test_the_scripts_read_every_file_of_a_dataset(tmp_path: Path) -> None:
    described = {
        file: codebook.columns(file, program_files.EVERYTHING) for file in program_files.FILES
    }
    for file, columns in described.items():
        row = {one.name: "P-1" if one.type == "text" else -8 for one in columns}
        program_files.written(tmp_path, Format.CSV, polars.DataFrame([row]), columns).rename(
            tmp_path / f"{file}.csv"
        )
    (tmp_path / "setup.R").write_text(setup_r.script(described), encoding="utf-8")
    (tmp_path / "setup.sps").write_text(setup_spss.script(described), encoding="utf-8")
    for file, columns in described.items():
        for seen in (
            in_r(tmp_path, f'{{ source("setup.R"); {file} }}'),
            in_pspp(tmp_path, "INCLUDE 'setup.sps'.", f"DATASET ACTIVATE {file}.", file=file),
        ):
            assert list(seen.label) == [one.name for one in columns]
            _check_missing(seen, columns)
