"""Deciding a case: one unit of work from the change of the post to the last person told.

What is done to the post, the notice to its author, the answer to everyone who flagged it, the
decision, the log line and the event commit together or not at all.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import notifications
from app.community.choices import NOTE_LIMIT, NotificationKind
from app.community.post_models import Post
from app.core import clock, events, text
from app.core.errors import InvalidError
from app.identity.actors import Actor
from app.moderation import (
    appeals,
    cases,
    digests,
    log,
    messages,
    policies,
    sanctions,
    steps,
    subjects,
)
from app.moderation.case_models import Case, Report
from app.moderation.columns import REASON_MAX, REASON_MIN
from app.moderation.decision_models import Act, Decision
from app.moderation.errors import ActNotOpenError
from app.moderation.events import CASES, CaseDecided
from app.moderation.log_models import LogAct
from app.moderation.sanction_models import ChangeKind
from app.moderation.sanctions import Wanted
from app.moderation.subjects import Subject


@dataclass(frozen=True, slots=True)
class AppealAnswer:
    """What an appeal against a sanction comes to; `days` is how long it lasts, if shorter."""

    kind: ChangeKind
    days: int | None = None


async def decide(
    session: AsyncSession,
    actor: Actor,
    case_id: UUID,
    *,
    act: Act,
    reason: str,
    note_about: str | None,
    version: int,
    revision: int | None = None,
    sanction: Wanted | None = None,
    answer: AppealAnswer | None = None,
) -> Decision:
    """Decide the case one holds, as one has read it: the text in `revision`, or else as it was
    when one took the case or opened it last. Exactly one decision a case: the row is locked, the
    lease must be live, and the database has room for one. The same sent again, after an answer that
    was lost, gives the same decision."""
    said = reason_of(reason)
    note = _note(act, note_about)
    sanctions.check(sanction)
    review = await cases.access(session, actor, case_id, lock=True)
    case = review.case
    sent_before = await _sent_before(session, actor, case, act=act, reason=said, note_about=note)
    if sent_before is not None:
        return sent_before
    post = await cases.as_read(session, actor, case, version=version, revision=revision)
    verdict = policies.can_act(act, subjects.standing(post))
    verdict.enforce(ActNotOpenError)
    appealed = await appeals.of_sanction_in(session, case)
    _check_answer(appealed, answer)
    decision = await write(session, actor, case, post, act=act, reason=said, note_about=note)
    await subjects.apply(session, post, act, reason=said, note_about=note)
    await _tell(session, case, post, decision, is_sanctioned=sanction is not None)
    made = None
    if sanction is not None:
        made = await sanctions.make(session, actor, case, post, decision, sanction)
    changed = None
    if appealed is not None and answer is not None:
        known = await sanctions.find(session, appealed)
        changed = (
            known.sanction,
            await sanctions.answer(
                session, known, answer.kind, by=actor.member_id, reason=said, days=answer.days
            ),
        )
    await append_to_log(session, actor, case, decision)
    subject = subjects.of_post(post)
    if made is not None:
        await sanctions.note(session, made, subject, LogAct.SANCTIONED, by=actor.member_id)
    if changed is not None:
        answered, change = changed
        act_of = LogAct(change.kind)
        await sanctions.note(session, answered, subject, act_of, by=actor.member_id, change=change)
    return decision


def _check_answer(appealed: UUID | None, answer: AppealAnswer | None) -> None:
    if appealed is not None and answer is None:
        raise InvalidError(
            "They appeal against what was decided for them. Please say what becomes of it.",
            pointer="/answer",
        )
    if appealed is None and answer is not None:
        raise InvalidError("Nobody appeals against a sanction here.", pointer="/answer")


async def append_to_log(
    session: AsyncSession, actor: Actor, case: Case, decision: Decision
) -> None:
    """The last of a decision: its line in the log, whose lock is held until the commit, and the
    event."""
    await log.append(
        session,
        case.id,
        Subject(decision.subject_kind, decision.subject_id, decision.subject_version),
        LogAct.DECIDED,
        actor_id=actor.member_id,
        decided=decision.act,
        decision_id=str(decision.id),
        digest=digests.of_decision(decision.model_dump()),
    )
    event = CaseDecided(case_id=case.id, is_worried=case.is_worried)
    await events.record(session, event, topics=[CASES])


async def _sent_before(
    session: AsyncSession,
    actor: Actor,
    case: Case,
    *,
    act: Act,
    reason: str,
    note_about: str | None,
) -> Decision | None:
    if case.decision_id is None:
        return None
    made = await session.get_one(Decision, case.decision_id)
    is_same = (made.moderator_id, made.act, made.reason, made.note_about) == (
        actor.member_id,
        act,
        reason,
        note_about,
    )
    return made if is_same else None


def reason_of(reason: str) -> str:
    """A reason as it is kept; raises InvalidError when it says too little."""
    said = text.clean(reason, limit=REASON_MAX, pointer="/reason")
    if len(said) < REASON_MIN:
        raise InvalidError(
            "Please say why in a few more words: the people concerned will read it.",
            pointer="/reason",
        )
    return said


def _note(act: Act, note_about: str | None) -> str | None:
    if act is not Act.FOLD:
        return None
    if note_about is None or not note_about.strip():
        raise InvalidError(
            "Please say in a few words what it is about, so that people can choose when to open "
            "it.",
            pointer="/note_about",
        )
    return text.clean_line(note_about, limit=NOTE_LIMIT, pointer="/note_about")


async def write(
    session: AsyncSession,
    actor: Actor,
    case: Case,
    post: Post,
    *,
    act: Act,
    reason: str,
    note_about: str | None,
) -> Decision:
    """The decision itself, and the case closed by it."""
    subject = subjects.of_post(post)
    decision = Decision(
        case_id=case.id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_version=subject.version,
        moderator_id=actor.member_id,
        act=act,
        reason=reason,
        note_about=note_about,
        author_note=await subjects.own_note(session, post) if act is Act.FOLD else None,
        decided_at=clock.now(),
    )
    session.add(decision)
    await session.flush()
    case.decision_id = decision.id
    case.version += 1
    await session.flush()
    return decision


async def _tell(
    session: AsyncSession, case: Case, post: Post, decision: Decision, *, is_sanctioned: bool
) -> None:
    """The author, when something changed or they had asked; and everyone who flagged it."""
    is_appeal = await appeals.in_case(session, case) is not None
    reporters = await _reporters(session, case)
    taken = await steps.taken(session, case.id)
    await notifications.lock(session, {post.author_id, *reporters[True], *reporters[False]})
    if decision.act is not Act.NOTHING or is_appeal:
        notice = messages.notice(
            decision.act,
            note_about=decision.note_about,
            is_appeal=is_appeal,
            is_sanctioned=is_sanctioned,
        )
        await notifications.make(
            session,
            member_ids=[post.author_id],
            kind=NotificationKind.DECISION,
            post_id=post.id,
            text=notice,
            reason=messages.sentence(decision.reason),
        )
    for is_worried, member_ids in reporters.items():
        await notifications.make(
            session,
            member_ids=member_ids,
            kind=NotificationKind.REPORT_ANSWER,
            post_id=post.id,
            text=messages.answer(
                decision.act,
                reason=decision.reason,
                is_worried=is_worried,
                is_taken_back=post.withdrawn_at is not None,
                steps=taken,
            ),
        )


async def _reporters(session: AsyncSession, case: Case) -> dict[bool, list[UUID]]:
    """Who flagged, each person once: those who worried about the author, and the others."""
    rows = await session.execute(
        select(col(Report.reporter_id), func.bool_or(col(Report.is_worried)))
        .where(col(Report.case_id) == case.id)
        .group_by(col(Report.reporter_id))
    )
    found: dict[bool, list[UUID]] = {True: [], False: []}
    for reporter_id, is_worried in rows:
        found[is_worried].append(reporter_id)
    return found
