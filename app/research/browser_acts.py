"""Acts that only the browser knows: how long posts were in view, that Help now or a folded post was
opened. It sends them in batches; which post it was never reaches us."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg

from app.core import clock, db
from app.core.logs import logger
from app.identity.pseudonyms import LINKS_OF_MEMBER

MAX_ITEMS: Final = 50
#: What one batch may add of each kind; a browser sends every 20 seconds.
MAX_SECONDS: Final = 600
MAX_OPENED: Final = 20
#: Before the first batch of reading there is none to count from; this much is believed.
FIRST_SECONDS: Final = 60
#: So much idle time ends a session.
SESSION_ENDS_AFTER: Final = "30 minutes"

#: One statement for one batch: members read all the time. For everyone who takes part in nothing
#: it ends at an empty index look-up.
#:
#: The row of the participant is locked before that of the recording state, as everyone does it. Of
#: two windows the second waits and then counts from the first one's batch. `read_at` moves by whole
#: seconds, so that what a batch came too early by is there for the next.
_RECORD: Final = f"""
    WITH people AS MATERIALIZED (
      SELECT p.study_id, p.id FROM ({LINKS_OF_MEMBER}) l
      JOIN research.participants p ON p.id = l.participant_id
      WHERE research.may_record(p.id, 'activity', %(now)s)
      ORDER BY p.id FOR SHARE OF p
    ), known AS MATERIALIZED (
      SELECT s.participant_id, s.session, s.last_at, s.read_at FROM people
      JOIN research.recording_states s ON s.study_id = people.study_id
        AND s.participant_id = people.id
      ORDER BY s.participant_id FOR UPDATE OF s
    ), timed AS MATERIALIZED (
      SELECT people.*, known.participant_id IS NULL AS is_first,
        coalesce(known.session, 0) + CASE
          WHEN known.last_at > %(now)s - interval '{SESSION_ENDS_AFTER}' THEN 0 ELSE 1
        END AS session,
        CASE WHEN known.read_at > %(now)s - interval '{SESSION_ENDS_AFTER}'
          THEN greatest(0, floor(extract(epoch FROM %(now)s - known.read_at)))::integer
        END AS passed
      FROM people LEFT JOIN known ON known.participant_id = people.id
    ), begun AS (
      INSERT INTO research.recording_states
        (study_id, participant_id, session, posts, last_at, read_at)
      SELECT study_id, id, session, 0, %(now)s, CASE WHEN %(seconds)s > 0 THEN %(now)s END
      FROM timed WHERE is_first
    ), moved AS (
      UPDATE research.recording_states s SET session = t.session,
        last_at = greatest(s.last_at, %(now)s),
        read_at = CASE WHEN %(seconds)s = 0 THEN s.read_at WHEN t.passed IS NULL THEN %(now)s
          ELSE s.read_at + make_interval(secs => t.passed) END
      FROM timed t WHERE s.study_id = t.study_id AND s.participant_id = t.id
    )
    INSERT INTO research.activities
      (study_id, participant_id, occurred_at, kind, version, actor_role, session, seconds)
    SELECT t.study_id, t.id, %(now)s, a.kind, a.version, %(role)s, t.session, a.seconds
    FROM timed t CROSS JOIN LATERAL (
      SELECT 'read' AS kind, 2 AS version,
        least(%(seconds)s, {MAX_SECONDS}, coalesce(t.passed, {FIRST_SECONDS})) AS seconds
      UNION ALL SELECT 'help_opened', 1, NULL FROM generate_series(1, %(help_opened)s)
      UNION ALL SELECT 'note_opened', 1, NULL FROM generate_series(1, %(note_opened)s)
    ) a
    WHERE a.seconds IS DISTINCT FROM 0
    ORDER BY t.id
"""  # noqa: S608 - joins constants

_IS_RECORDED: Final = f"""
    SELECT EXISTS (SELECT FROM ({LINKS_OF_MEMBER}) l
      WHERE research.may_record(l.participant_id, 'activity', %(now)s)) AS is_recorded
"""  # noqa: S608 - joins two constants

_FORGET: Final = f"""
    UPDATE research.recording_states SET
      last_at = CASE WHEN last_at > %(now)s - interval '{SESSION_ENDS_AFTER}' THEN last_at END,
      read_at = CASE WHEN read_at > %(now)s - interval '{SESSION_ENDS_AFTER}' THEN read_at END
    WHERE least(last_at, read_at) <= %(now)s - interval '{SESSION_ENDS_AFTER}'
"""  # noqa: S608 - joins constants


@dataclass(frozen=True, slots=True)
class Told:
    """What one batch tells of."""

    #: Seconds with at least one post in view, all of the batch.
    seconds: int = 0
    help_opened: int = 0
    note_opened: int = 0


async def is_recorded(pool: db.Pool, member_id: UUID) -> bool:
    """Whether any study may note these acts now: only then does the browser count and send."""
    (row,) = await db.fetch(pool, _IS_RECORDED, {"now": clock.now(), "member_id": member_id})
    return bool(row["is_recorded"])


def role_of(roles: Collection[str]) -> str:
    """The part someone plays in the community, as a study may know it."""
    return next((role for role in ("host", "adviser") if role in roles), "member")


async def record(pool: db.Pool, *, member_id: UUID, role: str, acts: Told) -> None:
    """Keep a batch in every study of the member that may know of it.

    Reading is never more than what has passed since the participant's last batch of it, whatever
    the browser says. A consent taken back in this very moment makes the database refuse the batch;
    then there is nothing to keep, and nothing to tell.
    """
    if acts == Told():
        return
    values = {
        "now": clock.now(),
        "member_id": member_id,
        "role": role,
        "seconds": acts.seconds,
        "help_opened": min(acts.help_opened, MAX_OPENED),
        "note_opened": min(acts.note_opened, MAX_OPENED),
    }
    try:
        try:
            await _write(pool, values)
        except psycopg.errors.UniqueViolation:
            # Another window began the participant's recording in this very moment: count from it.
            await _write(pool, values)
    except psycopg.errors.CheckViolation as error:
        if error.diag.constraint_name != "consent_in_force":
            raise
        logger.info("acts came after a withdrawal and were not kept")


async def _write(pool: db.Pool, values: dict[str, object]) -> None:
    async with pool.connection() as connection:
        await connection.execute(_RECORD, values)


async def forget_times(pool: db.Pool) -> None:
    """Let go of exact times that no rule needs any more: a session that ended, a last batch that
    nothing is counted from."""
    async with pool.connection() as connection:
        await connection.execute(_FORGET, {"now": clock.now()})
