"""A process of its own that does what it is told, line by line, and can be told to die in the act.

Each life is a fork of a parent that has imported everything, so dying costs milliseconds.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.delivery import deliver
from app.core.settings import DatabaseSettings
from app.research import browser_acts, my_data, studies, subscribers
from app.research.browser_acts import Told
from app.research.exports import freezing, package
from app.research.exports.writers import Format
from app.research.models import Purpose, Study
from tests.research.factories import ME, choose, happen, join, published, reacted, withdraw


async def _text(_: AsyncSession, post_id: UUID, /) -> str:
    return f"text of {post_id}"


async def _do(database: Database, told: dict[str, Any]) -> Any:
    """One command; whatever it returns goes back as JSON."""
    member = UUID(told["member"]) if "member" in told else UUID(int=0)
    choices = {Purpose(name): value for name, value in told.get("choices", {}).items()}
    match told["do"]:
        case "join":
            return (await join(database, await _study(database, told), member, choices)).pseudonym
        case "choose":
            return (await choose(database, await _study(database, told), member, choices)).already
        case "withdraw":
            study = await _study(database, told)
            return (await withdraw(database, study, member, erase=told["erase"])).state
        case "publish":
            to = UUID(told["to"]) if told["to"] else None
            return await happen(database, published(member, to=to))
        case "react":
            return await happen(database, reacted(member, UUID(told["to"])))
        case "read":
            acts = Told(seconds=sum(told["seconds"]))
            return await browser_acts.record(database.pool, member_id=member, acts=acts)
        case "deliver":
            for subscriber in (subscribers.ACTIVITY, subscribers.text_subscriber(_text)):
                while await deliver(database, subscriber):
                    pass
            return None
        case "my data":
            rows, _ = await my_data.activities(database.pool, member, UUID(told["study"]), None)
            return rows
        case "export":
            frozen = await freezing.freeze(database, UUID(told["study"]), by=ME)
            folder = Path(told["folder"])
            await package.pull(database, frozen.id, format_=Format.CSV, folder=folder, by=ME)
            return None
    raise ValueError(told["do"])


async def _study(database: Database, told: dict[str, Any]) -> Study:
    async with unit_of_work(database) as session:
        return await studies.access(session, UUID(told["study"]), is_researcher=True)


def _die(_: Session) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _live(url: str) -> None:
    database = Database(DatabaseSettings.model_validate({"url": url}))
    await database.open()
    while line := _line():
        told = orjson.loads(line)
        if told.get("dies"):
            event.listen(Session, "before_commit", _die)
        with clock.at(datetime.fromisoformat(told["at"])):
            answer = await _do(database, told)
        _say({"answer": answer})
    await database.close()


def _line() -> bytes:
    """Byte by byte: what is not read yet must be there for the next life."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return line


def _say(words: object) -> None:
    os.write(1, orjson.dumps(words) + b"\n")


def main(url: str) -> None:
    """One life after another, until told no more."""
    while True:
        child = os.fork()
        if child == 0:
            asyncio.run(_live(url))
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return
        _say({"died": True})


if __name__ == "__main__":
    main(sys.argv[1])
