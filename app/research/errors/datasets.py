"""What can go wrong with a dataset: freezing it, keeping it, and checking an exported one."""

from datetime import date

from app.core.errors import ConflictError, NotFoundError


class TooFewInItError(ConflictError):
    """Fewer people than disclosure control can hide among each other, or nobody. How many is not
    told: asking again and again would show when somebody joins."""

    type = "too-few-in-it"
    title = "There are too few people in this study"

    def __init__(self, k: int) -> None:
        super().__init__(
            f"A dataset needs at least {k} people whose activity is recorded, so that nobody in "
            "it can be told apart. Come back when "
            "more have joined."
        )


class FrozenLatelyError(ConflictError):
    """The study was frozen less than 28 days ago, and no second person has allowed this freeze."""

    type = "frozen-lately"
    title = "This study was frozen not long ago"

    def __init__(self, again_on: date) -> None:
        super().__init__(
            "What differs between two datasets that follow each other closely tells what happened "
            f"in between. Freeze again from {again_on.day} {again_on:%B %Y} on, or ask a checker "
            "to allow this one with a reason."
        )


class DatasetNotFoundError(NotFoundError):
    """No such dataset."""

    title = "We can't find that dataset"
    default_detail = "The link may be wrong. Please go back to the datasets."


class DatasetClosedError(ConflictError):
    """Someone in it has withdrawn and asked to be erased."""

    type = "dataset-closed"
    title = "This dataset is closed"
    default_detail = (
        "Someone in it has had everything erased, so it can't be downloaded any more. If enough "
        "people are left, a dataset without them replaces it by itself."
    )


class DatasetChangedError(ConflictError):
    """The rows no longer give the bytes that were frozen. This must never happen."""

    type = "dataset-changed"
    title = "This dataset isn't what was frozen"
    default_detail = (
        "Nothing was handed out. Please tell the administrator, and freeze a new dataset."
    )


class BadPackageError(Exception):
    """An exported folder that is not as it was handed out; says in one line what is wrong."""
