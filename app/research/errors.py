"""What can go wrong in research, in words that say what to do next."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from app.core.errors import (
    BusyError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)


class StudyNotFoundError(NotFoundError):
    """No such study, or one that is still being prepared."""

    title = "We can't find that study"
    default_detail = "It may not have started yet, or the link may be wrong."


class NotTakingPartError(NotFoundError):
    """The member has no part in this study."""

    type = "not-taking-part"
    title = "You're not in this study"
    default_detail = "It holds nothing about you."


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


class PurposeNotAskedError(InvalidError):
    """A yes to something that the study does not ask for."""

    type = "purpose-not-asked"
    title = "This study doesn't ask for that"
    default_detail = "Please read its information again."


class BadWavesError(InvalidError):
    """Waves that stand too close together, too late, or are no row of weeks."""

    type = "bad-waves"
    title = "These weeks can't be used"
    default_detail = "Please change them."


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


class ChartNotFoundError(NotFoundError):
    """No such chart: nothing was drawn, or it went with its dataset."""

    type = "chart-not-found"
    title = "There is no such chart"
    default_detail = "Its figures may be held back, or were computed before there were charts."


class DatasetNotFoundError(NotFoundError):
    """No such dataset."""

    title = "We can't find that dataset"
    default_detail = "The link may be wrong. Please go back to the datasets."


class EvaluationNotFoundError(NotFoundError):
    """Nobody has asked for the measures of this dataset."""

    type = "evaluation-not-found"
    title = "Nothing was computed yet"
    default_detail = "Nobody has asked for the measures of this dataset yet. You can ask for them."


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


class StaleResultsError(ConflictError):
    """Something is to be released of results whose audit did not know all that the study has
    released, or that are gone."""

    type = "stale-results"
    title = "These results must be computed again"
    default_detail = (
        "They were checked before something else of this study was released, or are no longer "
        "there. Please compute the measures again, make the report from them, and ask again."
    )


class BadPackageError(Exception):
    """An exported folder that is not as it was handed out; says in one line what is wrong."""


class InstrumentNotFoundError(NotFoundError):
    """No such instrument, version, or words."""

    title = "We can't find that instrument"
    default_detail = "The link may be wrong. Please go back to the list of instruments."


class InstrumentLockedError(ConflictError):
    """The words of a restricted instrument, asked for while no licence lets us show them."""

    type = "instrument-locked"
    title = "The words of this instrument are locked"

    def __init__(self, title: str, state: str) -> None:
        why = {
            "wordless": f"There is a licence of {title}, and its words were not entered yet.",
            "expired": f"The licence of {title} has run out or was ended.",
        }.get(state, f"{title} may be shown under a licence only, and none is recorded.")
        super().__init__(
            f"{why} An administrator can record a licence and enter the words of its holder under "
            "Licences. Its structure and its scoring can be seen without."
        )


class LicenceNotNeededError(ConflictError):
    """A licence or words for an instrument that everyone may show."""

    type = "licence-not-needed"
    title = "This instrument needs no licence"

    def __init__(self, title: str) -> None:
        super().__init__(f"The words of {title} come with Alongside and may be shown to anyone.")


class LicenceNotFoundError(NotFoundError):
    """No such licence of this instrument."""

    title = "We can't find that licence"
    default_detail = "The link may be wrong. Please go back to the licences."


class BadInstrumentError(Exception):
    """A file of an instrument, of its words or of unit costs that can't be used: says where, what
    is wrong, and what to do."""

    def __init__(self, path: Path, line: int, says: str) -> None:
        self.path, self.line, self.says = path, line, says
        super().__init__(f"{path.name}, line {line}: {says}")


class MeasuresNotComputedError(ConflictError):
    """Figures were asked for of a dataset whose measures are not all computed."""

    type = "measures-not-computed"
    title = "The measures of this dataset aren't computed yet"
    default_detail = "Have them computed on the page “Measures” of the dataset, then come back."


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


class ProjectPageChangedError(ConflictError):
    """Somebody has written a newer version of the project page since it was opened."""

    type = "project-page-changed"
    title = "There is a newer version of this page"

    def __init__(self, newest: int) -> None:
        super().__init__(
            f"Version {newest} was written meanwhile. What you typed is still here: read the "
            "newest, take over what belongs in it, then save again.",
            newest=newest,
        )


class ProjectNotFoundError(NotFoundError):
    """No study with this id that says something in public."""

    title = "We can't find that project"
    default_detail = "It may not have told anything yet, or the link may be wrong."
