"""Putting a post on the wall and answering one: one statement each, event included."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import quotes, statements
from app.community.choices import Intent
from app.community.content import Content
from app.community.errors import (
    KeyReusedError,
    PostHiddenError,
    PostNotFoundError,
    PostWithdrawnError,
)
from app.community.events import PostPublished
from app.community.post_models import Post, PostRevision
from app.community.post_view import PostRow
from app.core.errors import ConflictError, ProblemError
from app.core.ids import new_id

#: Why a text is hidden that a moderator reads first; the database writes it (`keep_to_standing`).
PREMODERATED = "A moderator reads this before others can."


@dataclass(frozen=True, slots=True)
class Published:
    """What stands on the wall now.

    `row` is what a read would select of it; None when an earlier try had already written it.
    """

    id: UUID
    thread_id: UUID
    row: PostRow | None

    @property
    def is_repeat(self) -> bool:
        return self.row is None

    @property
    def is_premoderated(self) -> bool:
        """A moderator reads it before others do."""
        return self.row is not None and self.row.state == "hidden"


async def publish(
    session: AsyncSession,
    *,
    author_id: UUID,
    body: str,
    intent: Intent | None = None,
    note_about: str | None = None,
    client_key: UUID | None = None,
) -> Published:
    """Put a post on the wall. The same key again gives the same post."""
    content = await Content.of(body, note_about)
    post_id = new_id()
    event = _event(content, post_id=post_id, author_id=author_id, intent=intent)
    columns = {
        "id": post_id,
        "author_id": author_id,
        "intent": intent,
        "client_key": client_key,
        **content.columns(),
        **_as_columns(event),
    }
    row = await statements.insert_root(session, columns)
    if row is None:
        earlier = await _earlier(session, author_id, client_key, content, intent=intent)
        if earlier is None:  # its first try was rolled back after this one had waited for it
            raise ConflictError
        return earlier
    return Published(UUID(row.id), UUID(row.thread_id), row)


async def reply(
    session: AsyncSession,
    *,
    author_id: UUID,
    parent_id: UUID,
    body: str,
    note_about: str | None = None,
    client_key: UUID | None = None,
    sees_hidden: bool = False,
) -> Published:
    """Answer a post or a reply; both join the thread of the root.

    Raises PostNotFoundError, PostWithdrawnError or PostHiddenError.
    """
    content = await Content.of(body, note_about)
    post_id = new_id()
    event = _event(content, post_id=post_id, author_id=author_id, parent_id=parent_id)
    columns = {
        "id": post_id,
        "parent_id": parent_id,
        "author_id": author_id,
        "intent": None,
        "sees_hidden": sees_hidden,
        "client_key": client_key,
        **content.columns(),
        **_as_columns(event),
    }
    row, parent = await statements.insert_reply(session, columns)
    if row is None:
        earlier = await _earlier(session, author_id, client_key, content, parent_id=parent_id)
        if earlier is None:
            raise _why_not(parent)
        return earlier
    post_id, thread_id = UUID(row.id), UUID(row.thread_id)
    cover = await quotes.cover_in(session, thread_id, content.html, content.note_about)
    if not cover.hides_nothing:
        await quotes.cover(session, post_id, cover)
        row = row._replace(body_html=cover.html or content.html)
    return Published(post_id, thread_id, row)


def _event(
    content: Content,
    *,
    post_id: UUID,
    author_id: UUID,
    parent_id: UUID | None = None,
    intent: Intent | None = None,
) -> PostPublished:
    """As of a root. The statement puts in the space; of a reply its thread and their authors."""
    return PostPublished(
        post_id=post_id,
        thread_id=post_id,
        parent_id=parent_id,
        author_id=author_id,
        parent_author_id=None,
        thread_author_id=author_id,
        intent=intent,
        length=len(content.source),
        has_note=content.note_about is not None,
        revision=1,
    )


def _as_columns(event: PostPublished) -> dict[str, Any]:
    return {
        "event_type": event.event_type,
        "event": event.model_dump_json(),
    }


def _why_not(parent: statements.Parent | None) -> ProblemError:
    if parent is None or not parent.is_seen:
        return PostNotFoundError()
    return PostWithdrawnError() if parent.is_withdrawn else PostHiddenError()


async def _earlier(
    session: AsyncSession,
    author_id: UUID,
    client_key: UUID | None,
    content: Content,
    *,
    parent_id: UUID | None = None,
    intent: Intent | None = None,
) -> Published | None:
    """What the first try with this key wrote; raises KeyReusedError when it said something else.

    The key stays while the words are changed, so that an answer that was lost never makes two
    posts of one: whoever sends other words is told which post is there.
    """
    if client_key is None:
        return None
    post = await session.scalar(
        select(Post).where(col(Post.author_id) == author_id, col(Post.client_key) == client_key)
    )
    if post is None:
        return None
    body, note_about = await _first_words(session, post)
    is_other = (
        post.parent_id != parent_id
        or body != content.source
        or (post.note_by != "moderator" and note_about != content.note_about)
        or (post.revision == 1 and post.intent != intent)
    )
    if is_other:
        raise KeyReusedError(post_id=str(post.id))
    return Published(post.id, post.thread_id, row=None)


async def _first_words(session: AsyncSession, post: Post) -> tuple[str, str | None]:
    """Text and note as they were sent, before any edit."""
    if post.revision == 1:
        return post.body_source, post.note_about
    first = await session.get_one(PostRevision, (post.id, 1))
    return first.body_source, first.note_about
