"""What coverage looks at: our own work, and not what SQLAlchemy does in greenlets."""

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import greenlet
import pytest

from tools import measured


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """The names of functions that a tracer sees being called."""
    names: list[str] = []

    def tracer(frame: FrameType, event: str, _: Any) -> Any:
        if event == "call":
            names.append(frame.f_code.co_name)
        return tracer

    before = sys.gettrace(), greenlet.gettrace()
    measured.coverage_init(None, None)
    sys.settrace(tracer)
    yield names
    sys.settrace(before[0])
    greenlet.settrace(before[1])


def test_what_runs_in_a_greenlet_is_left_out_and_what_comes_between_and_after_is_seen(
    seen: list[str],
) -> None:
    def inside() -> None:
        greenlet.getcurrent().parent.switch()
        inside_again()

    def inside_again() -> None: ...

    def between() -> None: ...

    def after() -> None: ...

    aside = greenlet.greenlet(inside)
    aside.switch()
    between()
    aside.switch()
    after()
    assert aside.dead
    assert [name for name in seen if name in {"inside", "inside_again", "between", "after"}] == [
        "between",
        "after",
    ]
