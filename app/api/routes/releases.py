"""Releases: asked for by a researcher, decided by a checker who did neither freeze nor ask."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from app.api.deps import AppDatabase, DatasetReader, Needs, ReadSession, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.releases import (
    Agreement,
    Agreements,
    AgreementWrite,
    DecisionWrite,
    EarlyFreezeWrite,
    Release,
    Releases,
    ReleaseWrite,
)
from app.core.db import unit_of_work
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.jobs import attack
from app.research import datasets, releases, studies
from app.research.errors.datasets import DatasetClosedError, DatasetNotFoundError
from app.research.errors.releases import (
    ActsNotCoveredError,
    AgreementEndedError,
    AnswersNotCoveredError,
    AttackSucceededError,
    ReleaseDecidedError,
    ReleaseNotFoundError,
    SecondPersonError,
)
from app.research.errors.studies import StudyNotFoundError
from app.research.release_models import Released

router = resource("releases")

Asker = Annotated[Actor, Depends(Needs(Permission.RESEARCH_DATASETS_DOWNLOAD))]
Checker = Annotated[Actor, Depends(Needs(Permission.RESEARCH_RELEASES_DECIDE))]


@router.post(
    "/studies/{study_id}/early-freezes", status_code=204, responses=problems(StudyNotFoundError)
)
async def allow_early_freeze(
    study_id: UUID, body: EarlyFreezeWrite, checker: Checker, session: WriteSession
) -> Response:
    """Let someone else freeze this study once within 28 days, with a reason on the ledger."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    await releases.allow_early(session, study, reason=body.reason, by=checker.account_id)
    return Response(status_code=204)


@router.post(
    "/studies/{study_id}/agreements", status_code=201, responses=problems(StudyNotFoundError)
)
async def make_agreement(
    study_id: UUID, body: AgreementWrite, researcher: Asker, session: WriteSession
) -> Agreement:
    """Note a signed data agreement, under which rows of acts or of answers may be asked for."""
    study = await studies.access(session, study_id, is_researcher=True)
    made = await releases.agree(
        session,
        study,
        recipient=body.recipient,
        aim=body.aim,
        ends_on=body.ends_on,
        by=researcher.account_id,
    )
    return Agreement.of(made)


@router.get("/studies/{study_id}/agreements", responses=problems(StudyNotFoundError))
async def list_agreements(study_id: UUID, _: DatasetReader, session: ReadSession) -> Agreements:
    """The data agreements of a study, the newest first."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await releases.agreements(session, study.id)
    return Agreements(items=[Agreement.of(row) for row in found])


@router.get("/studies/{study_id}/releases", responses=problems(StudyNotFoundError))
async def list_releases(study_id: UUID, reader: DatasetReader, session: ReadSession) -> Releases:
    """What was asked to leave a study, and what was decided."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await releases.list_(session, study.id)
    return Releases(
        items=[Release.of(request, decided, viewer=reader.account_id) for request, decided in found]
    )


@router.post(
    "/datasets/{dataset_id}/releases",
    status_code=201,
    responses=problems(
        DatasetNotFoundError,
        DatasetClosedError,
        ActsNotCoveredError,
        AnswersNotCoveredError,
        AgreementEndedError,
    ),
)
async def ask_for_release(
    dataset_id: UUID, body: ReleaseWrite, researcher: Asker, session: WriteSession
) -> Release:
    """Ask that a file of a dataset may leave. Someone else decides."""
    dataset = await datasets.access(session, dataset_id, lock=True)
    request = await releases.ask(
        session,
        dataset,
        file=body.file,
        agreement_id=body.agreement_id,
        note=body.note,
        by=researcher.account_id,
    )
    return Release.of(request, None, viewer=researcher.account_id)


@router.post(
    "/releases/{release_id}/decision",
    status_code=201,
    responses=problems(
        ReleaseNotFoundError,
        SecondPersonError,
        ReleaseDecidedError,
        DatasetClosedError,
        AttackSucceededError,
    ),
)
async def decide_release(
    release_id: UUID, body: DecisionWrite, checker: Checker, database: AppDatabase
) -> Release:
    """Release or refuse. The attacks are played on the file first, and what they found stands
    beside the decision."""
    async with unit_of_work(database) as session:
        request = await releases.access(session, release_id)
        dataset = await datasets.access(session, request.dataset_id, to_download=True)
    found = await attack.play(database, dataset.id, Released(request.file))
    async with unit_of_work(database) as session:
        request = await releases.access(session, release_id, lock=True)
        dataset = await datasets.access(session, request.dataset_id, lock=True)
        decided = await releases.decide(
            session,
            request,
            dataset,
            decision=body.decision,
            note=body.note,
            attack=found,
            by=checker.account_id,
        )
    return Release.of(request, decided, viewer=checker.account_id)
