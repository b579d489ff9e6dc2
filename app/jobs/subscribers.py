"""Everyone who reacts to events, in one list; and where studies get the text of a consenting author
from: research itself knows no posts."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import subscribers as community
from app.community.post_models import Post
from app.core.events import Subscriber
from app.programme import subscribers as programme
from app.research import subscribers as research


async def text_of_post(session: AsyncSession, post_id: UUID) -> str | None:
    """The present text as its author wrote it; None once it was taken back."""
    post = await session.get(Post, post_id, populate_existing=True)
    return None if post is None or post.withdrawn_at is not None else post.body_source


SUBSCRIBERS: tuple[Subscriber, ...] = (
    programme.SUBSCRIBER,
    community.SUBSCRIBER,
    research.ACTIVITY,
    research.ATTENDANCE,
    research.CLOSURES,
    research.ACCOUNTS,
    research.text_subscriber(text_of_post),
)
