"""The other rooms of the synthetic community: a study that people joined, flags that wait."""

import asyncio
import re
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, ids
from app.core.db import Database, unit_of_work
from app.core.delivery import deliver
from app.demo import questionnaires
from app.demo.script import ScriptedAct
from app.demo.stage import Stage
from app.identity.actors import Actor
from app.identity.roles import stands_apart
from app.jobs import attack
from app.jobs.sources import OUTSIDE_SOURCES
from app.jobs.subscribers import SUBSCRIBERS
from app.moderation import hours, reports
from app.moderation.case_models import ReportReason
from app.moderation.hours import Interval
from app.moderation.hours_models import TargetKind
from app.moderation.reports import NewFlag
from app.research import analysis_plans, participation, releases, reviews, sheets, studies
from app.research.analysis_plans import Outline
from app.research.dataset_models import Requester
from app.research.demographics import AgeBand, Area, Demographics, PeerSupportBefore
from app.research.errors.datasets import TooFewInItError
from app.research.exports import freezing
from app.research.models import Purpose, Study
from app.research.questionnaires import plans
from app.research.release_models import Decided, Released
from app.research.review_models import ReviewVerdict

TITLE = "What helps when we help each other"
SUMMARY = (
    "A study of what people do here and what it gives them: how posts get replies, who replies, "
    "and what difference it makes over time."
)
SHEET = re.sub(
    r"(?<!\n)\n(?!\n)",
    " ",
    """
We would like to learn what happens when people support each other here, and what makes it work.

**What we'd record, if you say yes.** That you posted, replied, reacted, read or opened Help now, on
which day and in which part of the day, and for how long. Never which post it was, and not what you
wrote, unless you say yes to that as well.

**What we'd ask, if you say yes.** How you are, and how much support you gave and got: 14 questions,
when you join and again 12 weeks later, about four minutes each time. You can skip any of them. We
invite you when they open and remind you twice at most; you choose when, and can stop that.

**Who sees it.** A small research team, under a code instead of your name. They count inside, and
see tables of many people. What they take with them says in broad steps how much you did in twelve
weeks, in a way you share with at least four others. Someone who knows you very well might still
guess that a line is yours. Their sign-in can't open the community, and moderators never see what
the study holds.

**If you change your mind.** You can stop at any time in *My data*, in one step: what was recorded
until then stays. Or you can have everything erased. We can't undo results
that were already given out.

**If you'd rather not.** Nothing changes for you here, now or later.
""".strip(),
)

PLAN: Final = Outline(
    questions="Do people who are answered sooner keep coming back? Do they feel less low after "
    "three months?",
    primary_measures=("phq9_total",),
    secondary_measures=("active_days", "posts", "giving"),
    population="Everyone who agreed to questionnaires and answered the first wave, from joining to "
    "the wave after three months.",
    missing_answers="A score is counted by its own rule for missing answers. People who did not "
    "answer the second wave are told as a number beside each figure.",
    worthwhile_change="Five points of PHQ-9 between the two waves. People would hardly feel less "
    "than that.",
)

YOU_SAID: Final = "Say near the top that saying no changes nothing for anyone here."
WE_DID: Final = "It has a paragraph of its own now, in bold: “If you'd rather not.”"

SHARE_JOINING = 0.4
#: Few areas, so that the synthetic study looks like one that recruited in a few places.
AREAS = (Area.NORTH_EAST, Area.SOUTH_WEST, Area.WEST_MIDLANDS)
AGES = (AgeBand.FROM_25, AgeBand.FROM_35, AgeBand.FROM_45)

FLAGS = (
    NewFlag(is_worried=True, detail="This sounds heavier than usual for them."),
    NewFlag(is_worried=True),
    NewFlag(is_worried=False, reason=ReportReason.HURTFUL, detail="The last line felt sharp."),
    NewFlag(is_worried=False, reason=ReportReason.SPAM),
    NewFlag(
        is_worried=False, reason=ReportReason.SOMETHING_ELSE, detail="I'm not sure about this."
    ),
)


async def open_study(
    database: Database, researcher: Actor, *, adviser: Actor, at: datetime
) -> UUID:
    """A study with its sheet and its signed analysis plan, open from that moment."""
    async with unit_of_work(database) as session:
        with clock.at(at):
            study = await studies.create(
                session,
                title=TITLE,
                summary=SUMMARY,
                asks=(Purpose.ACTIVITY, Purpose.QUESTIONNAIRES, Purpose.TEXT, Purpose.CONTACT),
                wave_weeks=questionnaires.WEEKS,
                by=researcher.account_id,
            )
            await questionnaires.plan(session, database.pool, study)
            await sheets.publish(session, study, body=SHEET, by=researcher.account_id)
            plan = await analysis_plans.write(session, study, PLAN, by=researcher.account_id)
            await analysis_plans.sign(session, study, plan.version, by=adviser.account_id)
            await _advise(session, study, by=adviser.account_id, team=researcher.account_id)
            await studies.open_(session, study)
            return study.id


async def _advise(session: AsyncSession, study: Study, *, by: UUID, team: UUID) -> None:
    """As an adviser does, with a comment on the sheet that everybody may read."""
    said = await reviews.of_sheet(
        session, study, 1, verdict=ReviewVerdict.NEEDS_CHANGE, words=YOU_SAID, may_show=True, by=by
    )
    await reviews.answer(session, said, words=WE_DID, by=team)
    await sign_off(session, study, by=by)


async def sign_off(session: AsyncSession, study: Study, *, by: UUID) -> None:
    """Its first sheet, and all that its waves ask."""
    await reviews.of_sheet(session, study, 1, verdict=ReviewVerdict.SIGNED_OFF, by=by)
    for one in await plans.asked_of(session, study.id):
        await reviews.of_instrument(
            session, one.name, one.version, verdict=ReviewVerdict.SIGNED_OFF, by=by
        )


async def join_study(
    stage: Stage,
    study_id: UUID,
    joined: dict[int, datetime],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Those of these people whose moment lies in between take part from then on, each choosing for
    themselves."""
    found = {
        index: at
        for index, at in joined.items()
        if (since is None or at >= since) and (until is None or at < until)
    }
    async with unit_of_work(stage.database) as session:
        study = await studies.access(session, study_id, is_researcher=False, lock="join")
        for index, at in sorted(found.items(), key=lambda one: one[1]):
            with clock.at(at), ids.drawn_from(stage.random):
                await participation.join(
                    session,
                    study,
                    member_id=stage.actors[index].member_id,
                    joined_at=stage.joined_at[index],
                    sheet_version=1,
                    choices=_choices(stage.random, index),
                    demographics=_demographics(stage.random),
                )


def _choices(random: Random, index: int) -> dict[Purpose, bool]:
    return {
        Purpose.ACTIVITY: True,
        Purpose.QUESTIONNAIRES: questionnaires.agrees(index),
        Purpose.TEXT: random.random() < 0.5,
        Purpose.CONTACT: random.random() < 0.6,
    }


def _demographics(random: Random) -> Demographics:
    """One in five skips a question."""
    return Demographics(
        age_band=random.choice(AGES) if random.random() < 0.8 else None,
        area=random.choice(AREAS) if random.random() < 0.8 else None,
        peer_support_before=random.choice(list(PeerSupportBefore)[:2]),
    )


async def freeze(
    database: Database, study_id: UUID, *, by: Actor, checker: Actor, at: datetime
) -> None:
    """A dataset as a researcher freezes one and a checker decides about it, once the studies have
    learned what happened; none when too few people take part."""
    for subscriber in SUBSCRIBERS:
        while await deliver(database, subscriber):
            pass
    with clock.at(at):
        try:
            dataset = await freezing.freeze(
                database, study_id, by=Requester(by.account_id), sources=OUTSIDE_SOURCES
            )
        except TooFewInItError:
            return
        found = await asyncio.to_thread(
            attack.attack, database.settings, dataset.id, Released.PERIODS
        )
        async with unit_of_work(database) as session:
            request = await releases.ask(
                session,
                dataset,
                file=Released.PERIODS,
                agreement_id=None,
                note="For the first look at how people support each other here.",
                by=by.account_id,
            )
            await releases.decide(
                session,
                request,
                dataset,
                decision=Decided.REFUSED if found["is_refused"] else Decided.RELEASED,
                note="Looked at the columns, their costs and the attacks.",
                attack=found,
                by=checker.account_id,
            )


async def keep_hours(database: Database) -> None:
    """The team is here from nine to nine, every day."""
    async with unit_of_work(database) as session:
        week = [Interval(weekday, 9 * 60, 21 * 60) for weekday in range(7)]
        await hours.replace(session, intervals=week, targets={TargetKind.WORRIED: 60})


async def flag(stage: Stage, acts: list[ScriptedAct], *, until: datetime) -> None:
    """Some recent posts wait for a moderator."""
    recent = [act for act in acts if act.kind in {"publish", "reply"} and act.ref in stage.made]
    members = [actor for actor in stage.actors.values() if not stands_apart(actor.roles)]
    chosen = stage.random.sample(recent[-60:], min(len(FLAGS), len(recent)))
    async with unit_of_work(stage.database) as session:
        for number, (act, one) in enumerate(zip(chosen, FLAGS, strict=False)):
            others = [one for one in members if one is not stage.actors[act.person]]
            reporter = others[(act.person + 7) % len(others)]
            with clock.at(until - timedelta(minutes=50 - 9 * number)), ids.drawn_from(stage.random):
                await reports.file(session, reporter, post_id=stage.made[act.ref], flag=one)
