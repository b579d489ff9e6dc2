"""What can go wrong when the team writes answers down for somebody, in words for the team."""

from app.core.errors import ConflictError, InvalidError, NotFoundError


class BadPseudonymError(InvalidError):
    """What was typed can't be the code of a participant: its check characters say so."""

    type = "bad-pseudonym"
    title = "One character of that code is wrong or missing"
    default_detail = (
        "Please read it again from their receipt or from My data. It looks like P-7K3QF-2X."
    )


class RespondentNotFoundError(NotFoundError):
    """Nobody in this study has this code, or they had everything erased."""

    type = "respondent-not-found"
    title = "Nobody in this study has that code"
    default_detail = (
        "It may be their code in another study, or they have left and had everything erased. "
        "Please ask them to look again."
    )


class BadDayError(InvalidError):
    """A day of paper on which these questions could not be answered."""

    type = "bad-day"
    title = "The day doesn't fit"
    default_detail = "It is still to come. Please type the day that is written on the paper."


class NotAgreedThenError(ConflictError):
    """On the day of the paper there was no consent to questionnaires, or there is none now."""

    type = "not-agreed-then"
    title = "They did not agree to questionnaires on that day, or don't now"
    default_detail = "So this paper can't be kept. Please give it back to them, or destroy it."


class PaperTypedError(ConflictError):
    """Two people have typed this paper, or nobody has."""

    type = "paper-typed"
    title = "This paper is at another step"
    default_detail = "Someone else has worked on it. Please open it again from the list."


class UndecidedError(InvalidError):
    """A confirmation that leaves a difference open, or decides where there is none."""

    type = "undecided"
    title = "Some differences are still open"
    default_detail = "Please look at the paper and decide each of them. Nothing is lost."
