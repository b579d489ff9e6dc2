"""A case opened: the text in its thread, as it was when flagged and as it is now; who flagged and
what was decided before. Every opening by a moderator is a line in the log."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from dataclasses import replace
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import post_view
from app.community.visibility import STAFF, sees
from app.core import clock, db, pages
from app.core.verdicts import Verdict
from app.identity.actors import Actor
from app.moderation import (
    appeals,
    cases,
    earlier_cases,
    log,
    policies,
    queue,
    sanction_views,
    steps,
    subjects,
)
from app.moderation.case_models import StepKind
from app.moderation.cases import Review
from app.moderation.decision_models import Act
from app.moderation.log_models import LogAct

#: Replies shown on either side of the one that was flagged.
AROUND: Final = 10
#: Former texts shown that nobody flagged, and flagged ones besides the first. `texts` has them all.
FORMER: Final = 10
FLAGGED: Final = 10
TEXTS_PAGE: Final = 10
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
    flagged = await _rows(session, _FLAGGED, case_id=case_id)
    reports = await _rows(session, _REPORTS, case_id=case_id)
    others = {"case_id": case_id, "post_id": row["post_id"], "now": row["revision"]}
    former = await _rows(session, _FORMER, **others)
    shown_revisions = {text["revision"] for text in (*flagged, *former)}
    post_id = review.subject.id
    reach = await steps.can_reach(session, review.post.author_id)
    detail = queue.shape(row) | {
        "flagged_text": _text(
            flagged[0] if flagged else row | {"written_at": row["edited_at"] or row["written_at"]}
        ),
        "flagged_texts": [_text(text) for text in flagged],
        "former_texts": [_text(text) for text in former],
        "has_more_texts": row["revision"] > len(shown_revisions | {row["revision"]}),
        "text_now": _now(row),
        "thread": await _thread(session, actor, row),
        "reports": [_report(report) for report in reports],
        "appeal": _appeal(row),
        "decisions": (await _rows(session, _DECISIONS, post_id=post_id))[::-1],
        "acts": _acts(actor, review),
        "steps": (await _rows(session, _STEPS, post_id=post_id))[::-1],
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
    await _note_look(session, actor, review, row["revision"])
    return detail


async def _row(session: AsyncSession, actor: Actor, review: Review) -> DictRow:
    """What is shown of a case that the moderator may open."""
    (row,) = await _rows(session, _CASE, id=review.case.id, viewer=actor.member_id)
    return row


async def _note_look(session: AsyncSession, actor: Actor, review: Review, revision: int) -> None:
    seen = replace(review.subject, version=revision)
    await log.append(
        session, review.case.id, seen, LogAct.SEEN, actor_id=actor.member_id, revision=revision
    )


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


# Texts that were flagged or decided about in this case, the earliest first. What was flagged
# stays readable here when it was edited or taken back: someone was hurt or worried by it.
_FLAGGED: Final = f"""
    SELECT * FROM (
    SELECT f.revision, coalesce(v.body_html, p.body_html) AS body_html,
      coalesce(v.created_at, p.edited_at, p.created_at) AS written_at,
      CASE WHEN v.post_id IS NULL THEN p.note_about ELSE v.note_about END AS note_about,
      row_number() OVER (ORDER BY f.revision) AS place,
      row_number() OVER (ORDER BY f.revision DESC) AS place_from_last
    FROM (
      SELECT r.case_id, r.revision FROM moderation.reports r WHERE r.case_id = %(case_id)s
      UNION
      SELECT s.case_id, d.subject_version FROM moderation.appeals s
      JOIN moderation.decisions d ON d.id = s.decision_id WHERE s.case_id = %(case_id)s
    ) f
    JOIN moderation.cases c ON c.id = f.case_id
    JOIN community.posts p ON p.id = c.post_id
    LEFT JOIN community.post_revisions v ON v.post_id = p.id AND v.revision = f.revision
    ) texts WHERE place = 1 OR place_from_last <= {FLAGGED}
    ORDER BY revision
"""

# All texts that ever stood there, for who reads the case; of one taken back too.
_TEXTS: Final = f"""
    SELECT revision, body_html, note_about, written_at FROM (
      SELECT p.revision, p.body_html, p.note_about,
        coalesce(p.edited_at, p.created_at) AS written_at
      FROM community.posts p
      WHERE p.id = %(post_id)s AND p.revision < %(before)s
      UNION ALL
      SELECT v.revision, v.body_html, v.note_about, v.created_at FROM community.post_revisions v
      WHERE v.post_id = %(post_id)s AND v.revision < %(before)s) texts
    ORDER BY revision DESC LIMIT {TEXTS_PAGE + 1}
"""


async def texts(
    session: AsyncSession, actor: Actor, case_id: UUID, *, cursor: str | None
) -> dict[str, Any]:
    """A page of all that the post has said, the latest first; for who may open the case. A look at
    it is a line in the log too."""
    review = await cases.access(session, actor, case_id)
    (before,) = pages.decode(cursor, pages.number) or (pages.LARGEST,)
    rows = await _rows(session, _TEXTS, post_id=review.post.id, before=before)
    page = rows[:TEXTS_PAGE]
    following = pages.encode(page[-1]["revision"]) if len(rows) > len(page) else None
    if page:
        await _note_look(session, actor, review, page[0]["revision"])
    return {"items": [_text(found) for found in page], "next_cursor": following}


# What stood there at other times, the latest of it: a text is often edited before anyone looks.
_FORMER: Final = f"""
    SELECT * FROM (
      SELECT v.revision, v.body_html, v.note_about, v.created_at AS written_at
      FROM community.post_revisions v
      WHERE v.post_id = %(post_id)s AND v.revision <> %(now)s
        AND NOT EXISTS (SELECT FROM moderation.reports r
          WHERE r.case_id = %(case_id)s AND r.revision = v.revision)
        AND NOT EXISTS (SELECT FROM moderation.appeals s
          JOIN moderation.decisions d ON d.id = s.decision_id
          WHERE s.case_id = %(case_id)s AND d.subject_version = v.revision)
      ORDER BY v.revision DESC LIMIT {FORMER}) latest
    ORDER BY revision
"""


def _text(row: DictRow) -> dict[str, Any]:
    note = row["note_about"]
    return {
        "revision": row["revision"],
        "body_html": row["body_html"],
        "note": None if note is None else {"about": note, "by": None},
        "written_at": row["written_at"],
    }


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
    return [post_view.shape(found) for found in await _rows(session, _THREAD, **asked)]


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
    (row,) = await _rows(session, f"{_STEP} WHERE s.id = %(id)s", id=step_id)
    return row


async def decision(session: AsyncSession, decision_id: UUID) -> dict[str, Any]:
    """One decision, as it is shown."""
    (row,) = await _rows(session, f"{_DECISION} WHERE d.id = %(id)s", id=decision_id)
    return row


async def _rows(session: AsyncSession, statement: LiteralString, **asked: Any) -> list[DictRow]:
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, asked)
        return await cursor.fetchall()
