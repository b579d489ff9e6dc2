"""What the demo's study asks, and what its people answered: most hand a wave in, a few begin one,
and a few say not this time."""

from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Database, Pool, unit_of_work
from app.identity.actors import Actor
from app.research.instruments import catalogue
from app.research.models import Study
from app.research.questionnaires import answering, invitation_choices, plans, respondents
from app.research.questionnaires.answering import PartAnswers
from app.research.questionnaires.invitation_choices import Choices
from app.research.questionnaires.plans import Timing

WEEKS: Final = (0, 12)
ASKED: Final = ("ons4", "support")
#: Of a hundred who are asked: so many hand a wave in, begin it, decline it.
DONE, BEGUN, DECLINED = 65, 8, 7


def agrees(index: int) -> bool:
    """Four of five people who take part agree to be asked."""
    return index % 5 != 4


async def plan(session: AsyncSession, pool: Pool, study: Study) -> None:
    """Both waves ask the same."""
    await plans.set_(session, pool, study, Timing(), dict.fromkeys((1, 2), ASKED))


async def answer(
    database: Database,
    study_id: UUID,
    joined: dict[int, datetime],
    actors: dict[int, Actor],
    random: Random,
    *,
    until: datetime,
) -> None:
    """What these people did with each wave that has opened for them. They are written to in the
    app alone: nobody reads a synthetic member's e-mails."""
    for index, joined_at in joined.items():
        if not agrees(index):
            continue
        async with unit_of_work(database) as session:
            person = await respondents.of_member(session, study_id, actors[index].member_id)
            await invitation_choices.choose(session, person, Choices(by_email=False))
            for wave, week in enumerate(WEEKS, start=1):
                at = joined_at + timedelta(weeks=week, days=1 + 6 * random.random())
                act = random.random() * 100
                if at >= until or act >= DONE + BEGUN + DECLINED:
                    continue
                with clock.at(at):
                    if act >= DONE + BEGUN:
                        await answering.decline(session, person, wave)
                        continue
                    parts = _answers(random)[: 2 if act < DONE else 1]
                    await answering.save(session, database.pool, person, wave, parts)
                    if act < DONE:
                        await answering.finish(session, person, wave)


def _answers(random: Random) -> list[PartAnswers]:
    """One in twenty questions is skipped."""
    found = []
    for name in ASKED:
        instrument = catalogue.shipped().versions(name)[0]
        answers = {
            item.name: random.choice(instrument.codes(item)) if random.random() < 0.95 else None
            for item in instrument.items
        }
        found.append(PartAnswers(name, "en", 1, answers))
    return found
