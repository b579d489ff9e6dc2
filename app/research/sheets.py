"""Information sheets: what members read before they choose. Each version stays for good."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock, rendering, text
from app.research import policies
from app.research.errors.studies import SameSheetError, SheetChangedError, StudyNotReadyError
from app.research.models import Sheet, Study

#: What a sheet that lets rows of acts out says, whatever its author writes. In one line, for
#: a line break would be one on the screen.
ACTS_WORDS: Final = (
    "\n\n**Single acts may leave.** Under a signed agreement, rows that each say one thing you "
    "did, on which day of the study and in which part of the day, can be given to the people the "
    "agreement names. They carry a code instead of your name. **But someone who holds them and "
    "also reads the wall could recognise you.** Please say yes only if that is all right for "
    "you.\n"
)

#: The same where rows of answers may leave.
ANSWERS_WORDS: Final = (
    "\n\n**Your answers may leave.** Under a signed agreement, what you answered in each "
    "questionnaire, and between two of them how much you did here and how many meetings you came "
    "to, with a number in place of the group, can be given to the people the agreement names. "
    "Never the words you wrote. They carry a code instead of your name. **But someone who knows "
    "you well could recognise you.** Please say yes only if that is all right for you.\n"
)


def worded(body: str, *, covers_acts: bool, covers_answers: bool) -> str:
    """The sheet as members will read it: its author's words and, if rows may leave, ours."""
    source = text.clean(body, limit=20_000)
    source += ACTS_WORDS if covers_acts else ""
    return source + ANSWERS_WORDS if covers_answers else source


def own_words(sheet: Sheet) -> str:
    """What its author wrote of it, to write on from."""
    return sheet.body_source.removesuffix(ANSWERS_WORDS).removesuffix(ACTS_WORDS)


async def publish(
    session: AsyncSession,
    study: Study,
    *,
    body: str,
    covers_acts: bool = False,
    covers_answers: bool = False,
    by: UUID | None = None,
) -> Sheet:
    """Write a new version. `study` must be locked, so that nobody joins on the old one. Of a study
    that has opened it comes into force once an adviser has signed it off (a trigger marks it).

    With `covers_acts` it also says that rows of single acts may leave, with `covers_answers` that
    rows of answers may, in our own plain words.
    A version that reads as the one in force is refused: everyone who agreed would be asked again
    about nothing.
    """
    policies.can_publish_sheet(study).enforce(StudyNotReadyError)
    source = worded(body, covers_acts=covers_acts, covers_answers=covers_answers)
    html = await rendering.render(source)
    text.refuse_blank(html)
    latest = await _find_newest(session, study.id)
    if latest is not None and _reads_as(latest, source, html):
        raise SameSheetError(latest.version)
    sheet = Sheet(
        study_id=study.id,
        version=1 if latest is None else latest.version + 1,
        body_source=source,
        body_html=html,
        covers_acts=covers_acts,
        covers_answers=covers_answers,
        published_at=clock.now(),
        published_by=by,
    )
    session.add(sheet)
    await session.flush()
    await session.refresh(sheet)
    return sheet


def _reads_as(sheet: Sheet, source: str, html: str) -> bool:
    """Whether members would read the same. More space is no difference to them,
    nor is what shows nothing."""
    before, now = text.visible(sheet.body_html).split(), text.visible(html).split()
    return sheet.body_source == source or before == now


async def find_current(session: AsyncSession, study_id: UUID) -> Sheet | None:
    """The version in force, or None while there is none."""
    query = select(Sheet).where(
        col(Sheet.study_id) == study_id,
        col(Sheet.version) == func.research.sheet_in_force(study_id),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _find_newest(session: AsyncSession, study_id: UUID) -> Sheet | None:
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
