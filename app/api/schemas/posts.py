"""Posts as they are sent in, and as everyone may see them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body
from app.community.choices import BODY_LIMIT, Intent, ReactionKind, StaffRole
from app.core.pages import Page
from app.core.text import GENEROUS

#: Longer than we keep, so that the refusal can say in words how much fits.
LongText = Annotated[str, Field(max_length=GENEROUS * BODY_LIMIT)]


class NoteWrite(Body):
    """What the post mentions, so that people can choose when to open it."""

    about: LongText


class ReplyWrite(Body):
    """A reply. Up to 10,000 characters of Markdown."""

    body: LongText
    note: NoteWrite | None = None

    @property
    def note_about(self) -> str | None:
        """What the note says, when there is one."""
        return None if self.note is None else self.note.about


class PostWrite(ReplyWrite):
    """A post for the wall, or its new text."""

    intent: Intent | None = None


class Author(BaseModel):
    """Who wrote it, as members see them."""

    id: UUID
    display_name: str
    is_new: bool
    is_me: bool
    #: The role by which they act for the house, whatever their name says.
    staff_role: StaffRole | None


class Note(BaseModel):
    """A content note: the post stays folded until opened."""

    about: str
    by: Literal["author", "moderator"]


class Reactions(BaseModel):
    """Which reactions anyone gave, and one's own. Names and how many more: for the author alone."""

    given: list[ReactionKind]
    mine: list[ReactionKind]
    names: dict[ReactionKind, list[str]] | None
    more: dict[ReactionKind, int] | None


class Post(BaseModel):
    """A post or a reply. Its HTML is safe as it stands; withdrawn it holds no text."""

    id: UUID
    thread_id: UUID
    parent_id: UUID | None
    author: Author
    intent: Intent | None
    note: Note | None
    body_html: str
    body_source: str | None
    revision: int
    created_at: datetime
    edited_at: datetime | None
    state: Literal["visible", "withdrawn", "hidden"]
    reply_count: int
    is_answered: bool
    reactions: Reactions
    unread_replies: bool
    is_unseen: bool
    hidden_reason: str | None


class FoundPost(Post):
    """A post that search found. What was asked for stands between `<mark>` and `</mark>`, in
    `body_html` and in the words of the note, which is null without one."""

    note_html: str | None


class Found(Page[FoundPost]):
    """A page of what search found; members of that name stand on the first one."""

    members: list[Author]
    #: Whether more have such a name than are shown.
    has_more_members: bool


class Wall(Page[Post]):
    """A page of the wall. `position` is where the live stream goes on from."""

    position: str
    read_until: UUID | None
    #: How many posts at the top of this page wait for a reply; with `unanswered` alone.
    waiting_here: int
    #: On the first page without `unanswered`: how many posts of others have waited for hours, ten
    #: at most.
    waiting_count: int | None


class Thread(BaseModel):
    """A post with a page of its replies, the oldest first."""

    post: Post
    replies: Page[Post]
    position: str
    read_until: UUID | None


class Revision(BaseModel):
    """A former text."""

    revision: int
    body_source: str
    body_html: str
    created_at: datetime


class WallReadMarker(Body):
    """The position of the wall that was on screen."""

    position: Annotated[str, Field(max_length=100)]


class ThreadReadMarker(Body):
    """The last post of the thread that was on screen."""

    post_id: UUID
