"""A plugin of coverage.py: SQLAlchemy's own work, in greenlets beside ours, is not looked at.

Following the tracer through each greenlet, as coverage can, doubles what measured tests cost, for
code that is not ours. What of ours runs in a greenlet counts as not run: the bound stays honest.
"""

import sys
from typing import Any

import greenlet


def coverage_init(_registry: object, _options: object) -> None:
    """Called once in each process that is measured."""
    greenlet.settrace(_Switch())


class _Switch:
    """Turns the tracer off on the way into a greenlet, and on again on the way back."""

    def __init__(self) -> None:
        self._tracer: Any = None

    def __call__(self, _event: str, switched: tuple[Any, Any]) -> None:
        _, target = switched
        if target.parent is None:
            if self._tracer is not None:
                sys.settrace(self._tracer)
        elif (tracer := sys.gettrace()) is not None:
            self._tracer = tracer
            sys.settrace(None)
