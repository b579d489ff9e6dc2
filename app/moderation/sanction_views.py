"""Sanctions as they are read: by their member, by whoever decides about them next, and by the
second moderator who is asked."""

from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.identity.actors import Actor
from app.moderation import policies, sanctions
from app.moderation.policies import Stake
from app.moderation.sanction_models import SanctionState
from app.moderation.sanction_rule import FOR_GOOD
from app.moderation.sanctions import SanctionWithTerm

#: What nobody but the team hears of: what is only proposed, and what was not taken up.
_UNTOLD: Final = (SanctionState.PROPOSED, SanctionState.DECLINED)

_BESIDE: Final = """
    SELECT s.id, d.reason, m.display_name AS moderator_name, d.subject_id AS post_id,
      p.thread_id, c.moderator_name AS second_name, last.kind AS answer,
      last.reason AS answer_reason, a.id IS NOT NULL AS is_appealed
    FROM moderation.sanctions s
    JOIN moderation.decisions d ON d.id = s.decision_id
    JOIN community.members m ON m.id = s.moderator_id
    JOIN community.posts p ON p.id = d.subject_id
    LEFT JOIN LATERAL (
      SELECT by.display_name AS moderator_name FROM moderation.sanction_changes x
      JOIN community.members by ON by.id = x.moderator_id
      WHERE x.sanction_id = s.id AND x.kind IN ('confirmed', 'declined')) c ON true
    LEFT JOIN LATERAL (
      SELECT x.kind, x.reason FROM moderation.sanction_changes x
      WHERE x.sanction_id = s.id AND x.kind IN ('upheld', 'shortened', 'lifted')
      ORDER BY x.place DESC LIMIT 1) last ON true
    LEFT JOIN moderation.appeals a ON a.sanction_id = s.id
    WHERE s.member_id = %(member_id)s
"""


def _shape(known: SanctionWithTerm, beside: DictRow) -> dict[str, Any]:
    term = known.term
    end = term.ends_at
    return {
        "id": known.sanction.id,
        "case_id": known.sanction.case_id,
        "kind": term.kind,
        "days": term.days,
        "state": term.state(clock.now()),
        "reason": beside["reason"],
        "made_at": term.made_at,
        "starts_at": term.starts_at,
        "ends_at": None if end == FOR_GOOD else end,
        "is_for_good": end == FOR_GOOD,
        "post_id": beside["post_id"],
        "thread_id": beside["thread_id"],
        "is_appealed": beside["is_appealed"],
        "answer": beside["answer"],
        "answer_reason": beside["answer_reason"],
        "moderator_name": beside["moderator_name"],
        "second_name": beside["second_name"],
    }


async def of_member(session: AsyncSession, member_id: UUID) -> list[dict[str, Any]]:
    """All of a member's for moderators, the latest first."""
    known = await sanctions.of_member(session, member_id)
    if not known:
        return []
    found = await db.fetch_within(session, _BESIDE, {"member_id": member_id})
    beside = {row["id"]: row for row in found}
    return [_shape(one, beside[one.sanction.id]) for one in reversed(known)]


#: What the member reads of it, which is never who decided.
_OWN: Final = (
    *("id", "kind", "state", "reason", "starts_at", "ends_at", "is_for_good", "post_id"),
    *("thread_id", "is_appealed", "answer", "answer_reason"),
)


async def own(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """One's own, the latest first, without what is only proposed; and whether one may appeal."""
    items = [
        {name: one[name] for name in _OWN} | {"can_appeal": can_appeal(one)}
        for one in await of_member(session, actor.member_id)
        if one["state"] not in _UNTOLD
    ]
    return {"items": items}


def can_appeal(one: dict[str, Any]) -> bool:
    """Once, and while it stands."""
    stands = one["state"] in (SanctionState.IN_FORCE, SanctionState.GIVEN)
    return stands and not one["is_appealed"]


# Suspensions that wait for a second moderator, the oldest first; not about one's own words.
_PROPOSED: Final = f"""
    SELECT s.id, s.case_id, s.days, s.made_at, s.moderator_id, d.reason,
      a.display_name AS author_name, m.display_name AS moderator_name,
      EXISTS (SELECT FROM moderation.reports o
        WHERE o.case_id = s.case_id AND o.reporter_id = %(viewer)s)
        AND {policies.OTHERS} AS has_reported
    FROM moderation.sanctions s
    JOIN moderation.decisions d ON d.id = s.decision_id
    JOIN community.members a ON a.id = s.member_id
    JOIN community.members m ON m.id = s.moderator_id
    WHERE s.kind = 'suspend' AND s.member_id <> %(viewer)s
      AND NOT EXISTS (SELECT FROM moderation.sanction_changes c WHERE c.sanction_id = s.id)
    ORDER BY s.place LIMIT 100
"""  # noqa: S608 - put together from constants


async def proposed(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """What waits for a second moderator, and whether this one may answer."""
    rows = await db.fetch_within(session, _PROPOSED, {"viewer": actor.member_id})
    items = []
    for row in rows:
        verdict = policies.can_confirm(
            actor.member_id,
            proposed_by=row.pop("moderator_id"),
            stake=Stake(has_reported=row.pop("has_reported")),
        )
        items.append(row | {"allowed": verdict.is_allowed, "why_not": verdict.why_not})
    return {"items": items}
