"""SPSS and Stata files: the values, labels and missing codes that went in, and nothing of when."""

import math
import struct
from pathlib import Path

import polars
import pytest

from app.research import codebook
from app.research.codebook_columns import Column
from app.research.errors.datasets import BadPackageError
from app.research.exports import labels, missing_codes, verify
from app.research.exports.writers import Format
from app.research.instruments.reserved_names import fault_of
from app.research.special_codes import SPECIAL
from tests.research import program_files
from tests.research.program_files import HOSTILE

PROGRAMS = (Format.SAV, Format.DTA)
#: Every file with every column that can be chosen.


@pytest.mark.parametrize("format_", PROGRAMS)
@pytest.mark.parametrize("rows", [0, 1, 13, 65_537])
def test_values_come_back_as_they_went_in(tmp_path: Path, format_: Format, rows: int) -> None:
    frame = program_files.frame(rows)
    path = program_files.written(tmp_path, format_, frame, program_files.columns())
    values, described = program_files.read(path)
    assert described.number_rows == rows
    assert described.column_names == frame.columns
    if rows:
        assert values == program_files.plain(frame)


@pytest.mark.parametrize("format_", PROGRAMS)
def test_labels_and_missing_codes_are_declared(tmp_path: Path, format_: Format) -> None:
    columns = program_files.columns()
    path = program_files.written(tmp_path, format_, program_files.frame(13), columns)
    _, described = program_files.read(path)
    missing = program_files.missing(path, described)
    for column, label in zip(columns, described.column_labels, strict=True):
        line = labels.one_line(column.label)
        assert label == line or (label.endswith("…") and line.startswith(label[:-1]))
        assert missing.get(column.name, set()) == set(missing_codes.of(column))
        if column.type == "text":
            assert column.name not in described.variable_value_labels
            continue
        found = described.variable_value_labels.get(column.name, {})
        codes = {program_files.LETTERS.get(code, code): text for code, text in found.items()}
        assert set(codes) == set(column.values)
        for code, text in codes.items():
            whole = labels.one_line(column.values[code])
            assert text == whole or (text.endswith("…") and whole.startswith(text[:-1]))


def test_a_label_is_cut_at_a_whole_character_to_what_a_format_takes() -> None:
    for text in HOSTILE:
        for most in (120, 255):
            cut = labels.of_bytes(text, most)
            assert len(cut.encode()) <= most
            assert "\n" not in cut
        assert len(labels.of_characters(text, 80)) <= 80
    assert labels.of_bytes("é" * 150, 255) == "é" * 126 + "…"
    assert labels.of_characters("x" * 81, 80) == "x" * 79 + "…"
    assert labels.of_characters("x" * 80, 80) == "x" * 80


@pytest.mark.parametrize("format_", PROGRAMS)
def test_a_value_that_is_not_there_is_the_programs_own_missing_value(
    tmp_path: Path, format_: Format
) -> None:
    frame = polars.DataFrame(
        {"count": [1, None, 3], "score": [None, 0.5, -9.0]},
        schema={"count": polars.Int32, "score": polars.Float64},
    )
    path = program_files.written(tmp_path, format_, frame, program_files.columns())
    values, _ = program_files.read(path)
    count, score = values["count"][1], values["score"][0]
    assert count is None or math.isnan(count)
    assert score is None or math.isnan(score)
    assert (values["count"][2], values["score"][2]) == (3, -9)


@pytest.mark.parametrize("format_", PROGRAMS)
def test_columns_that_the_codebook_has_not_are_kept_without_labels(
    tmp_path: Path, format_: Format
) -> None:
    path = program_files.written(tmp_path, format_, program_files.frame(8), [])
    values, described = program_files.read(path)
    assert values == program_files.plain(program_files.frame(8))
    assert not any(described.column_labels)


@pytest.mark.parametrize("format_", PROGRAMS)
def test_a_text_that_the_programs_do_not_take_is_refused(tmp_path: Path, format_: Format) -> None:
    for width, is_taken in ((255, True), (256, False)):
        frame = polars.DataFrame({"person": ["x" * width]})
        if is_taken:
            path = program_files.written(tmp_path, format_, frame, [])
            assert program_files.read(path)[0] == {"person": ["x" * width]}
            continue
        with pytest.raises(ValueError, match="person has a text of 256 bytes"):
            program_files.written(tmp_path, format_, frame, [])


@pytest.mark.parametrize("format_", PROGRAMS)
def test_the_bytes_do_not_tell_when_the_file_was_made(tmp_path: Path, format_: Format) -> None:
    path = program_files.written(tmp_path, format_, program_files.frame(3), program_files.columns())
    _, described = program_files.read(path)
    assert f"{described.creation_time:%Y-%m-%d %H:%M}" == "1980-01-01 00:00"
    whole = path.read_bytes()
    assert b" 202" not in whole, "no year of now"
    program_files.written(tmp_path, format_, program_files.frame(3), program_files.columns())
    assert path.read_bytes() == whole


def test_the_places_in_a_dta_lead_to_its_parts(tmp_path: Path) -> None:
    """Programs jump by the map; pyreadstat reads from start to end and would not see a fault."""
    columns = program_files.columns()
    path = program_files.written(tmp_path, Format.DTA, program_files.frame(100), columns)
    whole = path.read_bytes()
    places = struct.unpack_from("<14Q", whole, whole.index(b"<map>") + 5)
    marks = [b"<data>", b"<strls>", b"<value_labels>", b"</stata_dta>"]
    for place, mark in zip(places[9:13], marks, strict=True):
        assert whole[place:].startswith(mark)
    assert places[13] == len(whole)


def test_every_column_of_every_file_has_a_name_that_all_programs_take() -> None:
    for file in program_files.FILES:
        described = codebook.columns(file, program_files.EVERYTHING)
        assert described
        assert [fault_of(column.name) for column in described] == [None] * len(described)
    for reserved in ("with", "_n", "if", "str8", "record_id", "one_complete", "Two", "x" * 27):
        with pytest.raises(ValueError, match=r"Choose another|characters|can't be a name"):
            Column(reserved, "integer", "")


def test_every_missing_code_has_its_letter_in_stata() -> None:
    assert set(missing_codes.STATA) == set(SPECIAL)
    assert sorted(missing_codes.STATA.values()) == list("abcde")


@pytest.mark.parametrize("format_", PROGRAMS)
def test_a_file_that_is_none_of_its_program_is_found_out(tmp_path: Path, format_: Format) -> None:
    path = program_files.written(tmp_path, format_, program_files.frame(5), program_files.columns())
    assert verify._shape(path) == (program_files.frame(0).columns, 5)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(BadPackageError, match=rf"rows\.{format_} is not an? (SPSS|Stata) file"):
        verify._shape(path)
