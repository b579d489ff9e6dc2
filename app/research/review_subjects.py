"""What advisers review: sheets, instruments and editions, each with what was said of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.research.errors.studies import NotSignedOffError
from app.research.instruments import wording_access
from app.research.review_models import ReviewKind

#: What is reviewed of one study, or of all that are not closed: the newest sheet, and what their
#: waves ask.
_SUBJECTS: Final = """
    WITH asked AS (SELECT * FROM research.studies
      WHERE CASE WHEN %(study)s::uuid IS NULL THEN state <> 'closed' ELSE id = %(study)s END)
    SELECT 'sheet' AS kind, t.study_id, a.title AS study, NULL AS name, t.version, t.body_html,
      research.is_signed_off('sheet', t.study_id, NULL, t.version) AS is_signed_off
    FROM asked a JOIN research.sheets t ON t.study_id = a.id AND t.version = (
      SELECT max(version) FROM research.sheets WHERE study_id = a.id)
    UNION ALL
    SELECT 'instrument', NULL, NULL, i.instrument, i.version, NULL,
      research.is_signed_off('instrument', NULL, i.instrument, i.version)
    FROM (SELECT DISTINCT w.instrument, w.version::integer
      FROM research.wave_instruments w JOIN asked a ON a.id = w.study_id) i
    ORDER BY 1 DESC, 3, 4, 5
"""
#: Editions that are ready: of one study all of them, of all studies those that nobody has decided
#: about. A study has often closed by then.
_EDITIONS: Final = """
    SELECT e.id, e.study_id, s.title, e.kind, e.number,
      research.is_signed_off('edition', e.study_id, NULL, e.number) AS is_signed_off
    FROM research.editions e JOIN research.studies s ON s.id = e.study_id
    WHERE e.state = 'ready' AND CASE WHEN %(study)s::uuid IS NULL
      THEN NOT EXISTS (SELECT FROM research.edition_decisions c WHERE c.edition_id = e.id)
      ELSE e.study_id = %(study)s END
    ORDER BY lower(s.title), e.number DESC
"""
_REVIEWS: Final = """
    SELECT r.id, r.kind, r.study_id, r.name, r.version, r.verdict, r.words, r.may_show,
      r.written_by, r.written_at,
      coalesce((SELECT jsonb_agg(jsonb_build_object('words', a.words, 'answered_at', a.answered_at)
        ORDER BY a.id) FROM research.review_answers a WHERE a.review_id = r.id), '[]') AS answers
    FROM research.reviews r ORDER BY r.id DESC
"""
_OF_EDITIONS: Final = _REVIEWS.replace(
    "ORDER BY r.id DESC\n",
    ("WHERE r.kind = 'edition' AND r.study_id = ANY (%s) ORDER BY r.id DESC\n"),
)


@dataclass(frozen=True, slots=True)
class ReviewedSubject:
    """What is reviewed, with what was said of all its versions, the newest first."""

    kind: ReviewKind
    study_id: UUID | None
    #: Of the instrument, or the kind of the edition.
    name: str | None
    #: Of an edition its number.
    version: int
    #: Of the study, or of the instrument.
    title: str
    edition_id: UUID | None
    body_html: str | None
    is_signed_off: bool
    reviews: Sequence[dict[str, Any]]


async def subjects(pool: db.Pool, study_id: UUID | None = None) -> list[ReviewedSubject]:
    """What advisers review, of one study or of all that are not closed."""
    rows = await db.fetch(pool, _SUBJECTS, {"study": study_id})
    said = await db.fetch(pool, _REVIEWS, ())
    editions = await db.fetch(pool, _EDITIONS, {"study": study_id})
    return [
        *(_of_edition(row, said) for row in editions),
        *(_of_what_is_asked(row, said) for row in rows),
    ]


def _of_edition(row: DictRow, said: Sequence[DictRow]) -> ReviewedSubject:
    asked = (ReviewKind.EDITION, row["study_id"], row["number"])
    return ReviewedSubject(
        kind=ReviewKind.EDITION,
        study_id=row["study_id"],
        name=row["kind"],
        version=row["number"],
        title=row["title"],
        edition_id=row["id"],
        body_html=None,
        is_signed_off=row["is_signed_off"],
        reviews=[one for one in said if (one["kind"], one["study_id"], one["version"]) == asked],
    )


def _of_what_is_asked(row: DictRow, said: Sequence[DictRow]) -> ReviewedSubject:
    return ReviewedSubject(
        kind=ReviewKind(row["kind"]),
        study_id=row["study_id"],
        name=row["name"],
        version=row["version"],
        title=row["study"] or wording_access.find(row["name"], row["version"]).title,
        edition_id=None,
        body_html=row["body_html"],
        is_signed_off=row["is_signed_off"],
        reviews=[
            one for one in said if all(one[key] == row[key] for key in ("kind", "study_id", "name"))
        ],
    )


async def of_editions(
    session: AsyncSession, study_ids: Collection[UUID]
) -> dict[tuple[UUID, int], list[DictRow]]:
    """What was said of the editions of these studies, by study and number, the newest first."""
    connection = await db.driver(session)
    cursor = connection.cursor(row_factory=dict_row)
    found: dict[tuple[UUID, int], list[DictRow]] = defaultdict(list)
    for row in await (await cursor.execute(_OF_EDITIONS, (list(study_ids),))).fetchall():
        found[row["study_id"], row["version"]].append(row)
    return found


async def require_signed_off(session: AsyncSession, study_id: UUID) -> None:
    """Raises NotSignedOffError, which names what is not signed off. The database asks again."""
    connection = await db.driver(session)
    cursor = await connection.execute(_SUBJECTS, {"study": study_id})
    unsigned = [
        "its information sheet" if name is None else f"“{wording_access.find(name, version).title}”"
        for _, _, _, name, version, _, is_signed_off in await cursor.fetchall()
        if not is_signed_off
    ]
    if unsigned:
        raise NotSignedOffError(unsigned)
