"""The browser's client, made from what the API says of itself; `python -m tools.client`."""

import filecmp
import sys
import tempfile
from pathlib import Path

from tools.frontend import FRONTEND, npm
from tools.steps import PYTHON, ROOT, SetUpError, run, tool_environment

DESCRIPTION = FRONTEND / "openapi.json"
GENERATED = FRONTEND / "src" / "lib" / "api" / "generated"
ADVICE = "run `make client` and commit what it changes"


def make() -> None:
    """Describe the API anew and generate the client from that."""
    _describe(DESCRIPTION)
    _generate(GENERATED)


def check() -> None:
    """Refuse a description or a client that is not what the code gives now."""
    # Inside the project, where the generator finds its packages.
    with tempfile.TemporaryDirectory(dir=FRONTEND / "node_modules") as scratch:
        described = Path(scratch) / "openapi.json"
        _describe(described)
        if described.read_bytes() != DESCRIPTION.read_bytes():
            raise SetUpError(f"frontend/openapi.json is not what the API says now: {ADVICE}.")
        generated = Path(scratch) / "generated"
        _generate(generated)
        different = list(_differences(generated, GENERATED))
        if different:
            raise SetUpError(f"The generated client is out of date ({different[0]}): {ADVICE}.")


def _describe(out: Path) -> None:
    command: list[str | Path] = [PYTHON, "-P", "-m", "app.cli", "openapi", "--out", out]
    run("Describing the API", command, cwd=ROOT)


def _generate(out: Path) -> None:
    command = npm("exec", "--offline", "--", "openapi-ts", "--output", str(out))
    run("Generating the client", command, cwd=FRONTEND, env=tool_environment())


def _differences(left: Path, right: Path) -> list[str]:
    names = {
        str(path.relative_to(root))
        for root in (left, right)
        for path in root.rglob("*")
        if path.is_file()
    }
    _, mismatch, missing = filecmp.cmpfiles(left, right, sorted(names), shallow=False)
    return sorted([*mismatch, *missing])


if __name__ == "__main__":
    try:
        make()
    except SetUpError as problem:
        sys.exit(str(problem))
