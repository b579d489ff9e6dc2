"""Where tests put what they throw away.

A clone of the template is 700 small files: half a second of a core on some disks, 25 ms in memory.
"""

import os
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of this run's own is made in it
PREFIX = "alongside-tests-"
#: Twice what the whole run was seen to need at once; a container's usual 64 MB are too few.
ENOUGH_BYTES = 3_000_000_000


def use_memory() -> None:
    """Make memory the temporary folder of this run and all that it starts, where there is room.
    Whoever set TMPDIR has chosen."""
    if "TMPDIR" in os.environ or not _has_room():
        return
    _sweep()
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o1777)  # as /tmp is: servers run as users of their own
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    # After multiprocessing's own folder in it, which goes at -100.
    Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=-200)


def _has_room() -> bool:
    """Whether files there may be run, as those in /tmp may, and the machine has memory for them."""
    try:
        place = os.statvfs(MEMORY)
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return False
    available = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), "0")
    room = min(place.f_bavail * place.f_frsize, int(available) * 1024)
    return room >= ENOUGH_BYTES and not place.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK)


def _sweep() -> None:
    """Remove what killed runs left: it holds memory."""
    for left in MEMORY.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX)
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(left, ignore_errors=True)
