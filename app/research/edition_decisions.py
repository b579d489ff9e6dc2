"""Edition decisions: a checker releases an edition or refuses it, once, with a note."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, text
from app.core.errors import InvalidError
from app.research import datasets, editions, evaluations, outside_results
from app.research.dataset_models import Dataset
from app.research.edition_models import Edition, EditionDecision, EditionState
from app.research.edition_texts import has_part_in
from app.research.errors.editions import (
    EditionDecidedError,
    EditionNotReadyError,
    EditionNotSignedOffError,
)
from app.research.errors.releases import SecondPersonError
from app.research.release_models import Decided


async def decide(
    session: AsyncSession,
    edition: Edition,
    dataset: Dataset,
    *,
    decision: Decided,
    note: str,
    by: UUID,
) -> EditionDecision:
    """Release or refuse. The study, `dataset` and `edition` must be locked, in this order; the
    database asks all of it again.

    Raises SecondPersonError, EditionNotReadyError, EditionDecidedError, and for a release
    EditionNotSignedOffError or StaleResultsError. That of a closed dataset is withdrawn, and so not
    ready.
    """
    froze = await datasets.has_frozen(session, dataset.id, by)
    if froze or await has_part_in(session, edition, by):
        raise SecondPersonError(
            "You made this edition, wrote its text or froze its dataset. Someone else decides."
        )
    record = await editions.record_of(session, edition)
    if record.decision is not None:
        raise EditionDecidedError
    if edition.state != EditionState.READY:
        raise EditionNotReadyError
    if decision is Decided.RELEASED:
        if not record.is_signed_off:
            raise EditionNotSignedOffError
        await outside_results.note_released(
            session, await evaluations.access(session, edition.evaluation_id)
        )
    made = EditionDecision(
        study_id=edition.study_id,
        edition_id=edition.id,
        decision=decision,
        note=_note(note),
        decided_by=by,
        decided_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    return made


def _note(words: str) -> str:
    said = text.clean(words, limit=1_000, pointer="/note")
    if len(said) < 3:
        raise InvalidError("Please say in a few words why.", pointer="/note")
    return said
