"""Real server processes on a free port, as the supervisor starts them: they can be killed."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from app.run.listener import open_listener
from tests.support.processes import command
from tests.support.settings import environment_for

PATIENCE_SECONDS = 60.0


class ServerProcess:
    """One process on a listening socket that outlives it: while it is away, visitors wait."""

    def __init__(
        self,
        url: str,
        listener: socket.socket,
        *,
        demo: bool = False,
        open_files: tuple[int, int] | None = None,
    ) -> None:
        self.url = url
        self.open_files = open_files
        self.demo = "1" if demo else "0"
        self.listener = listener
        self.port: int = listener.getsockname()[1]
        self.process = self._start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def live(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/live"

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        self.process.kill()
        self.process.join()

    def stop(self) -> float:
        """Politely; returns how many seconds it took."""
        started = time.monotonic()
        self.process.terminate()
        self.process.join(15)
        if self.process.is_alive():
            self.kill()
        return time.monotonic() - started

    def refuse(self) -> None:
        """End the process and the listening socket: until the next start visitors are refused."""
        self.kill()
        self.listener.close()

    def start_again(self) -> None:
        """Another process in its place, at the same address."""
        if self.listener.fileno() == -1:
            self.listener = open_listener("127.0.0.1", self.port)
        self.process = self._start()

    def _start(self) -> BaseProcess:
        environment = environment_for(self.url, self.port, DEMO=self.demo)
        started = command(
            "serve", environment=environment, listener=self.listener, open_files=self.open_files
        )
        self._wait(started)
        return started

    def _wait(self, started: BaseProcess) -> None:
        """Connections queue from the first moment, so the first answer tells that it serves."""
        question = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as asking:
            asking.settimeout(0.1)
            asking.sendall(question)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline:
                assert started.is_alive(), f"the server ended with {started.exitcode}"
                try:
                    assert b" 200 " in asking.recv(100)
                except TimeoutError:
                    continue
                return
        raise AssertionError("the server does not answer")


@contextmanager
def serving(
    url: str, *, demo: bool = False, open_files: tuple[int, int] | None = None
) -> Iterator[ServerProcess]:
    """A server process on this database while the block runs."""
    with open_listener("127.0.0.1", 0) as listener:
        server = ServerProcess(url, listener, demo=demo, open_files=open_files)
        try:
            yield server
        finally:
            server.stop()
            server.listener.close()


@contextmanager
def working(url: str) -> Iterator[None]:
    """A worker process on this database while the block runs."""
    worker = command("worker", environment=environment_for(url, 0, DEMO="0"))
    try:
        yield
        assert worker.is_alive(), f"the worker ended with {worker.exitcode}"
    finally:
        worker.terminate()
        worker.join(PATIENCE_SECONDS)
        if worker.is_alive():
            worker.kill()
            worker.join()
            raise AssertionError("the worker did not end when asked")
