"""Who is in which class, and what of all posts is theirs."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.research.measures import participation_classes
from app.research.measures.results import MeasurePart
from tests.research.measures.finding import cells, estimate, share, value
from tests.research.measures.frames import frames_of, people


def found(folder: Path, posts: Sequence[int], **values: int) -> tuple[MeasurePart, ...]:
    names = people(len(posts), **values)
    doses = [{**one, "posts": count} for one, count in zip(people(len(posts)), posts, strict=True)]
    return participation_classes.compute(frames_of(folder, people=names, doses=doses))


def test_shares_of_those_who_post_most(tmp_path: Path) -> None:
    """200 people: two post 40 and 20, eighteen post 2 each, 24 one each, and all others nothing."""
    parts = found(tmp_path, [40, 20, *[2] * 18, *[1] * 24, *[0] * 156], tenure_band=4)
    assert share(parts, "posted") == (44, 200)
    assert value(parts, "top_1_all") == 60 / 120
    assert value(parts, "top_10_all") == 96 / 120
    # Of the 44 who posted, the first hundredth is one person, the first tenth five.
    assert value(parts, "top_1_posted") == 40 / 120
    assert value(parts, "top_10_posted") == 66 / 120
    top = estimate(parts, "top_1_all")
    assert (top.persons, top.most, top.two_most) == (2, 40 / 60, 1)
    assert estimate(parts, "top_10_posted").persons == 5
    assert cells(parts, "classes_by_tenure_band") == {
        ("superuser", "2_years_or_more"): 2,
        ("contributor", "2_years_or_more"): 18,
        ("reader", "2_years_or_more"): 180,
    }
    assert set(cells(parts, "classes_by_peer_support_before")) == {
        (one, "not_answered") for one in ("superuser", "contributor", "reader")
    }


def test_gini_with_and_without_those_who_never_posted(tmp_path: Path) -> None:
    parts = found(tmp_path, [0, 0, 1, 3])
    # Pairs differ by 0, 1, 3, 1, 3, 2: twice their sum by 2 × 16 × 1, and 4 by 2 × 4 × 2.
    assert value(parts, "gini_all") == pytest.approx(20 / 32)
    assert value(parts, "gini_posted") == pytest.approx(4 / 16)
    assert estimate(parts, "gini_all").most == 0.75
    assert [estimate(parts, f"gini_{base}").persons for base in ("all", "posted")] == [4, 2]


def test_who_posted_nothing_is_a_reader(tmp_path: Path) -> None:
    parts = found(tmp_path, [5, *[0] * 129])
    assert cells(parts, "classes_by_tenure_band") == {
        ("superuser", "not_answered"): 1,
        ("reader", "not_answered"): 129,
    }


def test_equal_posts_are_parted_the_same_way_every_time(tmp_path: Path) -> None:
    tenures = [{"participant": f"P{n:02}", "tenure_band": 1 + n // 3} for n in range(12)]
    doses = [{"participant": f"P{n:02}", "posts": 4} for n in reversed(range(12))]
    for rows in (tenures, tenures[::-1]):
        parts = participation_classes.compute(frames_of(tmp_path, people=rows, doses=doses))
        assert cells(parts, "classes_by_tenure_band")["superuser", "under_1_month"] == 1
        assert cells(parts, "classes_by_tenure_band")["contributor", "under_1_month"] == 1


def test_where_nobody_posted_there_is_no_share(tmp_path: Path) -> None:
    """Who deleted a post from before they agreed has written none."""
    parts = found(tmp_path, [0, -2])
    for name in ("top_1_all", "top_10_posted", "gini_all", "gini_posted"):
        assert (estimate(parts, name).value, estimate(parts, name).why) == (None, "nobody posted")
    assert share(parts, "posted") == (0, 2)
