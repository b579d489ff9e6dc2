"""What can go wrong with an edition and its texts."""

from app.core.errors import ConflictError, InvalidError, NotFoundError


class EditionNotFoundError(NotFoundError):
    """No such edition, or none whose file may be read."""

    title = "We can't find that edition"
    default_detail = "It may have been withdrawn, or the link may be wrong."


class EditionNotReadyError(ConflictError):
    """Something was to be said or decided of an edition that is not made yet, or is no more."""

    type = "edition-not-ready"
    title = "This edition isn't ready"
    default_detail = "It is still being made, or it ended otherwise. Please look at the list."


class EditionNotSignedOffError(ConflictError):
    """An edition was to be released that no adviser has signed off, or that one wants changed."""

    type = "edition-not-signed-off"
    title = "An adviser hasn't signed off this edition"
    default_detail = (
        "An adviser finds it under “Advising”. Once it is signed off, it can be released."
    )


class EditionDecidedError(ConflictError):
    """A second decision about one edition."""

    type = "edition-decided"
    title = "This was decided before"
    default_detail = "If things have changed, a new edition can be made and decided about."


class EditionTextChangedError(ConflictError):
    """Somebody has written a newer version of the text since it was opened."""

    type = "edition-text-changed"
    title = "There is a newer version of this text"

    def __init__(self, newest: int) -> None:
        super().__init__(
            f"Version {newest} was written meanwhile. What you typed is still here: read the "
            "newest, take over what belongs in it, then save again.",
            newest=newest,
        )


class UnknownFigureError(InvalidError):
    """A text names a figure that the dataset doesn't have."""

    type = "unknown-figure"
    title = "There is no such figure"
