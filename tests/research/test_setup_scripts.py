"""Scripts beside CSV: no label can be more than a label. R and PSPP run theirs in tests/programs;
for Stata's there is no program to be had, so that its Mata is read here."""

import re
from collections.abc import Iterator

import pytest

from app.research.codebook_columns import Column
from app.research.exports import labels, setup_r, setup_spss, setup_stata
from tests.research import program_files
from tests.research.program_files import HOSTILE

_PIECE = re.compile(r'"([A-Za-z0-9 ,.;:()\-+%?!=_]*)"|uchar\((\d+)\)')
#: What Stata gives a meaning inside of quotes, or may take for a comment.
_DANGEROUS = set("`'$\\/*\"\n")


def _text(expression: str) -> str:
    """What an expression of Mata's gives; it holds nothing but texts and numbers of characters."""
    pieces = re.split(r"(?<=[\")]) \+ (?=[\"u])", expression)
    found = [_PIECE.fullmatch(piece) for piece in pieces]
    assert all(found), expression
    return "".join(chr(int(one[2])) if one[2] else one[1] for one in found if one)


def _mata(script: str) -> Iterator[str]:
    is_inside = False
    for line in script.splitlines():
        if line in {"mata:", "end"}:
            is_inside = line == "mata:"
        elif is_inside:
            yield line


@pytest.mark.parametrize("text", [*HOSTILE, "", "\x00\n"])
def test_a_label_is_one_expression_in_mata(text: str) -> None:
    expression = setup_stata.quoted(text)
    assert expression.isascii()
    assert _text(expression) == labels.one_line(text)
    for piece in re.findall(r'"([^"]*)"', expression):
        assert not _DANGEROUS & set(piece)


def test_stata_is_told_labels_and_letters() -> None:
    columns = program_files.columns()
    script = setup_stata.script({"rows": columns})
    assert "\nmvdecode band, mv(-9=.a \\ -8=.b)\n" in script
    assert "stringcols(1 6)" in script
    said: dict[str, str] = dict(
        re.fullmatch(r'st_varlabel\("(\w+)", (.+)\)', line).groups()  # type: ignore[union-attr,misc]
        for line in _mata(script)
        if line.startswith("st_varlabel")
    )
    assert {name: _text(expression) for name, expression in said.items()} == {
        column.name: labels.of_characters(column.label, 80) for column in columns
    }
    (band,) = [line for line in _mata(script) if line.startswith('st_vlmodify("band"')]
    assert band.startswith('st_vlmodify("band", (1 \\ .b \\ .a), (')
    assert 'st_varvaluelabel("band", "band")' in script
    assert not re.search(r'st_v\w+\("(count|person|other)", (\(|"count")', script)


def test_spss_is_told_formats_codes_and_ranges() -> None:
    script = setup_spss.script({"rows": program_files.columns()})
    assert "\n    score F8.0\n" in script, "decimals would be put where there are none"
    assert "FORMATS score (F8.2)." in script
    assert "MISSING VALUES answer (-9 THRU -5)." in script
    assert "MISSING VALUES band (-9, -8)." in script
    assert script.endswith("DATASET COPY rows.\n")
    assert "VALUE LABELS other" not in script


def test_a_file_without_text_names_no_columns_of_text() -> None:
    assert "stringcols" not in setup_stata.script({"flow": [Column("period", "integer", "P")]})


def test_quotes_of_r_and_spss_end_where_they_should() -> None:
    for text in HOSTILE:
        r, spss = setup_r.quoted(text), setup_spss.quoted(text)
        assert r.isascii()
        assert re.fullmatch(r'"(?:[^"\\]|\\["\\]|\\U\{[0-9a-f]+\})*"', r)
        assert re.fullmatch(r"'(?:[^'\n]|'')*'", spss)
