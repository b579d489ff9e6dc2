"""Projects: what everybody reads of the studies, without an account."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from app.api import edition_responses
from app.api.deps import ReadPool
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.projects import Project, ProjectLine, Projects
from app.research import public_projects
from app.research.edition_models import FileName
from app.research.errors.editions import EditionNotFoundError
from app.research.errors.project_pages import ProjectNotFoundError

router = resource("projects", prefix="/projects")


@router.get("", response_model=Projects)
async def list_projects(pool: ReadPool) -> Response:
    """Studies that say something in public, by title."""
    found = await public_projects.list_(pool)
    return shown(Projects(items=[ProjectLine(**one) for one in found]))


@router.get("/{study_id}", response_model=Project, responses=problems(ProjectNotFoundError))
async def read_project(study_id: UUID, pool: ReadPool) -> Response:
    """About a study, who can be asked, and the editions that were released."""
    return shown(Project.of(await public_projects.read(pool, study_id)))


@router.get(
    "/{study_id}/editions/{number}/{name}",
    response_class=Response,
    responses=problems(EditionNotFoundError),
)
async def read_released_edition(
    study_id: UUID,
    number: Annotated[int, Path(ge=1, le=100_000)],
    name: FileName,
    pool: ReadPool,
    request: Request,
) -> Response:
    """An edition that was released."""
    found = await public_projects.file(pool, study_id, number, name)
    return await edition_responses.answer(
        request,
        found["content"],
        name=name,
        sha256=found["sha256"],
        title=f"{found['title'][:60]} {found['kind']} {number}",
        is_public=True,
    )
