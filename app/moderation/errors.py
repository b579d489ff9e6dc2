"""What can go wrong, in words that say what to do next."""

from app.core.errors import ConflictError, ForbiddenError, NotFoundError


class OwnPostError(ForbiddenError):
    """Someone tried to flag what they wrote themselves."""

    type = "flag-own-post"
    title = "This one is yours"
    default_detail = (
        "You can't flag your own words, but you can edit them or take them back. If you're having "
        "a hard time, Help now is at the top of the page."
    )


class PostWithdrawnError(ConflictError):
    """The author took the post back before it was flagged."""

    type = "flag-taken-back"
    title = "It has been taken back"
    default_detail = (
        "The person who wrote this has taken it back, so there is nothing left to look at. If "
        "you're worried about them, a kind word helps. If they may be in danger right now, call "
        "999, or Samaritans on 116 123."
    )


class CaseConflictError(ForbiddenError):
    """The moderator has a part in this case; the detail says which."""

    type = "own-case"
    title = "Someone else will look at this one"
    default_detail = "You have a part in this yourself, so another moderator will decide."


class CaseClaimedError(ConflictError):
    """Another moderator holds the case."""

    type = "case-claimed"
    title = "Someone is looking at this one"
    default_detail = "Another moderator is looking at this case. Please take the next one."


class LeaseLostError(ConflictError):
    """The claim has run out, or was never made."""

    type = "lease-lost"
    title = "You're not holding this case"
    default_detail = (
        "Your time with this case has run out, so it is free for everyone again. Claim it once "
        "more to go on. What you wrote is still here."
    )


class AlreadyDecidedError(ConflictError):
    """Someone decided first."""

    type = "already-decided"
    title = "This case has been decided"
    default_detail = "Another moderator has decided this case. You can read what they did."


class CaseChangedError(ConflictError):
    """The case is no longer as the moderator saw it."""

    type = "case-changed"
    title = "Something changed while you were reading"
    default_detail = (
        "This case has changed since you opened it. Please read it again, then decide. What you "
        "wrote is still here."
    )


class TextChangedError(ConflictError):
    """The author edited the post after the moderator read it."""

    type = "text-changed"
    title = "The text was edited while you were reading"
    default_detail = (
        "The person who wrote this has edited it since you opened it. Please read it again, then "
        "decide. What you wrote is still here."
    )


class ActNotOpenError(ConflictError):
    """The act makes no sense for the post as it stands; the detail says why."""

    type = "act-not-open"
    title = "That can't be done here"
    default_detail = "That can't be done with this post as it stands. Please choose another act."


class NothingToAskError(ConflictError):
    """There is no decision about the post that a second look could be asked for."""

    type = "nothing-to-ask"
    title = "There is nothing to look at again"
    default_detail = (
        "No moderator has changed anything about this, or another has already looked again."
    )


class CaseNotFoundError(NotFoundError):
    """No such case."""

    type = "case-not-found"
    title = "We can't find that case"
    default_detail = "The link may be wrong. Please go back to the queue."
