"""Figures that a text can name: the parts of a dataset's outside results."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.research import outside_results
from app.research.documents import figures, text
from app.research.documents.figures import ReportFigure
from app.research.errors.editions import UnknownFigureError
from app.research.errors.evaluations import MeasuresNotComputedError
from app.research.evaluation_models import Evaluation, EvaluationState


async def evaluated(session: AsyncSession, dataset_id: UUID) -> Evaluation:
    """The newest evaluation of a dataset that is done, and of which something may be told to
    everybody; raises MeasuresNotComputedError."""
    query = (
        select(Evaluation)
        .where(
            col(Evaluation.dataset_id) == dataset_id,
            col(Evaluation.state) == EvaluationState.DONE,
        )
        .order_by(col(Evaluation.asked_at).desc(), col(Evaluation.id))
        .limit(1)
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None or not await outside_results.of(session, found.id):
        raise MeasuresNotComputedError
    return found


async def named(session: AsyncSession, dataset_id: UUID) -> Mapping[str, ReportFigure]:
    """The figures of a dataset by their names; raises MeasuresNotComputedError."""
    evaluation = await evaluated(session, dataset_id)
    return figures.all_of(await outside_results.of(session, evaluation.id))


def require_known(sections: Mapping[str, str], known: Iterable[str]) -> None:
    """Raises UnknownFigureError for the first name in a text that is no figure."""
    names = list(known)
    for section, words in sections.items():
        for name, nearest in text.unknown_names(words, names):
            raise UnknownFigureError(
                f"This dataset has no figure “{name}”. {_nearest(nearest)}",
                pointer=f"/sections/{section}",
            )


def _nearest(names: Sequence[str]) -> str:
    if not names:
        return "Please choose one from the list of figures."
    return f"The nearest there are: {', '.join(names)}."
