"""Where studies get the text of a consenting author from: research itself knows no posts."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community.post_models import Post


async def text_of_post(session: AsyncSession, post_id: UUID) -> str | None:
    """The present text as its author wrote it; None once it was taken back."""
    post = await session.get(Post, post_id, populate_existing=True)
    return None if post is None or post.withdrawn_at is not None else post.body_source
