"""Steps that tests of invitations share: a moment after the second wave opened, a look of the
worker, what it wrote, what somebody chose."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.encryption import Encryption
from app.core.mail import PURPOSE
from app.jobs.reachable import reach
from app.research.questionnaires import invitations
from app.research.questionnaires.invitations import Mailing
from tests.people import SignedIn
from tests.research.asked_studies import AskedStudy
from tests.research.factories import START
from tests.research.over_http import Json, ask

ORIGIN = "https://alongside.test"
#: The second wave opens for whoever joined at the start; a Monday.
SECOND = START + timedelta(days=7 * 13)
#: Of each part of the day that can be chosen, None for any.
HOURS: Final = {
    "morning": range(8, 12),
    "afternoon": range(12, 17),
    "evening": range(17, 21),
    None: range(9, 20),
}


def at(days: float, hour: int) -> datetime:
    """An hour of London's summer on a day after the second wave opened."""
    day = (SECOND + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, hour - 1, 5, tzinfo=UTC)


async def tick(database: Database, encryption: Encryption, moment: datetime) -> int:
    """The worker looks at this moment; how many it invited or reminded."""
    with clock.at(moment):
        return await invitations.send_due(database, Mailing(encryption, ORIGIN, reach))


async def letters(connection: AnyConnection, encryption: Encryption) -> list[Json]:
    """Those of invitations, the first first."""
    cursor = await connection.execute(
        "SELECT args->>'box' AS box FROM procrastinate_jobs WHERE task_name = 'core:send_letter'"
        " ORDER BY id"
    )
    rows = await cursor.fetchall()
    opened = [encryption.open(base64.b64decode(row["box"]), purpose=PURPOSE) for row in rows]
    return [one for one in map(orjson.loads, opened) if "stop_address" in one]


async def choose(study: AskedStudy, member: SignedIn, **more: Any) -> None:
    """When and how they want to be invited."""
    chosen = {"part_of_day": None, "by_email": True, "is_stopped": False} | more
    await ask(member, "PUT", f"{study.path}/invitation-choices", chosen, status=204)
