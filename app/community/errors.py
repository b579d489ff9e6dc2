"""What can go wrong in the community, in words for the person it happens to."""

from app.community.choices import EDITS_MOST
from app.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError


class PostNotFoundError(NotFoundError):
    """No such post, or not one you may see."""

    type = "post-not-found"
    title = "We can't find that post"
    default_detail = (
        "The person who wrote it may have deleted it, or a moderator may have hidden it for now."
    )


class MemberNotFoundError(NotFoundError):
    """No such member."""

    type = "member-not-found"
    title = "We can't find that person"
    default_detail = "They may have left. You can go back to the wall."


class NotYourselfError(ForbiddenError):
    """Blocks and mutes are for others."""

    type = "not-yourself"
    title = "This is you"
    default_detail = "You can mute or block other people here, not yourself."


class NotYoursError(ForbiddenError):
    """Only the author may change what they wrote."""

    type = "not-yours"
    title = "Someone else wrote this"
    default_detail = "Only the person who wrote it can change or delete it."


class OwnPostError(ForbiddenError):
    """Reactions are for others."""

    type = "own-post"
    title = "This is your own post"
    default_detail = "Reactions are for what others wrote. You can add a reply to it."


class PostWithdrawnError(ConflictError):
    """Its author took it back in the meantime."""

    type = "post-withdrawn"
    title = "This post was deleted"
    default_detail = (
        "Nothing can be added to it. What you wrote is still here: you can copy it, or send it to "
        "the wall as a post of your own."
    )


class EditedTooOftenError(ConflictError):
    """Each former text is kept, so there are so many and no more."""

    type = "edited-too-often"
    title = "This post can't be changed any more"
    default_detail = (
        f"You have changed it {EDITS_MOST} times, which is as often as a post can be changed. What "
        "you wrote is still here: you can copy it, and send it as a reply or as a new post."
    )


class PostHiddenError(ConflictError):
    """A moderator hid it; nothing can be added until that changes."""

    type = "post-hidden"
    title = "This post is hidden for now"
    default_detail = "Nothing can be added to it. What you wrote is still here."


class PostingLimitedError(ForbiddenError):
    """A moderator decided that the member doesn't write here for a while."""

    type = "posting-limited"
    title = "You can't write here for now"
    default_detail = (
        "A moderator decided this for a while. What you wrote is still here. Your page says why, "
        "until when, and how to appeal."
    )


class KeyReusedError(ConflictError):
    """The Idempotency-Key already stands for another post."""

    type = "key-reused"
    title = "What you sent before is there already"
    default_detail = (
        "It arrived, and you have changed the words since. You can change it to these words, or "
        "send these as well. What you wrote is still here."
    )


class NameTakenError(ConflictError):
    """Someone has this name, or one that looks just like it."""

    type = "name-taken"
    title = "That name is taken"
    default_detail = "Someone here has it already, or one that looks like it. Try another."


class BadNameError(InvalidError):
    """The display name can't be used."""

    type = "bad-name"
    title = "That name can't be used"
