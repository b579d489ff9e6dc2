"""What researchers see while they prepare and run a study: versions of its sheet, and counts."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.api.deps import Needs, ReadPool, ReadSession, Researcher
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.sheets import ParticipantCounts, SheetPreview, SheetVersion, SheetVersions
from app.api.schemas.studies import SheetWrite
from app.core import rendering
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import participant_counts, sheets, studies
from app.research.errors.studies import StudyNotFoundError

router = resource("sheets")

StudyReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_READ))]


@router.get("/studies/{study_id}/sheets", responses=problems(StudyNotFoundError))
async def list_sheets(study_id: UUID, _: StudyReader, session: ReadSession) -> SheetVersions:
    """Every version of a study's information sheet, the newest first, with its source."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await sheets.list_(session, study.id)
    return SheetVersions(items=[SheetVersion.of(sheet) for sheet in found])


@router.post("/sheets/preview")
async def preview_sheet(body: SheetWrite, _: Researcher) -> SheetPreview:
    """How a sheet would look to members. Nothing is kept."""
    source = sheets.worded(
        body.body, covers_acts=body.covers_acts, covers_answers=body.covers_answers
    )
    return SheetPreview(body_html=await rendering.render(source))


@router.get("/studies/{study_id}/participants", responses=problems(StudyNotFoundError))
async def count_participants(
    study_id: UUID, _: StudyReader, session: ReadSession, pool: ReadPool
) -> ParticipantCounts:
    """How many people take part, and what they agree to. There is no list of them."""
    study = await studies.access(session, study_id, is_researcher=True)
    return ParticipantCounts.of(await participant_counts.of(pool, study.id))
