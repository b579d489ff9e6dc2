"""A Chromium for the browser tests: one that is here, or one that apt-get brings."""

import os
import shutil
import subprocess
from pathlib import Path

from tools.steps import SetUpError, say

SETTING = "ALONGSIDE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BELOW_PLAYWRIGHT = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/**/MacOS/*")


def find() -> str | None:
    """The path of a Chromium on this machine: the setting, the PATH, then Playwright's own."""
    told = os.environ.get(SETTING)
    if told:
        return told
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    for pattern in BELOW_PLAYWRIGHT:
        newest = max(Path(cache).glob(pattern), default=None)
        if newest:
            return str(newest)
    return None


def ensure() -> str:
    """The same; as root on Debian and its kin it is installed when it is missing."""
    found = find()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing Chromium by apt-get for the browser tests")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", "-qq", *arguments],  # noqa: S607 - whichever apt-get the system has
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=False,
            )
        found = find()
    if not found:
        raise SetUpError(
            "The browser tests need a Chromium: install one (on Debian: apt-get install chromium; "
            f"anywhere: .venv/bin/playwright install chromium), or name it with {SETTING}=/path."
        )
    return found
