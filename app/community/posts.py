"""Posts and replies: publish, reply, edit, withdraw; and fold, hide, restore for moderation.

Whoever changes a reply locks its root first, so that no two acts in a thread wait for each other
crosswise and the counts are right.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, literal
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import policies, quotes, statements
from app.community.choices import EDITS_MOST, NOTE_LIMIT, Intent
from app.community.content import Content
from app.community.errors import EditedTooOftenError, PostNotFoundError, PostWithdrawnError
from app.community.events import (
    PostEdited,
    PostEvent,
    PostFolded,
    PostHidden,
    PostRestored,
    PostWithdrawn,
)
from app.community.post_models import Post, PostRevision
from app.community.publishing import Published, publish, reply
from app.core import clock, events, pages, text
from app.core.errors import InvalidError
from app.core.pages import Page
from app.identity.actors import Actor

__all__ = [
    "Published",
    "access",
    "edit",
    "fold",
    "get",
    "hide",
    "publish",
    "reply",
    "restore",
    "revisions",
    "unfold",
    "withdraw",
]

#: Each may be 10,000 characters, twice: as written and as shown.
REVISIONS_PAGE: Final = 10

# ── Access ───────────────────────────────────────────────────────────────────────────────────


async def get(session: AsyncSession, post_id: UUID, *, lock: bool = False) -> Post:
    """A post in whatever state; raises PostNotFoundError. For moderation: no rule is asked."""
    post = await _find(session, post_id, lock=lock)
    if post is None:
        raise PostNotFoundError
    return post


async def _find(session: AsyncSession, post_id: UUID, *, lock: bool) -> Post | None:
    if lock:
        root = select(Post.thread_id).where(col(Post.id) == post_id).scalar_subquery()
        await session.execute(
            select(Post.id).where(col(Post.id) == root).with_for_update(key_share=True)
        )
    asked = select(Post).where(col(Post.id) == post_id)
    if lock:
        asked = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    found: Post | None = await session.scalar(asked)
    return found


async def access(session: AsyncSession, actor: Actor, post_id: UUID, *, lock: bool = False) -> Post:
    """A post this actor may see, or their own in whatever state; otherwise PostNotFoundError."""
    post = await _find(session, post_id, lock=lock)
    if post is not None and post.author_id == actor.member_id:
        return post
    # Asked of what never was too: how long the answer takes tells nothing.
    is_seen = await statements.may_see(
        session, post_id, actor.member_id, sees_hidden=policies.sees_hidden(actor)
    )
    if post is None or not is_seen:
        raise PostNotFoundError
    return post


async def revisions(
    session: AsyncSession, post: Post, *, cursor: str | None = None
) -> Page[PostRevision]:
    """A page of former texts, the latest first; of a post taken back there are none to read."""
    if post.withdrawn_at is not None:
        raise PostNotFoundError
    (before,) = pages.decode(cursor, pages.number) or (post.revision,)
    query = select(PostRevision).where(
        col(PostRevision.post_id) == post.id,
        col(PostRevision.revision) < literal(before, BigInteger),
    )
    latest = query.order_by(col(PostRevision.revision).desc()).limit(REVISIONS_PAGE + 1)
    found = list(await session.scalars(latest))
    page = found[:REVISIONS_PAGE]
    following = pages.encode(page[-1].revision) if len(found) > len(page) else None
    return Page[Any](items=page, next_cursor=following)


# ── What its author may do ───────────────────────────────────────────────────────────────────


async def edit(
    session: AsyncSession,
    post: Post,
    *,
    body: str,
    intent: Intent | None = None,
    note_about: str | None = None,
) -> None:
    """Replace the text; the former one is kept. A note that a moderator put there stays."""
    if post.withdrawn_at is not None:
        raise PostWithdrawnError
    if intent is not None and post.parent_id is not None:
        raise InvalidError("Only a post says what it is for, not a reply.", pointer="/intent")
    content = await Content.of(body, note_about)
    note = post.note_about if post.note_by == "moderator" else content.note_about
    if (content.source, intent, note) == (post.body_source, post.intent, post.note_about):
        return
    if post.revision > EDITS_MOST:
        raise EditedTooOftenError
    session.add(
        PostRevision(
            post_id=post.id,
            revision=post.revision,
            body_source=post.body_source,
            body_html=post.body_html,
            note_about=post.note_about,
            created_at=post.edited_at or post.created_at,
        )
    )
    post.body_source, post.body_html = content.source, content.html
    post.intent, post.note_about = intent, note
    post.note_by = post.note_by if post.note_by == "moderator" else note and "author"
    post.revision += 1
    post.edited_at = clock.now()
    await session.flush()
    await _cover(session, post)
    await _record(session, PostEdited, post, length=len(content.source), revision=post.revision)


async def withdraw(session: AsyncSession, post: Post) -> None:
    """Take it back: from here on its text is served to nobody. Again changes nothing."""
    if post.withdrawn_at is not None:
        return
    post.withdrawn_at = clock.now()
    await session.flush()
    await statements.drop_words(session, post.id)
    await _recount(session, post)
    await _record(session, PostWithdrawn, post)


# ── What moderation does (the one who decides is checked there) ──────────────────────────────


async def fold(session: AsyncSession, post: Post, *, about: str) -> None:
    """Put a content note on it, as a moderator."""
    post.note_about = text.clean_line(about, limit=NOTE_LIMIT, pointer="/note_about")
    post.note_by = "moderator"
    await session.flush()
    await _cover(session, post)
    await _record(session, PostFolded, post)


async def unfold(session: AsyncSession, post: Post, *, about: str | None) -> None:
    """Take a moderator's note off again, and give back the author's own, if there was one."""
    post.note_about = about
    post.note_by = "author" if about else None
    await session.flush()
    await _cover(session, post)
    if post.visibility == "visible":
        await _record(session, PostRestored, post)


async def hide(session: AsyncSession, post: Post, *, reason: str) -> None:
    """Show it to its author and moderators alone. Hidden, never deleted."""
    was_hidden = post.visibility == "hidden"
    post.visibility, post.hidden_reason = "hidden", reason
    await session.flush()
    if not was_hidden:
        await _recount(session, post)
        await _record(session, PostHidden, post)
        await quotes.cover_thread(session, post.thread_id)


async def premoderate(session: AsyncSession, post: Post) -> None:
    """Account for a text that the database has hidden as it was written: a moderator reads it
    first."""
    await _recount(session, post)
    await _record(session, PostHidden, post)


async def restore(session: AsyncSession, post: Post) -> None:
    """Take the hiding back."""
    if post.visibility == "visible":
        return
    post.visibility, post.hidden_reason = "visible", None
    await session.flush()
    await _recount(session, post)
    await _record(session, PostRestored, post)
    await quotes.cover_thread(session, post.thread_id)


async def _cover(session: AsyncSession, post: Post) -> None:
    """After its text or note changed: cover what it quotes of what is hidden, which it is not."""
    shown = quotes.Cover()
    if post.visibility == "visible":
        note = post.note_about if post.note_by == "author" else None
        shown = await quotes.cover_in(session, post.thread_id, post.body_html, note)
    await quotes.cover(session, post.id, shown)


async def _recount(session: AsyncSession, post: Post) -> None:
    if post.parent_id is not None:
        await statements.recount(session, thread_id=post.thread_id, parent_id=post.parent_id)


async def _record(
    session: AsyncSession, event: type[PostEvent], post: Post, **facts: object
) -> None:
    began = post.author_id if post.parent_id is None else await _author(session, post.thread_id)
    made = event.model_validate(
        {
            "post_id": post.id,
            "thread_id": post.thread_id,
            "author_id": post.author_id,
            "space_id": post.space_id,
            "thread_author_id": began,
            **facts,
        }
    )
    await events.record(session, made, topics=made.topics)


async def _author(session: AsyncSession, post_id: UUID) -> UUID | None:
    return await session.scalar(select(Post.author_id).where(col(Post.id) == post_id))
