"""An ordinary user of this machine, when we are root and there is a Python that user can run."""

import os
import pwd
import subprocess
import sys
import sysconfig
from pathlib import Path

from app.postgres.account import SystemUser, can_walk_to
from tests.infra.support import ROOT

PACKAGES = Path(sysconfig.get_path("purelib"))


def nobody() -> SystemUser:
    """The user without any powers."""
    entry = pwd.getpwnam("nobody")
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def python_for(account: SystemUser) -> str | None:
    """A Python of our own version that this user can start; the checkout must be reachable too."""
    if os.geteuid() != 0 or not can_walk_to(account, PACKAGES / "psycopg"):
        return None
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, "/usr/bin/python3", f"/usr/local/bin/python{version}"):
        path = Path(candidate)
        if path.exists() and can_walk_to(account, path) and _version_of(candidate) == version:
            return candidate
    return None


def _version_of(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()


def run_as(account: SystemUser, python: str, code: str) -> subprocess.CompletedProcess[str]:
    """Run this as that user, with an empty home and nothing of root's environment."""
    return subprocess.run(
        [python, "-B", "-c", code],
        cwd="/",
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{PACKAGES}", "HOME": "", "PATH": os.defpath},
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=120,
    )
