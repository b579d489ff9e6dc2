"""My data: exactly what the studies hold about one member, row by row.

Three things are not repeated here. Whether the other person on a row takes part, and their code:
who it was to, the member knows, and would learn of them that they are in the study. The number of a
group: it would tell which group rows of others are about. And ids of our own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg.rows import DictRow

from app.core import db, pages
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research import consent, queries, receipts
from app.research.consent import ConsentState
from app.research.errors.participation import NotTakingPartError
from app.research.models import Consent, Study
from app.research.receipts import Receipt
from app.research.registry import ActivityKind

PAGE: Final = 50

_STUDIES: Final = f"""
    SELECT s.id AS study_id, s.title, s.summary, s.state, s.created_at, p.id AS pseudonym,
      p.enrolled_on, p.tenure_band, p.age_band, p.area, p.peer_support_before,
      (SELECT coalesce(jsonb_object_agg(kind, n), '{{}}') FROM (
        SELECT kind, count(*) AS n FROM research.activities
        WHERE study_id = p.study_id AND participant_id = p.id GROUP BY kind) k) AS counts,
      (SELECT count(*) FROM research.texts
        WHERE study_id = p.study_id AND participant_id = p.id) AS text_count,
      (SELECT count(*) FROM research.attendances
        WHERE study_id = p.study_id AND participant_id = p.id) AS attendance_count,
      (SELECT coalesce(array_agg(p.enrolled_on + day ORDER BY day), '{{}}') FROM research.closures
        WHERE study_id = p.study_id AND participant_id = p.id) AS closed_on,
      (SELECT count(*) FROM research.answers
        WHERE study_id = p.study_id AND participant_id = p.id) AS answer_count
    FROM ({LINKS_OF_MEMBER}) l
    JOIN research.participants p ON p.id = l.participant_id
    JOIN research.studies s ON s.id = p.study_id
    ORDER BY p.enrolled_on DESC, p.id
"""  # noqa: S608 - joins two constants

_PSEUDONYM: Final = f"""
    SELECT participant_id FROM ({LINKS_OF_MEMBER}) l WHERE l.study_id = %(study_id)s
"""  # noqa: S608 - joins two constants

_ACTIVITIES: Final = """
    SELECT a.id, a.kind, p.enrolled_on + a.day AS recorded_on, a.day, a.time_band,
      CASE a.other_side WHEN 'participant' THEN 'member' ELSE a.other_side END AS other_side,
      a.target, a.intent, a.reaction, a.length_band, a.has_note, a.ordinal, a.latency_band,
      a.session, a.seconds
    FROM research.activities a JOIN research.participants p ON p.id = a.participant_id
    WHERE a.study_id = %(study_id)s AND a.participant_id = %(participant)s
      AND (a.day, a.id) < (%(day)s, %(id)s)
    ORDER BY a.day DESC, a.id DESC LIMIT 51
"""

_ATTENDANCES: Final = """
    SELECT a.id, p.enrolled_on + a.day AS held_on, a.day, a.minutes, a.mode,
      a.times < 0 AS is_taken_off
    FROM research.attendances a JOIN research.participants p ON p.id = a.participant_id
    WHERE a.study_id = %(study_id)s AND a.participant_id = %(participant)s
      AND (a.day, a.id) < (%(day)s, %(id)s)
    ORDER BY a.day DESC, a.id DESC LIMIT 51
"""

_TEXTS: Final = """
    SELECT id, post_id, occurred_at, body
    FROM research.texts
    WHERE study_id = %(study_id)s AND participant_id = %(participant)s AND id < %(id)s
    ORDER BY id DESC LIMIT 51
"""


@dataclass(frozen=True, slots=True)
class StudyData:
    """One study's hold on one member."""

    study_id: UUID
    title: str
    state: str
    pseudonym: str
    sheet_version: int
    consents: list[ConsentState]
    demographics: dict[str, str | None]
    counts: dict[str, int]
    attendance_count: int
    #: The days from which on the community was closed to them.
    closed_on: list[date]
    text_count: int
    answer_count: int
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
        demographics={name: row[name] for name in asked},
        counts={kind.value: row["counts"].get(kind, 0) for kind in ActivityKind},
        attendance_count=row["attendance_count"],
        closed_on=row["closed_on"],
        text_count=row["text_count"],
        answer_count=row["answer_count"],
        receipts=receipts.from_ledger(study, row["pseudonym"], acts),
    )


async def activities(
    pool: db.Pool, member_id: UUID, study_id: UUID, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """The rows about the member in a study, the newest day first and in no order within a day:
    none is kept. Raises NotTakingPartError."""
    return await _by_day(pool, _ACTIVITIES, member_id, study_id, cursor)


async def attendances(
    pool: db.Pool, member_id: UUID, study_id: UUID, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """The meetings that the member came to, in the same order; raises NotTakingPartError."""
    return await _by_day(pool, _ATTENDANCES, member_id, study_id, cursor)


async def texts(
    pool: db.Pool, member_id: UUID, study_id: UUID, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    """The texts of the member that a study keeps, the newest first; raises NotTakingPartError."""
    (before,) = pages.decode(cursor, pages.number) or (pages.LARGEST,)
    shown, is_more = await _page(pool, _TEXTS, member_id, study_id, {"id": before})
    return shown, pages.encode(shown[-1]["id"]) if is_more else None


async def _by_day(
    pool: db.Pool, query: LiteralString, member_id: UUID, study_id: UUID, cursor: str | None
) -> tuple[list[DictRow], str | None]:
    day, before = pages.decode(cursor, pages.number, UUID) or (pages.LARGEST, pages.LAST_ID)
    asked = {"day": day, "id": before}
    shown, is_more = await _page(pool, query, member_id, study_id, asked)
    return shown, pages.encode(shown[-1]["day"], shown[-1]["id"]) if is_more else None


async def _page(
    pool: db.Pool, query: LiteralString, member_id: UUID, study_id: UUID, asked: dict[str, Any]
) -> tuple[list[DictRow], bool]:
    found = await db.fetch(pool, _PSEUDONYM, {"member_id": member_id, "study_id": study_id})
    if not found:
        raise NotTakingPartError
    values = {"participant": found[0]["participant_id"], "study_id": study_id, **asked}
    rows = await db.fetch(pool, query, values)
    return rows[:PAGE], len(rows) > PAGE
