"""Editions of a report: made by researchers, reviewed by advisers, decided by checkers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from app.api import edition_responses
from app.api.deps import (
    DatasetReader,
    EditionReader,
    EditionWriter,
    Needs,
    ReadSession,
    WriteSession,
)
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes.reviews import Adviser
from app.api.schemas.editions import (
    DeclaredEditions,
    EditionAsked,
    EditionRead,
    Editions,
    NamedFigures,
)
from app.api.schemas.releases import DecisionWrite
from app.api.schemas.reviews import ReviewWrite
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import datasets, edition_decisions, edition_figures, editions, reviews, studies
from app.research.documents.edition_kinds import EditionKind
from app.research.edition_models import FileName
from app.research.errors.datasets import DatasetClosedError, DatasetNotFoundError
from app.research.errors.editions import (
    EditionDecidedError,
    EditionNotFoundError,
    EditionNotReadyError,
    EditionNotSignedOffError,
)
from app.research.errors.evaluations import MeasuresNotComputedError, StaleResultsError
from app.research.errors.releases import SecondPersonError
from app.research.errors.studies import StudyNotFoundError

router = resource("editions")

StudyReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_READ))]
Checker = Annotated[Actor, Depends(Needs(Permission.RESEARCH_RELEASES_DECIDE))]


@router.get("/editions/kinds")
async def list_edition_kinds(_: EditionReader) -> DeclaredEditions:
    """Every kind of edition, and which sections are written for it."""
    return DeclaredEditions.now()


@router.get(
    "/datasets/{dataset_id}/figures",
    responses=problems(DatasetNotFoundError, MeasuresNotComputedError),
)
async def list_figures(dataset_id: UUID, _: DatasetReader, session: ReadSession) -> NamedFigures:
    """What a text can name of a dataset, as everybody may read it."""
    dataset = await datasets.access(session, dataset_id)
    return NamedFigures.of(await edition_figures.named(session, dataset.id))


@router.get("/studies/{study_id}/editions", responses=problems(StudyNotFoundError))
async def list_editions(study_id: UUID, reader: StudyReader, session: ReadSession) -> Editions:
    """The editions of a study, the newest first."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await editions.list_(session, study.id)
    return Editions(items=[EditionRead.from_record(one, viewer=reader.account_id) for one in found])


@router.post(
    "/studies/{study_id}/editions",
    status_code=201,
    responses=problems(
        StudyNotFoundError,
        DatasetNotFoundError,
        DatasetClosedError,
        MeasuresNotComputedError,
        StaleResultsError,
    ),
)
async def make_edition(
    study_id: UUID, body: EditionAsked, writer: EditionWriter, session: WriteSession
) -> EditionRead:
    """Make an edition of a dataset with the newest text. One of the kind that is under way is the
    same."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    dataset = await datasets.access(session, body.dataset_id, lock=True)
    made = await editions.make(session, study, dataset, body.kind, by=writer.account_id)
    record = await editions.record_of(session, made)
    return EditionRead.from_record(record, viewer=writer.account_id)


@router.get("/editions/{edition_id}", responses=problems(EditionNotFoundError))
async def read_edition(
    edition_id: UUID, reader: EditionReader, session: ReadSession
) -> EditionRead:
    """How far an edition has come, and what was said and decided of it."""
    edition = await editions.access(session, edition_id)
    record = await editions.record_of(session, edition)
    return EditionRead.from_record(record, viewer=reader.account_id)


@router.post("/editions/{edition_id}/cancellation", responses=problems(EditionNotFoundError))
async def cancel_edition(
    edition_id: UUID, writer: EditionWriter, session: WriteSession
) -> EditionRead:
    """Stop making it; one that has ended stays as it is."""
    edition = await editions.access(session, edition_id, lock=True)
    await editions.cancel(session, edition)
    record = await editions.record_of(session, edition)
    return EditionRead.from_record(record, viewer=writer.account_id)


@router.get(
    "/editions/{edition_id}/files/{name}",
    response_class=Response,
    responses=problems(EditionNotFoundError),
)
async def read_edition_file(
    edition_id: UUID, name: FileName, _: EditionReader, session: ReadSession, request: Request
) -> Response:
    """An edition as it would be released."""
    edition = await editions.access(session, edition_id)
    found = await editions.file(session, edition, name)
    return await edition_responses.answer(
        request,
        found.content,
        name=name,
        sha256=found.sha256,
        title=f"{EditionKind(edition.kind)} {edition.number}",
        is_public=False,
    )


@router.post(
    "/editions/{edition_id}/reviews",
    status_code=204,
    responses=problems(EditionNotFoundError, EditionNotReadyError, SecondPersonError),
)
async def review_edition(
    edition_id: UUID, body: ReviewWrite, actor: Adviser, session: WriteSession
) -> None:
    """Comment on an edition, ask for a change, or sign it off."""
    edition = await editions.access(session, edition_id, lock=True)
    await reviews.of_edition(session, edition, **body.model_dump(), by=actor.account_id)


@router.post(
    "/editions/{edition_id}/decision",
    status_code=201,
    responses=problems(
        EditionNotFoundError,
        SecondPersonError,
        EditionDecidedError,
        EditionNotReadyError,
        EditionNotSignedOffError,
        StaleResultsError,
    ),
)
async def decide_edition(
    edition_id: UUID, body: DecisionWrite, checker: Checker, session: WriteSession
) -> EditionRead:
    """Release an edition, which is public from then on, or refuse it."""
    edition = await editions.access(session, edition_id)
    await studies.access(session, edition.study_id, is_researcher=True, lock="change")
    edition = await editions.access(session, edition_id, lock=True)
    dataset = await datasets.access(session, edition.dataset_id)
    await edition_decisions.decide(
        session,
        edition,
        dataset,
        decision=body.decision,
        note=body.note,
        by=checker.account_id,
    )
    record = await editions.record_of(session, edition)
    return EditionRead.from_record(record, viewer=checker.account_id)
