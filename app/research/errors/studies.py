"""What can go wrong with a study: its sheet, its waves, its plan, and the advice on it."""

from collections.abc import Sequence

from app.core.errors import ConflictError, InvalidError, NotFoundError


class StudyNotFoundError(NotFoundError):
    """No such study, or one that is still being prepared."""

    title = "We can't find that study"
    default_detail = "It may not have started yet, or the link may be wrong."


class StudyClosedError(ConflictError):
    """The study takes nobody in any more."""

    type = "study-closed"
    title = "This study has ended"
    default_detail = "Nobody can join it any more. Thank you for asking."


class StudyNotReadyError(ConflictError):
    """The study isn't in the state that the act needs; the detail says why."""

    type = "study-not-ready"
    title = "The study isn't ready for that"
    default_detail = "Write its information sheet first."


class TitleTakenError(ConflictError):
    """Another study has this title."""

    type = "title-taken"
    title = "Another study has this title"
    default_detail = "Please choose a different one."


class SheetChangedError(ConflictError):
    """The information sheet has a newer version than the one that was read."""

    type = "sheet-changed"
    title = "The information sheet has changed"
    default_detail = "Please read the new one, then choose. Nothing has been recorded."


class SameSheetError(ConflictError):
    """The newest sheet says exactly this: a new version would ask people about nothing new."""

    type = "same-sheet"
    title = "Nothing has changed"

    def __init__(self, version: int) -> None:
        super().__init__(
            f"Version {version}, the newest, says exactly this already. Change what "
            "should be different, then publish it.",
            sheet_version=version,
        )


class BadWavesError(InvalidError):
    """Waves that stand too close together, too late, or are no row of weeks."""

    type = "bad-waves"
    title = "These weeks can't be used"
    default_detail = "Please change them."


class NotSignedOffError(ConflictError):
    """A study was to open while an adviser has not signed off what its participants will read."""

    type = "not-signed-off"
    title = "An adviser hasn't signed it off yet"

    def __init__(self, unsigned: Sequence[str]) -> None:
        super().__init__(
            f"Not signed off yet: {', '.join(unsigned)}. An adviser finds it under “Advising”. "
            "What they say of it is on the page “Advice” of the study. Nothing was opened.",
            unsigned=list(unsigned),
        )


class ReviewNotFoundError(NotFoundError):
    """No such comment of an adviser."""

    title = "We can't find that comment"


class PlanNotSignedError(ConflictError):
    """The first freeze of a study whose analysis plan nobody has signed."""

    type = "plan-not-signed"
    title = "The analysis plan isn't signed yet"
    default_detail = (
        "Before a study is first frozen, write what will be looked at on its page “Analysis plan”, "
        "and let someone else read and sign it. Nothing was frozen."
    )


class PlanChangedError(ConflictError):
    """A version of the analysis plan that is not the newest was to be signed."""

    type = "plan-changed"
    title = "There is another version of the plan"
    default_detail = "Please read the newest version, then sign that one. Nothing was signed."
