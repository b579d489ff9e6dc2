"""Information sheets: what members read before they choose. Each version stays for good."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, text
from app.research import policies
from app.research.errors import SheetChangedError, StudyNotReadyError
from app.research.models import Purpose, Sheet, Study

#: What each purpose means, in the words members read beside its box.
PURPOSES: dict[Purpose, str] = {
    Purpose.ACTIVITY: (
        "What I do here: when I post, reply, react, get an answer or read, and for how long. "
        "Never what I write, and never which post it was."
    ),
    Purpose.TEXT: (
        "The words of my posts and replies, kept for this study's researchers. They never leave "
        "in a dataset."
    ),
    Purpose.CONTACT: "The team may ask me again, for example about an interview. I can say no.",
}


async def publish(
    session: AsyncSession, study: Study, *, body: str, by: UUID | None = None
) -> Sheet:
    """Put a new version in force. `study` must be locked, so that nobody joins on the old one."""
    verdict = policies.can_publish_sheet(study)
    if not verdict.is_allowed:
        raise StudyNotReadyError(verdict.reason)
    source = text.clean(body, limit=20_000)
    latest = await find_current(session, study.id)
    sheet = Sheet(
        study_id=study.id,
        version=1 if latest is None else latest.version + 1,
        body_source=source,
        body_html=text.render(source),
        published_at=clock.now(),
        published_by=by,
    )
    session.add(sheet)
    await session.flush()
    return sheet


async def find_current(session: AsyncSession, study_id: UUID) -> Sheet | None:
    """The version in force, or None while there is none."""
    query = (
        select(Sheet)
        .where(col(Sheet.study_id) == study_id)
        .order_by(col(Sheet.version).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def list_(session: AsyncSession, study_id: UUID) -> list[Sheet]:
    """Every version, the newest first."""
    query = select(Sheet).where(col(Sheet.study_id) == study_id).order_by(col(Sheet.version).desc())
    return list((await session.execute(query)).scalars())


async def require_current(session: AsyncSession, study_id: UUID, version: int | None) -> None:
    """Raises SheetChangedError unless this very version was read."""
    sheet = await find_current(session, study_id)
    if sheet is None or sheet.version != version:
        raise SheetChangedError(sheet_version=None if sheet is None else sheet.version)
