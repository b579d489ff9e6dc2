"""The queue as the worker runs it: every package's tasks, on connections of its own."""

from copy import deepcopy

from procrastinate import App, PsycopgConnector

from app.core import mail
from app.core.queue import core_tasks
from app.identity.tasks import identity_tasks
from app.moderation.tasks import moderation_tasks
from app.research.tasks import research_tasks

__all__ = ["create_queue", "mail"]


def create_queue(url: str) -> App:
    """Procrastinate on this database, knowing every task.

    From copies: taking tasks in renames them, so that a worker whose queue starts again would
    know them under a name that nobody asks for.
    """
    queue = App(connector=PsycopgConnector(conninfo=url))
    queue.add_tasks_from(deepcopy(core_tasks), namespace="core")
    queue.add_tasks_from(deepcopy(identity_tasks), namespace="identity")
    queue.add_tasks_from(deepcopy(moderation_tasks), namespace="moderation")
    queue.add_tasks_from(deepcopy(research_tasks), namespace="research")
    return queue
