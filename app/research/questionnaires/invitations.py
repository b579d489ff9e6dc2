"""Invitations to waves, and reminders: as often as the study's plan says and no more, in the part
of the day that the person chose. The database refuses any other.

In the app an invitation is that the wave is listed; nothing about a study is written where the
community stands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, conflicts, db, mail
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.logs import logger
from app.identity import pseudonyms
from app.research.instruments import wording_access
from app.research.questionnaires.invitation_choices import stop_token
from app.research.questionnaires.invitation_letters import invitation

#: So many are looked up at a time, so that what is known of each is seconds old.
BATCH: Final = 500

#: Hours of the programme's clock, from and until. Never at night. Whoever can't be written to now
#: stays due, and so each look begins behind the last of the one before.
_DUE: Final = f"""
    WITH now AS (
      SELECT %(now)s::timestamptz AS at, research.local_date(%(now)s) AS today,
        extract(hour FROM %(now)s::timestamptz AT TIME ZONE research.programme_zone()) AS hour
    ), due AS (
      SELECT p.study_id, p.id AS participant_id, w.number AS wave,
        coalesce(i.number + 1, 0) AS number,
        coalesce(c.by_email, true) AS by_email, research.local_date(t.closes_at) AS until
      FROM now
      JOIN research.studies s ON s.state = 'open'
      JOIN research.question_plans q ON q.study_id = s.id
      JOIN research.waves w ON w.study_id = s.id
      JOIN research.participants p ON p.study_id = s.id AND p.state = 'taking_part'
        AND NOT p.was_staff
        AND coalesce(w.opens_on, p.enrolled_on + 7 * w.week)
          BETWEEN now.today - q.window_days AND now.today
      JOIN identity.study_links l ON l.study_id = p.study_id AND l.participant_id = p.id
      CROSS JOIN LATERAL research.wave_times(s.id, w.number, p.enrolled_on) t
      LEFT JOIN LATERAL (
        SELECT number, sent_at FROM research.invitations
        WHERE study_id = s.id AND participant_id = p.id AND wave = w.number
        ORDER BY number DESC LIMIT 1) i ON true
      LEFT JOIN research.responses r
        ON r.study_id = s.id AND r.participant_id = p.id AND r.wave = w.number
      LEFT JOIN research.invitation_choices c ON c.study_id = s.id AND c.participant_id = p.id
      WHERE now.at >= t.opens_at AND now.at < t.closes_at
        -- Who joins is asked on the page; a letter comes on a day after, if they have not answered.
        AND p.enrolled_on < now.today
        AND (i.number IS NULL OR i.number < q.reminders
          AND now.at >= i.sent_at + make_interval(days => q.reminder_days) - interval '12 hours')
        AND r.done_at IS NULL AND r.declined_at IS NULL AND c.stopped_at IS NULL
        AND CASE c.part_of_day WHEN 'morning' THEN hour >= 8 AND hour < 12
          WHEN 'afternoon' THEN hour >= 12 AND hour < 17
          WHEN 'evening' THEN hour >= 17 AND hour < 21
          ELSE hour >= 9 AND hour < 20 END
        AND (p.id, w.number) > (%(participant_id)s, %(wave)s)
      ORDER BY p.id, w.number
      LIMIT {BATCH}
    )
    SELECT *, ARRAY(SELECT a.instrument FROM research.wave_instruments a
        WHERE a.study_id = due.study_id AND a.wave = due.wave) AS instruments,
      -- Dear, so asked of those alone who are due otherwise.
      research.may_record(participant_id, 'questionnaires', %(now)s) AS may_be_asked
    FROM due ORDER BY participant_id, wave
"""  # noqa: S608 - a constant of ours
# An act of consent about them waits; what it changed is seen by the database's own rule.
_LOCK: Final = """
    SELECT 1 FROM research.participants WHERE study_id = %(study_id)s AND id = %(participant_id)s
    FOR SHARE
"""
_INVITE: Final = """
    INSERT INTO research.invitations (study_id, participant_id, wave, number, sent_at, by_email)
    VALUES (%(study_id)s, %(participant_id)s, %(wave)s, %(number)s, %(now)s, %(is_mailed)s)
    ON CONFLICT DO NOTHING
"""


class Reach(Protocol):
    """Which of these members may be written to now, and where: handed in, for research knows
    neither addresses nor breaks."""

    async def __call__(
        self, session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
    ) -> dict[UUID, str]: ...


@dataclass(frozen=True, slots=True)
class Mailing:
    """What letters are sealed with, and the address of the site."""

    encryption: Encryption
    origin: str
    reach: Reach


class NotAllInvitedError(Exception):
    """Something went wrong with so many; the log says what. All others were invited."""


async def send_due(database: Database, mailing: Mailing) -> int:
    """Invite and remind who is due now; returns how many were. May run twice, and beside itself.

    Raises NotAllInvitedError at the end, so that the job counts as failed; those who were missed
    are due again at the next look.
    """
    sent = missed = 0
    last: DictRow = {"participant_id": "", "wave": 0}
    while rows := await db.fetch(database.pool, _DUE, {**last, "now": clock.now()}):
        for row in rows:
            if not row["may_be_asked"]:
                continue
            try:
                sent += await _invite(database, mailing, row)
            except Exception as error:
                if isinstance(conflicts.origin_of(error), psycopg.OperationalError | OSError):
                    raise  # the database or the machine, and so everybody
                missed += 1
                # Not whom: whoever reads logs knows accounts, and must not learn pseudonyms.
                logger.exception(
                    "somebody could not be invited", study_id=str(row["study_id"]), wave=row["wave"]
                )
        last = rows[-1]
    if missed:
        raise NotAllInvitedError(missed)
    return sent


async def _invite(database: Database, mailing: Mailing, row: DictRow) -> bool:
    try:
        async with unit_of_work(database) as session:
            return await _invite_within(session, mailing, row)
    except psycopg.errors.CheckViolation:
        return False  # they answered, declined or stopped it since the list was made


async def _invite_within(session: AsyncSession, mailing: Mailing, row: DictRow) -> bool:
    connection = await db.driver(session)
    await connection.execute(_LOCK, row)
    link = await pseudonyms.member_of(session, row["participant_id"])
    if link is None:
        return False
    reached = await mailing.reach(session, mailing.encryption, [link])
    if link not in reached:
        return False
    values: dict[str, Any] = {**row, "now": clock.now(), "is_mailed": row["by_email"]}
    if (await connection.execute(_INVITE, values)).rowcount == 0:
        return False
    if row["by_email"]:
        await _write(session, mailing, row, reached[link])
    return True


async def _write(session: AsyncSession, mailing: Mailing, row: DictRow, address: str) -> None:
    until: date = row["until"]
    letter = invitation(
        mailing.origin,
        token=stop_token(mailing.encryption, row["study_id"], row["participant_id"]),
        minutes=sum(wording_access.find(name).minutes for name in row["instruments"]),
        until=until,
        is_reminder=row["number"] > 0,
    )
    await mail.queue(
        session,
        mailing.encryption,
        to=address,
        subject=letter.subject,
        text=letter.text,
        stop_address=letter.stop_address,
    )
