"""Studies: drafted and run by researchers, read by members."""

from uuid import UUID

from fastapi import Response

from app.api.deps import Confirmed, ReadPool, Researcher, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.studies import (
    Sheet,
    SheetWrite,
    Studies,
    Study,
    StudyDetail,
    StudyWrite,
)
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.identity.roles import is_staff
from app.research import queries, sheets, studies, study_looks
from app.research.errors.studies import (
    BadWavesError,
    NotSignedOffError,
    SameSheetError,
    StudyNotFoundError,
    StudyNotReadyError,
    TitleTakenError,
)

router = resource("studies", prefix="/studies")


def runs_studies(actor: Actor) -> bool:
    """Whether the actor may know of studies that are still being prepared."""
    return actor.may(Permission.RESEARCH_STUDIES_READ)


@router.get("", response_model=Studies)
async def list_studies(actor: Confirmed, pool: ReadPool) -> Response:
    """Open studies; for researchers all of them."""
    found = await queries.studies(pool, is_researcher=runs_studies(actor))
    return shown(Studies(items=[Study(**row) for row in found]))


@router.post("", status_code=201, responses=problems(TitleTakenError, BadWavesError))
async def create_study(body: StudyWrite, researcher: Researcher, session: WriteSession) -> Study:
    """Draft a study. Members see it once it is opened."""
    made = await studies.create(
        session,
        title=body.title,
        summary=body.summary,
        asks=body.purposes,
        wave_weeks=body.wave_weeks,
        wave_days=body.wave_days,
        by=researcher.account_id,
    )
    return Study.of(made)


@router.get("/{study_id}", response_model=StudyDetail, responses=problems(StudyNotFoundError))
async def read_study(study_id: UUID, actor: Confirmed, pool: ReadPool) -> Response:
    """A study with its information sheet in force, what one can agree to, and one's own part."""
    row, standing = await queries.study(
        pool, study_id, member_id=actor.member_id, is_researcher=runs_studies(actor)
    )
    if not is_staff(actor.roles):
        await study_looks.note(pool, study_id, member_id=actor.member_id)
    return shown(StudyDetail.of_row(row, standing))


@router.post(
    "/{study_id}/sheets",
    status_code=201,
    responses=problems(StudyNotFoundError, SameSheetError, StudyNotReadyError),
)
async def publish_sheet(
    study_id: UUID, body: SheetWrite, researcher: Researcher, session: WriteSession
) -> Sheet:
    """Write a new version of the information sheet; former ones stay on record. Of a study that
    has opened it comes into force once an adviser has signed it off."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    made = await sheets.publish(
        session,
        study,
        body=body.body,
        covers_acts=body.covers_acts,
        covers_answers=body.covers_answers,
        by=researcher.account_id,
    )
    return Sheet.of(made)


@router.post(
    "/{study_id}/opening",
    responses=problems(StudyNotFoundError, StudyNotReadyError, NotSignedOffError),
)
async def open_study(study_id: UUID, _: Researcher, session: WriteSession) -> Study:
    """Let members in."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    return Study.of(await studies.open_(session, study))


@router.post("/{study_id}/closing", responses=problems(StudyNotFoundError, StudyNotReadyError))
async def close_study(study_id: UUID, _: Researcher, session: WriteSession) -> Study:
    """End it: nobody joins any more and nothing more is recorded."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    return Study.of(await studies.close(session, study))
