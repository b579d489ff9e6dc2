"""What a machine gives: a database, a key and a place for files, where the settings name none.

With DATABASE_URL everything comes from the environment, as in production. Without it the embedded
database and the key in var/ are used, and made when they are missing.
"""

import base64
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.core import postgres
from app.core.settings import Settings
from app.run.errors import StartError

ROOT = Path(__file__).resolve().parents[2]
KEY = "ALONGSIDE_SECRET_KEY"


def data_folder() -> Path:
    """Where this checkout keeps what it must not lose."""
    return Path(os.environ.get("ALONGSIDE_DATA_DIR") or ROOT / "var").expanduser()


def embedded_data() -> Path:
    """The data of the embedded PostgreSQL."""
    return data_folder() / "postgres"


def secret_key(*, make: bool) -> str | None:
    """The key of the environment, else of the data folder, made there once when that is wanted."""
    told = os.environ.get(KEY)
    if told:
        return told
    file = data_folder() / "secret-key"
    try:
        if make and not file.exists():
            _write_privately(file, base64.b64encode(secrets.token_bytes(32)).decode())
        return file.read_text().strip()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise StartError(
            f"The key in {file} cannot be reached ({problem.strerror}): start as the user who "
            "made it, or set ALONGSIDE_DATA_DIR to a folder of your own."
        ) from problem


def _write_privately(file: Path, text: str) -> None:
    """Whole or not at all, and the first of two who try at once wins: a key must never change."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(f"{text}\n")
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def read_settings() -> Settings:
    """The settings of the environment, or one sentence that names every wrong one."""
    concerns: dict[str, Any] = {}
    wrong: list[str] = []
    for name, field in Settings.model_fields.items():
        concern: Any = field.annotation
        try:
            concerns[name] = concern()
        except ValidationError as problem:
            errors = problem.errors(include_url=False, include_input=False)
            wrong += [_words(error["loc"], error["msg"]) for error in errors]
    if wrong:
        raise StartError(f"The settings need a change: {'; '.join(wrong)}.")
    return Settings(**concerns)


def _words(location: tuple[int | str, ...], message: str) -> str:
    """Our own messages name the setting; pydantic's are given its name."""
    if message.startswith("Value error, "):
        return message.removeprefix("Value error, ")
    field = str(location[0]) if location else ""
    known = {"url": "DATABASE_URL", "port": "PORT", "demo": "DEMO"}
    name = field if field.isupper() else known.get(field, f"ALONGSIDE_{field.upper()}")
    if message == "Field required":
        return f"{name} is missing"
    return f"{name}: {message[:1].lower()}{message[1:]}"


@contextmanager
def environment(*, as_owner: bool = False) -> Iterator[Settings]:
    """The settings, with a database that answers while the block runs: to the servers' login, or to
    the owner of its tables."""
    url = os.environ.get("DATABASE_URL")
    key = secret_key(make=not url)
    if key:
        os.environ[KEY] = key
    if url:
        settings = read_settings()
        postgres.check(settings.database.owner if as_owner else settings.database.url)
        yield settings
        return
    with postgres.running(embedded_data()) as dsn:
        os.environ["DATABASE_URL"] = dsn
        try:
            yield read_settings()
        finally:
            del os.environ["DATABASE_URL"]
