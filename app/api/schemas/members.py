"""Members as others see them, what one did and what one hears of."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from app.api.schemas.posts import Body, Post
from app.community.words import NotificationKind, ReactionKind, StaffRole


class Member(BaseModel):
    """A member as everyone sees them."""

    id: UUID
    display_name: str
    about: str
    joined_at: datetime
    is_new: bool
    #: The role by which they act for the house, whatever their name says.
    staff_role: StaffRole | None


class ActivityItem(BaseModel):
    """Something I did, and the post it was done with or to."""

    kind: Literal["post", "reply", "reaction"]
    reaction: ReactionKind | None
    at: datetime
    post: Post


class Notification(BaseModel):
    """Something to hear of."""

    id: UUID
    kind: NotificationKind
    post_id: UUID | None
    thread_id: UUID | None
    text: str
    created_at: datetime
    is_read: bool


class NotificationsSeen(Body):
    """The newest notification that was on screen."""

    until: UUID
