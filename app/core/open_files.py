"""Open files of a process: each connection is one, and at the limit the kernel gives no more.

uvloop then closes whoever comes, without an answer or a word in the log. So the limit is raised at
the start, told before it is reached, and its last tenth kept for plain requests: they soon end,
and live sockets don't.
"""

import asyncio
import os
import resource
from dataclasses import dataclass
from typing import Final

from prometheus_client import Counter, Gauge

from app.core.logs import logger

OPEN = Gauge("alongside_open_files", "Open files of this process, its connections among them")
LIMIT = Gauge("alongside_open_files_limit", "How many files this process may open")
PUT_OFF = Counter(
    "alongside_live_put_off", "Live sockets that were told to come later, to leave files for others"
)

#: A machine that allows more gains nothing: one process serves some thousand sockets.
MOST: Final = 65_536
#: The usual limit of long ago: below some thousand, a busy evening meets it.
LEAST: Final = 4_096
WARN_AT: Final = 0.8
CALM_AT: Final = 0.7
#: From here on the files are for plain requests.
SCARCE_AT: Final = 0.9
LOOK_EVERY_SECONDS: Final = 5.0
#: What an operator can do about it.
ADVICE: Final = "start more servers, or raise the hard limit of open files (LimitNOFILE, ulimits)"


def limit() -> int:
    """How many files this process may open now."""
    return _bounded(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def attainable() -> int:
    """How many it may open once `raise_limit` was asked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(_bounded(soft), min(_bounded(hard), MOST))


def _bounded(files: int) -> int:
    return 2**31 if files == resource.RLIM_INFINITY else files


def raise_limit() -> None:
    """As high as the machine allows, and said once; shells and services start with 1,024."""
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if attainable() > _bounded(before):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (attainable(), hard))
        except (ValueError, OSError) as error:  # macOS has a limit of its own below
            logger.warning("the limit of open files stays", error=type(error).__name__)
    logger.info("open files", limit=limit(), before=_bounded(before))


def count() -> int:
    """How many are open. To list them takes one more file: when there is none, all are open."""
    try:
        found = os.stat("/proc/self/fd").st_size  # Linux 6.2 and later say it here
        return found or len(os.listdir("/dev/fd"))
    except FileNotFoundError:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return limit()


def is_scarce(fd: int) -> bool:
    """Whether a connection with this number came when few files were left.

    The kernel gives the lowest free number, so all below it are open: nothing need be counted."""
    return fd >= SCARCE_AT * limit()


@dataclass
class Lookout:
    """What was said of the files of this process, so that it is said once."""

    is_high: bool = False
    is_full: bool = False

    def took(self, fd: int) -> None:
        """A connection has this file; say so when it is the last."""
        if fd + 1 >= limit():
            self._say_full()

    def look(self) -> None:
        """Measure, and say when it becomes too much and when it is over."""
        used, most = count(), limit()
        OPEN.set(used)
        LIMIT.set(most)
        if used >= most:
            self._say_full()
        if used >= WARN_AT * most and not self.is_high:
            self.is_high = True
            logger.warning("open files run out", open=used, limit=most, todo=ADVICE)
        elif used < CALM_AT * most and (self.is_high or self.is_full):
            self.is_high = self.is_full = False
            logger.warning("open files are enough again", open=used, limit=most)

    def _say_full(self) -> None:
        if not self.is_full:
            self.is_full = True
            logger.error("all files are open: who comes now is closed unheard", todo=ADVICE)


lookout = Lookout()


async def watch(*, every: float = LOOK_EVERY_SECONDS) -> None:
    """Look again and again."""
    while True:
        lookout.look()
        await asyncio.sleep(every)
