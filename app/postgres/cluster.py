"""The data folder of the embedded server: made whole or not at all, read before it is touched."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from signal import SIGINT, Signals

from app.core.errors import PostgresError
from app.postgres import account as accounts
from app.postgres import binaries
from app.postgres.account import SystemUser
from app.postgres.binaries import Installation

USER = "alongside"
PORT = 5432
#: Bytes of a Unix socket's address, without the closing NUL.
LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True)
class Cluster:
    """One data folder, with the binaries and the user that fit it."""

    data: Path
    installation: Installation
    account: SystemUser | None
    durable: bool

    @property
    def lock(self) -> Path:
        """Held by the server and whoever started it, for exactly as long as one of them lives."""
        return self.data.with_name(f"{self.data.name}.lock")

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.data.with_name(f"{self.data.name}.log")

    def command(self, program: Path, *arguments: str) -> list[str]:
        """The command line that runs `program` as the server's user and ends it with us."""
        uid, gid = (self.account.uid, self.account.gid) if self.account else (-1, -1)
        return tied_to_us(SIGINT, [str(program), *arguments], uid=uid, gid=gid)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of ours: a stray PGDATA or LC_ALL must not reach the server."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def tied_to_us(signal: Signals, command: list[str], *, uid: int = -1, gid: int = -1) -> list[str]:
    """`command` as one that gets `signal` when we die, however we die, and runs as that user."""
    spawn = Path(__file__).with_name("spawn.py")
    told = [signal.value, os.getpid(), uid, gid]
    return [sys.executable, "-I", "-S", str(spawn), *map(str, told), *command]


def find(data_dir: Path, *, durable: bool) -> Cluster:
    """The cluster for this folder, made or not; refuses data that no binary here can read."""
    account = accounts.for_server()
    data = accounts.place_for_data(account, data_dir)
    installation = _fitting(data)
    return Cluster(data, accounts.reachable(account, installation), account, durable)


def _fitting(data: Path) -> Installation:
    found = binaries.installations()
    version = data / "PG_VERSION"
    if not version.is_file():
        return found[0]
    written_by = version.read_text().strip()
    for installation in found:
        if str(installation.major) == written_by:
            return installation
    here = " and ".join(str(installation.major) for installation in found)
    raise PostgresError(
        f"The data in {data} was written by PostgreSQL {written_by}, and this machine has {here}: "
        f"set {binaries.SETTING} to the bin folder of a PostgreSQL {written_by}, or move that "
        "folder away to start empty."
    )


def create(cluster: Cluster) -> None:
    """Make the data folder unless it is there; beside its place first: a crash leaves no half."""
    if (cluster.data / "PG_VERSION").is_file():
        return
    if cluster.data.exists() and any(cluster.data.iterdir()):
        raise PostgresError(
            f"{cluster.data} holds files but no PostgreSQL data: move it away, or set "
            "ALONGSIDE_DATA_DIR to another folder."
        )
    prefix = f"{cluster.data.name}.new-"
    for abandoned in cluster.data.parent.glob(f"{prefix}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=cluster.data.parent, prefix=prefix) as scratch:
        fresh = Path(scratch) / "data"
        fresh.mkdir(mode=0o700)
        if cluster.account:
            os.chown(scratch, cluster.account.uid, cluster.account.gid)
            os.chown(fresh, cluster.account.uid, cluster.account.gid)
        _initdb(cluster, fresh)
        if cluster.data.exists():
            cluster.data.rmdir()
        fresh.rename(cluster.data)


def _initdb(cluster: Cluster, fresh: Path) -> None:
    # The builtin locale compares by code point on every machine: no index breaks with a new libc.
    arguments = ["--encoding=UTF8", "--locale=C.UTF-8", f"--username={USER}", "--auth=trust"]
    if cluster.installation.major >= 17:
        arguments.append("--locale-provider=builtin")
    if not cluster.durable:
        arguments.append("--no-sync")
    made = subprocess.run(
        cluster.command(cluster.installation.bin / "initdb", f"--pgdata={fresh}", *arguments),
        cwd=fresh,
        env=cluster.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        why = " ".join(made.stderr.split())[-300:] or f"it ended with {made.returncode}"
        raise PostgresError(f"A new database could not be made in {cluster.data}: {why}")


def socket_folder(cluster: Cluster) -> Path:
    """The data folder itself, or a short private one when a socket's address would not fit."""
    if _fits(cluster.data):
        return cluster.data
    owner = cluster.account.uid if cluster.account else os.geteuid()
    name = f"alongside-{owner}-{sha256(str(cluster.data).encode()).hexdigest()[:12]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    # The system's own short folder, whatever TMPDIR says; the name is checked to be ours below.
    bases = [Path("/tmp")]  # noqa: S108
    if runtime and not cluster.account:
        bases.insert(0, Path(runtime))
    folder = next(base / name for base in bases if base.is_dir() and _fits(base / name))
    folder.mkdir(mode=0o700, exist_ok=True)
    if cluster.account and folder.lstat().st_uid == 0:
        os.chown(folder, cluster.account.uid, cluster.account.gid)
    found = folder.lstat()
    if found.st_uid != owner or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        raise PostgresError(f"{folder} belongs to someone else: remove it, then start again.")
    return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH


def sockets_when_ready(cluster: Cluster) -> Path | None:
    """Where the server listens, once it does. Line 8 of its traces is its state, 5 its folder."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    is_ready = len(lines) > 7 and lines[7].strip() == "ready" and lines[0].isdecimal()
    return Path(lines[4]) if is_ready and _serves(int(lines[0]), cluster.data) else None


def forget_dead_server(cluster: Cluster) -> None:
    """Remove the traces of a killed server. Call only with the lock held: nothing of ours lives.

    PostgreSQL itself refuses to start when the number in them has since gone to another process.
    """
    traces = cluster.data / "postmaster.pid"
    if not traces.is_file():
        return
    lines = traces.read_text().splitlines()
    if lines and lines[0].isdecimal() and _serves(int(lines[0]), cluster.data):
        raise PostgresError(
            f"Another PostgreSQL (process {lines[0]}) is using {cluster.data}: stop it first."
        )
    traces.unlink()
    address = socket_folder(cluster) / f".s.PGSQL.{PORT}"
    address.unlink(missing_ok=True)
    address.with_name(f"{address.name}.lock").unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Whether this process is a server on `data`: every PostgreSQL works inside its data folder."""
    try:
        if sys.platform == "linux":
            return Path(f"/proc/{pid}/cwd").readlink() == data
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def remove(cluster: Cluster) -> None:
    """Delete the data and everything beside it; for throw-away clusters only."""
    sockets = socket_folder(cluster)
    if sockets != cluster.data:
        shutil.rmtree(sockets, ignore_errors=True)
    shutil.rmtree(cluster.data, ignore_errors=True)
    cluster.lock.unlink(missing_ok=True)
    cluster.log.unlink(missing_ok=True)
