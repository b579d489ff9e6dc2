"""What a moderator reads before others can: the database hides it as it is written, and this opens
a case about it, so that it is looked at like everything else."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import posts
from app.moderation import cases, log, subjects
from app.moderation.log_models import LogAct


async def open_case(session: AsyncSession, post_id: UUID) -> None:
    """Account for a text hidden as it was written. Opening it again is the act *restore*."""
    post = await posts.get(session, post_id, lock=True)
    await posts.premoderate(session, post)
    subject = subjects.of_post(post)
    case = await cases.open_for(session, subject)
    await log.append(
        session, case.id, subject, LogAct.OPENED, actor_id=None, is_worried=False, is_held=True
    )
    await cases.join(session, case)
