"""Members as others see them, what one did and what one hears of."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from app.api.schemas.posts import Post
from app.api.schemas.strict import Body
from app.community.choices import NotificationKind, ReactionKind, StaffRole


class Member(BaseModel):
    """A member as everyone sees them."""

    id: UUID
    display_name: str
    about: str
    joined_at: datetime
    is_new: bool
    #: The role by which they act for the house, whatever their name says.
    staff_role: StaffRole | None
    #: Whether I have muted them.
    is_muted: bool


class KeptAway(BaseModel):
    """Someone I have blocked or muted, and since when."""

    id: UUID
    display_name: str
    created_at: datetime


class Blocks(BaseModel):
    """Whom I have blocked and whom I have muted, the latest first."""

    blocked: list[KeptAway]
    muted: list[KeptAway]


class ActivityItem(BaseModel):
    """Something I did, and the post it was done with or to."""

    kind: Literal["post", "reply", "reaction"]
    reaction: ReactionKind | None
    at: datetime
    post: Post


class NotificationLine(BaseModel):
    """Who did something: `names`, and so many `more`; and what they did."""

    names: list[str]
    more: int
    said: str


class NotificationAbout(BaseModel):
    """My own words that it is about. Of what is folded, hidden or gone there is no excerpt."""

    is_reply: bool
    excerpt: str | None
    note: str | None


class Notification(BaseModel):
    """Something to hear of. Replies to one post are one item, and so are reactions to it: its id,
    time and post are those of the latest."""

    id: UUID
    kind: NotificationKind
    post_id: UUID | None
    thread_id: UUID | None
    #: The whole of it in words.
    text: str
    #: The same without the reason of a decision, and what can be done about it.
    what: str
    reason: str | None
    acts: list[Literal["edit", "appeal"]]
    #: Who did what, where anyone has a name in it.
    lines: list[NotificationLine]
    about: NotificationAbout | None
    #: How the latest reply begins, or what its content note says.
    excerpt: str | None
    note: str | None
    created_at: datetime
    is_read: bool


class NotificationsReadMarker(Body):
    """The newest notification that was on screen."""

    until: UUID
