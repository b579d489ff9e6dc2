"""apt-get for what tests need of the machine, where it can be had without asking anyone."""

import os
import shutil
import subprocess


def is_there() -> bool:
    """As root on Debian and its kin."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def update() -> bool:
    """Read the lists of packages anew; whether that was done."""
    return _apt_get("update")


def install(*packages: str) -> bool:
    """Whether they are there now. Nothing that is on the machine is taken away for it."""
    return _apt_get("install", "-y", "--no-install-recommends", "--no-remove", *packages)


def _apt_get(act: str, *more: str) -> bool:
    options = ("-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30")
    done = subprocess.run(
        ["apt-get", *options, act, *more],  # noqa: S607 - whichever the system has
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0
