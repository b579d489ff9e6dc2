"""Project pages: what a team says of its study in public, in versions that never change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, rendering, text
from app.core.errors import InvalidError
from app.research.edition_models import ProjectPage
from app.research.errors.project_pages import ProjectPageChangedError
from app.research.models import Study

MOST_WORDS: Final = 20_000
LEAST_CONTACT: Final = 10
MOST_CONTACT: Final = 500
MOST_RELATED: Final = 20
MOST_ADDRESS: Final = 500
#: Nothing but what a browser takes to another site: a name of a host, then anything without spaces.
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?([/?#][^\s<>\"'`\\]*)?")


@dataclass(frozen=True, slots=True)
class RelatedStudy:
    """A study that belongs to it, on a page elsewhere."""

    title: str
    url: str


async def find(
    session: AsyncSession, study_id: UUID, *, until: datetime | None = None
) -> ProjectPage | None:
    """The newest version, now or at a moment, or None where there was none."""
    query = (
        select(ProjectPage)
        .where(
            col(ProjectPage.study_id) == study_id,
            col(ProjectPage.written_at) <= (until or clock.now()),
        )
        .order_by(col(ProjectPage.version).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def write(
    session: AsyncSession,
    study: Study,
    *,
    based_on: int,
    about: str,
    contact: str,
    related: Sequence[RelatedStudy],
    by: UUID,
) -> ProjectPage:
    """The next version. `study` must be locked. Raises ProjectPageChangedError unless it is based
    on the newest, and InvalidError."""
    found = await find(session, study.id)
    latest = 0 if found is None else found.version
    if based_on != latest:
        raise ProjectPageChangedError(latest)
    source = text.clean(about, limit=MOST_WORDS, pointer="/about")
    html = await rendering.render(source)
    text.refuse_blank(html, pointer="/about")
    made = ProjectPage(
        study_id=study.id,
        version=latest + 1,
        about_source=source,
        about_html=html,
        contact=_contact(contact),
        related=[_related(one, index) for index, one in enumerate(related)],
        written_by=by,
        written_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    return made


def _contact(words: str) -> str:
    said = text.clean(words, limit=MOST_CONTACT, pointer="/contact")
    if len(said) < LEAST_CONTACT:
        raise InvalidError(
            "Please give the name of the team, and an e-mail or an address.", pointer="/contact"
        )
    return said


def _related(one: RelatedStudy, index: int) -> dict[str, str]:
    pointer = f"/related/{index}"
    url = one.url.strip()
    if len(url) > MOST_ADDRESS or _ADDRESS.fullmatch(url) is None:
        raise InvalidError(
            "Please give an address that begins with https://", pointer=f"{pointer}/url"
        )
    return {"title": text.clean_line(one.title, limit=200, pointer=f"{pointer}/title"), "url": url}
