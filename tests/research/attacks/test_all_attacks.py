"""All attacks on one file, and several files of a study laid over each other."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from app.research.attacks import combining, wall
from app.research.attacks.all_attacks import AttackInput, play
from app.research.attacks.findings import Finding
from app.research.attacks.outgoing import Outgoing
from tests.research.attacks.factories import (
    FROZEN,
    RANGES,
    acts_of,
    periods,
    text,
    truth,
)

JOINS = Finding("joins", 0, 5, 0.0)
ROW = {"participant": "P0", "period": 1, "days_observable": 4, "giving": 13, "receiving": 0}
GIVING = {0: (0, 0), 1: (1, 5), 3: (21, None), 13: (1, None)}
COARSE = RANGES | {"giving": {0: (0, 0), 1: (1, 5), 12: (1, 20), 13: (1, None)}}


def coarse(row: dict[str, object], days_before: int = 0) -> Outgoing:
    frozen_on = FROZEN - timedelta(days=days_before)
    return Outgoing("periods", periods(row).frame, frozen_on, COARSE)


def told(file: Outgoing, column: str) -> object:
    (code,) = file.frame[column].to_list()
    return file.range_of(column, code) if code >= 0 else None


def test_each_attack_has_its_line_in_the_order_of_the_table() -> None:
    seen = wall.from_shown([text(0, 3), text(1, 4)])
    case = AttackInput(coarse(ROW), seen, truth({0: 0}), ids=[uuid4()])
    assert [found.name for found in play(case, JOINS)] == [
        "wall_match", "clocks", "insider", "freezes", "two_studies", "joins", "ids",
    ]  # fmt: skip


def test_two_files_that_coarsen_in_another_place_tell_what_both_leave_possible() -> None:
    other = ROW | {"giving": 1, "receiving": -8, "active_days": 2}
    together = combining.combine([coarse(ROW), coarse(other)])
    assert told(together, "giving") == (1, 5)
    assert told(together, "receiving") == (0, 0)
    assert told(together, "active_days") == (3, 7)
    assert told(together, "posts") is None


def test_another_days_file_adds_only_periods_that_were_over() -> None:
    finer = ROW | {"giving": 1}
    assert told(combining.combine([coarse(ROW), coarse(finer, 30)]), "giving") == (1, 5)
    running = finer | {"days_observable": 3}
    assert told(combining.combine([coarse(ROW), coarse(running, 30)]), "giving") == (1, None)
    unknown = finer | {"days_observable": None}
    assert told(combining.combine([coarse(ROW), coarse(unknown, 30)]), "giving") == (1, None)
    nobody = finer | {"participant": "P7"}
    assert told(combining.combine([coarse(ROW), coarse(nobody)]), "giving") == (1, None)


def test_an_empty_file_beside_others_stays_empty() -> None:
    empty = replace(coarse(ROW), frame=coarse(ROW).frame.clear())
    assert combining.combine([empty, coarse(ROW)]).participants == []


def test_the_wall_is_laid_over_all_files_together_when_that_names_more() -> None:
    busy = [text(0, day, to=1) for day in range(0, 80, 2)]
    seen = wall.from_shown([*busy, *(text(1, day, to=0) for day in (5, 30, 60))])
    known = truth({0: 0, 1: 0})
    row = {"period": 1, "days_observable": 4, "receiving": -8, "active_days": -8}
    rows = [{"participant": f"P{n}", "giving": 13} | row for n in (0, 1)]
    finer = [rows[0] | {"giving": 3}, rows[1] | {"giving": 1}]
    alone, beside = (Outgoing("periods", periods(*one).frame, FROZEN, COARSE | {"giving": GIVING})
                     for one in (rows, finer))  # fmt: skip
    (found, *_) = play(AttackInput(alone, seen, known), JOINS)
    (more, *_) = play(AttackInput(alone, seen, known, others_of_study=[beside]), JOINS)
    assert (found.named, more.named) == (1, 2)
    assert "with the study's other files, alone 1" in more.note
    (same, *_) = play(AttackInput(beside, seen, known, others_of_study=[alone]), JOINS)
    assert same.named == 2
    assert "alone" not in same.note


def test_of_several_other_studies_the_one_that_links_most_counts() -> None:
    seen = wall.from_shown([text(n, n * 3 + k * (7 + n)) for n in range(5) for k in range(4)])
    known = truth(dict.fromkeys(range(5), 0))
    file = acts_of(seen, known)
    stranger = replace(file, frame=file.frame.clear())
    found = {one.name: one for one in play(
        AttackInput(file, seen, known, other_studies=[(stranger, known), (file, known)]), JOINS
    )}  # fmt: skip
    assert found["two_studies"].named == 5
    assert found["wall_match"].named == 5
