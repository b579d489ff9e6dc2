"""`make run`: a database, its migrations, a demo community, servers and a worker, kept going.

Nothing outlives the supervisor. Children get a signal from the kernel when it dies, and the
database holds a lock that tells the next start when the last of it is gone.
"""

import ctypes
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from app import postgres
from app.core import mail_kept
from app.core.startup_wait import Patience
from app.postgres.probe import name_of
from app.postgres.spawn import PR_SET_PDEATHSIG
from app.run import backups, revisions, start_message
from app.run.children import TICK_SECONDS, Child, run_once, stop_all
from app.run.environment import KEY, data_folder, embedded_data, read_settings, secret_key
from app.run.errors import StartError
from app.run.listener import open_listener, within_reach

HOPELESS_FAILURES = 4


@dataclass(frozen=True)
class RunPlan:
    """What was asked for."""

    host: str
    port: int
    is_demo: bool
    servers: int


@dataclass
class Supervisor:
    """One run, from the first line on the terminal to the last process gone."""

    plan: RunPlan
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    server: postgres.Server | None = None
    _told_to_stop: bool = False

    def run(self, *, with_parent: bool = False) -> None:
        """Start everything, keep it going until told to stop, and leave nothing running."""
        if with_parent:
            _end_with_parent()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._stop)
        listener = open_listener(self.plan.host, self.plan.port)
        try:
            self._run(listener)
        finally:
            listener.close()
            stop_all(self.children)
            if self.server:
                self.server.stop()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._told_to_stop = True

    def _run(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        environment = self._environment(port)
        self._start_database(environment)
        if self._told_to_stop or not self._prepare(environment):
            return
        self._start_children(listener.fileno(), environment)
        self._wait_until_ready(port)
        if not self._told_to_stop:
            has_page = mail_kept.folder(read_settings()) is not None
            self.say(
                start_message.words(
                    self.plan.host, port, is_demo=self.plan.is_demo, has_mail_page=has_page
                )
            )
        while not self._told_to_stop:
            time.sleep(TICK_SECONDS)
            self._tend(environment)
        self.say("Stopping.")

    def _environment(self, port: int) -> dict[str, str]:
        """What the children are told. What the caller set stays as it is."""
        key = secret_key(make=True) or ""
        told = {
            KEY: key,
            "ALONGSIDE_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "ALONGSIDE_EXTRA_ORIGINS": f"http://localhost:{port}",
            "ALONGSIDE_MAIL_FOLDER": str((data_folder() / "mail").absolute()),
        }
        ours = {
            "PORT": str(port),
            "DEMO": "1" if self.plan.is_demo else "0",
            "ALONGSIDE_HOST": self.plan.host,
        }
        return told | os.environ | ours

    def _start_database(self, environment: dict[str, str]) -> None:
        if not os.environ.get("DATABASE_URL"):
            self.server = postgres.start(embedded_data(), say=self.say)
            environment["DATABASE_URL"] = self.server.dsn
        os.environ.update(environment)
        postgres.check(read_settings().database.owner)

    def _prepare(self, environment: dict[str, str]) -> bool:
        """Migrations and the demo community, where they are due; False when told to stop."""
        database = read_settings().database
        url = database.owner
        unfinished = data_folder() / "demo-unfinished"
        is_ours = self.server is not None and self.server.process is not None
        if is_ours and unfinished.exists() and revisions.is_untouched(url):
            backups.empty(url)
        is_behind = revisions.of_database(url) != revisions.head()
        if is_behind:
            self.say("Bringing the database up to this version.")
        if is_behind or database.owner_url:  # also gives the logins their rights
            self._run_once("migrations", ["migrate", "--quiet"], environment)
        if self.plan.is_demo and not self._told_to_stop and revisions.is_empty(url):
            self.say("Writing the demo community, once.")
            if is_ours:
                unfinished.touch()
            self._run_once("demo community", ["demo"], environment)
        if not self._told_to_stop:
            unfinished.unlink(missing_ok=True)
        return not self._told_to_stop

    def _run_once(self, name: str, arguments: list[str], environment: dict[str, str]) -> None:
        code = run_once(name, arguments, environment, until=lambda: self._told_to_stop)
        if code != 0 and not self._told_to_stop:
            raise StartError(f"Alongside did not start, because of its {name} (see above).")

    def _start_children(self, listener: int, environment: dict[str, str]) -> None:
        serve = ["serve", "--fd", str(listener)]
        names = [
            f"server {n + 1}" if self.plan.servers > 1 else "server"
            for n in range(self.plan.servers)
        ]
        self.children = [Child(name, serve, environment, [listener]) for name in names]
        self.children.append(Child("worker", ["worker"], environment))
        for child in self.children:
            child.start()

    def _wait_until_ready(self, port: int) -> None:
        patience = Patience("the server to answer", self.say)
        while not self._told_to_stop and not _is_ready(self.plan.host, port):
            self._tend({})
            for child in self.children:
                if child.failures >= HOPELESS_FAILURES:
                    raise StartError(
                        f"The {child.name} ended {child.failures} times while it was starting: "
                        "what it said stands above. Fix that, then start again."
                    )
            servers = [child for child in self.children if child.name != "worker"]
            if not patience.lasts(child.pid for child in servers if child.pid):
                raise StartError(
                    f"The server has not answered at port {port} and has done nothing for "
                    f"{patience.idle_seconds:.0f} s: what it said stands above. Look whether the "
                    "machine has memory and disk left and `alongside doctor` finds the database, "
                    "then start again."
                )
            time.sleep(TICK_SECONDS)

    def _tend(self, environment: dict[str, str]) -> None:
        """Whatever ended is started again, the database first."""
        if self.server and not self.server.is_running:
            where = name_of(self.server.dsn)
            self.say(f"The database ({where}) ended and starts again.")
            self.server.stop()
            self.server = postgres.start(embedded_data(), say=self.say)
        for child in self.children:
            news = child.tend()
            if news:
                self.say(news)


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(within_reach(host), port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end_with_parent() -> None:
    """When `make` is killed, so are we, by a signal that we can answer."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
