"""The Python environment: .venv from the hashed lock, by uv, which itself comes by hash."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.steps import (
    PYTHON,
    ROOT,
    VENV,
    SetUpError,
    fingerprint,
    once,
    run,
    say,
    tool_environment,
)

REQUIREMENTS = ROOT / "requirements"
STAMPS = VENV / "stamps"
#: Settings of pip that say where packages come from, and what uv calls them.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "cert": "SSL_CERT_FILE",
}


def ensure(lock: str) -> None:
    """Bring .venv to `lock` ("main" or "dev"); an environment for "dev" serves "main" too."""
    if not _is_usable():
        _create()
    once(STAMPS / "bootstrap", _key("bootstrap"), STAMPS / "bootstrap", _install_uv)
    locks = ["main", "dev"] if lock == "main" else [lock]
    current = STAMPS / "packages"
    if not current.is_file() or current.read_text() not in {_key(name) for name in locks}:
        once(current, _key(lock), current, lambda: _install(lock))
    _install_command()


def _key(lock: str) -> str:
    return fingerprint([REQUIREMENTS / f"{lock}.txt"], lock)


def _is_usable() -> bool:
    """Whether .venv was made here (it holds its own path) and its Python still starts."""
    try:
        probe = [
            str(PYTHON),
            "-c",
            "import sys; print(sys.prefix); sys.exit(sys.version_info < (3, 11))",
        ]
        answer = subprocess.run(probe, capture_output=True, text=True)
    except OSError:
        return False
    return answer.returncode == 0 and Path(answer.stdout.strip()) == VENV


def _create() -> None:
    say("making the Python environment in .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    without_pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    run("Making .venv", [sys.executable, "-m", "venv", *without_pip, VENV])


def _install_uv() -> None:
    """By pip, of the environment or (where Debian cuts ensurepip out) of the outer Python."""
    pip: list[str | Path] = [PYTHON, "-m", "pip"]
    if not (VENV / "bin" / "pip").exists():
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    quietly = ["--quiet", "--disable-pip-version-check"]
    locked = ["--no-deps", "--require-hashes", "--only-binary=:all:"]
    command: list[str | Path] = [
        *pip,
        "install",
        *quietly,
        *locked,
        "-r",
        REQUIREMENTS / "bootstrap.txt",
    ]
    run("Installing uv", command, env=tool_environment())


def _install(lock: str) -> None:
    say("installing the locked packages")
    env = tool_environment()
    # Whatever index answers first: the hashes in the lock decide what is accepted.
    env = {"UV_INDEX_STRATEGY": "unsafe-best-match", **_packages_from(), **env}
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "sync", "--quiet", "--python", PYTHON]
    command: list[str | Path] = [
        *uv,
        "--require-hashes",
        "--no-build",
        REQUIREMENTS / f"{lock}.txt",
    ]
    run("Installing the locked packages", command, env=env)


def _packages_from() -> dict[str, str]:
    """Where pip is told to look on this machine, in uv's words; uv's own settings win."""
    if not (VENV / "bin" / "pip").exists():
        return {}
    told = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, cwd=ROOT
    )
    found = dict(re.findall(r"^(?::env:|\w+)\.([\w-]+)='(.*)'$", told.stdout, re.MULTILINE))
    if "index-url" not in found:
        found.pop("extra-index-url", None)
    return {PIP_TO_UV[name]: value for name, value in found.items() if name in PIP_TO_UV}


def _install_command() -> None:
    """`alongside` in .venv/bin: no build backend is needed to find one folder."""
    packages = next(VENV.glob("lib/python*/site-packages"), None)
    if packages is None:
        raise SetUpError("The environment in .venv is broken: remove it, then try again.")
    path, command = packages / "alongside.pth", VENV / "bin" / "alongside"
    if not path.exists():
        path.write_text(f"{ROOT}\n")
    if not command.exists():
        command.write_text(f'#!/bin/sh\nexec "{PYTHON}" -P -m app.cli "$@"\n')
        command.chmod(0o755)
