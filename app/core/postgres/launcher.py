"""Starts the server on a data folder, or attaches to the one that is already running on it.

The lock beside the data is a file lock inherited by the server: it is free exactly when neither the
starter nor any process of the server is alive, whatever killed them. The server dies with the
*thread* that started it (that is how the kernel counts parents), so start it from the main one.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.core.postgres import cluster as clusters
from app.core.postgres.cluster import Cluster
from app.core.postgres.errors import PostgresError
from app.core.postgres.server import Server, launch
from app.core.startup_wait import Patience, quiet


def start(
    data_dir: Path,
    *,
    durable: bool = True,
    settings: Mapping[str, str] | None = None,
    say: Callable[[str], None] = quiet,
) -> Server:
    """Start a server on `data_dir` and return when it answers, or attach to the one there."""
    cluster = clusters.find(data_dir, durable=durable)
    lock = _open_lock(cluster)
    try:
        attached = _lock_or_attach(cluster, lock, say)
        if not attached:
            os.ftruncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
            clusters.create(cluster)
            clusters.forget_dead_server(cluster)
    except BaseException:
        os.close(lock)
        raise
    if attached:
        os.close(lock)
        return attached
    return launch(cluster, lock, settings or {}, say)


@contextmanager
def running(
    data_dir: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """A server on `data_dir` while the block runs; gives its DSN."""
    server = start(data_dir, durable=durable, settings=settings)
    try:
        yield server.dsn
    finally:
        server.stop()


@contextmanager
def temporary(*, durable: bool = False) -> Iterator[Server]:
    """A throw-away server of one's own (one a worker of a test run); leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="alongside-") as folder:
        # The server's user must be able to walk in; what is inside is private to it.
        Path(folder).chmod(0o711)
        server = start(Path(folder) / "postgres", durable=durable)
        try:
            yield server
        finally:
            server.stop()
            clusters.remove(server.cluster)


def _open_lock(cluster: Cluster) -> int:
    try:
        return os.open(cluster.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise PostgresError(
            f"{cluster.lock} cannot be written ({problem.strerror}): start as the user who made "
            "it, or set ALONGSIDE_DATA_DIR to a folder of your own."
        ) from problem


def _lock_or_attach(cluster: Cluster, lock: int, say: Callable[[str], None]) -> Server | None:
    """None with the lock held, or the server that somebody else keeps running."""
    patience = Patience("another start of the same database", say)
    while True:
        starter = os.pread(lock, 20, 0).strip()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sockets = clusters.sockets_when_ready(cluster)
            if sockets and _is_alive(starter):
                return Server(cluster, sockets)
        else:
            return None
        if not patience.lasts([int(starter)] if starter.isdigit() else []):
            raise PostgresError(
                f"Another start of the database in {cluster.data} neither finished nor gave up and "
                f"has done nothing for {patience.idle_seconds:.0f} s: see {cluster.log}, end it, "
                "then start again."
            )
        time.sleep(0.02)


def _is_alive(pid: bytes) -> bool:
    """Whether the starter lives: a server whose starter was killed is on its way out."""
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
