"""What `alongside doctor` finds, a line each; and what it asks of the log and of the logins."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import psycopg

from app.core import logins
from app.core.db import Database
from app.core.number_format import figure
from app.core.settings import DatabaseSettings
from app.moderation import log_verification


@dataclass(frozen=True)
class DoctorFinding:
    """One line of the report."""

    state: Literal["good", "look", "bad"]
    subject: str
    words: str


def look_at_log(settings: DatabaseSettings) -> tuple[bool, str]:
    """Whether it is intact, and a sentence. Reads the whole log: a second for 100,000 lines."""
    found = asyncio.run(_check_log(settings))
    if found.is_intact:
        head = f", the newest is {found.head_hash[:16]}…" if found.head_hash else ""
        return True, f"{figure(found.checked)} lines follow one another{head}"
    where = f"line {figure(found.broken_seq)}: " if found.broken_seq else ""
    return False, f"not as it was written: {where}{found.why}. Keep a copy, and ask who could"


async def _check_log(settings: DatabaseSettings) -> log_verification.Check:
    database = Database(settings)
    await database.open()
    try:
        return await log_verification.check(database.pool)
    finally:
        await database.close()


_MEND = "docs/operations.md, “Three logins”, says how to part them"


def look_at_logins(settings: DatabaseSettings, *, is_embedded: bool) -> Iterator[DoctorFinding]:
    """Whether servers and exports can do no more than their part. The embedded database, which
    nobody reaches from beyond this machine, has one login for all."""
    if is_embedded:
        yield DoctorFinding("good", "logins", "one for all, as the embedded database has")
        return
    app = logins.look(settings.url)
    yield _of_app(app)
    if settings.owner_url:
        yield _reached("owner", settings.owner_url, app)
    if settings.research_url:
        yield _of_research(settings.research_url, app)
    else:
        words = f"exports read as {logins.RESEARCH}, and sign in as the servers do: {_MEND}"
        yield DoctorFinding("look", "logins", words)


def _of_app(app: logins.LoginRights) -> DoctorFinding:
    if app.is_superuser or app.is_owner:
        what = "is a superuser" if app.is_superuser else "owns the tables"
        words = f"{app.user}, as whom the servers sign in, {what} and could change ledgers: {_MEND}"
        return DoctorFinding("look", "logins", words)
    return DoctorFinding("good", "logins", f"the servers sign in as {app.user}, which owns nothing")


def _of_research(url: str, app: logins.LoginRights) -> DoctorFinding:
    found = _look(url)
    if isinstance(found, str):
        return DoctorFinding(
            "bad", "logins", f"exports cannot sign in ({found}); alongside migrate"
        )
    if found.is_superuser or found.is_owner or found.reads_people:
        words = f"{found.user}, as whom exports sign in, can read about people: {_MEND}"
        return DoctorFinding("bad", "logins", words)
    if found.database != app.database:
        return _elsewhere("exports", found)
    words = f"exports sign in as {found.user}, which reads for research alone"
    return DoctorFinding("good", "logins", words)


def _reached(who: str, url: str, app: logins.LoginRights) -> DoctorFinding:
    found = _look(url)
    if isinstance(found, str):
        return DoctorFinding("bad", "logins", f"the {who} cannot sign in ({found})")
    if found.database != app.database:
        return _elsewhere(f"the {who}", found)
    if not found.is_owner:
        return DoctorFinding("bad", "logins", f"{found.user} does not own the tables: {_MEND}")
    return DoctorFinding("good", "logins", f"{found.user} owns the tables")


def _elsewhere(who: str, found: logins.LoginRights) -> DoctorFinding:
    name = found.database.partition(" ")[2]
    return DoctorFinding("bad", "logins", f"{who} would sign in to another database, {name}")


def _look(url: str) -> logins.LoginRights | str:
    try:
        return logins.look(url)
    except psycopg.Error as problem:
        return " ".join(str(problem).split())[-200:]
