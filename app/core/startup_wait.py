"""Waiting for a process that starts: as long as it works, however slow the machine is."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

#: So long without work, and whoever is waited for will not come.
IDLE_SECONDS: Final = 60.0
#: What counts as work: so many ticks of processor time (hundredths of a second, as a rule), or so
#: many pages fetched from the disk. A server that only sits there wakes up for less.
TICKS: Final = 50
PAGES: Final = 100
FIRST_WORDS_SECONDS: Final = 10.0
WORDS_EVERY_SECONDS: Final = 20.0
LOOK_EVERY_SECONDS: Final = 0.5

_PROC = Path("/proc")


def quiet(_words: str) -> None:
    """Says nothing."""


@dataclass
class Patience:
    """One wait for `what`: it says what it waits for, and knows when that is in vain."""

    what: str
    say: Callable[[str], None] = quiet
    idle_seconds: float = field(default_factory=lambda: IDLE_SECONDS)
    words_after: float = field(default_factory=lambda: FIRST_WORDS_SECONDS)
    _began_at: float = field(default_factory=time.monotonic)
    _worked_at: float = field(default_factory=time.monotonic)
    _looked_at: float = 0.0
    _work: tuple[int, int] = (0, 0)

    def lasts(self, processes: Iterable[int]) -> bool:
        """Whether to go on waiting, seen from what these processes and their children do."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = now
            ticks, pages = work_of(processes)
            # A process that ended takes its work with it: less is something new as well.
            if abs(ticks - self._work[0]) >= TICKS or abs(pages - self._work[1]) >= PAGES:
                self._work, self._worked_at = (ticks, pages), now
        waited, idle = now - self._began_at, now - self._worked_at
        if waited >= self.words_after and idle < self.idle_seconds:
            self.words_after = waited + WORDS_EVERY_SECONDS
            doing = "it is at work" if idle < LOOK_EVERY_SECONDS * 10 else f"idle for {idle:.0f} s"
            self.say(f"Waiting for {self.what}: {waited:.0f} s so far, {doing}.")
        return idle < self.idle_seconds


def work_of(processes: Iterable[int]) -> tuple[int, int]:
    """Processor ticks and pages from the disk of these and all below them; nothing where the
    system does not tell (then the wait is `IDLE_SECONDS` and no longer)."""
    found = {}
    for entry in _PROC.glob("[0-9]*"):
        try:
            # The name in brackets may hold anything; what counts stands after it (proc(5)).
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(entry.name)] = [int(fields[n]) for n in (1, 9, 11, 12)]
    family = {pid for pid in processes if pid in found}
    while more := {pid for pid, (parent, *_) in found.items() if parent in family} - family:
        family |= more
    ticks = sum(found[pid][2] + found[pid][3] for pid in family)
    return ticks, sum(found[pid][1] for pid in family)
