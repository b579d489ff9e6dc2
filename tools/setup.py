"""From a bare checkout to something that runs: `python -m tools.setup [main|dev]`."""

import sys

from tools import environment, frontend
from tools.steps import ROOT, SetUpError, alone


def main() -> int:
    """Do what is missing, in seconds when nothing is; 1 with one sentence when something fails."""
    lock = sys.argv[1] if len(sys.argv) > 1 else "main"
    try:
        with alone():
            environment.ensure(lock)
            if lock == "dev":
                frontend.install()
            frontend.build()
    except SetUpError as problem:
        print(problem, file=sys.stderr)
    except PermissionError as problem:
        print(
            f"{problem.filename} cannot be written: {ROOT} was last set up by another user; "
            "run as that user, or use a checkout of your own.",
            file=sys.stderr,
        )
    except OSError as problem:
        print(f"Set-up stopped: {problem.strerror} ({problem.filename}).", file=sys.stderr)
    except KeyboardInterrupt:
        print("Set-up was interrupted; the next one goes on where it stopped.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
