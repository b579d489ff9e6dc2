"""Project pages: what a team says of its study in public."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.api.deps import EditionWriter, Needs, ReadSession, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.projects import ProjectPageRead, ProjectPageWrite
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import project_pages, studies
from app.research.errors.project_pages import ProjectPageChangedError
from app.research.errors.studies import StudyNotFoundError
from app.research.project_pages import RelatedStudy

router = resource("project_pages", prefix="/studies/{study_id}/project-page")

StudyReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_READ))]


@router.get("", responses=problems(StudyNotFoundError))
async def read_project_page(
    study_id: UUID, _: StudyReader, session: ReadSession
) -> ProjectPageRead:
    """The newest version, to write on from."""
    study = await studies.access(session, study_id, is_researcher=True)
    return ProjectPageRead.of(await project_pages.find(session, study.id))


@router.post("", status_code=201, responses=problems(StudyNotFoundError, ProjectPageChangedError))
async def write_project_page(
    study_id: UUID, body: ProjectPageWrite, writer: EditionWriter, session: WriteSession
) -> ProjectPageRead:
    """Write the next version, which everybody reads from then on, unless the study is a draft."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    made = await project_pages.write(
        session,
        study,
        based_on=body.based_on,
        about=body.about,
        contact=body.contact,
        related=[RelatedStudy(one.title, one.url) for one in body.related],
        by=writer.account_id,
    )
    return ProjectPageRead.of(made)
