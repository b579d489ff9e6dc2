"""A case opened: the text in its thread, as it was when flagged and as it is now; who flagged and
what was decided before. Every opening by a moderator is a line in the log."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import post_view
from app.community.visibility import STAFF, sees
from app.core import clock, db
from app.core.verdicts import Verdict
from app.identity.actors import Actor
from app.moderation import (
    appeals,
    case_texts,
    cases,
    earlier_cases,
    policies,
    queue,
    sanction_views,
    steps,
    subjects,
)
from app.moderation.case_models import StepKind
from app.moderation.cases import Review
from app.moderation.decision_models import Act

#: Replies shown on either side of the one that was flagged.
AROUND: Final = 10
#: The latest decisions about the post, and the latest steps; the log has them all.
DECISIONS: Final = 50


_CASE: Final = f"""
    SELECT {queue.COLUMNS} {queue.OUTCOME},
      p.parent_id, p.revision, p.body_html, p.note_about, p.note_by,
      p.withdrawn_at IS NOT NULL AS is_withdrawn, l.words, l.asked_at, l.decision_id AS asked_of
    FROM moderation.cases c {queue.JOINS} {queue.OUTCOME_JOINS}
    LEFT JOIN LATERAL (
      SELECT s.words, s.asked_at, s.decision_id FROM moderation.appeals s
      WHERE s.case_id = c.id ORDER BY s.place DESC LIMIT 1
    ) l ON true
    WHERE c.id = %(id)s
"""

# Without the row's lock: an edit between the two leaves the revision that was shown, and the
# decision is asked to read again.
_READ: Final = """
    UPDATE moderation.cases SET claim_revision = %(revision)s
    WHERE id = %(id)s AND claimed_by = %(viewer)s AND claim_expires_at > %(now)s
      AND decision_id IS NULL AND claim_revision <> %(revision)s
"""


async def read(session: AsyncSession, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """The `CaseDetail` of the API. Whoever holds the case has from now on read this revision."""
    review = await cases.access(session, actor, case_id)
    row = await _row(session, actor, review)
    flagged = await case_texts.flagged(session, case_id)
    reports = await db.fetch_within(session, _REPORTS, {"case_id": case_id})
    former = await case_texts.former(
        session, case_id, post_id=row["post_id"], revision_now=row["revision"]
    )
    shown_revisions = {text["revision"] for text in (*flagged, *former)}
    post_id = review.subject.id
    reach = await steps.can_reach(session, review.post.author_id)
    detail = queue.shape(row) | {
        "flagged_text": case_texts.shape(
            flagged[0] if flagged else row | {"written_at": row["edited_at"] or row["written_at"]}
        ),
        "flagged_texts": [case_texts.shape(text) for text in flagged],
        "former_texts": [case_texts.shape(text) for text in former],
        "has_more_texts": row["revision"] > len(shown_revisions | {row["revision"]}),
        "text_now": _now(row),
        "thread": await _thread(session, actor, row),
        "reports": [_report(report) for report in reports],
        "appeal": _appeal(row),
        "decisions": (await db.fetch_within(session, _DECISIONS, {"post_id": post_id}))[::-1],
        "acts": _acts(actor, review),
        "steps": (await db.fetch_within(session, _STEPS, {"post_id": post_id}))[::-1],
        "next_steps": await _next_steps(session, actor, review),
        "author_reads_here": reach.is_allowed,
        "sanctions": await sanction_views.of_member(session, review.post.author_id),
        "appealed_sanction_id": await appeals.of_sanction_in(session, review.case),
        "earlier": await earlier_cases.read(session, actor, row),
    }
    if row["is_mine"]:
        connection = await db.driver(session)
        seen = {"id": case_id, "viewer": actor.member_id, "now": clock.now()}
        await connection.execute(_READ, {"revision": row["revision"], **seen})
    await case_texts.note_look(session, actor, review, row["revision"])
    return detail


async def _row(session: AsyncSession, actor: Actor, review: Review) -> DictRow:
    """What is shown of a case that the moderator may open."""
    (row,) = await db.fetch_within(
        session, _CASE, {"id": review.case.id, "viewer": actor.member_id}
    )
    return row


def _acts(actor: Actor, review: Review) -> list[dict[str, Any]]:
    """Each act, whether it is open to this moderator now, and if not, why."""
    may = _can_decide(actor, review)
    standing = subjects.standing(review.post)
    found = []
    for act in Act:
        verdict = policies.can_act(act, standing) if may else may
        found.append({"act": act, "allowed": verdict.is_allowed, "why_not": verdict.why_not})
    return found


def _can_decide(actor: Actor, review: Review) -> Verdict:
    return policies.can_decide(
        actor.member_id,
        stake=review.stake,
        claim=cases.claim_of(review.case),
        is_decided=review.case.decision_id is not None,
        at=clock.now(),
    )


async def _next_steps(session: AsyncSession, actor: Actor, review: Review) -> list[dict[str, Any]]:
    """Each step, whether it is open to this moderator now, and if not, why."""
    case_id, author_id = review.case.id, review.post.author_id
    found = []
    for kind in StepKind:
        verdict = _can_decide(actor, review)
        if verdict and kind is StepKind.REACHED_OUT:
            verdict = await steps.can_reach(session, author_id, is_now=True)
        elif verdict:
            verdict = await steps.can_hand_over(
                session, actor, case_id=case_id, author_id=author_id
            )
        found.append({"kind": kind, "allowed": verdict.is_allowed, "why_not": verdict.why_not})
    return found


def _now(row: DictRow) -> dict[str, Any] | None:
    if row["is_withdrawn"]:
        return None
    note = None if row["note_about"] is None else {"about": row["note_about"], "by": row["note_by"]}
    return {
        "revision": row["revision"],
        "body_html": row["body_html"],
        "note": note,
        "written_at": row["edited_at"] or row["written_at"],
    }


def _appeal(row: DictRow) -> dict[str, Any] | None:
    if row["asked_at"] is None:
        return None
    return {"words": row["words"], "asked_at": row["asked_at"], "decision_id": row["asked_of"]}


_THREAD: Final = f"""
    WITH {STAFF}
    SELECT {post_view.COLUMNS} FROM community.posts p {post_view.JOINS}
    WHERE p.id IN (
        SELECT unnest(%(always)s::uuid[])
        UNION (SELECT b.id FROM community.posts b
          WHERE b.thread_id = %(thread_id)s AND b.id < %(post_id)s
          ORDER BY b.id DESC LIMIT {AROUND})
        UNION (SELECT n.id FROM community.posts n
          WHERE n.thread_id = %(thread_id)s AND n.id > %(post_id)s
          ORDER BY n.id LIMIT {AROUND})
      )
      AND (p.id = %(post_id)s OR ({sees("p", "p")}))
    ORDER BY p.id
"""


async def _thread(session: AsyncSession, actor: Actor, row: DictRow) -> list[dict[str, Any]]:
    post_id, thread_id = UUID(row["post_id"]), UUID(row["thread_id"])
    always = [thread_id, row["parent_id"] or post_id, post_id]
    asked = post_view.parameters(actor, always=always, thread_id=thread_id, post_id=post_id)
    return [post_view.shape(found) for found in await db.fetch_within(session, _THREAD, asked)]


_REPORTS: Final = """
    SELECT r.is_worried, r.reason, r.detail, r.revision, m.display_name AS reporter_name,
      r.created_at AS at
    FROM moderation.reports r JOIN community.members m ON m.id = r.reporter_id
    WHERE r.case_id = %(case_id)s
    ORDER BY r.is_worried DESC, r.detail IS NULL, r.place
    LIMIT 200
"""


def _report(row: DictRow) -> dict[str, Any]:
    row["kind"] = "worried" if row.pop("is_worried") else "breaks_rules"
    return row


_DECISION: Final = """
    SELECT d.id, d.case_id, d.act, d.reason, d.note_about, d.subject_version AS revision,
      d.decided_at, m.display_name AS moderator_name
    FROM moderation.decisions d JOIN community.members m ON m.id = d.moderator_id
"""
_DECISIONS: Final = f"""
    {_DECISION} WHERE d.subject_id = %(post_id)s ORDER BY d.place DESC LIMIT {DECISIONS}
"""


_STEP: Final = """
    SELECT s.id, s.case_id, s.kind, s.words, s.subject_version AS revision, s.made_at,
      m.display_name AS moderator_name
    FROM moderation.steps s JOIN community.members m ON m.id = s.moderator_id
"""
_STEPS: Final = f"""
    {_STEP} WHERE s.subject_id = %(post_id)s ORDER BY s.place DESC LIMIT {DECISIONS}
"""


async def step(session: AsyncSession, step_id: UUID) -> dict[str, Any]:
    """One step, as it is shown."""
    (row,) = await db.fetch_within(session, f"{_STEP} WHERE s.id = %(id)s", {"id": step_id})
    return row


async def decision(session: AsyncSession, decision_id: UUID) -> dict[str, Any]:
    """One decision, as it is shown."""
    (row,) = await db.fetch_within(session, f"{_DECISION} WHERE d.id = %(id)s", {"id": decision_id})
    return row
