"""What a team says of its study in public, and what everybody reads of it."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.editions import EditionFileRead
from app.api.schemas.strict import Body
from app.research.documents import catalogue
from app.research.documents.edition_kinds import EditionKind
from app.research.edition_models import ProjectPage as PageRow
from app.research.project_pages import (
    LEAST_CONTACT,
    MOST_ADDRESS,
    MOST_CONTACT,
    MOST_RELATED,
    MOST_WORDS,
)


class RelatedWrite(Body):
    """A study that belongs to it, on a page elsewhere."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    url: Annotated[str, Field(max_length=MOST_ADDRESS)]


class ProjectPageWrite(Body):
    """The next version of a project page, and the one it is based on (0 for none)."""

    based_on: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    about: Annotated[str, Field(min_length=1, max_length=MOST_WORDS)]
    #: Who can be asked: the name of the team, and an e-mail or an address.
    contact: Annotated[str, Field(min_length=LEAST_CONTACT, max_length=MOST_CONTACT)]
    related: Annotated[list[RelatedWrite], Field(max_length=MOST_RELATED)]


class RelatedRead(BaseModel):
    """The same, as it stands."""

    title: str
    url: str


class ProjectPageRead(BaseModel):
    """The newest version of a project page, to write on from. Version 0: none was written."""

    version: int
    about: str
    about_html: str
    contact: str
    related: list[RelatedRead]
    written_at: datetime | None

    @classmethod
    def of(cls, row: PageRow | None) -> Self:
        """From the table."""
        if row is None:
            return cls(version=0, about="", about_html="", contact="", related=[], written_at=None)
        return cls(
            version=row.version,
            about=row.about_source,
            about_html=row.about_html,
            contact=row.contact,
            related=[RelatedRead(**one) for one in row.related],
            written_at=row.written_at,
        )


class ProjectLine(BaseModel):
    """A study that says something in public."""

    study_id: UUID
    title: str


class Projects(BaseModel):
    """All of these, by title."""

    items: list[ProjectLine]


class PublicEdition(BaseModel):
    """An edition that was released."""

    number: int
    kind: EditionKind
    title: str
    for_whom: str
    released_at: datetime
    files: list[EditionFileRead]


class Project(BaseModel):
    """What everybody reads of a study: about it, who can be asked, what was released, the newest
    first."""

    study_id: UUID
    title: str
    about_html: str
    contact: str
    related: list[RelatedRead]
    editions: list[PublicEdition]

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        """From the tables."""
        return cls.model_validate(
            {**found, "editions": [_titled(one) for one in found["editions"]]}
        )


def _titled(edition: dict[str, Any]) -> dict[str, Any]:
    definition = catalogue.find(EditionKind(edition["kind"]))
    return {**edition, "title": definition.title, "for_whom": definition.for_whom}
