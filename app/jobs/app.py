"""The queue as the worker runs it: every package's tasks, on connections of its own."""

from copy import deepcopy
from typing import Any

from procrastinate import App, PsycopgConnector
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.core import mail
from app.core.db import Database
from app.core.encryption import Encryption
from app.core.queue import core_tasks
from app.core.settings import Settings
from app.identity.tasks import identity_tasks
from app.jobs.reachable import reach
from app.moderation.tasks import moderation_tasks
from app.research.tasks import research_tasks

__all__ = ["create_queue", "mail"]


def job_context(settings: Settings, database: Database) -> dict[str, Any]:
    """What every job may ask for by name."""
    return {
        "database": database,
        "settings": settings,
        "encryption": Encryption(settings.secrets),
        "sender": mail.sender(settings),
        "reach": reach,
    }


def create_queue(url: str) -> App:
    """Procrastinate on this database, knowing every task.

    From copies: taking tasks in renames them, so that a worker whose queue starts again would
    know them under a name that nobody asks for. What it notes about jobs is not flushed at once:
    after a crash of the database the last second of it is done again, as any task may be. What a
    task itself writes, and jobs that an act defers, go by connections of their own.
    """
    given = str(conninfo_to_dict(url).get("options") or "")
    options = f"{given} -c synchronous_commit=off".strip()
    queue = App(connector=PsycopgConnector(conninfo=make_conninfo(url, options=options)))
    queue.add_tasks_from(deepcopy(core_tasks), namespace="core")
    queue.add_tasks_from(deepcopy(identity_tasks), namespace="identity")
    queue.add_tasks_from(deepcopy(moderation_tasks), namespace="moderation")
    queue.add_tasks_from(deepcopy(research_tasks), namespace="research")
    return queue
