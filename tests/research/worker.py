"""A process of its own that does what it is told, line by line, and can be told to die in the act.

Each life is a fork of a parent that has imported everything, so dying costs milliseconds.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.delivery import deliver
from app.core.settings import DatabaseSettings
from app.research import browser_acts, my_data, studies, subscribers, tasks
from app.research.browser_acts import Told
from app.research.models import Purpose, Study
from tests.research.community_events import edited, happen, published, reacted, withdrawn
from tests.research.factories import choose, closed, join, withdraw
from tests.research.recorded import context
from tests.support.signed_off import publish_signed_off


async def _text(_: AsyncSession, post_id: UUID, /) -> str:
    return f"text of {post_id}"


async def _do(database: Database, told: dict[str, Any]) -> Any:
    """One command; whatever it returns goes back as JSON."""
    member = UUID(told["member"]) if "member" in told else UUID(int=0)
    choices = {Purpose(name): value for name, value in told.get("choices", {}).items()}
    version = int(told.get("version", 1))
    post = UUID(told["post"]) if "post" in told else UUID(int=0)
    match told["do"]:
        case "join":
            study = await _study(database, told)
            return (await join(database, study, member, choices, version=version)).pseudonym
        case "choose":
            study = await _study(database, told)
            return (await choose(database, study, member, choices, version=version)).already
        case "withdraw":
            study = await _study(database, told)
            return (await withdraw(database, study, member, erase=told["erase"])).state
        case "publish":
            to = UUID(told["to"]) if told["to"] else None
            return await happen(database, published(member, to=to, post_id=post))
        case "edit":
            return await happen(database, edited(member, post))
        case "withdraw post":
            return await happen(database, withdrawn(member, post))
        case "react":
            return await happen(database, reacted(member, UUID(told["to"])))
        case "read":
            acts = Told(seconds=told["seconds"])
            return await browser_acts.record(database.pool, member_id=member, acts=acts)
        case "deliver":
            for subscriber in (subscribers.ACTIVITY, subscribers.text_subscriber(_text)):
                while await deliver(database, subscriber):
                    pass
            return None
        case "forget":
            return await tasks.forget(context(database), timestamp=0)
        case "new sheet":
            async with unit_of_work(database) as session:
                locked = await _access(session, told, lock="change")
                body = f"Something changed: {uuid4()}"
                return (await publish_signed_off(session, locked, body=body)).version
        case "close":
            return await closed(database, await _study(database, told))
        case "my data":
            rows, _ = await my_data.activities(database.pool, member, UUID(told["study"]), None)
            return rows
    raise ValueError(told["do"])


async def _study(database: Database, told: dict[str, Any]) -> Study:
    async with unit_of_work(database) as session:
        return await _access(session, told)


async def _access(
    session: AsyncSession, told: dict[str, Any], lock: Literal["change"] | None = None
) -> Study:
    return await studies.access(session, UUID(told["study"]), is_researcher=True, lock=lock)


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
