"""Analysis plans: written, signed by a second person before the first freeze, departed from with a
reason."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from app.api.deps import Needs, ReadSession, Researcher, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.analysis_plans import (
    AnalysisPlanRead,
    AnalysisPlanWrite,
    PlanDeparture,
    PlanDepartureWrite,
    PlanSignature,
    PlanVersion,
)
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import analysis_plans, studies
from app.research.errors.datasets import DatasetNotFoundError
from app.research.errors.releases import SecondPersonError
from app.research.errors.studies import PlanChangedError, PlanNotSignedError, StudyNotFoundError

router = resource("analysis_plans", prefix="/studies/{study_id}")

StudyReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_READ))]
Signer = Annotated[Actor, Depends(Needs(Permission.RESEARCH_PLANS_SIGN))]


@router.get("/analysis-plan", responses=problems(StudyNotFoundError))
async def read_analysis_plan(
    study_id: UUID, reader: StudyReader, session: ReadSession
) -> AnalysisPlanRead:
    """The analysis plan of a study in all its versions, with signatures and departures."""
    study = await studies.access(session, study_id, is_researcher=True)
    record = await analysis_plans.record_of(session, study.id)
    return AnalysisPlanRead.of(record, viewer=reader.account_id)


@router.post("/analysis-plan/versions", status_code=201, responses=problems(StudyNotFoundError))
async def write_analysis_plan(
    study_id: UUID, body: AnalysisPlanWrite, researcher: Researcher, session: WriteSession
) -> PlanVersion:
    """Write the next version. It never changes; someone else signs it."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    made = await analysis_plans.write(
        session, study, body.outline(), reason=body.reason, by=researcher.account_id
    )
    return PlanVersion.of(made, [], viewer=researcher.account_id)


@router.post(
    "/analysis-plan/versions/{version}/signatures",
    status_code=201,
    responses=problems(StudyNotFoundError, PlanChangedError, SecondPersonError),
)
async def sign_analysis_plan(
    study_id: UUID,
    version: Annotated[int, Path(ge=1, le=10_000)],
    signer: Signer,
    session: WriteSession,
) -> PlanSignature:
    """Sign the newest version, which someone else wrote."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    signed = await analysis_plans.sign(session, study, version, by=signer.account_id)
    return PlanSignature.of(signed, viewer=signer.account_id)


@router.post(
    "/analysis-plan/departures",
    status_code=201,
    responses=problems(StudyNotFoundError, DatasetNotFoundError, PlanNotSignedError),
)
async def note_departure(
    study_id: UUID, body: PlanDepartureWrite, researcher: Researcher, session: WriteSession
) -> PlanDeparture:
    """Note what was done otherwise than the signed plan says, and why. It stays."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    noted = await analysis_plans.depart(
        session,
        study,
        departs=body.departs,
        reason=body.reason,
        dataset_id=body.dataset_id,
        by=researcher.account_id,
    )
    return PlanDeparture.of(noted)
