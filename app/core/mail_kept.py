"""E-mails of development, kept in a folder of this machine so that a page can show them.

Only where nothing is sent, on a server that this machine alone reaches: whoever reads their links
can sign in by them.
"""

import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from app.core import clock
from app.core.settings import Settings

#: The oldest goes first.
MOST = 100


@dataclass(frozen=True)
class KeptMail:
    """One e-mail as it would have left."""

    at: str
    to: str
    subject: str
    text: str


def folder(settings: Settings) -> Path | None:
    """Where they are kept, if they are."""
    is_kept = settings.mail.mail == "console" and settings.server.is_loopback
    return settings.mail.mail_folder if is_kept else None


def keep(folder: Path, *, to: str, subject: str, text: str) -> None:
    """Whole or not at all, for its owner's eyes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = KeptMail(at=clock.now().isoformat(), to=to, subject=subject, text=text)
    file = folder / f"{time.time_ns()}-{secrets.token_hex(4)}.json"
    fresh = file.with_suffix(".part")
    fresh.touch(mode=0o600)
    fresh.write_bytes(orjson.dumps(asdict(kept)))
    fresh.rename(file)
    for old in sorted(folder.glob("*.json"))[:-MOST]:
        old.unlink(missing_ok=True)


def read(folder: Path) -> list[KeptMail]:
    """The newest first."""
    files = sorted(folder.glob("*.json"), reverse=True)[:MOST]
    return [KeptMail(**orjson.loads(file.read_bytes())) for file in files]
