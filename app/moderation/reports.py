"""Flags: how a member tells us about a post or reply. A flag opens a case or joins an open one."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import class_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, limits, text
from app.core.errors import InvalidError
from app.core.ids import new_id
from app.core.number_format import figure
from app.identity.actors import Actor
from app.moderation import cases, log, subjects
from app.moderation.case_models import Report, ReportReason
from app.moderation.cases import OpenedCase
from app.moderation.columns import DETAIL_MAX
from app.moderation.log_models import LogAct
from app.moderation.subjects import Flaggable, Subject

#: Flags a member may send in a minute. Worry has its own, larger allowance, one every two seconds:
#: who goes through a friend's posts at night is not told to slow down, a flood is.
RULES_A_MINUTE = 20
WORRIES_A_MINUTE = 30


@dataclass(frozen=True, slots=True)
class NewFlag:
    """What a member says about a post: it breaks the rules (why), or they worry (maybe why); and
    the revision they had on screen, else the present one."""

    is_worried: bool
    reason: ReportReason | None = None
    detail: str | None = None
    revision: int | None = None


async def spend(pool: db.Pool, actor: Actor, *, is_worried: bool) -> None:
    """Count a flag against the member's allowance; raises TooManyError."""
    kind, allowance = ("worried", WORRIES_A_MINUTE) if is_worried else ("rules", RULES_A_MINUTE)
    await limits.spend(
        pool,
        f"flag:{kind}:{actor.member_id}",
        limit=allowance,
        per_seconds=60,
        detail=(
            "We have what you told us before, but not this yet. Please wait a minute, then send "
            "it again. If someone may be in danger right now, call 999."
        ),
    )


@dataclass(frozen=True, slots=True)
class EarlierReports:
    """What the case holds already: this very report, whether this member has flagged at all or
    worried, and whether anyone has flagged this text."""

    report_id: UUID | None
    detail: str | None
    has_reported: bool
    has_worried: bool
    is_same_text: bool


async def file(session: AsyncSession, actor: Actor, *, post_id: UUID, flag: NewFlag) -> UUID:
    """Flag a post; returns the report's id. The same again by the same member changes nothing but
    that further detail is added. Another reason, a worry, or the same about a text that was edited
    meanwhile is a report of its own: nothing that was said is lost, nor the text it was said of."""
    detail = _cleaned(flag.detail)
    found = await subjects.access(session, actor, post_id)
    subject = Subject(found.kind, found.id, _revision(flag, found))
    case = await cases.open_for(session, subject)
    # Whoever decides holds the case: what was hidden while this waited for it is looked at again.
    await subjects.access(session, actor, post_id)
    known = await _look(session, case, actor, subject.version, flag)
    report = Report(
        id=known.report_id or new_id(),
        case_id=case.id,
        reporter_id=actor.member_id,
        is_worried=flag.is_worried,
        reason=flag.reason,
        detail=_joined(known.detail, detail),
        revision=subject.version,
        created_at=clock.now(),
    )
    await _write(session, report)
    becomes_worried = flag.is_worried and not case.is_worried
    if known.report_id is None or known.detail != report.detail:
        if case.is_new:
            await log.append(
                session, case.id, subject, LogAct.OPENED, actor_id=None, is_worried=flag.is_worried
            )
        elif becomes_worried:
            await log.append(session, case.id, subject, LogAct.WORRIED, actor_id=None)
        await cases.join(
            session,
            case,
            reporter_id=actor.member_id,
            people=int(not known.has_reported),
            worried=int(flag.is_worried and not known.has_worried),
            is_worried=flag.is_worried,
            is_news=not case.is_new and (becomes_worried or not known.is_same_text),
        )
    return report.id


def _revision(flag: NewFlag, found: Flaggable) -> int:
    """The revision that is meant; each up to the present one has stood there."""
    if flag.revision is not None and flag.revision > found.version:
        raise InvalidError(
            "We can't tell which text you mean. Please open the page again, then tell us.",
            pointer="/revision",
        )
    return flag.revision or found.version


def _cleaned(detail: str | None) -> str | None:
    if detail is None or not detail.strip():
        return None
    return text.clean(detail, limit=DETAIL_MAX, pointer="/detail")


_LOOK = """
    SELECT max(id::text) FILTER (WHERE is_this)::uuid AS report_id,
      max(detail) FILTER (WHERE is_this) AS detail,
      coalesce(bool_or(reporter_id = %(member_id)s), false) AS has_reported,
      coalesce(bool_or(reporter_id = %(member_id)s AND is_worried), false) AS has_worried,
      coalesce(bool_or(revision = %(revision)s), false) AS is_same_text
    FROM (
      SELECT id, detail, reporter_id, revision, is_worried,
        reporter_id = %(member_id)s AND revision = %(revision)s AND is_worried = %(is_worried)s
          AND reason IS NOT DISTINCT FROM %(reason)s AS is_this
      FROM moderation.reports WHERE case_id = %(case_id)s
    ) known
"""

_FIELDS = (
    "id", "case_id", "reporter_id", "is_worried", "reason", "detail", "revision", "created_at"
)  # fmt: skip
_WRITE = f"""
    INSERT INTO moderation.reports ({", ".join(_FIELDS)})
    VALUES ({", ".join(f"%({name})s" for name in _FIELDS)})
    ON CONFLICT (case_id, reporter_id, revision, is_worried, reason)
      DO UPDATE SET detail = EXCLUDED.detail
"""  # noqa: S608 - joins constants


async def _look(
    session: AsyncSession, case: OpenedCase, actor: Actor, revision: int, flag: NewFlag
) -> EarlierReports:
    connection = await db.driver(session)
    asked = {
        "case_id": case.id,
        "member_id": actor.member_id,
        "revision": revision,
        "is_worried": flag.is_worried,
        "reason": flag.reason,
    }
    async with connection.cursor(row_factory=class_row(EarlierReports)) as cursor:
        await cursor.execute(_LOOK, asked)
        (known,) = await cursor.fetchall()
    return known


async def _write(session: AsyncSession, report: Report) -> None:
    """By hand: a crowd that flags one post waits for one row, so each must be quick."""
    connection = await db.driver(session)
    await connection.execute(_WRITE, report.model_dump())


def _joined(before: str | None, more: str | None) -> str | None:
    """What was said before, and what a second flag adds to it."""
    if before is None or more is None or more in before:
        return before or more
    joined = f"{before}\n\n{more}"
    if len(joined) > DETAIL_MAX:
        raise InvalidError(
            f"We have what you told us before. There is room for "
            f"{figure(max(0, DETAIL_MAX - len(before) - 2))} more characters; please say it "
            "shorter.",
            pointer="/detail",
        )
    return joined
