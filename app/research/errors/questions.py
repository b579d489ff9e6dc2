"""What can go wrong with a question to a study."""

from app.core.errors import BusyError, ConflictError, InvalidError


class NotAskableError(InvalidError):
    """A question names something that can't be asked; the detail says what can."""

    type = "not-askable"
    title = "That can't be asked"
    default_detail = "Please choose among the fields and measures that there are."


class TooFewToTellError(ConflictError):
    """A question about fewer people than a table may be about."""

    type = "too-few-to-tell"
    title = "There are too few people for a table"
    default_detail = (
        "Fewer than 10 people in this study are like that, so no figure about them is shown. "
        "Please ask with fewer filters, or come back when more have joined."
    )


class QuestionTooSlowError(BusyError):
    """A question that was not counted within its time."""

    type = "question-too-slow"
    title = "This question took too long to count"
    default_detail = "Please ask for less at once."
