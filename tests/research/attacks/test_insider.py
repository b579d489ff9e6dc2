"""A participant who remembers what they did reads the codes of those whom they did it to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.research.attacks import insider
from app.research.attacks.insider import Insider
from app.research.attacks.outgoing import Outgoing
from tests.research.attacks.factories import FROZEN, acts, member, periods, text, truth

KNOWN = truth(dict.fromkeys(range(6), 0))


@dataclass(frozen=True, slots=True)
class Memory:
    """A reply or a reaction, as its giver remembers it."""

    at: datetime
    to_id: UUID
    reaction: str | None = None


def remembered(day: int, to: int, reaction: str | None = None) -> Memory:
    return Memory(text(0, day).at, member(to), reaction)


def test_one_act_a_day_names_everyone() -> None:
    file = acts(*(("P0", day, "replied", f"P{day}") for day in range(1, 5)))
    me = Insider("P0", [remembered(day, day) for day in range(1, 5)])
    found = insider.attack(file, [me], KNOWN)
    assert (found.named, found.of, found.is_refused) == (4, 4, True)
    assert "remembers 4 members" in found.note


def test_members_outside_the_study_are_told_apart_from_those_in_it() -> None:
    file = acts(("P0", 1, "replied", "P1"), ("P0", 2, "replied", None), ("P0", 1, "replied", "P0"))
    me = Insider("P0", [remembered(1, 1), remembered(2, 9)])
    assert insider.attack(file, [me], KNOWN).named == 1


def test_reactions_of_several_kinds_are_told_apart_on_one_day() -> None:
    rows = [acts(("P0", 1, "reacted", "P1"), reaction="hug").frame,
            acts(("P0", 1, "reacted", "P2"), reaction="smile").frame]  # fmt: skip
    file = Outgoing("acts", rows[0].vstack(rows[1]), FROZEN)
    me = Insider("P0", [remembered(1, 2, "smile"), remembered(1, 1, "hug")])
    assert insider.attack(file, [me], KNOWN).named == 2


def test_within_a_day_only_the_order_of_rows_tells_and_it_is_tried() -> None:
    me = Insider("P0", [remembered(1, 1), remembered(1, 2), remembered(1, 3)])
    in_order = acts(*(("P0", 1, "replied", f"P{n}") for n in (1, 2, 3)))
    mixed = acts(*(("P0", 1, "replied", f"P{n}") for n in (2, 3, 1)))
    assert insider.attack(in_order, [me], KNOWN).named == 3
    assert insider.attack(mixed, [me], KNOWN).named == 0


def test_what_was_done_before_joining_is_in_no_file() -> None:
    later = truth({0: 10, 1: 0, 2: 0})
    file = acts(("P0", 1, "replied", "P1"))
    before = Memory(text(0, 5).at - timedelta(days=1), member(1))
    me = Insider("P0", [before, remembered(11, 1), remembered(12, 2)])
    assert insider.attack(file, [me], later).named == 1


def test_those_who_did_most_to_most_people_are_tried_and_the_best_counts() -> None:
    file = acts(
        *(("P0", day, "replied", f"P{day}") for day in range(1, 4)),
        ("P1", 1, "replied", "P2"),
        ("P2", 1, "received", "P1"),
    )
    assert insider.candidates(file) == ["P0", "P1"]
    nobody = Insider("P1", [])
    able = Insider("P0", [remembered(day, day) for day in range(1, 4)])
    assert insider.attack(file, [nobody, able], KNOWN).named == 3
    assert insider.attack(file, [able, nobody], KNOWN).named == 3
    assert insider.attack(file, [nobody], KNOWN).named == 0


def test_without_the_other_person_there_is_nothing_to_read() -> None:
    without = Outgoing("acts", acts(("P0", 1, "replied", "P1")).frame.drop("counterpart"), FROZEN)
    for file in (without, periods({"participant": "P0", "period": 1})):
        assert insider.candidates(file) == []
    found = insider.attack(without, [], KNOWN)
    assert (found.named, found.of, found.is_refused) == (0, 0, False)
    assert "towards whom" in found.note


def test_a_file_without_kinds_of_reaction_is_read_by_what_it_has() -> None:
    file = Outgoing("acts", acts(("P0", 1, "replied", "P1")).frame.drop("reaction"), FROZEN)
    assert insider.attack(file, [Insider("P0", [remembered(1, 1)])], KNOWN).named == 1
