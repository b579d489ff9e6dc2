"""Posts and replies: written, changed, taken back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Response

from app.api.deps import (
    Deleter,
    Editor,
    Member,
    Poster,
    ReadPool,
    ReadSession,
    Replier,
    WriteSession,
)
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.responses import ready
from app.api.routes.wall import Cursor
from app.api.schemas.posts import Post, PostWrite, ReplyWrite, Revision
from app.community import policies, posts, queries
from app.community.errors import (
    EditedTooOftenError,
    KeyReusedError,
    NotYoursError,
    PostHiddenError,
    PostingLimitedError,
    PostNotFoundError,
    PostWithdrawnError,
)
from app.community.posts import Published
from app.core.pages import BadCursorError, Page
from app.moderation import premoderation

router = resource("posts", prefix="/posts", responses=OF_THE_COMMUNITY)

#: One key a text, made by the browser: a retry finds what the first try wrote.
IdempotencyKey = Annotated[UUID | None, Header()]

AGAIN: dict[int | str, dict[str, Any]] = {
    200: {"model": Post, "description": "Sent before with this key: the same post."}
}


@router.post(
    "",
    response_model=Post,
    status_code=201,
    responses={**problems(KeyReusedError, PostingLimitedError), **AGAIN},
)
async def publish_post(
    body: PostWrite, actor: Poster, session: WriteSession, idempotency_key: IdempotencyKey = None
) -> Response:
    """Put a post on the wall."""
    published = await posts.publish(
        session,
        author_id=actor.member_id,
        body=body.body,
        intent=body.intent,
        note_about=body.note_about,
        client_key=idempotency_key,
    )
    if published.is_premoderated:
        await premoderation.open_case(session, published.id)
    return ready(await queries.published(session, actor, published), _status(published))


@router.post(
    "/{post_id}/replies",
    response_model=Post,
    status_code=201,
    responses={
        **problems(
            PostNotFoundError,
            PostWithdrawnError,
            PostHiddenError,
            KeyReusedError,
            PostingLimitedError,
        ),
        **AGAIN,
    },
)
async def reply_to_post(
    post_id: UUID,
    body: ReplyWrite,
    actor: Replier,
    session: WriteSession,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Reply to a post or a reply; a reply to a reply joins its thread."""
    published = await posts.reply(
        session,
        author_id=actor.member_id,
        parent_id=post_id,
        body=body.body,
        note_about=body.note_about,
        client_key=idempotency_key,
        sees_hidden=policies.sees_hidden(actor),
    )
    if published.is_premoderated:
        await premoderation.open_case(session, published.id)
    return ready(await queries.published(session, actor, published), _status(published))


def _status(published: Published) -> int:
    return 200 if published.is_repeat else 201


@router.get("/{post_id}", response_model=Post, responses=problems(PostNotFoundError))
async def read_post(post_id: UUID, actor: Member, pool: ReadPool) -> Response:
    """One post or reply."""
    return ready(await queries.post(pool, actor, post_id))


@router.put(
    "/{post_id}",
    response_model=Post,
    responses=problems(
        PostNotFoundError,
        NotYoursError,
        PostWithdrawnError,
        EditedTooOftenError,
        PostingLimitedError,
    ),
)
async def edit_post(
    post_id: UUID, body: PostWrite, actor: Editor, session: WriteSession
) -> Response:
    """Change one's own text, intent and note. The former text is kept."""
    post = await posts.access(session, actor, post_id, lock=True)
    policies.can_change(actor, post).enforce()
    await posts.edit(
        session,
        post,
        body=body.body,
        intent=body.intent,
        note_about=body.note_about,
    )
    return ready(await queries.written(session, actor, post_id))


@router.delete("/{post_id}", status_code=204, responses=problems(PostNotFoundError, NotYoursError))
async def withdraw_post(post_id: UUID, actor: Deleter, session: WriteSession) -> None:
    """Delete one's own post. Its text is shown to nobody any more; replies to it stay."""
    post = await posts.access(session, actor, post_id, lock=True)
    policies.can_change(actor, post).enforce()
    await posts.withdraw(session, post)


@router.get(
    "/{post_id}/revisions",
    responses=problems(PostNotFoundError, NotYoursError, BadCursorError),
)
async def list_revisions(
    post_id: UUID, actor: Member, session: ReadSession, cursor: Cursor = None
) -> Page[Revision]:
    """A page of what a post said before it was edited, the latest first: for its author and
    moderators."""
    post = await posts.access(session, actor, post_id)
    policies.can_read_revisions(actor, post).enforce()
    found = await posts.revisions(session, post, cursor=cursor)
    return Page(
        next_cursor=found.next_cursor,
        items=[
            Revision(
                revision=former.revision,
                body_source=former.body_source,
                body_html=former.body_html,
                created_at=former.created_at,
            )
            for former in found.items
        ],
    )
