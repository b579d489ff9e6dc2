"""The reports of a programme with planted effects say each of them, and say otherwise once it is
taken out; what must move no measure of peers moves no figure of peers in any report."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.demo.evaluation import places
from app.research.charts.figure_words import HELD_BACK
from app.research.documents import typst_pdf
from app.research.documents.edition_kinds import EditionKind
from app.research.measures.people_tables import answer_axis
from tests.demo.evaluated import DOUBLING, SCORE, Frozen, told
from tests.demo.reports import Edition, Interval, editions, interval_in

Editions = Mapping[EditionKind, Edition]

GIVING, RECEIVING = (f"outcome_on_dose.{SCORE}_{dose}" for dose in ("giving", "receiving"))
#: Editions that tell it as a large number, and in a picture.
WITH_NUMBERS = (EditionKind.EARLY_FINDINGS, EditionKind.FOUR_PAGES)
WITH_PICTURES = (*WITH_NUMBERS, EditionKind.TWO_PAGES, EditionKind.FULL_REPORT)
AREA = dict(answer_axis("area").places)[places.REGIONS[places.SMALL]]
#: What staff move: how soon anyone answered, whose posts anyone answered, and the team.
OF_STAFF = ("response.any_", "response.some_", "response.all_", "response.team_")
#: What is told of all members, who stopped taking part too: how many of them write and react.
OF_MEMBERS = tuple(
    f"consent_bias.{who}_{part}"
    for who in ("writers", "repliers", "reactors")
    for part in ("members", "difference")
)


#: What is read of programmes that are otherwise: to compute all would cost as much again.
MOVED = ("reach", "retention", "follow_up", "outcome_on_dose", "outcome_on_dose_banded")


@pytest.fixture(scope="module")
def read(planted: Frozen) -> Editions:
    return editions(planted.told.results)


@pytest.fixture(scope="module")
def read_turned(turned: Frozen) -> Editions:
    found = told(turned.frames, *MOVED, "by_area", "six_values")
    return editions(found.results)


@pytest.fixture(scope="module")
def read_lasting(lasting: Frozen) -> Editions:
    kinds = (*WITH_NUMBERS, EditionKind.FULL_REPORT)
    return editions(told(lasting.frames, *MOVED).results, kinds)


def _effect(editions: Editions, figure: str) -> Interval:
    """As the row of the full report has it; all other editions that tell it say the same."""
    row = editions[EditionKind.FULL_REPORT].row(figure)
    for kind in WITH_NUMBERS:
        words = editions[kind].key(figure)
        assert words.startswith(f"{row[1]} Satisfied with life, points for each doubling of")
        assert interval_in(words) == interval_in(row[2])
        assert words.removeprefix(row[1]).lstrip() in editions[kind].page
    return interval_in(row[2])


def test_reports_say_that_wellbeing_rises_with_giving_and_not_with_receiving(
    read: Editions, read_turned: Editions
) -> None:
    giving, receiving = (_effect(read, name) for name in (GIVING, RECEIVING))
    assert giving.holds(DOUBLING)
    assert not giving.holds(0)
    assert receiving.holds(0)
    assert not receiving.holds(DOUBLING)
    giving, receiving = (_effect(read_turned, name) for name in (GIVING, RECEIVING))
    assert giving.holds(0)
    assert not giving.holds(DOUBLING)
    assert receiving.holds(DOUBLING)
    assert not receiving.holds(0)


def test_pictures_of_giving_say_the_same_in_words(read: Editions, read_turned: Editions) -> None:
    for found, holds in ((read, True), (read_turned, False)):
        for kind in WITH_PICTURES:
            said, *_ = found[kind].picture(GIVING).split("). ")
            assert said.startswith("Satisfied with life, points for each doubling of: Replies and")
            assert interval_in(said).holds(DOUBLING) == holds, kind
            assert said in found[kind].page


def test_the_printed_report_has_the_same_number(read: Editions, read_turned: Editions) -> None:
    texts = []
    for found in (read, read_turned):
        edition = found[EditionKind.EARLY_FINDINGS]
        number = edition.key(GIVING).partition(" Satisfied")[0]
        pages = PdfReader(BytesIO(typst_pdf.pdf(edition.document))).pages
        texts.append("".join("".join(page.extract_text() for page in pages).split()))
        assert number.replace(" ", "") in texts[-1]
    assert texts[0] != texts[1]


def test_bands_hold_the_effect_and_the_full_report_tells_what_they_lose(
    read: Editions, read_turned: Editions
) -> None:
    """What 160 people leave of the file that may leave is told as the reason why it has none."""
    name = f"outcome_on_dose_banded.{SCORE}_giving"
    report = read[EditionKind.FULL_REPORT]
    bands, exact = (report.row(f"{name}_{way}") for way in ("bands", "exact"))
    assert interval_in(bands[2]).holds(DOUBLING)
    assert interval_in(exact[2]).holds(DOUBLING)
    assert "from bands before disclosure control" in bands[0]
    assert "from exact rows" in exact[0]
    assert report.row(f"{name}_banded")[1] == HELD_BACK
    (told,) = (one for one in report.tables if f"{name}_banded" in one.row_figures)
    assert "Disclosure control made too many codes of several bands." in told.note
    lost = report.row(f"{name}_bands_width")
    assert lost[0].endswith("width, to exact")
    assert float(lost[1]) > 1
    left = report.row(f"outcome_on_dose_banded.{SCORE}_people")
    assert left[0] == "People in the banded model, of those in the exact one"
    assert 0 < int(left[1].removesuffix("%")) < 100
    gone = read_turned[EditionKind.FULL_REPORT].row(f"{name}_exact")
    assert not interval_in(gone[2]).holds(DOUBLING)


def test_an_instrument_moves_with_giving_unless_it_is_the_insensitive_one(
    read: Editions, read_lasting: Editions
) -> None:
    """One 95 % interval in twenty misses: they are held to 99.7 %."""
    for found, is_insensitive in ((read, True), (read_lasting, False)):
        row = found[EditionKind.FULL_REPORT].row("outcome_on_dose.ucla3_total_giving")
        assert interval_in(row[2]).holds(0, times=1.5) == is_insensitive
        row = found[EditionKind.FULL_REPORT].row("outcome_on_dose.phq9_total_giving")
        assert not interval_in(row[2]).holds(0)


def test_groups_led_by_peers_are_experienced_better_only_if_planted(
    read: Editions, read_turned: Editions
) -> None:
    """In large numbers as people of ten, in the toolkit by kind of group."""
    more, alike = (
        [
            int(line.split(" | ")[1].removesuffix("%"))
            for line in found[EditionKind.TOOLKIT].lines
            if line.startswith("All | ") and line.endswith("%")
        ]
        for found in (read, read_turned)
    )
    assert more[0] > alike[0]
    told = "About 3 in 10 people felt safe."
    assert told in read[EditionKind.WHAT_YOU_TOLD_US].lines
    assert told not in read_turned[EditionKind.WHAT_YOU_TOLD_US].lines


def test_an_area_is_shown_once_it_is_large_enough(read: Editions, read_turned: Editions) -> None:
    small, large = (found[EditionKind.AREA_SHEETS] for found in (read, read_turned))
    (why,) = [line for line in small.lines if line.startswith("Nothing may be shown of")]
    assert AREA in why
    assert AREA not in small.lines
    (why,) = [line for line in large.lines if line.startswith("Nothing may be shown of")]
    assert AREA not in why
    assert AREA in large.lines, "it has a sheet"
    assert f"{AREA} | 30" in [
        line.rpartition(" | held")[0][: len(AREA) + 5] for line in large.lines
    ]


def test_staff_tall_screens_and_acts_to_oneself_or_after_stopping_change_nothing_of_peers(
    planted: Frozen, plain: Frozen, read: Editions
) -> None:
    """With what staff and members moved put back, every edition is the same to the letter."""
    parts, before = plain.told.parts, planted.told.parts
    assert parts.keys() == before.keys()
    moved = {name for name, part in parts.items() if part != before[name]}
    assert "response.any_4" in moved, "staff were there"
    assert moved.issuperset(OF_MEMBERS), "who had stopped was there"
    assert {name for name in moved if not name.startswith((*OF_STAFF, *OF_MEMBERS))} == set()
    put_back = [
        replace(one, parts=[before[f"{one.measure}.{part['name']}"] for part in one.parts])
        if one.measure in ("response", "consent_bias")
        else one
        for one in plain.told.results
    ]
    for kind, edition in editions(put_back).items():
        assert edition.page == read[kind].page


def test_who_stopped_is_told_and_moves_no_effect(
    planted: Frozen, lasting: Frozen, read: Editions, read_lasting: Editions
) -> None:
    """They are fewer at each later wave; nobody is counted as having left the community by that."""
    for figure in (GIVING, RECEIVING):
        one, other = (_effect(found, figure) for found in (read, read_lasting))
        planted_as = DOUBLING if figure == GIVING else 0
        assert one.holds(planted_as)
        assert other.holds(planted_as, times=1.5)
    for day in (84, 182, 364):
        row, other_row = (
            found[EditionKind.FULL_REPORT].row(f"retention.stayed_{day}")
            for found in (read, read_lasting)
        )
        middle = float(other_row[1].removesuffix("%"))
        assert interval_in(row[2].replace("%", "")).holds(middle)
    last = "follow_up.follow_up_5"
    people, everybody = (
        found[EditionKind.FULL_REPORT].row(last)[-1] for found in (read, read_lasting)
    )
    assert int(people) < int(everybody)
