"""What a case is about: the one road from a kind and an id to the object, whether a member may flag
it, and what a decision does to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from psycopg.rows import class_row
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import posts, visibility
from app.community.errors import PostNotFoundError
from app.community.post_models import Post
from app.community.publishing import PREMODERATED
from app.community.visibility import VIEWER, may_know, sees
from app.core import db
from app.identity.actors import Actor
from app.moderation import policies
from app.moderation.case_models import Case, SubjectKind
from app.moderation.decision_models import Act, Decision
from app.moderation.errors import CaseNotFoundError, FlagOwnPostError, FlagTakenBackError
from app.moderation.policies import SubjectState


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is about: its kind, its id, and which version of it. The version of a post or
    reply is the revision of its text."""

    kind: SubjectKind
    id: UUID
    version: int


class HasSubject(Protocol):
    """A row that says what it is about: a case, a decision, a step."""

    subject_kind: SubjectKind
    subject_id: UUID


def of_post(post: Post) -> Subject:
    """A post or reply, as it stands."""
    kind = SubjectKind.POST if post.parent_id is None else SubjectKind.REPLY
    return Subject(kind, post.id, post.revision)


async def _post(session: AsyncSession, post_id: UUID, *, lock: bool) -> Post:
    if lock:
        return await posts.get(session, post_id, lock=True)
    return await session.get_one(Post, post_id, populate_existing=True)


#: How the object of each kind is had. They are posts and replies so far.
_RESOLVERS: dict[SubjectKind, Callable[..., Awaitable[Post]]] = {
    SubjectKind.POST: _post,
    SubjectKind.REPLY: _post,
}


async def resolve(session: AsyncSession, of: HasSubject, *, lock: bool = False) -> Post:
    """The object that a case, a decision or a step is about, as it stands."""
    return await _RESOLVERS[SubjectKind(of.subject_kind)](session, of.subject_id, lock=lock)


#: A lock that lets others refer to the case.
_LOCK: Final = {"key_share": True}


async def of_case(session: AsyncSession, case_id: UUID, *, lock: bool = False) -> tuple[Case, Post]:
    """A case and what it is about, as they stand; raises CaseNotFoundError. Whether somebody may
    look into it is asked by `cases.access`."""
    held = _LOCK if lock else None
    case = await session.get(Case, case_id, with_for_update=held, populate_existing=True)
    if case is None:
        raise CaseNotFoundError
    return case, await resolve(session, case)


@dataclass(frozen=True, slots=True)
class Flaggable:
    """What a flag needs to know of what it is about."""

    kind: SubjectKind
    id: UUID
    author_id: UUID
    version: int
    is_withdrawn: bool
    is_seen: bool

    @property
    def subject(self) -> Subject:
        return Subject(self.kind, self.id, self.version)


# A withdrawn post that nobody sees any more may still stand on a screen that was opened before:
# whoever flags it is told so, unless a moderator had hidden it from them.
_SUBJECT = f"""
    WITH {VIEWER}
    SELECT CASE WHEN p.parent_id IS NULL THEN 'post' ELSE 'reply' END AS kind,
      p.id, p.author_id, p.revision AS version, p.withdrawn_at IS NOT NULL AS is_withdrawn,
      CASE WHEN p.withdrawn_at IS NULL
        THEN {sees("p", "r")}
        ELSE {may_know("p", "r")}
      END AS is_seen
    FROM community.posts p JOIN community.posts r ON r.id = p.thread_id
    WHERE p.id = %(post_id)s
"""  # noqa: S608 - put together from constants


async def access(session: AsyncSession, actor: Actor, post_id: UUID) -> Flaggable:
    """A post that the member may flag; raises PostNotFoundError, OwnPostError or
    PostWithdrawnError."""
    connection = await db.driver(session)
    asked = {"post_id": post_id, **visibility.parameters(actor)}
    async with connection.cursor(row_factory=class_row(Flaggable)) as cursor:
        await cursor.execute(_SUBJECT, asked)
        found = await cursor.fetchone()
    if found is None or not found.is_seen:
        raise PostNotFoundError
    verdict = policies.can_report(is_author=found.author_id == actor.member_id)
    verdict.enforce(FlagOwnPostError)
    if found.is_withdrawn:
        raise FlagTakenBackError
    return found


def standing(post: Post) -> SubjectState:
    """How the post stands now, for the policies."""
    return SubjectState(
        is_withdrawn=post.withdrawn_at is not None,
        is_hidden=post.visibility == "hidden",
        is_premoderated=post.hidden_reason == PREMODERATED,
        is_folded=post.note_by == "moderator",
    )


async def apply(
    session: AsyncSession, post: Post, act: Act, *, reason: str, note_about: str | None
) -> None:
    """Do to the post what was decided. `reason` stands beside a hidden post for its author."""
    if act is Act.FOLD and note_about is not None:
        await posts.restore(session, post)
        await posts.fold(session, post, about=note_about)
    elif act is Act.HIDE:
        await posts.hide(session, post, reason=reason)
    elif act is Act.RESTORE:
        await _open(session, post)


async def _open(session: AsyncSession, post: Post) -> None:
    """As its author wrote it: not hidden, and behind no note but their own."""
    if post.note_by == "moderator":
        await posts.unfold(session, post, about=await _own_note(session, post))
    await posts.restore(session, post)


async def own_note(session: AsyncSession, post: Post) -> str | None:
    """The author's own note, also when a moderator's note stands over it."""
    return await _own_note(session, post) if post.note_by == "moderator" else post.note_about


async def _own_note(session: AsyncSession, post: Post) -> str | None:
    asked = (
        select(Decision.author_note)
        .where(col(Decision.subject_id) == post.id, col(Decision.act) == Act.FOLD.value)
        .order_by(col(Decision.place).desc())
        .limit(1)
    )
    return await session.scalar(asked)
