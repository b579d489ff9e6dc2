"""One running server: how it is told to run, when it is ready, how it stops."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT
from typing import IO
from urllib.parse import quote

import psycopg

from app.core.postgres import cluster as clusters
from app.core.postgres.cluster import Cluster
from app.core.postgres.errors import PostgresError
from app.core.startup_wait import Patience

LOG_BYTES = 10_000_000

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%a ",
}
#: For tests alone: nothing survives a power cut, and nothing waits for a disk.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@dataclass
class Server:
    """A running server: ours to stop when we started it, only ours to use when we attached."""

    cluster: Cluster
    sockets: Path
    process: subprocess.Popen[bytes] | None = None
    lock: int | None = field(default=None, repr=False)

    @property
    def dsn(self) -> str:
        """Where to connect, as a URL that libpq, psycopg and SQLAlchemy all read."""
        return self.dsn_of(clusters.USER)

    def dsn_of(self, database: str) -> str:
        """The same for another database of this server."""
        return (
            f"postgresql://{clusters.USER}@/{quote(database, safe='')}"
            f"?host={quote(str(self.sockets))}&port={clusters.PORT}"
        )

    @property
    def is_running(self) -> bool:
        """Whether it still serves: as our child, or by what an attached one says of itself."""
        if self.process is None:
            return clusters.sockets_when_ready(self.cluster) is not None
        return self.process.poll() is None

    def stop(self) -> None:
        """Stop the server if it is ours: politely, then firmly. Safe to call twice."""
        if self.process:
            for signal, patience_seconds in ((SIGINT, 30), (SIGQUIT, 5), (SIGKILL, 5)):
                if self.process.poll() is not None:
                    break
                self.process.send_signal(signal)
                try:
                    self.process.wait(patience_seconds)
                except subprocess.TimeoutExpired:
                    continue
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None


def launch(
    cluster: Cluster, lock: int, settings: Mapping[str, str], say: Callable[[str], None]
) -> Server:
    """Start the server and wait until it answers. The lock, which is held, is the server's now."""
    server = Server(cluster, clusters.socket_folder(cluster), lock=lock)
    try:
        with _open_log(cluster) as log:
            server.process = subprocess.Popen(
                _command(server, settings),
                cwd=cluster.data,
                env=cluster.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                # Ctrl-C reaches the whole terminal group; the server must outlive its writers.
                start_new_session=True,
            )
        _wait_until_ready(server, say)
    except BaseException:
        server.stop()
        raise
    return server


def _command(server: Server, settings: Mapping[str, str]) -> list[str]:
    cluster = server.cluster
    options = ALWAYS | ({} if cluster.durable else FORGETFUL) | dict(settings)
    options["unix_socket_directories"] = str(server.sockets)
    return cluster.command(
        cluster.installation.bin / "postgres",
        f"-D{cluster.data}",
        f"-p{clusters.PORT}",
        *(f"-c{name}={value}" for name, value in options.items()),
    )


def _open_log(cluster: Cluster) -> IO[bytes]:
    file = os.open(cluster.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    if os.fstat(file).st_size > LOG_BYTES:
        os.ftruncate(file, 0)
    return os.fdopen(file, "ab")


def _wait_until_ready(server: Server, say: Callable[[str], None]) -> None:
    """Return when the server answers; its own database is made on the way. Recovery after a crash
    takes a large database a while; a healthy start takes a tenth of a second."""
    patience = Patience("the database to answer", say)
    while server.process is None or patience.lasts([server.process.pid]):
        if not server.is_running:
            raise PostgresError(
                f"PostgreSQL stopped while it was starting ({_last_words(server.cluster)}): "
                f"see {server.cluster.log}."
            )
        try:
            connection = psycopg.connect(server.dsn_of("postgres"), autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.02)
            continue
        with connection:
            if not connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [clusters.USER]
            ).rowcount:
                connection.execute(f"CREATE DATABASE {clusters.USER}")
        return
    raise PostgresError(
        f"PostgreSQL does not answer and has done nothing for {patience.idle_seconds:.0f} s: "
        f"see {server.cluster.log}, and whether the machine has memory and disk left."
    )


def _last_words(cluster: Cluster) -> str:
    lines = cluster.log.read_text(errors="replace").splitlines()
    fatal = [line for line in lines if "FATAL" in line or "this machine" in line]
    return (fatal or lines or ["it said nothing"])[-1].strip()
