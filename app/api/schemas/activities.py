"""What the browser tells of reading."""

from uuid import UUID

from pydantic import Field

from app.api.schemas.posts import Body
from app.research.reading import MAX_ITEMS


class ReadItem(Body):
    """How long a post was in view. Which post it was is not kept."""

    post_id: UUID
    seconds: float = Field(ge=0, le=86_400, allow_inf_nan=False)


class ReadsWrite(Body):
    """A batch of them."""

    items: list[ReadItem] = Field(max_length=MAX_ITEMS)
