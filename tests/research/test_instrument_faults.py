"""Files of instruments that can't be used are refused with file, line and what to do."""

import re
from pathlib import Path

import pytest

from app.research.errors.instruments import BadInstrumentError
from app.research.instruments import catalogue, reserved_names, unit_costs
from tests.research.instrument_files import STRUCTURE, WORDS, line_of, write

_SECOND = 'name = "mood_2"\noptions = "much"\n'
_SCORE = STRUCTURE[STRUCTURE.index("[[scores]]") :]
_SUM = 'items = ["mood_1", "mood_2"]\n'
_CONVERTED = """
[[scores]]
name = "mood_metric"
label = "Mood, converted"
method = "convert"
of = "mood_total"
table = [[0, 0.0], [1, 1.5], [2, 2.0], [3, 3.5], [4, 4.0]]
range = [0, 4]
higher_is = "worse"
"""


def _refused(folder: Path, structure: str = STRUCTURE, words: str = WORDS) -> BadInstrumentError:
    with pytest.raises(BadInstrumentError) as caught:
        catalogue.read(write(folder, structure, words))
    return caught.value


def test_an_instrument_without_fault_is_read(tmp_path: Path) -> None:
    read = catalogue.read(write(tmp_path, STRUCTURE + _CONVERTED))
    (mood,) = read.newest()
    assert [item.name for item in mood.items] == ["mood_gate", "mood_1", "mood_2"]
    assert read.shipped(mood)[0].items["mood_1"].text == "How much?"


#: What is changed in the file, the place that is named, and what is said there.
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "an option set that is not there": (
        'options = "yes_no"\n', 'options = "maybe"\n', 'options = "maybe"',
        r"there is no such set\. Add it under \[options\] \(there: much, yes_no\)",
    ),
    "an item without options": (
        'name = "mood_2"\noptions = "much"\n', 'name = "mood_2"\n', '[[items]]\nname = "mood_2"',
        "names no options",
    ),
    "two items of one name": (
        'name = "mood_2"\noptions', 'name = "mood_gate"\noptions',
        'name = "mood_gate"\noptions = "m',
        r"“mood_gate” is the name of what stands at line 24 already\. Each item and score needs",
    ),
    "a score with the name of an item": (
        'name = "mood_total"', 'name = "mood_1"', 'name = "mood_1"\nlabel',
        "is the name of what stands at line 28 already",
    ),
    "a branch in a circle": (
        'name = "mood_gate"\noptions = "yes_no"\n',
        'name = "mood_gate"\noptions = "yes_no"\nshow_if = { item = "mood_1", codes = [1] }\n',
        'show_if = { item = "mood_1"',
        r"in a circle: “mood_gate” \(line 26\), “mood_1” \(line 31\)\. None of them would ever",
    ),
    "a branch to itself": (
        'item = "mood_gate", codes', 'item = "mood_1", codes', "show_if",
        r"in a circle: “mood_1” \(line 30\)",
    ),
    "a branch forward": (
        'item = "mood_gate", codes', 'item = "mood_2", codes', "show_if",
        r"“mood_1” is shown after “mood_2”, which comes later, at line 33\. Move one of them",
    ),
    "a branch on an item that is not there": (
        'item = "mood_gate", codes', 'item = "mood_gait", codes', "show_if",
        "“mood_gait”, and there is no such item",
    ),
    "a branch on an option that is not there": (
        "codes = [1] }", "codes = [7] }", "show_if",
        r"“mood_gate” has no option 7 \(there: 0, 1\)\. Add the option, or take the code away",
    ),
    "a score over an item that is not there": (
        '"mood_1", "mood_2"]', '"mood_1", "mood_3"]', 'items = ["mood_1", "mood_3"]',
        "“mood_total” is made of “mood_3”, and there is no such item",
    ),
    "a score that counts an item twice": (
        '"mood_1", "mood_2"]', '"mood_1", "mood_1"]', "items = [", "counts an item twice",
    ),
    "a score of nothing": ('["mood_1", "mood_2"]', "[]", "items = [", "made of at least one item"),
    "one item where two are given": (
        'method = "sum"', 'method = "item"', "items = [", "made of one item",
    ),
    "a count of an item that takes one": (
        'method = "sum"', 'method = "count"', "items = [", "takes items of kind “several”",
    ),
    "an item reversed that is not summed": (
        _SUM, f'{_SUM}reversed = ["mood_gate"]\n', "reversed", "is reversed and not summed",
    ),
    "a range that the items don't give": (
        "range = [0, 4]", "range = [0, 5]", "range = [0, 5]", "give 0 to 4. Say so as its range",
    ),
    "missing answers where all are needed": (
        _SUM, f'{_SUM}missing = {{ rule = "all", at_most = 1 }}\n', "missing",
        "none may be missing",
    ),
    "everything may be missing": (
        _SUM, f'{_SUM}missing = {{ rule = "prorata", at_most = 2 }}\n', "missing",
        "Say how many of the 2 answers may be missing",
    ),
    "bands that begin late": (
        "range = [0, 4]", 'range = [0, 4]\nbands = [{ from = 1, name = "some" }]', "bands",
        "The first band begins where the range does",
    ),
    "bands in disorder": (
        "range = [0, 4]",
        'range = [0, 4]\nbands = [{ from = 0, name = "a" }, { from = 9, name = "b" }]', "bands",
        "Bands stand in rising order, within the range",
    ),
    "a reserved word as a name": (
        'name = "mood_2"\noptions', 'name = "with"\noptions', 'name = "with"',
        "“with” is a reserved word of SPSS, Stata, R or REDCap",
    ),
    "a name too long for REDCap": (
        'name = "mood_2"\noptions', 'name = "mood_that_goes_on_and_on_and_on"\noptions',
        'name = "mood_that', "has 31 characters. Use at most 26",
    ),
    "a name without the instrument's": (
        'name = "mood_2"\noptions', 'name = "moody_2"\noptions', 'name = "moody_2"',
        "must begin with “mood_”",
    ),
    "a reserved word as the instrument's name": (
        'name = "mood"', 'name = "if"', 'name = "if"', "must be called if-1.toml",
    ),
    "a number without an end": (
        _SECOND, 'name = "mood_2"\nkind = "number"\n', '[[items]]\nname = "mood_2"',
        "say the largest that can be given",
    ),
    "a text without an end": (
        _SECOND, 'name = "mood_2"\nkind = "text"\n', '[[items]]\nname = "mood_2"',
        "say how many characters",
    ),
    "a number with options": (
        _SECOND, f'{_SECOND}kind = "number"\nmost = 9\n', 'options = "much"\nkind',
        "is a number: take its options away",
    ),
    "options that stand alone among one": (
        _SECOND, f"{_SECOND}alone = [0]\n", "alone", "Only an item of kind “several”",
    ),
    "help after an answer that is not there": (
        _SECOND, f"{_SECOND}shows_help = [3]\n", "shows_help", "“mood_2” has no option 3",
    ),
    "hidden, where it never is": (
        _SECOND, f"{_SECOND}hidden_counts = 0\n", "hidden_counts", "is never hidden",
    ),
    "a licence that contradicts itself": (
        'kind = "cc_by"', 'kind = "restricted"', "ships_words", "A restricted instrument ships no",
    ),
    "a key that is not known": (
        "minutes = 1", "minutes = 1\nlenght = 3", "lenght", "“lenght” is not known here",
    ),
    "a key that is missing": ('label = "Mood"\n', "", "[[scores]]", "“label” is missing. Add it"),
    "a code that is no number": (
        "much = [0, 1, 2]", 'much = [0, 1, "2"]', "much = [", "“2” can't be used",
    ),
    "no TOML at all": ("minutes = 1", "minutes = ", "minutes = ", "This is no TOML"),
    "a file that ends too early": (_SCORE, "[[scores", "[[scores", "This is no TOML"),
    "two keys of one name": ("minutes = 1", "minutes = 1\nminutes = 1", "minutes = 1\nminutes",
        "This is no TOML"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_with_file_line_and_what_to_do(fault: str, tmp_path: Path) -> None:
    old, new, place, says = FAULTS[fault]
    assert old in STRUCTURE
    structure = STRUCTURE.replace(old, new, 1)
    error = _refused(tmp_path, structure)
    assert re.search(says, str(error)), str(error)
    expected = line_of(place, structure) + (1 if fault == "two keys of one name" else 0)
    assert error.line == expected
    assert str(error).startswith(f"mood-1.toml, line {expected}: ")
    assert str(error).endswith(".")


CONVERSIONS = {
    "of nothing": ('of = "mood_total"', 'of = "mood_sum"', "no score before it has this name"),
    "with a gap": (", [2, 2.0]", "", "must give each value from 0 to 4 once; it lacks 2"),
    "with a value twice": ("[3, 3.5]", "[2, 3.5], [3, 3.5]", "one stands twice, or out of order"),
    "with another range": (
        "range = [0, 4]\nhigher_is",
        "range = [0, 9]\nhigher_is",
        "first and the",
    ),
}


@pytest.mark.parametrize("fault", CONVERSIONS)
def test_a_conversion_is_held_to_its_table(fault: str, tmp_path: Path) -> None:
    old, new, says = CONVERSIONS[fault]
    assert says in str(_refused(tmp_path, STRUCTURE + _CONVERTED.replace(old, new)))


def test_a_sum_that_may_fill_in_is_not_converted(tmp_path: Path) -> None:
    filled = STRUCTURE.replace(_SUM, f'{_SUM}missing = {{ rule = "prorata", at_most = 1 }}\n')
    assert "its table knows whole sums only" in str(_refused(tmp_path, filled + _CONVERTED))


def test_an_instrument_is_not_named_by_a_reserved_word(tmp_path: Path) -> None:
    (write(tmp_path) / "files" / "mood-1.toml").unlink()
    (tmp_path / "files" / "if-1.toml").write_text(STRUCTURE.replace('"mood"', '"if"'), "utf-8")
    with pytest.raises(BadInstrumentError, match=r"if-1\.toml, line 1: “if” is a reserved word"):
        catalogue.read(tmp_path)


def test_only_a_sum_is_filled_in(tmp_path: Path) -> None:
    one = STRUCTURE.replace('method = "sum"', 'method = "item"').replace(
        _SUM, 'items = ["mood_2"]\nmissing = { rule = "prorata", at_most = 1 }\n'
    )
    assert "Only a sum can be filled in" in str(
        _refused(tmp_path, one.replace("range = [0, 4]", "range = [0, 2]"))
    )


def test_a_cost_has_no_range_of_its_own(tmp_path: Path) -> None:
    number = STRUCTURE.replace(_SECOND, 'name = "mood_2"\nkind = "number"\nmost = 9\n')
    cost = number.replace(_SUM, 'items = ["mood_2"]\n').replace('"sum"', '"cost"')
    assert "What a cost can be depends on prices" in str(_refused(tmp_path, cost))


def test_each_option_of_an_item_that_takes_several_is_a_column(tmp_path: Path) -> None:
    several = STRUCTURE.replace(
        _SECOND, 'name = "mood_gate_x"\nkind = "several"\noptions = "much"\n'
    )
    taken = several.replace('name = "mood_total"', 'name = "mood_gate_x_2"')
    assert "“mood_gate_x_2” is the name of what stands at line 33" in str(_refused(tmp_path, taken))


#: The words that are changed, the place that is named, and what is said there.
WORD_FAULTS = {
    "an option without words": (
        '2 = "Much"\n', "", "[options.much]", "The option of “much” “2” has",
    ),
    "an option that is not there": (
        '2 = "Much"', '2 = "Much"\n3 = "All"', '3 = "All"', "There is no option of “much” “3”",
    ),
    "an item without words": (
        'mood_2 = { text = "And this?" }\n', "", "[items]", "The item “mood_2” has no words. Write",
    ),
    "an item that is not there": (
        "mood_2 =", 'mood_3 = { text = "More?" }\nmood_2 =', "mood_3", "There is no item “mood_3”",
    ),
    "options without words": (
        '[options.yes_no]\n0 = "No"\n1 = "Yes"\n', "", "instrument",
        "set of options “yes_no” has no",
    ),
    "words of another version": (
        "structure = 1", "structure = 2", "structure = 2", "There is no mood in version 2. Add its",
    ),
    "a version that the file's name does not say": (
        "version = 1", "version = 2", "version = 2", "The file must be en/mood-2.toml",
    ),
    "a language that is none": ('"en"', '"English"', "language", "“language” can't be used"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WORD_FAULTS)
def test_words_are_held_to_their_instrument(fault: str, tmp_path: Path) -> None:
    old, new, place, says = WORD_FAULTS[fault]
    words = WORDS.replace(old, new, 1)
    error = _refused(tmp_path, STRUCTURE, words)
    assert says in str(error)
    assert error.line == line_of(place, words)


def test_an_instrument_that_ships_words_has_some(tmp_path: Path) -> None:
    with pytest.raises(BadInstrumentError, match=r"Mood has no words yet\. Add a file under words"):
        catalogue.read(write(tmp_path, STRUCTURE, None))


def test_words_of_a_restricted_instrument_are_never_shipped(tmp_path: Path) -> None:
    restricted = STRUCTURE.replace('"cc_by"', '"restricted"').replace("= true", "= false")
    assert "lets no words be shipped. Take this file away" in str(_refused(tmp_path, restricted))


@pytest.mark.parametrize(
    "name",
    ["all", "or", "to", "_n", "strl", "str18", "function", "nan", "redcap_event_name", "a__b", "a_",
     "1a", "A", "ä", "a-b", "mood_complete", "mood_timestamp", "a" * 27],
)  # fmt: skip
def test_names_that_one_of_four_programs_refuses(name: str) -> None:
    assert reserved_names.fault_of(name)


@pytest.mark.parametrize("name", ["phq9_1", "strong", "string_1", "a" * 26, "r2", "to_me"])
def test_names_that_all_four_take(name: str) -> None:
    assert reserved_names.fault_of(name) is None


_COSTS = "contact,unit,pence,price_year,standing,source\nmood_2,visit,100,2030,sourced,A book\n"

COST_FAULTS = {
    "another column": ("pence", "pounds", 1, "The columns are contact, unit, pence"),
    "a value too few": (",A book", "", 2, "Each row has six values"),
    "an empty value": ("A book", "", 2, "Each row has six values"),
    "a value too many": ("A book", "A book,1", 2, "Each row has six values"),
    "two price years": ("2030,", "2031,", 2, "The price year is 2031, in a table of 2030"),
    "pounds": ("100,", "1.00,", 2, "“1.00” is no number of pence"),
    "a standing that is none": ("sourced", "guessed", 2, "“guessed” is not known"),
    "a contact twice": (
        "A book\n", "A book\nmood_2,visit,100,2030,sourced,A book\n", 3, "a second time",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", COST_FAULTS)
def test_a_table_of_costs_is_refused_with_its_line(fault: str, tmp_path: Path) -> None:
    old, new, line, says = COST_FAULTS[fault]
    (tmp_path / "services-2030.csv").write_text(_COSTS.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInstrumentError, match=re.escape(says)) as caught:
        unit_costs.read(2030, tmp_path)
    assert caught.value.line == line


def test_the_newest_prices_come_first(tmp_path: Path) -> None:
    for year in (2029, 2031):
        (tmp_path / f"services-{year}.csv").write_text(_COSTS.replace("2030", str(year)), "utf-8")
    assert unit_costs.years(tmp_path) == [2031, 2029]
    assert unit_costs.read(2029, tmp_path).rows["mood_2"].pence == 100
