"""Survival curves as they may be seen: steps of six, no tail of a few."""

from hypothesis import given
from hypothesis import strategies as st

from app.research.protection.curves import CurvePoint, ExactStep, protect


def _steps(people: int, happened: list[int]) -> list[ExactStep]:
    """So many people, and to how many it happened on each day from 1 on."""
    steps, left = [], people
    for day, events in enumerate(happened, start=1):
        steps.append((day, left, min(events, left), 0))
        left -= min(events, left)
    return steps


def test_a_curve_falls_by_six_persons_and_not_by_one() -> None:
    # 100 are told as 99; one and up to six events as 3, seven to twelve as 9.
    points = protect(_steps(100, [1, 1, 4, 1, 0, 5, 1]))
    assert [(one.day, one.at_risk) for one in points] == [(0, 99), (1, 99), (4, 96), (7, 90)]
    shares = [round(one.share, 4) for one in points]
    assert shares == [1.0, round(96 / 99, 4), round(90 / 99, 4), round(84 / 99, 4)]


def test_people_who_leave_are_no_step_and_make_the_next_one_larger() -> None:
    points = protect([(5, 60, 0, 30), (9, 30, 6, 0)])
    assert points == [CurvePoint(0, 1.0, 57), CurvePoint(9, 1 - 3 / 30, 30)]


def test_a_curve_of_few_is_none_and_its_tail_of_few_is_cut_off() -> None:
    assert protect(_steps(9, [1, 1])) == []
    assert protect([]) == []
    points = protect(_steps(30, [6, 6, 6, 6, 6]))
    assert [one.day for one in points] == [0, 1, 2, 3, 4]
    assert all(one.at_risk >= 10 for one in points)


@given(st.integers(0, 400), st.lists(st.integers(0, 30), max_size=40))
def test_a_curve_never_rises_and_stays_between_all_and_none(people: int, days: list[int]) -> None:
    shares = [one.share for one in protect(_steps(people, days))]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)


@given(st.integers(16, 400), st.data())
def test_one_person_more_or_less_moves_no_point_unless_a_six_is_full(
    people: int, data: st.DataObject
) -> None:
    events = data.draw(st.integers(1, 6))
    assert protect([(3, people, events, 0)]) == protect([(3, people, 1, 0)])
