"""Response: how many posts get a first reply, from whom, and how soon."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from app.research.measures import dominance, intervals, posts
from app.research.measures.dataset_frames import Frames
from app.research.measures.posts import LIMITS, Answered
from app.research.measures.results import Base, Estimate, MeasurePart, PeopleShare, Trait, Unit

_SPOKEN: Final = ("10 minutes", "an hour", "6 hours", "a day")
#: Whose first replies are told: of all, of peers, and of who works for the community.
_FROM: Final = (
    ("any", ("peer", "team"), "anyone"),
    ("peer", ("peer",), "a peer"),
    ("team", ("team",), "the team"),
)
_QUANTILES: Final = ((0.5, "median", "half"), (0.9, "p90", "nine in ten"))
_NO_POSTS: Final = "nobody posted"
#: Authors by whether some or all of their posts were answered, and by a peer first.
_ANSWERED: Final = ("some", "all", "some_by_peer", "all_by_peer")
_BY_PEERS: Final = ("some_by_peer", "all_by_peer")
_ALL: Final = ("all", "all_by_peer")
#: Sums of shares are not exact.
_SLACK: Final = 1e-9


def compute(frames: Frames) -> tuple[MeasurePart, ...]:
    """Shares answered within each limit and ever, how long half and nine in ten waited at most, by
    anyone, peers and team; and authors by whether their posts were answered."""
    found = posts.authors(frames)
    parts: list[MeasurePart] = []
    for name, by, words in _FROM:
        within = posts.within(found, by) if found.height else []
        parts += _within(name, words, by, found, within)
        parts.append(_ever(name, words, by, found))
        parts += [_waited(name, words, found, within, *one) for one in _QUANTILES]
    return (*parts, *_authors(found))


def _within(
    name: str, words: str, by: tuple[str, ...], found: pl.DataFrame, within: list[Answered]
) -> Iterator[Estimate]:
    for bands, limit in enumerate(_SPOKEN, start=1):
        key, label = f"{name}_{bands}", f"Answered first by {words}, within {limit}"
        if not within:
            yield Estimate(key, label, Unit.SHARE, None, 0, why=_NO_POSTS)
            continue
        one = within[bands - 1]
        low, high = one.interval
        largest = dominance.most(found["posts"], posts.total(found, by, bands))
        yield Estimate(
            key, label, Unit.SHARE, one.share, found.height, low=low, high=high, **largest
        )


def _ever(name: str, words: str, by: tuple[str, ...], found: pl.DataFrame) -> Estimate:
    """Without a limit there is no table: posts as they stood when each could last be observed. A
    reply to a post from before they agreed makes no post more than answered."""
    key, label = f"{name}_ever", f"Answered first by {words}, as far as observed"
    if not found.height:
        return Estimate(key, label, Unit.SHARE, None, 0, why=_NO_POSTS)
    written, answered = found["posts"], posts.total(found, by, len(LIMITS) + 1)
    answered = pl.DataFrame({"written": written, "answered": answered}).min_horizontal()
    low, high = intervals.of_ratio(answered, written)
    value = float(answered.sum()) / float(written.sum())
    largest = dominance.most(written, answered)
    return Estimate(key, label, Unit.SHARE, value, found.height, low=low, high=high, **largest)


def _waited(
    name: str,
    words: str,
    found: pl.DataFrame,
    within: list[Answered],
    share: float,
    place: str,
    spoken: str,
) -> Estimate:
    """The end of the band in which this share of all posts is reached."""
    key = f"{name}_{place}"
    label = f"Time within which {spoken} of posts were first answered by {words}"
    missed = sum(one.share < share - _SLACK for one in within)
    if missed == len(within):
        why = f"fewer than {spoken} of posts within a day" if within else _NO_POSTS
        return Estimate(key, label, Unit.MINUTES, None, found.height, why=why)
    largest = dominance.most(found["posts"])
    return Estimate(key, label, Unit.MINUTES, LIMITS[missed] // 60, found.height, **largest)


def _authors(found: pl.DataFrame) -> Iterator[PeopleShare]:
    answered = posts.total(found, ("peer", "team"), len(LIMITS) + 1)
    by_peers = posts.total(found, ("peer",), len(LIMITS) + 1)
    base, trait = Base("authors", found.height, is_lasting=False), Trait("answered")
    for name, label, is_so, values in (
        ("some_answered", "Had a post answered", answered > 0, _ANSWERED),
        ("some_answered_by_peer", "Had a post answered first by a peer", by_peers > 0, _BY_PEERS),
        ("all_answered", "Had every post answered", answered >= found["posts"], _ALL),
    ):
        others = tuple({*_ANSWERED, "none"}.difference(values))
        persons = int(is_so.sum())
        yield PeopleShare(name, label, persons, found.height, base, trait, values, others)
