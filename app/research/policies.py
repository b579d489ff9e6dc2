"""What may be done with a study as it stands: one predicate an act, with the reason why not."""

from collections.abc import Collection

from app.core.verdicts import YES, Verdict, no
from app.research.models import Purpose, Study, StudyState


def can_open(
    study: Study, *, asks: Collection[Purpose], has_sheet: bool, has_questions: bool
) -> Verdict:
    """A study opens once, and only with something to agree to and something to read; it asks
    questions if, and only if, it asks for consent to them."""
    if study.state != StudyState.DRAFT:
        return no("This study has been opened before.")
    if not asks:
        return no("It asks people for nothing. Begin one that does.")
    if Purpose.QUESTIONNAIRES in asks and not has_questions:
        return no("It asks for questionnaires. Plan what each wave asks first.")
    if has_questions and Purpose.QUESTIONNAIRES not in asks:
        return no("It plans questions without asking for consent to them. Begin one that asks.")
    if not has_sheet:
        return no("Write its information sheet first.")
    return YES


def can_close(study: Study) -> Verdict:
    """Only what is open can be closed, and it stays closed."""
    if study.state != StudyState.OPEN:
        return no("Only an open study can be closed.")
    return YES


def can_plan_questions(study: Study) -> Verdict:
    """What is asked stands before anyone joins, or waves could not be compared."""
    if study.state != StudyState.DRAFT:
        return no("What it asks was settled when it opened. Plan other questions in a new study.")
    return YES


def can_publish_sheet(study: Study) -> Verdict:
    """A closed study's sheet is part of its record."""
    if study.state == StudyState.CLOSED:
        return no("The sheet of a closed study stays as it is.")
    return YES


def can_see(study: Study, *, is_researcher: bool) -> bool:
    """A study that is still being prepared is known to researchers only."""
    return is_researcher or study.state != StudyState.DRAFT
