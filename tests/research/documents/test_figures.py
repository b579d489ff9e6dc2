"""Figures in words: a number in a line, a sentence with its denominator, rows of a table."""

from typing import Any

import pytest

from app.research.charts import figure_tables, figure_words
from app.research.documents import cells, figures
from app.research.documents.figures import Origin
from app.research.measures.results import Unit
from app.research.measures.shown_parts import ShownResult
from tests.research.documents import report_material as made
from tests.research.documents import told_material as told


@pytest.mark.parametrize(
    ("value", "half", "unit", "inline"),
    [
        (0.62, None, Unit.SHARE, "62%"),
        (-0.4, None, Unit.SHARE, "−40%"),
        (2.1, 0.9, Unit.POINTS, "2.10 points (95% interval 1.20 to 3.00)"),
        (-0.54, 0.25, Unit.POINTS, "−0.54 points (95% interval −0.79 to −0.29)"),
        (-0.001, None, Unit.POINTS, "0.00 points"),
        (1, None, Unit.POINTS, "1.00 points"),
        (-1234.5, None, Unit.POINTS, "−1,234.50 points"),
        (1, None, Unit.DAYS, "1 day"),
        (1, None, Unit.TIMES, "1.0 times"),
        (1234, None, Unit.MINUTES, "1,234 minutes"),
        (300, None, Unit.MINUTES, "300 minutes"),
        (1440, None, Unit.MINUTES, "24 hours"),
        (0.52, None, Unit.RATIO, "0.520"),
        (120_300, 100, Unit.PENCE, "£1,203 (95% interval £1,202 to £1,204)"),
        (-5_000, None, Unit.PENCE, "−£50"),
    ],
)
def test_an_estimate_inside_a_line(
    value: float, half: float | None, unit: Unit, inline: str
) -> None:
    assert figure_words.inline(told.estimate("a", value, half, unit=unit)) == inline


def test_a_share_says_of_how_many() -> None:
    part = told.share("came", 370, 1240, "came to a meeting")
    assert figure_words.inline(part) == "30%"
    said = "Came to a meeting: 30% (about 370 of about 1,240 people)."
    assert figure_words.sentence(part) == said
    assert figure_tables.rows(part)[1] == (("Came to a meeting", "30%", "1,240"),)


def test_an_estimate_says_among_how_many_where_that_is_told() -> None:
    part = told.estimate("change", 0.5, 0.25, label="Score, wave 2 (week 13): mean change")
    number = "0.50 points (95% interval 0.25 to 0.75)"
    said = f"Score, wave 2 (week 13): mean change, {number}"
    assert figure_words.sentence(part) == f"{said}, among about 40 people."
    assert figure_words.sentence(part | {"people": None}) == f"{said}."
    head, rows = figure_tables.of_figures([part], ["Change"])
    assert head == figure_tables.FIGURE_HEAD
    assert rows == (("Change", "0.50 points", "0.25 to 0.75", "40"),)


@pytest.mark.parametrize("part", [told.estimate("a", None), told.share("b", None, 40)])
def test_what_is_held_back_is_said_with_its_reason(part: dict[str, Any]) -> None:
    assert figure_words.inline(part) == ""
    assert figure_words.key(part) == "held back"
    assert figure_words.sentence(part).endswith(f": held back. {told.FEW}")
    assert figure_words.held_back(part) == 1


def test_a_table_tells_each_cell_and_what_the_rule_took() -> None:
    part = made.grid("by age", [[30, None], [20, 10]])
    assert figure_words.inline(part) == ""
    assert figure_words.sentence(part) == "By age, in 2 by 2 groups. Of about 60 people."
    assert figure_tables.rows(part) == (
        ("Group", "Column 0", "Column 1", "All"),
        (
            ("Row 0", "30", "held back", "held back"),
            ("Row 1", "20", "10", "30"),
            ("All", "50", "10", "60"),
        ),
    )
    assert figure_words.held_back(part) == 1
    assert figure_words.sentence(part | {"total": None}) == "By age, in 2 by 2 groups."


def test_a_wide_table_is_turned() -> None:
    head, rows = figure_tables.rows(made.grid("wide", [[10, 20, 30, 40, 50, 60]]))
    assert head == ("Answer", "Row 0")
    assert rows[5] == ("Column 5", "60")
    assert rows[6] == ("All", "210")


def test_a_curve_tells_its_points_and_how_it_ends() -> None:
    part = made.curve("staying", 0, 28, 84)
    said = "Staying: of about 501 people at the beginning, 98.0% are still there after 84 days."
    assert figure_words.sentence(part) == said
    head, rows = figure_tables.rows(part)
    assert head == ("Day", "Still there", "People who could be counted")
    assert rows == (("0", "100.0%", "501"), ("28", "99.0%", "495"), ("84", "98.0%", "489"))
    assert figure_words.held_back(part) == 0


def test_counts_by_time_say_which_were_withheld() -> None:
    part = made.counts("joined", 325, None)
    said = "Joined, by 12 weeks: weeks 1 to 12, 325; weeks 13 to 24, held back."
    assert figure_words.sentence(part) == said
    assert figure_tables.rows(part)[1] == (
        ("Weeks 1 to 12", "325"),
        ("Weeks 13 to 24", "held back"),
    )
    assert figure_words.held_back(part) == 1


def test_a_number_by_itself_is_a_table_of_one_row() -> None:
    head, rows = figure_tables.rows(told.share("came", 20, 40))
    assert (head, rows) == (("What", "Figure", "People"), (("Came", "50%", "40"),))


def test_how_many_an_estimate_rests_on_is_not_told_rather_than_held_back() -> None:
    """Everybody is told estimates without it, by rule: nothing was taken from this one."""
    change = told.estimate("change", 0.5, 0.25) | {"people": None}
    share = told.share("both", 20, 40)
    _, rows = figure_tables.of_figures([share, change], ["Both", "Change"])
    assert rows == (
        ("Both", "50%", "", "40"),
        ("Change", "0.50 points", "0.25 to 0.75", "not told"),
    )


def test_a_column_that_none_of_the_figures_has_is_left_out() -> None:
    change = told.estimate("change", 0.5) | {"people": None}
    held = told.estimate("change", None)
    head, rows = figure_tables.of_figures([change, held], ["Change", "Other"])
    assert (head, rows) == (("What", "Figure"), (("Change", "0.50 points"), ("Other", "held back")))
    head, rows = figure_tables.rows(told.share("came", None, None))
    assert head == ("What", "Figure", "People")
    assert rows == (("Came", "held back", "held back"),)


def test_sums_that_say_the_same_once_more_are_left_out() -> None:
    one_row = figure_tables.rows(made.grid("by wave", [[30, 20]]))
    assert one_row == (("Group", "Column 0", "Column 1", "All"), (("Row 0", "30", "20", "50"),))
    head, rows = figure_tables.rows(made.grid("by kind", [[30], [20]]))
    assert (head, rows) == (
        ("Group", "Column 0"),
        (("Row 0", "30"), ("Row 1", "20"), ("All", "50")),
    )
    told_apart = made.grid("by area", [[30], [None]]) | {"row_totals": [30, 20]}
    assert figure_tables.rows(told_apart)[1][1] == ("Row 1", "held back", "20")
    withheld = made.grid("by wave", [[30, None]]) | {"total": None}
    assert figure_tables.rows(withheld)[1][-1][0] == "All"


@pytest.mark.parametrize(
    ("label", "apart"),
    [
        ("score, wave 2 (week 13): mean", ("Score, wave 2 (week 13)", "Mean")),
        ("used, wave 2 (week 13)", ("Wave 2 (week 13)", "Used")),
        ("cost: median", ("Cost", "Median")),
        ("posted", ("", "Posted")),
    ],
)
def test_what_a_label_shares_and_what_it_has_alone(label: str, apart: tuple[str, str]) -> None:
    assert figure_words.apart(label) == apart


def test_labels_side_by_side_lose_what_they_share() -> None:
    first = ["Handed in wave 2, of all", "Handed in wave 3, of all"]
    assert figure_words.own_words(first) == ["Handed in wave 2", "Handed in wave 3"]
    used = ["Used: gp, wave 1", "Used: therapy, wave 1"]
    assert figure_words.own_words(used) == ["Gp", "Therapy"]
    assert figure_words.own_words(["alike", "alike"]) == ["Alike", "Alike"]


def test_figures_have_the_names_of_measure_and_part() -> None:
    found = figures.all_of(made.results())
    figure = found["retention.stayed_84"]
    assert (figure.measure, figure.title, figure.kind) == ("retention", "Retention", "estimate")
    assert figure.label == "Still taking part after 84 days"
    assert figure.inline == "43% (95% interval 38% to 48%)"
    assert figure.sentence.endswith("among about 40 people.")
    assert figure.key == "43%"
    assert figure.why == ""
    assert found["of_tomorrow.unheard_of"].title == "of_tomorrow"
    assert figures.all_of([ShownResult("reach", why="There is nothing.")]) == {}


def test_the_rule_and_what_it_took_are_part_of_a_figure() -> None:
    found = figures.all_of(made.results())
    assert found["retention.stayed_84"].rule.endswith(" It took nothing here.")
    assert found["reach.joined_by_age_band"].rule.endswith(" It took 1 figure here.")
    assert found["reach.looked"].rule.endswith(" It took 2 figures here.")


def test_an_origin_names_dataset_hash_and_version() -> None:
    assert Origin(3, "1f2e3d4c" * 8, "1.2.0").line == "dataset 3 (1f2e3d4c), Alongside 1.2.0"


@pytest.mark.parametrize(
    "cell",
    [
        "1,234",
        "−0.50 points",
        "−£50 to £12",
        "24 hours",
        "about 360 or more",
        "held back",
        "9%",
        "",
    ],
)
def test_a_number_is_set_to_the_right_with_what_belongs_to_it(cell: str) -> None:
    assert cells.is_number(cell)
    assert not cells.is_number(f"Wave {cell}" if cell else "Yes")
