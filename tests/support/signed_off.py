"""A study whose sheet and instruments an adviser has signed off, without which none opens."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.research import reviews, sheets, studies
from app.research.models import Sheet, Study
from app.research.questionnaires import plans
from app.research.review_models import ReviewVerdict


async def sign_off(session: AsyncSession, study: Study) -> None:
    """An adviser signs off the newest sheet, and all that the waves ask."""
    adviser = new_id()
    newest, *_ = await sheets.list_(session, study.id)
    await reviews.of_sheet(
        session, study, newest.version, verdict=ReviewVerdict.SIGNED_OFF, by=adviser
    )
    for one in await plans.asked_of(session, study.id):
        await reviews.of_instrument(
            session, one.name, one.version, verdict=ReviewVerdict.SIGNED_OFF, by=adviser
        )


async def publish_signed_off(
    session: AsyncSession,
    study: Study,
    *,
    body: str,
    covers_acts: bool = False,
    covers_answers: bool = False,
) -> Sheet:
    """A new version that is in force at once, also in an open study. `study` must be locked."""
    sheet = await sheets.publish(
        session, study, body=body, covers_acts=covers_acts, covers_answers=covers_answers
    )
    await sign_off(session, study)
    return sheet


async def open_signed_off(session: AsyncSession, study: Study) -> Study:
    """Open a study once all of it is signed off. `study` must be locked."""
    await sign_off(session, study)
    return await studies.open_(session, study)


async def signed_off(database: Database, study_id: UUID | str) -> None:
    """Sign off a study that was made elsewhere."""
    async with unit_of_work(database) as session:
        study = await studies.access(
            session, UUID(str(study_id)), is_researcher=True, lock="change"
        )
        await sign_off(session, study)
