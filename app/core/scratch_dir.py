"""Scratch directories: removed once they are no longer needed.

What a killed process left goes with the next one made in the same place, or when a server starts.
"""

import fcntl
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

PREFIX: Final = ".alongside-scratch-"


class ScratchDir:
    """A fresh folder beside what it is for. Call `close` in the end: again is fine."""

    def __init__(self, parent: Path) -> None:
        """Raises OSError when nothing can be written there."""
        sweep(parent)
        while True:
            self.path = Path(mkdtemp(prefix=PREFIX, dir=parent))
            try:
                self._held = os.open(self.path, os.O_RDONLY)
            except FileNotFoundError:  # swept by another already
                continue
            # The kernel lets go of it when the process ends, however it ends.
            fcntl.flock(self._held, fcntl.LOCK_EX)
            if self.path.exists():
                return
            # Swept by another between the two lines above.
            os.close(self._held)

    def close(self) -> None:
        """Take the folder and all that is in it away."""
        if self._held == -1:
            return
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._held)
        self._held = -1


def sweep(parent: Path) -> None:
    """Take away every such folder that no living process holds."""
    for left in parent.glob(f"{PREFIX}*"):
        try:
            held = os.open(left, os.O_RDONLY)
        except OSError:  # someone else's, or gone by now
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(held)
