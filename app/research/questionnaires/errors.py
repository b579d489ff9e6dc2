"""What can go wrong with questionnaires, in words that say what to do next."""

from datetime import datetime

from app.core import clock
from app.core.errors import ConflictError, InvalidError, NotFoundError


class BadQuestionPlanError(InvalidError):
    """A plan that asks for what can't be asked."""

    type = "bad-question-plan"
    title = "The questions can't be planned like this"
    default_detail = "Please choose at least one instrument."


class WaveNotFoundError(NotFoundError):
    """The study has no such wave, or asks nothing in it."""

    type = "wave-not-found"
    title = "We can't find these questions"
    default_detail = "The link may be wrong. What is waiting for you stands under Questionnaires."


class WaveNotOpenError(ConflictError):
    """Before it opens, or after the last day on which it is taken."""

    type = "wave-not-open"
    title = "These questions aren't open"

    def __init__(self, opens_at: datetime) -> None:
        is_early = clock.now() < opens_at
        super().__init__(
            "They open later. You can close this and come back then."
            if is_early
            else "The time for answering them is over, so nothing more is kept. What you answered "
            "before stays. Thank you.",
            opens_at=opens_at.isoformat() if is_early else None,
        )


class NotAgreedError(ConflictError):
    """Consent to questionnaires is not in force."""

    type = "questionnaires-not-agreed"
    title = "You don't agree to questionnaires now"
    default_detail = (
        "So nothing more is kept. To answer, agree to them on the page of the study first."
    )


class ResponseDoneError(ConflictError):
    """Everything was handed in before."""

    type = "response-done"
    title = "You've handed this in already"
    default_detail = "Your answers are kept as they were. Nothing else is needed. Thank you."


class AnswerNotPossibleError(InvalidError):
    """An answer that its question can't have."""

    type = "bad-answer"
    title = "That answer doesn't fit the question"
    default_detail = "Please choose again, or skip the question. Your other answers are kept."


class QuestionNotAskedError(InvalidError):
    """An answer to a question that these answers don't lead to, or that the wave doesn't ask."""

    type = "question-not-asked"
    title = "That question isn't asked here"
    default_detail = (
        "It doesn't follow from the answers before it. Please open the questions again. Your other "
        "answers are kept."
    )


class ContactNotFoundError(NotFoundError):
    """No such request in this study, or somebody has answered it."""

    type = "contact-not-found"
    title = "Nobody waits here"
    default_detail = "Somebody of the team may have been in touch already. Please look again."


class StopLinkError(InvalidError):
    """The token of a stop link is not one of ours."""

    type = "stop-link-wrong"
    title = "This link doesn't work"
    default_detail = (
        "It may have been cut off in the e-mail. You can also stop invitations after signing in, "
        "under Questionnaires."
    )
