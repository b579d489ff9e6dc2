"""What happens in the community, as ids and facts. Never what someone wrote."""

from typing import Literal
from uuid import UUID

from app.community.choices import BreakLength, Intent, NotificationKind, ReactionKind
from app.core.events import Event


class PostEvent(Event):
    """Something happened to a post or a reply."""

    post_id: UUID
    thread_id: UUID
    author_id: UUID
    #: Where the post stands. Older events, all of the wall, lack it.
    space_id: UUID | None = None
    #: Who began the thread: who does not see the root is not told of what stands below it. Older
    #: events of a thread that is no more lack it.
    thread_author_id: UUID | None = None

    @property
    def topics(self) -> list[str]:
        """The space (roots, and replies as changes of a count) and the thread."""
        return [f"space:{self.space_id}", f"thread:{self.thread_id}"]


class PostPublished(PostEvent):
    """A post or a reply (then it has a parent) stands on the wall."""

    type: Literal["post.published"] = "post.published"
    parent_id: UUID | None
    parent_author_id: UUID | None
    intent: Intent | None
    #: Characters of the text.
    length: int
    #: Whether its author put a content note on it.
    has_note: bool
    revision: int
    #: Whether this reply is the first by somebody else than the thread's author. Older events lack
    #: it, and the next field.
    is_first_answer: bool = False
    #: Whole seconds between the root and this reply; none for a root.
    root_age_seconds: int | None = None


class PostEdited(PostEvent):
    """The author changed the text, the intent or the note; the former text is kept."""

    type: Literal["post.edited"] = "post.edited"
    length: int
    revision: int


class PostWithdrawn(PostEvent):
    """The author took it back. Its text is served to nobody from here on."""

    type: Literal["post.withdrawn"] = "post.withdrawn"


class PostHidden(PostEvent):
    """A moderator hid it: its author and moderators see it, nobody else."""

    type: Literal["post.hidden"] = "post.hidden"


class PostFolded(PostEvent):
    """A moderator put a content note on it: it stays folded until opened."""

    type: Literal["post.folded"] = "post.folded"


class PostCovered(PostEvent):
    """It quotes what was hidden or restored just now: the quote was covered, or uncovered."""

    type: Literal["post.covered"] = "post.covered"


class PostRestored(PostEvent):
    """A moderator took the hiding back."""

    type: Literal["post.restored"] = "post.restored"


class _ReactionEvent(PostEvent):
    actor_id: UUID
    kind: ReactionKind


class ReactionGiven(_ReactionEvent):
    """`actor_id` gave a reaction to a post of `author_id`."""

    type: Literal["reaction.given"] = "reaction.given"


class ReactionTakenBack(_ReactionEvent):
    """`actor_id` took a reaction back."""

    type: Literal["reaction.taken_back"] = "reaction.taken_back"


class NotificationMade(Event):
    """A member has something new to hear of; goes to that member alone."""

    type: Literal["notification.made"] = "notification.made"
    member_id: UUID
    #: What it is about.
    kind: NotificationKind

    @property
    def topics(self) -> list[str]:
        """The member's own."""
        return [f"me:{self.member_id}"]


class NotificationUnmade(Event):
    """What a member was told of is no more (taken back, hidden) or open again. To them alone."""

    type: Literal["notification.unmade"] = "notification.unmade"
    member_id: UUID

    @property
    def topics(self) -> list[str]:
        """The member's own."""
        return [f"me:{self.member_id}"]


class _BreakEvent(Event):
    member_id: UUID

    @property
    def topics(self) -> list[str]:
        """The member's own: no other member hears of it."""
        return [f"me:{self.member_id}"]


class BreakTaken(_BreakEvent):
    """A member began a break from the community."""

    type: Literal["break.taken"] = "break.taken"
    length: BreakLength


class BreakEnded(_BreakEvent):
    """A member came back before their break was over. One that runs out is told by no event."""

    type: Literal["break.ended"] = "break.ended"


class _BetweenMembers(Event):
    """Told to nobody: servers follow it, and no socket gets it."""

    member_id: UUID
    other_id: UUID


class MemberBlocked(_BetweenMembers):
    """`member_id` blocked `other_id`: the two don't meet from now on."""

    type: Literal["member.blocked"] = "member.blocked"


class MemberUnblocked(_BetweenMembers):
    """`member_id` took their block back."""

    type: Literal["member.unblocked"] = "member.unblocked"


class MemberMuted(_BetweenMembers):
    """`member_id` reads nothing of `other_id` from now on."""

    type: Literal["member.muted"] = "member.muted"


class MemberUnmuted(_BetweenMembers):
    """`member_id` reads `other_id` again."""

    type: Literal["member.unmuted"] = "member.unmuted"
