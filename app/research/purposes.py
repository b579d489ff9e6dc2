"""Purposes of a study: nobody is asked for what it does not use."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.research.consent import Choices
from app.research.errors.participation import PurposeNotAskedError
from app.research.models import Purpose, StudyPurpose

#: What each purpose means, in the words members read beside its box.
WORDS: dict[Purpose, str] = {
    Purpose.ACTIVITY: (
        "What I do here: when I post, reply, react, get a reply, read or open Help now, and for "
        "how long; which meetings of groups I come to; and from which day on I was away, because I "
        "took a break or the community was closed to me, never why. Never what I write. I have "
        "read above who could still recognise me by it."
    ),
    Purpose.QUESTIONNAIRES: (
        "Questions about how I am, a few times while the study runs. I can skip any of them, and "
        "stop the invitations whenever I like. My answers stand beside what I do here only if I "
        "agree to that as well."
    ),
    Purpose.TEXT: (
        "The words of my posts and replies, kept for this study's researchers. They never leave "
        "in a dataset."
    ),
    Purpose.CONTACT: "The team may ask me again, for example about an interview. I can say no.",
}

#: The same for somebody with a card, who does nothing here.
CARD_WORDS = WORDS | {
    Purpose.ACTIVITY: (
        "Yes, the study may keep a record of the meetings I come to: when, how long, in which "
        "group."
    ),
}


async def of_study(session: AsyncSession, study_id: UUID) -> frozenset[Purpose]:
    """What a study asks for."""
    query = select(col(StudyPurpose.purpose)).where(col(StudyPurpose.study_id) == study_id)
    return frozenset(Purpose(found) for found in (await session.execute(query)).scalars())


async def ask(session: AsyncSession, study_id: UUID, wanted: Collection[Purpose]) -> None:
    """Let a new study ask for these."""
    session.add_all(StudyPurpose(study_id=study_id, purpose=one) for one in sorted(set(wanted)))
    await session.flush()


def require_asked(asked: Collection[Purpose], choices: Choices) -> None:
    """Raises PurposeNotAskedError when someone agrees to what the study does not ask."""
    if any(is_wanted and purpose not in asked for purpose, is_wanted in choices.items()):
        raise PurposeNotAskedError(pointer="/purposes")
