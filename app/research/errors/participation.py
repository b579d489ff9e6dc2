"""What can go wrong when somebody takes part in a study, or stops."""

from app.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError


class NotTakingPartError(NotFoundError):
    """The member has no part in this study."""

    type = "not-taking-part"
    title = "You're not in this study"
    default_detail = "It holds nothing about you."


class StaffStandApartError(ForbiddenError):
    """Staff are never participants: who runs, moderates or checks is not who is studied."""

    type = "staff-stand-apart"
    title = "Staff don't take part in studies"
    default_detail = (
        "Your account has a staff role. Please use another "
        "account, without this role, if you want to take part as a member. What a study recorded "
        "about you before is still under My data."
    )


class NothingChosenError(InvalidError):
    """Joining means agreeing to something."""

    type = "nothing-chosen"
    title = "Nothing is ticked"
    default_detail = (
        "Please choose at least one thing you agree to. If there is nothing, you don't need to do "
        "anything: not taking part changes nothing for you here."
    )


class JoiningTwiceError(ConflictError):
    """Two windows of one member joined in the same moment."""

    type = "joining-twice"
    title = "You've just joined in another window"
    default_detail = "You can see what you agreed to under My data."


class PurposeNotAskedError(InvalidError):
    """A yes to something that the study does not ask for."""

    type = "purpose-not-asked"
    title = "This study doesn't ask for that"
    default_detail = "Please read its information again."
