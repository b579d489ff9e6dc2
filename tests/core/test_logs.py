"""Logs tell what went wrong and where, never what stood in a variable."""

import subprocess
import sys

import pytest

SCRIPT = """
import logging, sys
from app.core import logs
logs.configure(pretty={pretty})

def fails(password):
    words_of_someone = "I can't " + "sleep"
    raise ValueError("the reason")

try:
    fails("violet harbour" + " tram")
except ValueError:
    {call}
"""
CALLS = [
    'logs.logger.exception("went wrong")',
    'logging.getLogger("uvicorn.error").exception("went wrong")',
    'logging.getLogger("procrastinate").error("went wrong", exc_info=True)',
    'logs.logger.error("went wrong", exc_info=sys.exc_info())',
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("pretty", [True, False])
def test_a_traceback_shows_no_variables(pretty: bool, call: str) -> None:
    script = SCRIPT.format(pretty=pretty, call=call)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "went wrong" in done.stderr
    assert "the reason" in done.stderr
    assert "in fails" in done.stderr
    assert "violet harbour tram" not in done.stderr
    assert "I can't sleep" not in done.stderr
