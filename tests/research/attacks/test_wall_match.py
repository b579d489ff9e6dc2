"""The wall laid over what leaves: small walls with a known answer, and random ones."""

from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.attacks import band_matching, likelihood, wall, wall_match
from app.research.attacks.outgoing import Outgoing, least
from tests.research.attacks.factories import (
    FIRST,
    FROZEN,
    RANGES,
    Text,
    acts,
    acts_of,
    member,
    periods,
    random_wall,
    text,
    truth,
)

#: The cells of a row of periods.
Row = dict[str, object]


def test_the_wall_counts_days_in_london_and_who_answered_whom() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    seen = wall.from_shown(
        [
            Text(member(0), late, reactions=2),
            Text(member(1), late, member(0), "post"),
            Text(member(1), late, member(1), "reply"),
            Text(member(1), late, member(7), "reply"),
        ]
    )
    assert seen.members == [member(0), member(1)]
    assert seen.rows["date"].unique().to_list() == [wall.ordinal(late.date()) + 1]
    assert seen.rows["time_band"].unique().to_list() == ["night"]
    told = seen.rows.select("member", "kind", "target", "reactions").rows()
    assert told == [
        (0, "published", None, 2),
        (1, "replied", "post", 0),
        (0, "received", "post", 0),
        (1, "replied", "reply", 0),
        (1, "replied", "reply", 0),
    ]


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_exact_acts_name_everyone_who_wrote_enough(seed: int) -> None:
    random = Random(seed)
    seen = wall.from_shown(random_wall(random))
    numbers = [one.int - 1 for one in seen.members]
    known = truth({number: random.randrange(40) for number in numbers[:8]})
    file = acts_of(seen, known)
    guesses = wall_match.guess(file, seen)
    for name, who in known.members.items():
        rows = file.frame.filter(pl.col("participant") == name)
        if rows.height >= 6:
            found = guesses[name]
            assert found is not None
            assert seen.members[found] == who


def test_whoever_wrote_nothing_is_not_counted_and_not_named() -> None:
    seen = wall.from_shown([text(0, 3), text(0, 9), text(1, 4)])
    known = truth({0: 1, 1: 50, 5: 1})
    found = wall_match.attack(acts_of(seen, truth({0: 1, 1: 50})), seen, known)
    assert (found.named, found.of) == (1, 1)
    assert found.by_chance == 0.5
    assert "2 members on the wall" in found.note


def test_one_act_that_anybody_could_have_done_names_nobody() -> None:
    seen = wall.from_shown([text(0, 3), text(1, 3)])
    assert wall_match.guess(acts(("P0", 2, "published", None)), seen) == {"P0": None}


def test_acts_that_cannot_be_seen_fit_nobody() -> None:
    seen = wall.from_shown([text(0, 3)])
    file = acts(("P0", 2, "reacted", None), ("P1", 2, "replied", None))
    assert wall_match.guess(file, seen) == {"P0": None, "P1": None}


def test_a_file_of_few_columns_is_matched_by_what_it_tells() -> None:
    seen = wall.from_shown([text(0, 3), text(0, 10), text(1, 4), text(1, 10)])
    frame = acts_of(seen, truth({0: 1, 1: 1})).frame.select("participant", "day", "kind")
    assert wall_match.guess(Outgoing("acts", frame, FROZEN), seen) == {"P0": 0, "P1": 1}


def test_the_clocks_date_those_whose_own_acts_are_too_few() -> None:
    """P2 wrote once, as member 3 did on another day; a reaction to P0 tells when P2 joined."""
    written = [text(0, 3), text(0, 10), text(0, 17), text(2, 20), text(3, 25)]
    seen = wall.from_shown(written)
    joined = truth({0: 1, 2: 5, 3: 30})
    file = acts_of(seen, truth({0: 1, 2: 5})).frame
    meeting = acts(("P2", 15, "reacted", "P0"), ("P0", 19, "received", "P2"), reaction="hug").frame
    told = file.with_columns(pl.col("day").cast(pl.Int64))
    with_clock = Outgoing("acts", pl.concat([told, meeting], how="diagonal"), FROZEN)
    assert wall_match.guess(Outgoing("acts", told, FROZEN), seen)["P2"] is None
    assert wall_match.guess(with_clock, seen)["P2"] == 1
    assert seen.members[1] == joined.members["P2"]


def test_an_empty_wall_and_an_empty_file_name_nobody() -> None:
    nothing = wall.from_shown([])
    file = periods({"participant": "P0", "period": 1, "giving": 1})
    assert wall_match.guess(file, nothing) == {"P0": None}
    assert wall_match.attack(file, nothing, truth({0: 0})).of == 0
    seen = wall.from_shown([text(0, 3)])
    assert wall_match.guess(Outgoing("periods", file.frame.clear(), FROZEN, RANGES), seen) == {}
    assert wall_match.guess(Outgoing("acts", acts_of(seen, truth({0: 0})).frame.clear(), FROZEN),
                            seen) == {}  # fmt: skip


def test_exact_periods_name_whom_their_numbers_fit() -> None:
    quiet = [text(1, day) for day in (5, 50)]
    busy = [text(0, day, to=1) for day in range(2, 110, 3)]
    seen = wall.from_shown([*quiet, *busy])
    exact = Outgoing(
        "periods",
        pl.DataFrame(
            [
                {"participant": "P0", "period": 1, "posts": 0, "giving": 30, "active_days": 28},
                {"participant": "P1", "period": 1, "posts": 2, "giving": 0, "active_days": 2},
            ]
        ),
        FROZEN,
    )
    assert wall_match.guess(exact, seen) == {"P0": 0, "P1": 1}
    found = wall_match.attack(exact, seen, truth({0: 0, 1: 0}))
    assert (found.named, found.of, found.is_refused) == (2, 2, True)


def test_bands_name_by_what_they_leave_possible() -> None:
    seen = wall.from_shown(
        [*(text(0, day, to=1) for day in range(0, 100, 2)), text(1, 40), text(2, 41, to=1)]
    )
    row: Row = {"period": 1, "days_observable": 4, "giving": 3, "receiving": 0, "active_days": 3}
    quiet = row | {"giving": 0, "receiving": 3, "active_days": 1}
    file = periods({"participant": "P0"} | row, {"participant": "P1"} | quiet)
    assert wall_match.guess(file, seen) == {"P0": 0, "P1": 1}


def test_withheld_bands_tell_nothing() -> None:
    seen = wall.from_shown([text(0, 3), text(1, 3)])
    row: Row = {
        "period": 1,
        "days_observable": -8,
        "giving": -8,
        "receiving": -8,
        "active_days": None,
    }
    assert wall_match.guess(periods({"participant": "P0"} | row), seen) == {"P0": None}


def test_nobody_is_two_participants() -> None:
    """Both fit member 0 best; whoever fits only there is believed, the other is somebody else."""
    rows = {"P0": [0.9, 0.0, 0.1], "P1": [0.6, 0.4, 0.0]}
    balanced = wall_match.balanced(rows)
    assert max(range(3), key=balanced["P0"].__getitem__) == 0
    assert max(range(3), key=balanced["P1"].__getitem__) == 1


def test_how_long_they_are_members_tells_two_apart_when_it_is_true() -> None:
    old, new = FIRST - timedelta(days=900), FIRST - timedelta(days=10)
    joined = {0: old, 1: new, 2: old, 3: new}
    seen = wall.from_shown(
        [
            Text(
                member(number),
                datetime(2026, 7, 20 + number // 2 * 3, 10, tzinfo=UTC),
                joined_at=datetime(when.year, when.month, when.day, 12, tzinfo=UTC),
            )
            for number, when in joined.items()
        ]
    )
    row = {"period": 1, "days_observable": 4, "posts": 1, "active_days": 1, "giving": 0}
    codes = {0: 4, 1: 1, 2: 4, 3: 1}
    file = periods(*({"participant": f"P{n}", "tenure_band": code} | row
                     for n, code in codes.items()))  # fmt: skip
    tenure = {"tenure_band": {1: (0, 400), 4: (730, None)}}
    told = Outgoing("periods", file.frame, FROZEN, RANGES | tenure)
    found = likelihood_of_members(told, seen)
    assert found["P0"][0] > 3 * found["P0"][1]
    assert found["P1"][1] > 3 * found["P1"][0]


def likelihood_of_members(file: Outgoing, seen: wall.WallRows) -> dict[str, list[float]]:
    """How probable each member is, before rows and columns are balanced."""
    return band_matching.match(file, seen, least(seen.rows["date"]))


def test_a_tenure_that_misleads_is_left_out() -> None:
    seen = wall.from_shown([text(0, 3), *(text(1, day) for day in range(20, 100, 5))])
    row = {"participant": "P1", "period": 1, "days_observable": 4, "posts": 2, "tenure_band": 1}
    tenure = {"tenure_band": {1: (5_000, None), 2: (0, 4_999)}}
    told = Outgoing("periods", periods(row).frame, FROZEN, RANGES | tenure)
    assert wall_match.attack(told, seen, truth({1: 0})).named == 1


def test_of_many_people_a_sample_is_sought_and_the_note_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wall_match, "SAMPLE", 3)
    seen = wall.from_shown(random_wall(Random(1)))
    file = acts_of(seen, truth(dict.fromkeys(range(6), 0)))
    kept = wall_match.sample(file)
    assert len(kept.participants) == 3
    assert wall_match.sample(file).participants == kept.participants
    found = wall_match.attack(file, seen, truth(dict.fromkeys(range(6), 0)))
    assert "3 of 6 people sampled" in found.note
    assert found.of == 3


def test_what_is_unseen_adds_up_to_all_there_is() -> None:
    model = likelihood.between
    for mean in (0.05, 2.0, 30.0):
        parts = model(0, 0, mean) + model(1, 5, mean) + model(6, 20, mean) + model(21, None, mean)
        assert parts == pytest.approx(1.0)
        assert model(-5, -1, mean) == 0.0
        assert model(-5, None, mean) == 1.0
