"""R with haven, and PSPP, which open what researchers download: here, or brought by apt-get."""

import shutil
import subprocess

from tools import apt
from tools.steps import SetUpError, say

#: What each is called by apt.
PACKAGES = {"R with the package haven": "r-cran-haven", "PSPP": "pspp"}


def missing() -> list[str]:
    """Which of them this machine hasn't."""
    has = {"R with the package haven": _has_haven(), "PSPP": shutil.which("pspp") is not None}
    return [name for name, is_here in has.items() if not is_here]


def ensure() -> None:
    """Nothing when all are here; as root on Debian and its kin they are installed."""
    wanted = [PACKAGES[name] for name in missing()]
    if wanted and apt.is_there():
        say("installing R and PSPP by apt-get for the tests of what researchers download")
        apt.update()
        apt.install(*wanted)
    still = missing()
    if still:
        raise SetUpError(
            f"The tests of what researchers download need {' and '.join(still)}: on Debian "
            f"apt-get install --no-install-recommends {' '.join(PACKAGES[one] for one in still)}."
        )


def _has_haven() -> bool:
    rscript = shutil.which("Rscript")
    if not rscript:
        return False
    tried = subprocess.run([rscript, "-e", "library(haven)"], capture_output=True)
    return tried.returncode == 0
