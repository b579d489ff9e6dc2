"""Pictures of shown parts: no number that the part doesn't tell, each held-back cell said, the same
bytes each time."""

import re
from html import unescape
from typing import Any

import pytest

from app.research.charts import colours, drawing
from app.research.documents import svg
from app.research.measures.results import Unit
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told

_WORDS = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)


def _words(drawn: str | None) -> list[str]:
    """What is written in a picture."""
    assert drawn is not None
    found = (re.sub(r"<[^>]*>", " ", one) for one in _WORDS.findall(drawn))
    return [" ".join(unescape(one).split()) for one in found]


def test_a_table_is_bars_with_their_numbers_and_says_what_is_held_back() -> None:
    part = made.grid("t", [[30, None], [20, 1_210]])
    told_words = _words(drawing.of(part))
    assert sorted(word for word in told_words if word[0].isdigit()) == ["1,210", "20", "30"]
    assert told_words.count("held back") == 1
    assert {"Row 0", "Row 1", "Column 0", "Column 1"} <= set(told_words)
    assert drawing.of(part) == drawing.of(part)


def test_a_curve_tells_where_it_ends_and_no_other_number_of_people() -> None:
    said = _words(drawing.of(made.curve("c", 0, 28, 84)))
    assert "98.0%" in said
    assert {"0%", "25%", "50%", "75%", "100%"} <= set(said)
    assert not {"501", "495", "489"} & set(said)
    assert drawing.of(made.curve("c", 0)) is not None


def test_counts_are_bars_in_order_and_say_which_are_withheld() -> None:
    said = _words(drawing.of(made.counts("c", 325, None, 0)))
    assert [word for word in said if word in ("325", "0")] == ["325", "0"]
    assert "held back" in said


@pytest.mark.parametrize(
    "part",
    [
        told.share("a", 20, 40),
        told.estimate("a", 0.5),
        made.curve("a", why=made.FEW),
        made.counts("a", None, None),
        made.grid("a", [[None, None], [None, None]]),
        made.grid("a", [[10, 20]]),
        made.grid("a", [[10] * 7] * 7),
        made.grid("a", [[10, 20]] * 17),
    ],
)
def test_what_has_no_picture(part: dict[str, Any]) -> None:
    assert drawing.of(part) is None


def test_a_table_of_many_columns_has_no_narrow_picture() -> None:
    part = made.grid("t", [[10, 20, 30, 40], [10, 20, 30, 40]])
    assert drawing.of(part) is not None
    assert drawing.of(part, is_narrow=True) is None


def test_shares_beside_each_other_say_of_how_many() -> None:
    parts = [told.share("a", 20, 40, "Wave 2, of all"), told.share("b", None, 40, "Wave 3, of all")]
    drawn = drawing.group(parts)
    assert _words(drawn) == ["Wave 2", "Wave 3", "50% of 40", "held back"]
    assert str(drawn).count(f'fill="{colours.SOFT}"') == 1, "no empty bar, which would say: nobody"


def test_a_table_of_one_column_has_long_labels_in_few_lines() -> None:
    label = "What was it about? Going over problems together again and again, until it felt worse"
    part = made.grid("t", [[20], [30]], rows=[label, "b"])
    lines = str(drawing.of(part)).count("</tspan>")
    assert label in " ".join(_words(drawing.of(part)))
    assert lines <= 2


def test_pictures_give_labels_no_more_room_than_they_take() -> None:
    def starts(label: str) -> float:
        """Where the bars begin."""
        drawn = drawing.group([told.share("a", 20, 40, label), told.share("b", 20, 40, "other")])
        return float(re.findall(r"translate\((\d+\.?\d*),", str(drawn))[0])

    assert starts("Wave 2") < starts("Handed in wave 2 (week 13)") / 2


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        (Unit.POINTS, 1.5, "1.50 points"),
        (Unit.SHARE, 0.5, "50%"),
        (Unit.PENCE, 120_300, "£1,203"),
    ],
)
def test_estimates_beside_each_other_are_told_in_their_unit(
    unit: Unit, value: float, said: str
) -> None:
    parts = [
        told.estimate("a", value, value / 2, unit=unit),
        told.estimate("b", -value, value / 2, unit=unit),
        told.estimate("c", None, unit=unit),
    ]
    wide, narrow = _words(drawing.group(parts)), _words(drawing.group(parts, is_narrow=True))
    assert {said, f"−{said}", "held back"} <= set(wide) & set(narrow)
    assert not [word for word in wide if word.startswith("-")], "minus is as wide as plus"


def test_what_does_not_belong_together_has_no_picture() -> None:
    share, estimate = told.share("a", 20, 40), told.estimate("b", 0.5)
    assert drawing.group([]) is None
    assert drawing.group([share, estimate]) is None
    assert drawing.group([estimate, told.estimate("c", 0.5, unit=Unit.DAYS)]) is None
    assert drawing.group([told.share("a", None, 40)] * 2) is None


def test_long_labels_are_wrapped_and_two_alike_stay_two() -> None:
    label = "A very long label " * 17
    parts = [told.share("a", 20, 40, label + "x"), told.share("b", 10, 40, label + "x")]
    said = _words(drawing.group(parts))
    assert {"50% of 40", "25% of 40"} <= set(said)
    whole = "".join("".join(said).split())
    assert whole.count("".join(f"{label}x".split())) == 2


def test_text_in_a_label_is_text() -> None:
    label = '<b>#set</b> & "שלום" datum.x 🙂'
    assert label in _words(drawing.of(made.grid("t", [[20, 30]] * 2, rows=[label, "b"])))


def test_colours_are_seen_on_both_grounds() -> None:
    """Contrast of words is 4.5 or more, of drawn marks 3 (WCAG 2.2, 1.4.3 and 1.4.11)."""
    night = dict(re.findall(r'\[fill="(#\w+)"\] \{ fill: light-dark\(#\w+, (#\w+)\)', svg.DARK))
    for colour, least in (
        (colours.INK, 4.5),
        (colours.MUTED, 4.5),
        (colours.RESEARCH, 4.5),
        (colours.PRIMARY, 3),
    ):
        assert _contrast(colour, "#faf7f2") >= least
        assert _contrast(night[colour], "#131c1b") >= least


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_drawings_of_one_page_have_ids_of_their_own() -> None:
    drawn = '<svg width="720" height="9"><clipPath id="a"/><g clip-path="url(#a)"/></svg>'
    put = svg.inside(drawn, "chart-1", 'says "x" & <y>')
    assert 'aria-label="says &quot;x&quot; &amp; &lt;y&gt;"' in put
    assert 'id="chart-1-a"' in put
    assert "url(#chart-1-a)" in put
    assert svg.least_width(drawn) == 634
    assert svg.least_width("<svg></svg>") == 0
