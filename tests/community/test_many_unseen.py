"""Whom a viewer does not see is found among many, whichever way they are out of sight."""

from collections.abc import Iterator
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.community.visibility import is_met
from tests.community.test_blocks import put
from tests.people import People, SignedIn

#: Few enough to meet each other often, with what lies before the first and behind the last.
_IDS = st.builds(UUID, int=st.integers(0, 7) | st.integers(2**128 - 8, 2**128 - 1))
_MET: LiteralString = f"""
    WITH viewer AS MATERIALIZED (
      SELECT ARRAY(SELECT u FROM unnest(%(unseen)s::uuid[]) u ORDER BY u) AS unseen)
    SELECT array_agg(m.id) FROM unnest(%(asked)s::uuid[]) m (id) WHERE {is_met("m.id")}
"""


@pytest.fixture(scope="module")
def look_up(postgres: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield connection


@given(unseen=st.lists(_IDS, max_size=9), asked=st.lists(_IDS, max_size=9))
def test_whoever_is_not_in_the_list_is_met(
    look_up: psycopg.Connection, unseen: list[UUID], asked: list[UUID]
) -> None:
    row = look_up.execute(_MET, {"unseen": unseen, "asked": asked}).fetchone()
    assert row is not None
    assert (row[0] or []) == [one for one in asked if one not in unseen]


async def test_counts_leave_out_all_who_are_out_of_sight(rowan: SignedIn, people: People) -> None:
    """Ids rise with who came later; the three ways follow each other the other way round."""
    post = await (await people.member("Ash")).publish("A walk helps me.")
    others = [await people.member(f"Other {number}") for number in range(12)]
    muted, blocking, blocked, met = (others[start : start + 3] for start in (0, 3, 6, 9))
    for one in others:
        await one.reply(post)
        await one.react(post, "this_helped_me" if one in met else "i_hear_you")
    for one in muted:
        await put(rowan, one, "mute")
    for one in blocking:
        await put(one, rowan, "block")
    for one in blocked:
        await put(rowan, one, "block")
    (shown,) = await rowan.wall()
    assert shown["reply_count"] == len(met)
    assert shown["reactions"]["given"] == ["this_helped_me"]
