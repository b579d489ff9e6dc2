"""The flow of a study's participants, as CONSORT draws it: who was invited, looked, joined,
answered which wave, stopped. Live counts of persons, each blurred as every live count is.

Moher D and others (2010). CONSORT 2010 explanation and elaboration. BMJ 340:c869.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.core import clock, db
from app.research.participant_counts import blurred
from app.research.questionnaires import plans

#: Whoever had everything erased is in no wave: nothing of theirs is left to count.
_WAVES: Final = """
    WITH asked AS (
      SELECT w.participant_id AS id, w.wave AS number, w.ends_at <= %(now)s AS is_over,
        r.done_at IS NOT NULL AS is_done, r.late_at IS NOT NULL AS is_late,
        r.declined_at IS NOT NULL AS is_declined, r.saved_at IS NOT NULL AS is_begun
      FROM research.asked_waves(%(study)s, %(now)s) w
      LEFT JOIN research.responses r ON r.study_id = %(study)s
        AND r.participant_id = w.participant_id AND r.wave = w.wave
    ), based AS (
      SELECT id FROM asked WHERE number = (SELECT min(number) FROM asked) AND is_done
    )
    SELECT w.number, w.week, w.opens_on, count(a.id) AS asked,
      count(*) FILTER (WHERE a.is_done) AS done,
      count(*) FILTER (WHERE a.is_done AND a.is_late) AS late,
      count(*) FILTER (WHERE a.is_declined) AS declined,
      count(*) FILTER (WHERE a.is_begun AND NOT a.is_done AND NOT a.is_declined) AS begun,
      count(*) FILTER (WHERE a.is_over AND NOT a.is_begun AND NOT a.is_done
        AND NOT a.is_declined) AS silent,
      count(*) FILTER (WHERE a.is_over AND a.id IN (SELECT id FROM based)) AS followed_of,
      count(*) FILTER (WHERE a.is_over AND a.is_done AND a.id IN (SELECT id FROM based))
        AS followed
    FROM research.waves w
    LEFT JOIN asked a ON a.number = w.number
    WHERE w.study_id = %(study)s AND EXISTS (SELECT FROM research.wave_instruments i
      WHERE i.study_id = %(study)s AND i.wave = w.number)
    GROUP BY w.number, w.week, w.opens_on ORDER BY w.number
"""
_HEAD: Final = """
    SELECT
      (SELECT coalesce(sum(people), 0)::int FROM research.look_counts WHERE study_id = %(study)s)
        AS looked,
      count(*) AS joined,
      count(*) FILTER (WHERE EXISTS (SELECT FROM research.consents c WHERE c.participant_id = p.id
        AND c.purpose = 'questionnaires' AND c.act = 'given')) AS agreed,
      count(*) FILTER (WHERE p.state = 'stopped') AS stopped,
      count(*) FILTER (WHERE p.state = 'erased') AS erased
    FROM research.participants p WHERE p.study_id = %(study)s AND NOT p.was_staff
"""


@dataclass(frozen=True, slots=True)
class WaveFlow:
    """What became of one wave; every number is of persons, blurred: None is fewer than are told."""

    wave: int
    title: str
    #: For whom it has opened while they agreed.
    asked: int | None
    done: int | None
    #: Of those who handed it in, after its window.
    late: int | None
    declined: int | None
    #: Answered something and did not hand it in.
    begun: int | None
    #: The time is over and nothing came.
    silent: int | None
    #: Of those who handed in the first wave and for whom this one is over: all, and who did both.
    followed_of: int | None
    followed: int | None

    @property
    def follow_up(self) -> int | None:
        """The follow-up rate in per cent, from the figures that are told."""
        if not self.followed_of or self.followed is None:
            return None
        return round(100 * self.followed / self.followed_of)


@dataclass(frozen=True, slots=True)
class Flow:
    """From who could take part to the last wave; every number is blurred."""

    #: Whom the study was shown to while it was open: members, and cards that were given out.
    invited: int | None
    looked: int | None
    joined: int | None
    #: To questionnaires, at some time.
    agreed: int | None
    stopped: int | None
    erased: int | None
    waves: list[WaveFlow]


async def of_study(pool: db.Pool, study_id: UUID, *, invited: int) -> Flow:
    """The flow of a study, counted now. How many were invited is handed in, for research knows
    neither accounts nor cards."""
    asked = {"study": study_id, "now": clock.now()}
    (head,) = await db.fetch(pool, _HEAD, asked)
    rows = await db.fetch(pool, _WAVES, asked)
    told = {name: blurred(people) for name, people in head.items()}
    return Flow(invited=blurred(invited), **told, waves=[_wave(row) for row in rows])


def _wave(row: dict[str, Any]) -> WaveFlow:
    number, week, opens_on = row.pop("number"), row.pop("week"), row.pop("opens_on")
    told = {name: blurred(people) for name, people in row.items()}
    return WaveFlow(wave=number, title=plans.spoken(week, opens_on), **told)
