"""What can go wrong with a release: asking for it, deciding about it, and what it lets out."""

from app.core.errors import ConflictError, ForbiddenError, NotFoundError


class NotReleasedError(ConflictError):
    """No checker has let this file out."""

    type = "not-released"
    title = "This file has not been released"
    default_detail = (
        "A checker who did not ask for it has to do that before it can leave. You can ask on the "
        "page of the dataset."
    )


class AgreementEndedError(ConflictError):
    """The data agreement under which these rows could leave has run out."""

    type = "agreement-ended"
    title = "The data agreement has run out"
    default_detail = (
        "Nothing was handed out. Rows that were downloaded before must be deleted, as the "
        "agreement says."
    )


class ActsNotCoveredError(ConflictError):
    """Rows of acts of a study whose sheet does not speak of them."""

    type = "acts-not-covered"
    title = "Rows of acts can't leave from this study"
    default_detail = (
        "Nobody in this dataset has agreed under a sheet which says that rows of single acts may "
        "leave and that people could be recognised by them."
    )


class AnswersNotCoveredError(ConflictError):
    """Rows of answers of a study whose sheet does not speak of them, or that asks nothing."""

    type = "answers-not-covered"
    title = "Rows of answers can't leave from this study"
    default_detail = (
        "Nobody in this dataset has agreed under a sheet which says that their answers may leave "
        "as rows and that people could be recognised by them. Ask for the periods instead: they "
        "tell scores in bands."
    )


class SecondPersonError(ForbiddenError):
    """Whoever froze or asked decides about it."""

    type = "second-person"
    title = "Someone else has to do this"
    default_detail = "You froze this or asked for it yourself."


class ReleaseDecidedError(ConflictError):
    """A request for release was decided before."""

    type = "release-decided"
    title = "This was decided before"
    default_detail = "You can ask for the release again if things have changed."


class ReleaseNotFoundError(NotFoundError):
    """No such request or agreement."""

    title = "We can't find that request"
    default_detail = "The link may be wrong. Please go back to the releases."


class AttackSucceededError(ConflictError):
    """The attacks name people from this file, so it can't be released."""

    type = "attack-succeeded"
    title = "People could be recognised in this file"
    default_detail = (
        "The attacks that are run on every file before it leaves named people from this one. "
        "Refuse it, and freeze a dataset with fewer or coarser columns."
    )
