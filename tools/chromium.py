"""A Chromium for the browser tests: one that is here, or one that apt-get brings.

The headless shell is Chromium's engine without the windows, menus and pages of the desktop browser,
which are drawn beside every test's own page though nobody looks: a third of what a test costs.
"""

import os
import shutil
from pathlib import Path

from tools import apt
from tools.steps import SetUpError, say

SETTING = "ALONGSIDE_CHROMIUM"
SHELL = "chromium-headless-shell"
#: On the PATH, then below Playwright's own folder; of each, the shell before the whole browser.
SHELLS = (
    (SHELL, "chrome-headless-shell"),
    (
        "chromium_headless_shell-*/*/chrome-headless-shell",
        "chromium_headless_shell-*/*/headless_shell",
    ),
)
WHOLE = (
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/**/MacOS/*"),
)


def find() -> str | None:
    """The path of a Chromium on this machine: the setting, a headless shell, a whole browser."""
    return os.environ.get(SETTING) or _found(*SHELLS) or _found(*WHOLE)


def ensure() -> str:
    """The same; as root on Debian and its kin the shell is installed when it is missing, and the
    whole browser where there is no shell to be had."""
    if not os.environ.get(SETTING) and not _found(*SHELLS):
        _install()
    found = find()
    if not found:
        raise SetUpError(
            "The browser tests need a Chromium: install one (on Debian: apt-get install "
            "chromium-headless-shell; anywhere: .venv/bin/playwright install chromium), or name it "
            f"with {SETTING}=/path."
        )
    return found


def _found(names: tuple[str, ...], below_playwright: tuple[str, ...]) -> str | None:
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    for pattern in below_playwright:
        newest = max(Path(cache).glob(pattern), default=None)
        if newest:
            return str(newest)
    return None


def _install() -> None:
    """What can't be had is no fault here: `ensure` tells what is missing in the end."""
    if not apt.is_there():
        return
    say("installing a Chromium by apt-get for the browser tests")
    apt.update()
    if not apt.install(SHELL) and not find():
        apt.install("chromium")
