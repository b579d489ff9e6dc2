"""The file of acts is made of parts of the people, each sorted in memory; and rows become columns
only in types that hold them."""

from itertools import pairwise

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.db import Database
from app.research.bands import Options
from app.research.codebook import OTHERS
from app.research.exports import acts, schemas
from app.research.period_file import PERSON
from tests.research.community_events import happen_and_learn, published, reacted
from tests.research.factories import START, freeze, later, opened, several
from tests.research.frozen_rows import rows

_SIZES = st.lists(st.integers(1, 12), max_size=30).map(
    lambda sizes: [(f"{number:03}", size) for number, size in enumerate(sizes)]
)


@given(sizes=_SIZES, most=st.integers(1, 30))
def test_parts_name_everybody_once_in_order_and_hold_no_more_than_they_may(
    sizes: list[tuple[str, int]], most: int
) -> None:
    found = list(acts.parts(sizes, most))
    within = [[one for one in sizes if first <= one[0] <= last] for first, last in found]
    assert [one for part in within for one in part] == sizes
    for part in within:
        assert len(part) == 1 or sum(own for _, own in part) <= most
    for part, following in pairwise(within):
        assert sum(own for _, own in part) + following[0][1] > most, "no more parts than needed"


async def test_however_many_parts_there_are_the_file_holds_the_same_rows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = await opened(database, covers_acts=True)
    options = Options(measures=("posts",))
    with clock.at(START):
        members = await several(database, study, 6)
    for day in (1, 2):
        with clock.at(later(days=day)):
            posts = [published(member) for member in members]
            gave = [reacted(one, other) for one, other in pairwise([*members, members[0]])]
            await happen_and_learn(database, [*posts, *gave])
    with clock.at(later(days=28)):
        together = await rows(database, await freeze(database, study, options), "acts")
    monkeypatch.setattr(acts, "_SORTED", 5)
    with clock.at(later(days=56)):
        apart = await rows(database, await freeze(database, study, options), "acts")
    sizes = together.group_by(PERSON).len().rows()
    assert len(list(acts.parts(sizes, 5))) > 1
    assert apart.select(PERSON, "day").rows() == together.select(PERSON, "day").rows()
    assert apart.sort(pl.all()).equals(together.sort(pl.all()))
    assert set(apart["counterpart"]) - {OTHERS} >= set(apart[PERSON])


def test_rows_that_a_type_cannot_hold_are_refused_and_other_columns_dropped() -> None:
    columns = pa.schema([("day", pa.int32()), ("value", pa.float64())])
    made = schemas.table(pl.DataFrame({"value": [1, 2], "else": [3, 3], "day": [7, None]}), columns)
    assert made.schema == columns
    assert made.to_pylist() == [{"day": 7, "value": 1.0}, {"day": None, "value": 2.0}]
    assert schemas.table(pl.DataFrame(), columns).schema == columns
    with pytest.raises(pa.ArrowInvalid, match="truncated"):
        schemas.table(pl.DataFrame({"day": [1.5], "value": [1.0]}), columns)
