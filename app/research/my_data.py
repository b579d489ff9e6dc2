"""My data: exactly what the studies hold about one member, row by row.

Two things are not repeated here. The other person's code on a row: who it was to, the member
knows, and seeing a code would tell them that this person takes part. And ids of our own.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg.rows import DictRow

from app.core import db, pages
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research import consent, queries, receipts
from app.research.consent import Standing
from app.research.errors import NotTakingPartError
from app.research.models import ActivityKind, Consent, Study
from app.research.receipts import Receipt

PAGE: Final = 50

_STUDIES: Final = f"""
    SELECT s.id AS study_id, s.title, s.summary, s.state, s.created_at, p.id AS pseudonym,
      p.enrolled_at, p.tenure_band, p.age_band, p.area, p.peer_support_before,
      (SELECT coalesce(jsonb_object_agg(kind, n), '{{}}') FROM (
        SELECT kind, count(*) AS n FROM research.activities WHERE participant_id = p.id
        GROUP BY kind) k) AS counts,
      (SELECT count(*) FROM research.texts WHERE participant_id = p.id) AS text_count
    FROM ({LINKS_OF_MEMBER}) l
    JOIN research.participants p ON p.id = l.participant_id
    JOIN research.studies s ON s.id = p.study_id
    ORDER BY p.enrolled_at DESC, p.id
"""  # noqa: S608 - joins two constants

_PSEUDONYM: Final = f"""
    SELECT participant_id FROM ({LINKS_OF_MEMBER}) l WHERE l.study_id = %(study_id)s
"""  # noqa: S608 - joins two constants

_ACTIVITIES: Final = """
    SELECT id, kind, occurred_at, day, hour_band, intent, reaction, length_band, has_note, seconds
    FROM research.activities
    WHERE participant_id = %(participant)s AND (%(before)s::bigint IS NULL OR id < %(before)s)
    ORDER BY id DESC LIMIT %(limit)s
"""

_TEXTS: Final = """
    SELECT id, post_id, occurred_at, body
    FROM research.texts
    WHERE participant_id = %(participant)s AND (%(before)s::bigint IS NULL OR id < %(before)s)
    ORDER BY id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class StudyData:
    """One study's hold on one member."""

    study_id: UUID
    title: str
    state: str
    pseudonym: str
    sheet_version: int
    consents: list[Standing]
    about: dict[str, str | None]
    counts: dict[str, int]
    text_count: int
    receipts: list[Receipt]


async def overview(pool: db.Pool, member_id: UUID) -> list[StudyData]:
    """Every study that holds anything about the member, the one joined last first."""
    rows = await db.fetch(pool, _STUDIES, {"member_id": member_id})
    acts = await queries.consents(pool, [row["pseudonym"] for row in rows]) if rows else {}
    return [_of(row, acts[row["pseudonym"]]) for row in rows]


def _of(row: DictRow, acts: list[Consent]) -> StudyData:
    study = Study(
        id=row["study_id"],
        title=row["title"],
        summary=row["summary"],
        state=row["state"],
        created_at=row["created_at"],
    )
    asked = ("age_band", "area", "peer_support_before", "tenure_band")
    return StudyData(
        study_id=study.id,
        title=study.title,
        state=study.state,
        pseudonym=row["pseudonym"],
        sheet_version=max(act.sheet_version for act in acts),
        consents=consent.standing(acts),
        about={name: row[name] for name in asked},
        counts={kind.value: row["counts"].get(kind, 0) for kind in ActivityKind},
        text_count=row["text_count"],
        receipts=receipts.from_ledger(study, row["pseudonym"], acts),
    )


async def activities(
    pool: db.Pool, member_id: UUID, study_id: UUID, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """The rows about the member in a study, the newest first; raises NotTakingPartError."""
    return await _page(pool, _ACTIVITIES, member_id, study_id, cursor)


async def texts(
    pool: db.Pool, member_id: UUID, study_id: UUID, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """The texts of the member that a study keeps, the newest first; raises NotTakingPartError."""
    return await _page(pool, _TEXTS, member_id, study_id, cursor)


async def _page(
    pool: db.Pool, query: str, member_id: UUID, study_id: UUID, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    key = pages.decode(cursor, parts=1)
    before = None if key is None else _number(key[0])
    found = await db.fetch(pool, _PSEUDONYM, {"member_id": member_id, "study_id": study_id})
    if not found:
        raise NotTakingPartError
    values = {"participant": found[0]["participant_id"], "before": before, "limit": PAGE + 1}
    rows = await db.fetch(pool, query, values)
    shown = rows[:PAGE]
    more = pages.encode(shown[-1]["id"]) if len(rows) > PAGE else None
    return shown, more


def _number(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 18:
        raise pages.BadCursorError
    return int(word)
