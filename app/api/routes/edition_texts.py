"""What researchers write for the editions of a study, in versions."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from app.api.deps import EditionWriter, Needs, ReadSession, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.edition_texts import (
    EditionTextLine,
    EditionTextLines,
    EditionTextRead,
    EditionTextWrite,
)
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import datasets, edition_texts, studies
from app.research.documents.edition_kinds import EditionKind
from app.research.errors.datasets import DatasetNotFoundError
from app.research.errors.editions import (
    EditionNotFoundError,
    EditionTextChangedError,
    UnknownFigureError,
)
from app.research.errors.evaluations import MeasuresNotComputedError
from app.research.errors.studies import StudyNotFoundError

router = resource("edition_texts", prefix="/studies/{study_id}/edition-texts")

StudyReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_READ))]


@router.get("", responses=problems(StudyNotFoundError))
async def list_edition_texts(
    study_id: UUID, _: StudyReader, session: ReadSession
) -> EditionTextLines:
    """Each kind of edition that has a text, with its newest version."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await edition_texts.newest(session, study.id)
    return EditionTextLines(
        items=[
            EditionTextLine(
                kind=EditionKind(one.kind), version=one.version, written_at=one.written_at
            )
            for one in found
        ]
    )


@router.get("/{kind}", responses=problems(StudyNotFoundError))
async def read_edition_text(
    study_id: UUID, kind: EditionKind, reader: StudyReader, session: ReadSession
) -> EditionTextRead:
    """The newest version of a text."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await edition_texts.versions(session, study.id, kind)
    newest = found[0] if found else None
    return EditionTextRead.of(kind, newest, found, viewer=reader.account_id)


@router.get("/{kind}/{version}", responses=problems(StudyNotFoundError, EditionNotFoundError))
async def read_edition_text_version(
    study_id: UUID,
    kind: EditionKind,
    version: Annotated[int, Path(ge=1, le=10_000)],
    reader: StudyReader,
    session: ReadSession,
) -> EditionTextRead:
    """An earlier version of a text."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await edition_texts.get(session, study.id, kind, version)
    all_ = await edition_texts.versions(session, study.id, kind)
    return EditionTextRead.of(kind, found, all_, viewer=reader.account_id)


@router.post(
    "/{kind}",
    status_code=201,
    responses=problems(
        StudyNotFoundError,
        DatasetNotFoundError,
        MeasuresNotComputedError,
        EditionTextChangedError,
        UnknownFigureError,
    ),
)
async def write_edition_text(
    study_id: UUID,
    kind: EditionKind,
    body: EditionTextWrite,
    writer: EditionWriter,
    session: WriteSession,
) -> EditionTextRead:
    """Write the next version. Figures stand in it as `[[measure.part]]`; a name that the dataset
    doesn't have is refused."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    dataset = await datasets.access(session, body.dataset_id)
    made = await edition_texts.write(
        session,
        study,
        kind,
        body.sections,
        based_on=body.based_on,
        dataset=dataset,
        by=writer.account_id,
    )
    found = await edition_texts.versions(session, study.id, kind)
    return EditionTextRead.of(kind, made, found, viewer=writer.account_id)
