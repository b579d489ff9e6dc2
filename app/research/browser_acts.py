"""Acts that only the browser knows: how long posts were in view, that Help now or a folded post was
opened. It sends them in batches; which post it was never reaches us."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.allowances import Allowance
from app.core.logs import logger
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research.activity import IDLE
from app.research.registry import MAX_READ_SECONDS

MAX_ITEMS: Final = 50
#: What one batch may add of each; a browser sends every 20 seconds.
MAX_OPENED: Final = 20
#: Batches of one member in a while: a browser sends 30, and some have many windows open.
BATCHES: Final = Allowance(
    "activities", 300, 600, "That was a lot in a short time. Nothing you wrote is lost."
)
#: Before the first batch of reading there is none to count from; this much is believed.
FIRST_SECONDS: Final = 60
_LEFT: Final = "interval '999 milliseconds'"
_IDLE: Final = f"interval '{IDLE.total_seconds():.0f} seconds'"

#: One statement for one batch: members read all the time. For everyone who takes part in nothing
#: it ends at an empty index look-up. Consent is asked of the member's links: asked of recording
#: states, a small study's would all be asked about before it is known whose they are.
#:
#: The recording state is locked first and participants afterwards (by the trigger), as everyone
#: does it: of two windows the second waits, and counts from the first one's batch. `read_at` is
#: up to when reading is told of. It may stay behind by not quite a second, so that batches which
#: come a moment early and late by turns lose nothing, and one that is sent twice gains nothing.
_RECORD: Final = f"""
    WITH known AS MATERIALIZED (
      SELECT s.* FROM ({LINKS_OF_MEMBER}) l
      JOIN research.recording_states s ON s.study_id = l.study_id
        AND s.participant_id = l.participant_id
      WHERE research.may_record(l.participant_id, 'activity', %(now)s)
      ORDER BY s.participant_id FOR UPDATE OF s
    ), timed AS MATERIALIZED (
      SELECT study_id, participant_id,
        session + CASE WHEN last_at >= %(now)s - {_IDLE} THEN 0 ELSE 1 END AS session,
        greatest(0, least(%(seconds)s, {MAX_READ_SECONDS}, CASE WHEN told_at IS NULL
          THEN {FIRST_SECONDS} ELSE floor(extract(epoch FROM %(now)s - told_at))
        END))::integer AS seconds, told_at, identity.part_of(%(member_id)s) AS part
      FROM known CROSS JOIN LATERAL (
        SELECT CASE WHEN read_at >= %(now)s - {_IDLE} THEN read_at END AS told_at
      ) told
    ), moved AS (
      UPDATE research.recording_states s SET session = t.session,
        last_at = greatest(s.last_at, %(now)s),
        read_at = CASE WHEN %(seconds)s = 0 THEN s.read_at WHEN t.told_at IS NULL THEN %(now)s
          ELSE greatest(t.told_at + make_interval(secs => t.seconds), %(now)s - {_LEFT}) END
      FROM timed t WHERE s.study_id = t.study_id AND s.participant_id = t.participant_id
    )
    INSERT INTO research.activities
      (study_id, participant_id, occurred_at, kind, version, actor_role, session, seconds)
    SELECT t.study_id, t.participant_id, %(now)s, a.kind, a.version, t.part, t.session, a.seconds
    FROM timed t CROSS JOIN LATERAL (
      SELECT 'read' AS kind, 2 AS version, t.seconds
      UNION ALL SELECT 'help_opened', 1, NULL FROM generate_series(1, %(help_opened)s)
      UNION ALL SELECT 'note_opened', 1, NULL FROM generate_series(1, %(note_opened)s)
    ) a
    WHERE a.seconds IS DISTINCT FROM 0
    ORDER BY t.participant_id
"""  # noqa: S608 - joins constants

_IS_RECORDED: Final = f"""
    SELECT EXISTS (SELECT FROM ({LINKS_OF_MEMBER}) l
      WHERE research.may_record(l.participant_id, 'activity', %(now)s)) AS is_recorded
"""  # noqa: S608 - joins two constants

#: Rows that someone is at are left to the next time: this waits for nobody.
_FORGET: Final = f"""
    UPDATE research.recording_states s SET
      last_at = CASE WHEN s.last_at >= %(now)s - {_IDLE} THEN s.last_at END,
      read_at = CASE WHEN s.read_at >= %(now)s - {_IDLE} THEN s.read_at END
    FROM (
      SELECT study_id, participant_id FROM research.recording_states
      WHERE least(last_at, read_at) < %(now)s - {_IDLE} FOR UPDATE SKIP LOCKED) past
    WHERE s.study_id = past.study_id AND s.participant_id = past.participant_id
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


async def record(pool: db.Pool, *, member_id: UUID, acts: Told) -> None:
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
        "seconds": acts.seconds,
        "help_opened": min(acts.help_opened, MAX_OPENED),
        "note_opened": min(acts.note_opened, MAX_OPENED),
    }
    try:
        async with pool.connection() as connection:
            await connection.execute(_RECORD, values)
    except psycopg.errors.CheckViolation as error:
        if error.diag.constraint_name != "consent_in_force":
            raise
        logger.info("acts came after a withdrawal and were not kept")


async def forget_times(session: AsyncSession) -> None:
    """Let go of exact times that no rule needs any more: a session that ended, a last batch that
    nothing is counted from."""
    await (await db.driver(session)).execute(_FORGET, {"now": clock.now()})
