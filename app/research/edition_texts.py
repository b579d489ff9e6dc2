"""Edition texts: what researchers write around the figures, in versions that never change. A figure
stands in it by its name, which is checked when the text is saved."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock, text
from app.core.errors import InvalidError
from app.core.number_format import figure
from app.research import edition_figures
from app.research.dataset_models import Dataset
from app.research.documents import catalogue
from app.research.documents.edition_kinds import EditionKind, Section
from app.research.documents.text import word_count
from app.research.edition_models import Edition, EditionText
from app.research.errors.datasets import DatasetNotFoundError
from app.research.errors.editions import EditionNotFoundError, EditionTextChangedError
from app.research.models import Study

#: Of one section.
MOST_WORDS: Final = 20_000


async def versions(session: AsyncSession, study_id: UUID, kind: EditionKind) -> list[EditionText]:
    """All versions of a text, the newest first."""
    query = (
        select(EditionText)
        .where(col(EditionText.study_id) == study_id, col(EditionText.kind) == kind)
        .order_by(col(EditionText.version).desc())
    )
    return list((await session.execute(query)).scalars())


async def newest(session: AsyncSession, study_id: UUID) -> Sequence[EditionText]:
    """The newest version of each kind that has one, in the order of the kinds."""
    latest = (
        select(col(EditionText.kind), func.max(EditionText.version))
        .where(col(EditionText.study_id) == study_id)
        .group_by(col(EditionText.kind))
    )
    query = select(EditionText).where(
        col(EditionText.study_id) == study_id,
        tuple_(col(EditionText.kind), col(EditionText.version)).in_(latest),
    )
    found = (await session.execute(query)).scalars()
    order = list(EditionKind)
    return sorted(found, key=lambda one: order.index(EditionKind(one.kind)))


async def get(
    session: AsyncSession, study_id: UUID, kind: EditionKind, version: int
) -> EditionText:
    """One version; raises EditionNotFoundError."""
    found = await session.get(EditionText, (study_id, kind, version))
    if found is None:
        raise EditionNotFoundError("There is no such version of this text.")
    return found


async def write(
    session: AsyncSession,
    study: Study,
    kind: EditionKind,
    sections: Mapping[str, str],
    *,
    based_on: int,
    dataset: Dataset,
    by: UUID,
) -> EditionText:
    """The next version. `study` must be locked. Raises EditionTextChangedError unless it is based
    on the newest, DatasetNotFoundError, and InvalidError or UnknownFigureError for what can't be
    kept."""
    if dataset.study_id != study.id:
        raise DatasetNotFoundError
    found = await versions(session, study.id, kind)
    latest = found[0].version if found else 0
    if based_on != latest:
        raise EditionTextChangedError(latest)
    kept = _cleaned(kind, sections)
    edition_figures.require_known(kept, await edition_figures.named(session, dataset.id))
    made = EditionText(
        study_id=study.id,
        kind=kind,
        version=latest + 1,
        sections=kept,
        dataset_id=dataset.id,
        written_by=by,
        written_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    return made


def _cleaned(kind: EditionKind, sections: Mapping[str, str]) -> dict[str, str]:
    """The sections that say something, in their order."""
    declared = catalogue.find(kind).sections
    for name in sections.keys() - {one.name for one in declared}:
        raise InvalidError("This edition has no such section.", pointer=f"/sections/{name}")
    return {
        one.name: _section(one, sections[one.name])
        for one in declared
        if sections.get(one.name, "").strip()
    }


def _section(declared: Section, words: str) -> str:
    pointer = f"/sections/{declared.name}"
    said = text.clean(words, limit=MOST_WORDS, pointer=pointer)
    count = word_count(said)
    if 0 < declared.most_words < count:
        raise InvalidError(
            f"This has {figure(count)} words, and {figure(declared.most_words)} fit on its page. "
            "Please shorten it; nothing is lost.",
            pointer=pointer,
        )
    return said


async def has_part_in(session: AsyncSession, edition: Edition, account_id: UUID) -> bool:
    """Whether the account made an edition, or wrote a version of what stands in it."""
    query = select(
        func.research.has_part_in_edition(edition.id, account_id, type_=Boolean),
    )
    return bool((await session.execute(query)).scalar_one())
