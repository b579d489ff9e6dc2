"""Who signs in to the database as what, for `alongside doctor`."""

from collections.abc import Iterator

import psycopg

from app.core import logins
from app.core.settings import DatabaseSettings
from app.run.doctor_result import Finding

_MEND = "docs/operations.md, “Three logins”, says how to part them"


def examine(settings: DatabaseSettings, *, is_embedded: bool) -> Iterator[Finding]:
    """Whether servers and exports can do no more than their part. The embedded database, which
    nobody reaches from beyond this machine, has one login for all."""
    if is_embedded:
        yield Finding("good", "logins", "one for all, as the embedded database has")
        return
    app = logins.look(settings.url)
    yield _of_app(app)
    if settings.owner_url:
        yield _reached("owner", settings.owner_url, app)
    if settings.research_url:
        yield _of_research(settings.research_url, app)
    else:
        words = f"exports read as {logins.RESEARCH}, and sign in as the servers do: {_MEND}"
        yield Finding("look", "logins", words)


def _of_app(app: logins.LoginRights) -> Finding:
    if app.is_superuser or app.is_owner:
        what = "is a superuser" if app.is_superuser else "owns the tables"
        words = f"{app.user}, as whom the servers sign in, {what} and could change ledgers: {_MEND}"
        return Finding("look", "logins", words)
    return Finding("good", "logins", f"the servers sign in as {app.user}, which owns nothing")


def _of_research(url: str, app: logins.LoginRights) -> Finding:
    found = _look(url)
    if isinstance(found, str):
        return Finding("bad", "logins", f"exports cannot sign in ({found}); alongside migrate")
    if found.is_superuser or found.is_owner or found.reads_people:
        words = f"{found.user}, as whom exports sign in, can read about people: {_MEND}"
        return Finding("bad", "logins", words)
    if found.database != app.database:
        return _elsewhere("exports", found)
    words = f"exports sign in as {found.user}, which reads for research alone"
    return Finding("good", "logins", words)


def _reached(who: str, url: str, app: logins.LoginRights) -> Finding:
    found = _look(url)
    if isinstance(found, str):
        return Finding("bad", "logins", f"the {who} cannot sign in ({found})")
    if found.database != app.database:
        return _elsewhere(f"the {who}", found)
    if not found.is_owner:
        return Finding("bad", "logins", f"{found.user} does not own the tables: {_MEND}")
    return Finding("good", "logins", f"{found.user} owns the tables")


def _elsewhere(who: str, found: logins.LoginRights) -> Finding:
    name = found.database.partition(" ")[2]
    return Finding("bad", "logins", f"{who} would sign in to another database, {name}")


def _look(url: str) -> logins.LoginRights | str:
    try:
        return logins.look(url)
    except psycopg.Error as problem:
        return " ".join(str(problem).split())[-200:]
