"""Who may do what to a post: one predicate an act, with the reason when not."""

from app.community.errors import NotYoursError
from app.community.post_models import Post
from app.core.verdicts import YES, Verdict, no
from app.identity.actors import Actor
from app.identity.permissions import Permission


def sees_hidden(actor: Actor) -> bool:
    """Whether hidden posts are shown: to those who read cases."""
    return actor.may(Permission.MODERATION_CASES_READ)


def can_change(actor: Actor, post: Post) -> Verdict:
    """Edit and withdraw: the author alone. Moderators fold or hide; they never rewrite."""
    return YES if post.author_id == actor.member_id else no(NotYoursError.default_detail)


def can_read_revisions(actor: Actor, post: Post) -> Verdict:
    """Former texts: the author, and those who read cases."""
    if post.author_id == actor.member_id or sees_hidden(actor):
        return YES
    return no("Only the person who wrote it can see what it said before.")
