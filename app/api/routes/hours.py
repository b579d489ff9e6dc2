"""The team's hours: whoever is worried reads them, a few people edit them."""

from app.api.deps import AppSettings, HoursEditor, Member, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.hours import (
    Care,
    TeamHours,
    TeamHoursWrite,
    TeamInterval,
    TeamNow,
    TeamTargets,
)
from app.core.errors import ForbiddenError
from app.moderation import hours, messages
from app.moderation.hours import Interval, Team
from app.moderation.hours_models import TargetKind

router = resource("moderation")


@router.get("/care")
async def read_care(settings: AppSettings) -> Care:
    """After how many days a text that its author deleted is erased; for anyone."""
    return Care(erase_after_days=settings.care.erase_after_days)


@router.get("/team-hours", responses=OF_THE_COMMUNITY)
async def read_team_now(member: Member, pool: ReadPool, settings: AppSettings) -> TeamNow:
    """Whether moderators are here at this moment, or when they are next."""
    team = await hours.read(pool, settings.care.time_zone)
    standing = team.standing()
    return TeamNow(
        is_here=standing.is_here,
        until=standing.until,
        next_at=standing.next_at,
        words=messages.who_reads(standing, team.zone),
    )


@router.get("/moderation/hours", responses=problems(ForbiddenError))
async def read_team_hours(editor: HoursEditor, pool: ReadPool, settings: AppSettings) -> TeamHours:
    """The hours of a week, and the targets."""
    return _shown(await hours.read(pool, settings.care.time_zone))


@router.put("/moderation/hours", responses=problems(ForbiddenError))
async def edit_team_hours(
    body: TeamHoursWrite, editor: HoursEditor, session: WriteSession, settings: AppSettings
) -> TeamHours:
    """Put these in the place of those before."""
    await hours.replace(
        session,
        intervals=[Interval(one.weekday, one.opens, one.closes) for one in body.hours],
        targets={kind: getattr(body.targets, kind.value) for kind in TargetKind},
    )
    return _shown(await hours.read_within(session, settings.care.time_zone))


def _shown(team: Team) -> TeamHours:
    return TeamHours(
        time_zone=team.zone.key,
        hours=[
            TeamInterval(weekday=one.weekday, opens=one.opens, closes=one.closes)
            for one in team.intervals
        ],
        targets=TeamTargets(**{kind.value: team.targets[kind] for kind in TargetKind}),
    )
