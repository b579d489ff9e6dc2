"""What members read of studies, each in a statement or two on the pool of fast reads."""

from typing import Final
from uuid import UUID

from psycopg.rows import DictRow

from app.core import db
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research import consent
from app.research.consent import ConsentState
from app.research.errors.studies import StudyNotFoundError
from app.research.models import Consent

_COLUMNS: Final = "s.id, s.title, s.summary, s.state, s.created_at, s.opened_at, s.closed_at"

_STUDIES: Final = f"""
    SELECT {_COLUMNS} FROM research.studies s
    WHERE %(is_researcher)s OR s.state = 'open'
    ORDER BY s.created_at DESC, s.id DESC
"""  # noqa: S608 - a constant of ours

_STUDY: Final = f"""
    SELECT {_COLUMNS},
      h.version, h.body_html, h.covers_acts, h.covers_answers, h.published_at,
      p.id AS pseudonym,
      ARRAY(SELECT purpose FROM research.study_purposes WHERE study_id = s.id) AS asks,
      ARRAY(SELECT week FROM research.waves WHERE study_id = s.id AND week IS NOT NULL
        ORDER BY number) AS wave_weeks,
      ARRAY(SELECT opens_on FROM research.waves WHERE study_id = s.id AND opens_on IS NOT NULL
        ORDER BY number) AS wave_days
    FROM research.studies s
    LEFT JOIN LATERAL (
      SELECT version, body_html, covers_acts, covers_answers, published_at FROM research.sheets
      WHERE study_id = s.id AND version = research.sheet_in_force(s.id)) h ON true
    LEFT JOIN ({LINKS_OF_MEMBER}) l ON l.study_id = s.id
    LEFT JOIN research.participants p ON p.id = l.participant_id
    WHERE s.id = %(study_id)s AND (%(is_researcher)s OR s.state <> 'draft')
"""  # noqa: S608 - joins two constants

_CONSENTS: Final = """
    SELECT study_id, id, participant_id, purpose, act, sheet_version, at FROM research.consents
    WHERE participant_id = ANY (%s) ORDER BY id
"""


async def studies(pool: db.Pool, *, is_researcher: bool) -> list[DictRow]:
    """All studies for researchers, open ones for members, the newest first."""
    return await db.fetch(pool, _STUDIES, {"is_researcher": is_researcher})


async def study(
    pool: db.Pool, study_id: UUID, *, member_id: UUID, is_researcher: bool
) -> tuple[DictRow, list[ConsentState]]:
    """A study with its sheet in force and the member's own part; raises StudyNotFoundError."""
    values = {"study_id": study_id, "member_id": member_id, "is_researcher": is_researcher}
    rows = await db.fetch(pool, _STUDY, values)
    if not rows:
        raise StudyNotFoundError
    (row,) = rows
    if row["pseudonym"] is None:
        return row, []
    acts = await consents(pool, [row["pseudonym"]])
    return row, consent.standing(acts[row["pseudonym"]])


async def consents(pool: db.Pool, participants: list[str]) -> dict[str, list[Consent]]:
    """The acts of each of these participants, the oldest first."""
    acts: dict[str, list[Consent]] = {participant: [] for participant in participants}
    for row in await db.fetch(pool, _CONSENTS, (participants,)):
        acts[row["participant_id"]].append(Consent(**row))
    return acts
