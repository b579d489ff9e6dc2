"""The questionnaires of a wave as they are printed, or typed from paper: words, and no answers."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core import db
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.instruments import wording_access
from app.research.instruments.wording_access import Worded
from app.research.questionnaires import plans
from app.research.questionnaires.errors import WaveNotFoundError

_TITLE: Final = "SELECT title FROM research.studies WHERE id = %s"


@dataclass(frozen=True, slots=True)
class PaperForm:
    """What stands on the paper of one wave."""

    study_title: str
    wave: int
    title: str
    questionnaires: list[Worded]
    #: Titles of what the wave asks too, and no licence lets us print now.
    locked: list[str]


async def form(pool: db.Pool, study_id: UUID, wave: int) -> PaperForm:
    """The paper of a wave; raises WaveNotFoundError."""
    planned = await plans.of_study(pool, study_id)
    if planned is None:
        raise WaveNotFoundError
    one = planned.wave(wave)
    (study,) = await db.fetch(pool, _TITLE, (study_id,))
    found: list[Worded] = []
    locked: list[str] = []
    for instrument in one.instruments:
        try:
            found.append(
                await wording_access.access(pool, instrument.name, version=instrument.version)
            )
        except (InstrumentLockedError, InstrumentNotFoundError):
            locked.append(instrument.title)
    title = plans.spoken(one.week, one.opens_on)
    return PaperForm(study["title"], wave, title, found, locked)
