"""Reactions to a post."""

from uuid import UUID

from app.api.deps import Reactor, WriteSession
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.community import reactions
from app.community.choices import ReactionKind
from app.community.errors import (
    OwnPostError,
    PostHiddenError,
    PostNotFoundError,
    PostWithdrawnError,
)

router = resource("posts", prefix="/posts/{post_id}/reactions", responses=OF_THE_COMMUNITY)


@router.put(
    "/{kind}",
    status_code=204,
    responses=problems(PostNotFoundError, OwnPostError, PostWithdrawnError, PostHiddenError),
)
async def give_reaction(
    post_id: UUID, kind: ReactionKind, actor: Reactor, session: WriteSession
) -> None:
    """Give a reaction. Once more changes nothing."""
    await reactions.give(session, actor, post_id=post_id, kind=kind)


@router.delete("/{kind}", status_code=204)
async def take_reaction_back(
    post_id: UUID, kind: ReactionKind, actor: Reactor, session: WriteSession
) -> None:
    """Remove one's own reaction. One that was never given changes nothing."""
    await reactions.take_back(session, actor, post_id=post_id, kind=kind)
