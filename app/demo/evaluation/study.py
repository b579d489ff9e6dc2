"""The study of the programme: its sheet, what it asks, its opening and its end."""

import re
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Pool
from app.demo import studies_and_flags
from app.demo.evaluation import waves
from app.demo.evaluation.planted import LATE_DAYS, WINDOW_DAYS, Planted
from app.identity.actors import Actor
from app.research import analysis_plans, sheets, studies
from app.research.analysis_plans import Outline
from app.research.models import Purpose, Study
from app.research.questionnaires import plans
from app.research.questionnaires.plans import Timing

TITLE: Final = "Peer support in nine areas"
SUMMARY: Final = (
    "A study of two years of peer support, online and in nine areas: what people give and get, and "
    "how they are meanwhile. Everyone in it is synthetic, and its effects are planted."
)
SHEET: Final = re.sub(
    r"(?<!\n)\n(?!\n)",
    " ",
    """
We would like to learn what giving and getting support does for people, here and in groups.

**What we'd record, if you say yes.** That you posted, replied, reacted, read or opened Help now,
on which day and in which part of the day, and for how long. Which meetings of groups you came to:
the day, the minutes, and a number in place of the group. Never which post it was, nor what you
wrote.

**What we'd ask, if you say yes.** How you are, what support you gave and got, which services you
used, and what was good or bad about your group: when you join and after 3, 6, 12 and 18 months,
about a quarter of an hour each time. You can skip any question.

**If you change your mind.** You can stop at any time in *My data*, in one step, or have everything
erased. We can't undo results that were already given out.

**If you'd rather not.** Nothing changes for you here, now or later.
""".strip(),
)


#: What the programme was planted to answer.
PLAN: Final = Outline(
    questions="Do people feel better after they gave more support to others? After they got more?",
    primary_measures=("follow_up", "outcome_on_dose"),
    secondary_measures=("outcome_change", "retention", "six_values", "service_use"),
    population="Everyone who answered the first wave, from joining to the last wave.",
    missing_answers="A score is counted by its own rule for missing answers. Who did not answer a "
    "wave is told as a number beside each figure.",
    worthwhile_change="Half a point of satisfaction with life on its scale of 0 to 10.",
)


async def open_(
    session: AsyncSession, pool: Pool, planted: Planted, *, by: Actor, signer: Actor
) -> Study:
    """A study that records acts, asks in each wave, and whose exact rows may leave; its analysis
    plan is signed, and an adviser has signed off what is read in it."""
    study = await studies.create(
        session,
        title=TITLE,
        summary=SUMMARY,
        asks=(Purpose.ACTIVITY, Purpose.QUESTIONNAIRES),
        wave_weeks=planted.weeks,
        by=by.account_id,
    )
    timing = Timing(window_days=WINDOW_DAYS, late_days=LATE_DAYS)
    await plans.set_(session, pool, study, timing, waves.asked(planted))
    await sheets.publish(
        session,
        study,
        body=SHEET,
        covers_acts=True,
        covers_answers=True,
        by=by.account_id,
    )
    await studies_and_flags.sign_off(session, study, by=signer.account_id)
    plan = await analysis_plans.write(session, study, PLAN, by=by.account_id)
    await analysis_plans.sign(session, study, plan.version, by=signer.account_id)
    return await studies.open_(session, study)


async def close(session: AsyncSession, study_id: UUID) -> None:
    """Nobody joins any more, and nothing more is recorded."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    await studies.close(session, study)
