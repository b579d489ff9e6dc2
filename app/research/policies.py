"""What may be done with a study as it stands: one predicate an act, with the reason why not."""

from app.core.verdicts import YES, Verdict, no
from app.research.models import Study, StudyState


def can_open(study: Study, *, has_purpose: bool, has_sheet: bool) -> Verdict:
    """A study opens once, and only with something to agree to and something to read."""
    if study.state != StudyState.DRAFT:
        return no("This study has been opened before.")
    if not has_purpose:
        return no("It asks people for nothing. Begin one that does.")
    if not has_sheet:
        return no("Write its information sheet first.")
    return YES


def can_close(study: Study) -> Verdict:
    """Only what is open can be closed, and it stays closed."""
    if study.state != StudyState.OPEN:
        return no("Only an open study can be closed.")
    return YES


def can_publish_sheet(study: Study) -> Verdict:
    """A closed study's sheet is part of its record."""
    if study.state == StudyState.CLOSED:
        return no("The sheet of a closed study stays as it is.")
    return YES


def can_see(study: Study, *, is_researcher: bool) -> bool:
    """A study that is still being prepared is known to researchers only."""
    return is_researcher or study.state != StudyState.DRAFT
