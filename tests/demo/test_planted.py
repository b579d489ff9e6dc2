"""What is planted in the programme is in what people did and said, and is gone once its parameter
is: without any database."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from statistics import mean

import polars as pl

from app.demo.evaluation import peers, places, waves
from app.demo.evaluation.act import ActRow
from app.demo.evaluation.life import Life, believed
from app.demo.evaluation.peers import Peer
from app.demo.evaluation.places import SMALL, Place
from app.demo.evaluation.planted import Planted
from app.demo.evaluation.waves import WaveResponse
from app.programme.choices import GroupKind
from app.research.instruments import catalogue, unit_costs
from app.research.registry import MAX_READ_SECONDS
from app.research.scoring import score
from tests.demo.estimates import Estimate, slopes

PLANTED = Planted(people=160, activities=12_000)
OPENED = date(2024, 11, 3)


@dataclass(frozen=True)
class Lived:
    """A programme as it was drawn."""

    peers: list[Peer]
    places: list[Place]
    acts: list[ActRow]
    responses: list[WaveResponse]
    life: Life

    @cached_property
    def scores(self) -> pl.DataFrame:
        """As the files of a dataset have them, with giving and receiving beside each wave."""
        rows = []
        for one in self.responses:
            if one.state != "done":
                continue
            gave, got = self.life.tally.before(one.index, one.wave)
            row: dict[str, float] = {"wave": one.wave, "giving": gave, "receiving": got}
            for name, answers in one.answers.items():
                instrument = catalogue.shipped().versions(name)[0]
                told = score(instrument, answers, unit_costs=unit_costs.newest())
                row |= {key: -9.0 if s.value is None else s.value for key, s in told.items()}
            rows.append({"participant": str(one.index), **row})
        return pl.DataFrame(rows, infer_schema_length=None).fill_null(-7)

    def of(self, outcome: str) -> tuple[Estimate, Estimate]:
        return slopes(self.scores.filter(pl.col("wave") > 1), outcome)

    def values(self) -> dict[GroupKind | None, float]:
        """How safe groups of each kind feel, on average."""
        found = defaultdict(list)
        for one in self.responses:
            felt = one.answers.get("values", {}).get("values_safety")
            if isinstance(felt, int):
                group = self.peers[one.index].group
                found[None if group is None else self.places[group].kind].append(felt)
        return {kind: mean(some) for kind, some in found.items()}


@cache
def lived(planted: Planted) -> Lived:
    planned = places.plan(planted)
    people = peers.gather(planted, planned)
    life = Life(planted, people, [str(peer.index) for peer in people], OPENED)
    acts = list(life.acts())
    responses = list(waves.responses(planted, people, planned, life.tally))
    return Lived(people, planned, acts, responses, life)


def test_an_instrument_follows_giving_unless_it_is_the_insensitive_one() -> None:
    as_planted = lived(PLANTED)
    assert as_planted.of("ucla3_total")[0].holds(0)
    for insensitive in (None, "ons4"):
        found = lived(replace(PLANTED, insensitive=insensitive))
        assert not found.of("ucla3_total")[0].holds(0)
        assert found.of("ons4_satisfied_score")[0].holds(0) == (insensitive == "ons4")
        assert found.acts == as_planted.acts


def test_receiving_can_be_planted_too() -> None:
    found = lived(replace(PLANTED, giving_effect=0.0, receiving_effect=0.4))
    giving, receiving = found.of("ons4_satisfied_score")
    assert giving.holds(0)
    assert receiving.holds(0.4)
    assert not receiving.holds(0)


def test_groups_led_by_peers_are_experienced_better_as_far_as_that_is_planted() -> None:
    more = lived(PLANTED).values()
    alike = lived(replace(PLANTED, values_effect=0.0)).values()
    assert 0.4 < more[GroupKind.PEER_LED] - more[GroupKind.FACILITATED] < 0.8
    assert abs(alike[GroupKind.PEER_LED] - alike[GroupKind.FACILITATED]) < 0.2


def test_services_cost_less_where_more_was_given() -> None:
    free = replace(PLANTED, cost_effect=0.0)
    costs = {
        planted.cost_effect: lived(planted).scores.filter(pl.col("services_cost") >= 0)
        for planted in (free, replace(PLANTED, cost_effect=0.3))
    }
    of_givers = {
        effect: rows.filter(pl.col("giving") > 5).get_column("services_cost").mean()
        for effect, rows in costs.items()
    }
    assert float(str(of_givers[0.3])) < 0.7 * float(str(of_givers[0.0]))


def test_the_small_area_is_small_only_if_planted() -> None:
    for small, least, most in ((3, 3, 3), (1, 1, 1), (None, 5, 30)):
        found = lived(replace(PLANTED, small_area=small, activities=1_000))
        groups = {number for number, place in enumerate(found.places) if place.area == SMALL}
        people = [peer for peer in found.peers if peer.group in groups]
        assert least <= len(people) <= most


def test_who_stops_and_who_follows_up_are_as_many_as_planted() -> None:
    few = lived(replace(PLANTED, activities=1_000, stop_share=0.0, follow_up_share=0.13))
    assert not any(peer.stops for peer in few.peers)
    later = [one for one in few.responses if one.wave == 5 and one.state == "done"]
    assert 10 < len(later) < 45
    many = lived(replace(PLANTED, activities=1_000, stop_share=0.5))
    assert 75 < sum(peer.stops for peer in many.peers) < 125


def test_adverse_experiences_have_their_share_and_easton_codes() -> None:
    told = [
        one.answers["adverse"]
        for one in lived(replace(PLANTED, activities=1_000)).responses
        if "adverse" in one.answers
    ]
    had = [one for one in told if one["adverse_any"] == 1]
    assert 0.05 < len(had) / len(told) < 0.13
    assert all("adverse_kind" not in one for one in told if one["adverse_any"] == 0)
    none = lived(replace(PLANTED, activities=1_000, adverse_share=0.0))
    assert {one.answers.get("adverse", {}).get("adverse_any", 0) for one in none.responses} == {0}


def test_a_tall_screen_is_believed_no_more_than_the_clock() -> None:
    assert believed(80, 20) == 20
    assert believed(12, 20) == 12
    assert believed(5_000, 4_000) == MAX_READ_SECONDS
    screens = [lived(replace(PLANTED, tall_screen_share=share)) for share in (0.0, 1.0)]
    assert screens[0].acts == screens[1].acts
    assert all(peer.has_tall_screen for peer in screens[1].peers)


def test_what_staff_and_people_themselves_add_moves_nobody_elses_act() -> None:
    plain = lived(replace(PLANTED, staff_replies=0.0, self_replies=0.0))
    full = lived(PLANTED)
    added = [act for act in full.acts if act.other_side in ("staff", "self")]
    assert len(added) > 1_000
    assert [act for act in full.acts if act.other_side not in ("staff", "self")] == plain.acts
    assert all(act.session is None for act in added if act.other_side == "staff")
    assert full.scores.equals(plain.scores)


def test_acts_are_about_as_many_as_asked_for_and_each_received_one_was_given() -> None:
    found = lived(replace(PLANTED, staff_replies=0.0, self_replies=0.0))
    assert 0.8 < len(found.acts) / PLANTED.activities < 1.2
    given = {
        (act.participant_id, act.counterpart_id, act.occurred_at)
        for act in found.acts
        if act.kind in ("replied", "reacted") and act.other_side == "participant"
    }
    got = {
        (act.counterpart_id, act.participant_id, act.occurred_at)
        for act in found.acts
        if act.kind == "received" and act.other_side == "participant"
    }
    assert given == got
    assert len(given) > 500
