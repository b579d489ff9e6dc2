"""The order in which a run on several cores begins its files."""

from itertools import chain
from types import SimpleNamespace
from typing import Any

from tests.infra.support import ROOT
from tests.support import spread


def test_every_file_that_is_named_is_there() -> None:
    named = {*spread.LONGEST, *chain(*spread.TOGETHER)}
    assert [file for file in named if not (ROOT / file).is_file()] == []


def test_long_files_are_begun_first_and_the_rest_stays_in_its_order() -> None:
    long, longer = spread.LONGEST[1], spread.LONGEST[0]
    given = ["tests/a.py::one", f"{long}::one", "tests/b.py::one[x::y]", f"{longer}::one"]
    items: list[Any] = [SimpleNamespace(nodeid=nodeid) for nodeid in given]
    spread.put_longest_first(items)
    found = [item.nodeid for item in items]
    assert found == [given[3], given[1], given[0], given[2]]
