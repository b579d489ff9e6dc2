"""First replies: how many posts get one, how soon, and from whom."""

from pathlib import Path

import pytest

from app.research.measures import posts, response
from app.research.measures.dataset_frames import Frames
from tests.research.measures.finding import estimate, share, value
from tests.research.measures.frames import Row, frames_of, people

PEER, TEAM = 1, 2
LAST = 83


def published(person: int, day: int, posts: int) -> Row:
    return {"participant": f"P{person}", "day": day, "published": posts}


def replied(person: int, day: int, answerer: int, waited: int, posts: int = 1) -> Row:
    return {
        "participant": f"P{person}",
        "day": day,
        "answerer": answerer,
        "waited": waited,
        "posts": posts,
    }


@pytest.fixture
def frames(tmp_path: Path) -> Frames:
    """Ten posts: six of P1 early on, four of P2 on their last day, of which two are answered."""
    return frames_of(
        tmp_path,
        people=people(4, last_day=LAST),
        days=[published(1, 3, 6), published(2, LAST, 4), published(3, 5, 0)],
        answered=[
            replied(1, 3, PEER, 1, posts=2),
            replied(1, 3, TEAM, 2),
            replied(1, 9, PEER, 5),
            replied(2, LAST, PEER, 1),
            replied(2, LAST, TEAM, 3),
        ],
    )


def test_shares_within_each_limit(frames: Frames) -> None:
    """Worked out in fractions from the definition: two posts leave the table, 1/144 of each in the
    first band, 5/144, 30/144 and 108/144 in those after it."""
    parts = response.compute(frames)
    assert [value(parts, f"peer_{band}") for band in (1, 2, 3, 4)] == pytest.approx(
        [0.30020848] * 4
    )
    assert [value(parts, f"team_{band}") for band in (1, 2, 3, 4)] == pytest.approx(
        [0, 0.10066931, 0.20562503, 0.20562503]
    )
    assert value(parts, "any_4") == pytest.approx(0.30020848 + 0.20562503)
    assert value(parts, "any_ever") == 6 / 10
    assert value(parts, "peer_ever") == 4 / 10
    assert value(parts, "team_ever") == 2 / 10


def test_how_long_half_and_nine_in_ten_waited(frames: Frames, tmp_path: Path) -> None:
    parts = response.compute(frames)
    assert value(parts, "any_median") == 6 * 60
    assert estimate(parts, "any_p90").why == "fewer than nine in ten of posts within a day"
    assert estimate(parts, "peer_median").value is None
    exact = frames_of(
        tmp_path,
        people=people(1),
        days=[published(1, 3, 10)],
        answered=[replied(1, 3, PEER, 1, posts=5), replied(1, 4, PEER, 4, posts=4)],
    )
    parts = response.compute(exact)
    assert (value(parts, "any_median"), value(parts, "any_p90")) == (10, 24 * 60)


def test_authors_by_whether_they_were_answered(frames: Frames) -> None:
    parts = response.compute(frames)
    assert share(parts, "some_answered") == (2, 2)
    assert share(parts, "some_answered_by_peer") == (2, 2)
    assert share(parts, "all_answered") == (0, 2)
    any_ = estimate(parts, "any_1")
    # P1 has six of ten posts, and two of the three answered so soon.
    assert (any_.persons, any_.most, any_.two_most) == (2, 2 / 3, 1)


def test_a_day_that_is_not_the_last_was_observed_whole(tmp_path: Path) -> None:
    frames = frames_of(
        tmp_path,
        people=people(2, last_day=LAST),
        days=[published(1, LAST - 1, 4), published(2, LAST, 1)],
        answered=[replied(1, LAST, PEER, 4), replied(2, LAST, PEER, 2)],
    )
    assert posts.authors(frames)["open"].to_list() == [0, 0]
    parts = response.compute(frames)
    assert value(parts, "any_4") == pytest.approx(2 / 5)
    assert share(parts, "all_answered") == (1, 2)


def test_a_late_first_reply_on_the_last_day_answers_none_of_its_posts(tmp_path: Path) -> None:
    frames = frames_of(
        tmp_path,
        people=people(1, last_day=LAST),
        days=[published(1, 1, 1), published(1, LAST, 3)],
        answered=[replied(1, LAST, PEER, 5), replied(1, LAST, PEER, 1)],
    )
    assert posts.authors(frames)["open"].to_list() == [2]


def test_replies_to_posts_from_before_answer_no_more_than_all(tmp_path: Path) -> None:
    frames = frames_of(
        tmp_path,
        people=[*people(2), {"participant": "P3", "last_day": -7}],
        days=[published(1, 1, 1), published(2, 1, 1), published(3, 1, 9), published(1, 99, 9)],
        answered=[replied(1, 1, PEER, 5, posts=4), replied(3, 1, PEER, 1, posts=9)],
    )
    parts = response.compute(frames)
    assert value(parts, "any_ever") == 0.5
    assert value(parts, "any_4") == 0
    assert share(parts, "all_answered") == (1, 2)


def test_an_interval_leaves_out_one_author_at_a_time(tmp_path: Path) -> None:
    answered = [1, 1, 2, 2, 3, 3]
    frames = frames_of(
        tmp_path,
        people=people(6),
        days=[published(n, 1, 4) for n in range(1, 7)],
        answered=[replied(n, 1, PEER, 1, posts) for n, posts in enumerate(answered, start=1)],
    )
    parts = response.compute(frames)
    # Without one of them 11, 10 or 9 of 20 are left: 5/6 × 4 × 0.05² is the variance.
    half = 2.570582 * (5 / 6 * 0.01) ** 0.5  # t of 5 degrees of freedom
    within, ever = estimate(parts, "any_1"), estimate(parts, "any_ever")
    assert within.value == ever.value == 0.5
    assert (within.low, within.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert (ever.low, ever.high) == pytest.approx((0.5 - half, 0.5 + half))


def test_where_nobody_posted_there_is_no_share(tmp_path: Path) -> None:
    parts = response.compute(frames_of(tmp_path, people=people(3), days=[], answered=[]))
    for name in ("any_1", "peer_ever", "team_p90"):
        assert (estimate(parts, name).value, estimate(parts, name).why) == (None, "nobody posted")
    assert share(parts, "some_answered") == (0, 0)
