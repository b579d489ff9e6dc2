"""Letters to whoever answers for safety when somebody is worried, or a moderator asked for the
safeguarding lead, and nobody looks.

The first leaves at once when the team is not here, and after WAIT when it is; the second at the
target. A letter says how many wait and nothing else: no name, and none of what anyone wrote.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.logs import logger
from app.identity import addresses
from app.identity.letters import Letterbox
from app.identity.roles import Role
from app.moderation import hours, letters, log
from app.moderation.case_models import SubjectKind
from app.moderation.hours_models import TargetKind
from app.moderation.log_models import LogAct
from app.moderation.subjects import Subject

#: While the team is here somebody sees it at once; the letter is for when they don't.
WAIT: Final = timedelta(minutes=10)
BATCH: Final = 200
#: Who is written to: the first of these of whom somebody has no part in the case.
TIERS: Final = (Role.SAFEGUARDING, Role.MODERATOR, Role.ADMINISTRATOR)

_DUE = f"""
    SELECT c.id, c.subject_kind, c.subject_id, p.revision AS subject_version, c.is_worried,
      coalesce(c.handed_over_at, c.worried_at) <= %(overdue)s AS is_overdue,
      ARRAY(SELECT r.reporter_id FROM moderation.reports r WHERE r.case_id = c.id)
        || p.author_id AS part
    FROM moderation.cases c JOIN community.posts p ON p.id = c.post_id
    WHERE c.decision_id IS NULL AND (c.is_worried OR c.handed_over_at IS NOT NULL)
      AND (c.claim_expires_at IS NULL OR c.claim_expires_at <= %(now)s)
      AND (c.alerts = 0 AND c.worried_at <= %(due)s
        OR c.alerts < 2 AND coalesce(c.handed_over_at, c.worried_at) <= %(overdue)s)
    ORDER BY coalesce(c.handed_over_at, c.worried_at), c.id LIMIT {BATCH}
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""  # noqa: S608 - a constant of ours

_STAFF = """
    SELECT r.role, a.member_id, a.email_sealed
    FROM identity.account_roles r JOIN identity.accounts a ON a.id = r.account_id
    WHERE r.role = ANY (%(roles)s) AND a.email_sealed IS NOT NULL
    ORDER BY a.id
"""

_SENT = "UPDATE moderation.cases SET alerts = %s WHERE id = %s"


async def send(session: AsyncSession, letterbox: Letterbox, *, zone: str) -> int:
    """Write about every case that is due, one letter a person; returns how many cases there were.
    Counted in the same unit of work, so each is told of once."""
    team = await hours.read_within(session, zone)
    now = clock.now()
    wait = WAIT if team.standing(now).is_here else timedelta(0)
    target = timedelta(minutes=team.targets[TargetKind.WORRIED])
    asked = {"now": now, "due": now - wait, "overdue": now - target}
    due = await _rows(session, _DUE, asked)
    if not due:
        return 0
    staff = await _rows(session, _STAFF, {"roles": [role.value for role in TIERS]})
    told: Counter[UUID] = Counter()
    overdue: set[UUID] = set()
    worried: set[UUID] = set()
    for case in due:
        found = _whom(staff, case["part"])
        if not found:
            logger.error("a worried case waits, and there is nobody to write to")
            continue
        told.update(found)
        if case["is_overdue"]:
            overdue.update(found)
        if case["is_worried"]:
            worried.update(found)
        await _note(session, case, people=len(found))
    for member_id, number in told.items():
        sealed = next(one["email_sealed"] for one in staff if one["member_id"] == member_id)
        await letterbox.send(
            session,
            to=addresses.open_(letterbox.encryption, sealed),
            letter=letters.alert(
                letterbox.origin,
                number=number,
                is_worried=member_id in worried,
                is_overdue=member_id in overdue,
                target=target,
            ),
        )
    return len(due)


def _whom(staff: Sequence[DictRow], part: Sequence[UUID]) -> set[UUID]:
    for role in TIERS:
        found = {one["member_id"] for one in staff if one["role"] == role} - set(part)
        if found:
            return found
    return set()


async def _note(session: AsyncSession, case: DictRow, *, people: int) -> None:
    connection = await db.driver(session)
    await connection.execute(_SENT, (2 if case["is_overdue"] else 1, case["id"]))
    about = Subject(SubjectKind(case["subject_kind"]), case["subject_id"], case["subject_version"])
    await log.append(session, case["id"], about, LogAct.ALERTED, actor_id=None, people=people)


async def _rows(session: AsyncSession, statement: Any, asked: dict[str, Any]) -> list[DictRow]:
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, asked)
        return await cursor.fetchall()
