"""What can go wrong, in words that say what to do next."""

from app.core.errors import ConflictError, ForbiddenError, NotFoundError


class FlagOwnPostError(ForbiddenError):
    """Someone tried to flag what they wrote themselves."""

    type = "flag-own-post"
    title = "This one is yours"
    default_detail = (
        "You can't flag your own words, but you can edit or delete them. If you're having "
        "a hard time, Help now is at the top of the page."
    )


class FlagTakenBackError(ConflictError):
    """The author took the post back before it was flagged."""

    type = "flag-taken-back"
    title = "It has been deleted"
    default_detail = (
        "There is nothing left to look at. If you're worried about the person who wrote it, you "
        "can tell us about another post of theirs. If they may be in danger right now, call "
        "999, or Samaritans on 116 123."
    )


class CaseConflictError(ForbiddenError):
    """The moderator has a part in this case; the detail says which."""

    type = "own-case"
    title = "You can't decide this one"
    default_detail = "You have a part in this yourself, so only another moderator can decide."


class CaseClaimedError(ConflictError):
    """Another moderator holds the case."""

    type = "case-claimed"
    title = "This case is taken"
    default_detail = "Another moderator has it. Please take the next one."


class LeaseLostError(ConflictError):
    """The claim has run out, or was never made."""

    type = "lease-lost"
    title = "You don't have this case"
    default_detail = (
        "You haven't claimed it, or your time with it has run out. Claim it to go on. What you "
        "wrote is still here."
    )


class AlreadyDecidedError(ConflictError):
    """Someone decided first."""

    type = "already-decided"
    title = "This case has been decided"
    default_detail = "You can read what was done. What you wrote is still here."


class CaseChangedError(ConflictError):
    """The case is no longer as the moderator saw it."""

    type = "case-changed"
    title = "This case changed while you were reading"
    default_detail = "Please read it again, then decide. What you wrote is still here."


class TextChangedError(ConflictError):
    """The author edited the post after the moderator read it."""

    type = "text-changed"
    title = "The text was edited while you were reading"
    default_detail = "Please read it again, then decide. What you wrote is still here."


class ActNotOpenError(ConflictError):
    """The act makes no sense for the post as it stands; the detail says why."""

    type = "act-not-open"
    title = "That can't be done with this post"
    default_detail = "Please choose another act."


class CannotReachError(ConflictError):
    """The author would not read what is written to them here."""

    type = "cannot-reach"
    title = "They can't be written to here"
    default_detail = (
        "The person who wrote this doesn't read here now, so your words would not reach them. "
        "Nothing was sent. If you're worried about them, ask the safeguarding lead."
    )


class NoLeadError(ConflictError):
    """There is no safeguarding lead without a part in the case."""

    type = "no-lead"
    title = "There is nobody to ask"
    default_detail = (
        "There is no other safeguarding lead who could look at this one. Please go on with it "
        "yourself, and tell an administrator. If someone may be in danger right now, call 999."
    )


class NothingToAppealError(ConflictError):
    """There is no decision about the post that could be appealed against."""

    type = "nothing-to-appeal"
    title = "There is nothing to appeal against"
    default_detail = (
        "No moderator has changed anything about this, or another has already looked again."
    )


class AppealedAlreadyError(ConflictError):
    """Someone who has appealed already appeals in other words."""

    type = "appealed-already"
    title = "You have appealed already"
    default_detail = (
        "Another moderator will read what you wrote then. What you wrote now has not been added."
    )


class SanctionNotFoundError(NotFoundError):
    """No such sanction, or not one that this person may know of."""

    type = "sanction-not-found"
    title = "We can't find that"
    default_detail = "The link may be wrong. Please go back and open it again."


class OwnProposalError(ForbiddenError):
    """Whoever proposed a suspension, or has a part in the case, confirms nothing; the detail says
    which."""

    type = "own-proposal"
    title = "This takes two"
    default_detail = "You proposed this yourself, so another moderator has to agree."


class SanctionSettledError(ConflictError):
    """Another moderator has answered already."""

    type = "sanction-settled"
    title = "Another moderator has answered this"
    default_detail = "You can read in the case what became of it."


class CaseNotFoundError(NotFoundError):
    """No such case."""

    type = "case-not-found"
    title = "We can't find that case"
    default_detail = "The link may be wrong. Please go back to the queue."
