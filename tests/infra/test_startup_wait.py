"""`alongside run` on a slow machine: it waits as long as something works, and says what for."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.core import startup_wait
from app.run.children import Child
from app.run.errors import StartError
from app.run.supervisor import RunPlan, Supervisor

#: Works for longer than we have patience with an idle one, then answers.
SLOW = """
import http.server, sys, time
until = time.monotonic() + 4
while time.monotonic() < until:
    sum(range(10_000))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
IDLE = "import threading; threading.Event().wait()"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds for minutes, and a share of the processor that a busy machine still gives."""
    monkeypatch.setattr(startup_wait, "IDLE_SECONDS", 2.5)
    monkeypatch.setattr(startup_wait, "FIRST_WORDS_SECONDS", 0.5)
    monkeypatch.setattr(startup_wait, "WORDS_EVERY_SECONDS", 0.5)
    monkeypatch.setattr(startup_wait, "TICKS", 3)


@contextmanager
def child(program: str, port: int) -> Iterator[Child]:
    """A server that runs this program in place of ours."""
    made = Child("server", ["serve"], os.environ)
    made.process = process = subprocess.Popen([sys.executable, "-c", program, str(port)])
    try:
        yield made
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def supervisor(port: int, one: Child, say: Callable[[str], None]) -> Supervisor:
    return Supervisor(RunPlan("127.0.0.1", port, False, 1), say, children=[one])


def test_a_server_that_is_slow_but_works_is_waited_for_and_that_is_said() -> None:
    port, said = free_port(), list[str]()
    with child(SLOW, port) as slow:
        supervisor(port, slow, said.append)._wait_until_ready(port)
    assert said, "a word while it waits"
    assert all(words.startswith("Waiting for the server to answer: ") for words in said)
    assert "it is at work" in said[0]


def test_a_server_that_does_nothing_is_given_up_with_why_and_what_to_do() -> None:
    port, said = free_port(), list[str]()
    with child(IDLE, port) as idle, pytest.raises(StartError) as given_up:
        supervisor(port, idle, said.append)._wait_until_ready(port)
    words = str(given_up.value)
    assert f"has not answered at port {port} and has done nothing for" in words
    assert "then start again" in words
    assert said


def test_a_server_that_ends_again_and_again_is_given_up_with_how_often() -> None:
    port = free_port()
    with child("raise SystemExit(3)", port) as broken:
        broken.failures = 3
        assert broken.process is not None
        broken.process.wait()
        with pytest.raises(StartError, match="ended 4 times while it was starting"):
            supervisor(port, broken, list[str]().append)._wait_until_ready(port)


def test_work_of_children_counts_and_an_idle_wait_ends() -> None:
    own = startup_wait.work_of([os.getpid()])
    assert own > (0, 0)
    assert startup_wait.work_of([1 << 30]) == (0, 0)
    idle = startup_wait.Patience("nobody", idle_seconds=0.0)
    assert not idle.lasts([])
    waits = startup_wait.Patience("somebody")
    assert waits.lasts([os.getpid()])
