"""Making an edition: its material into a folder, a process that renders, and both files kept in the
transaction that says it is ready. Cut off in the middle, the job runs again and writes the same."""

import asyncio
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from app.core.db import Database, unit_of_work
from app.core.logs import logger
from app.research import child_process, edition_material, editions
from app.research.edition_models import Edition, EditionFile, EditionState, FileName
from app.research.exports.freezing import scratch_dir

#: Seconds after which it is looked whether somebody cancelled.
LOOK: Final = 1.0
#: The process that renders; the folder comes last.
COMMAND: Final = (sys.executable, "-m", "app.research.documents.rendering")
#: A process that the machine killed, as where memory ran out, is begun once more.
TRIES: Final = 2

FAILED: Final = "Rendering it failed. Please try again; if it fails again, tell the administrator."


async def make(database: Database, edition_id: UUID) -> None:
    """Render an edition. May run twice; does nothing once it has ended. An erasure that closes its
    dataset meanwhile withdraws it, and the process ends."""
    async with unit_of_work(database) as session:
        edition = await editions.access(session, edition_id, lock=True)
        if edition.ended_at is not None:
            return
        edition.state, edition.done, edition.parts = EditionState.RENDERING, 0, 0
        session.add(edition)
        material = await edition_material.gather(session, database.pool, edition)
    async with scratch_dir() as folder:
        await asyncio.to_thread((folder / "material.json").write_bytes, material)
        code = await _rendered(database, edition_id, folder)
        if code is not None:
            await _keep(database, edition_id, folder if code == 0 else None)


async def _rendered(database: Database, edition_id: UUID, folder: Path) -> int | None:
    """How the process ended, or None once nobody wanted it any more."""

    async def take(line: bytes | None) -> bool:
        return await _note(database, edition_id, line)

    for _ in range(TRIES):
        code = await child_process.run((*COMMAND, str(folder)), b"", take, look=LOOK)
        if code is None or code >= 0:
            break
    return code


async def _note(database: Database, edition_id: UUID, line: bytes | None) -> bool:
    """Note how far it has come; False when nobody wants it any more."""
    async with unit_of_work(database) as session:
        edition = await editions.access(session, edition_id, lock=True)
        if edition.ended_at is not None:
            return False
        if line is not None:
            told = json.loads(line)
            edition.done, edition.parts = told["done"], told["of"]
            session.add(edition)
        return True


async def _keep(database: Database, edition_id: UUID, folder: Path | None) -> None:
    """Keep both files and say that it is ready, or that there are none."""
    contents = {} if folder is None else await asyncio.to_thread(_read, folder)
    async with unit_of_work(database) as session:
        edition = await editions.access(session, edition_id, lock=True)
        if edition.ended_at is not None:
            return
        if folder is None:
            logger.error("rendering an edition failed", edition_id=str(edition_id))
            await editions.end(session, edition, EditionState.FAILED, why=FAILED)
            return
        session.add_all(_file(edition, name, content) for name, content in contents.items())
        await session.flush()
        await editions.end(session, edition, EditionState.READY)


def _read(folder: Path) -> dict[FileName, bytes]:
    return {name: (folder / f"edition.{name}").read_bytes() for name in FileName}


def _file(edition: Edition, name: FileName, content: bytes) -> EditionFile:
    return EditionFile(
        study_id=edition.study_id,
        edition_id=edition.id,
        name=name,
        content=content,
        byte_size=len(content),
        sha256=sha256(content).hexdigest(),
    )
