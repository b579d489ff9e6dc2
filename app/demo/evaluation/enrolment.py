"""The participants in the study: their pseudonyms, what they agreed to, and when they stopped."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db, ids
from app.demo.evaluation import tables
from app.demo.evaluation.accounts import Joined
from app.demo.evaluation.life import Life
from app.demo.evaluation.peers import Peer
from app.demo.evaluation.planted import Planted
from app.identity import pseudonyms
from app.research.demographics import tenure_band
from app.research.models import ConsentAct, Purpose
from app.research.schedule import PERIOD_DAYS

_PARTICIPANT: Final = (
    "id", "study_id", "state", "enrolled_on", "was_staff", "changed_at", "tenure_band", "age_band",
    "area", "peer_support_before",
)  # fmt: skip
_CONSENT: Final = ("study_id", "participant_id", "purpose", "act", "sheet_version", "at")
_STATE: Final = ("study_id", "participant_id", "session", "posts")
_LOOKED: Final = """
    INSERT INTO research.look_counts (study_id, period, people)
    SELECT s.id, (p.enrolled_on - research.local_date(s.opened_at)) / %(days)s + 1, count(*)
    FROM research.participants p JOIN research.studies s ON s.id = p.study_id
    WHERE s.id = %(study)s GROUP BY 1, 2
"""
_STOPPED: Final = "UPDATE research.participants SET state = 'stopped' WHERE id = ANY (%s)"


async def draw_codes(session: AsyncSession, planted: Planted) -> list[str]:
    """A pseudonym for everyone that nobody has."""
    connection = await db.driver(session)
    cursor = await connection.execute("SELECT id FROM research.participants")
    taken = {code for (code,) in await cursor.fetchall()}
    drawn: dict[str, None] = {}
    with ids.drawn_from(planted.chance("codes")):
        while len(drawn) < planted.people:
            code = pseudonyms.draw()
            if code not in taken:
                drawn[code] = None
    return list(drawn)


async def enrol(
    session: AsyncSession,
    study_id: UUID,
    peers: Sequence[Peer],
    codes: Sequence[str],
    joined: Sequence[Joined],
) -> None:
    """Everyone looked at the study and takes part from the moment at which they joined."""
    rows = [
        (code, study_id, "taking_part", one.at.date(), False, one.at,
         tenure_band(one.member_since, one.at), peer.age_band, peer.region, peer.before)
        for peer, code, one in zip(peers, codes, joined, strict=True)
    ]  # fmt: skip
    await tables.copy(session, "research.participants", _PARTICIPANT, rows)
    links = [(study_id, one.member_id, code) for code, one in zip(codes, joined, strict=True)]
    await tables.copy(
        session, "identity.study_links", ("study_id", "member_id", "participant_id"), links
    )
    looks = [(study_id, one.member_id) for one in joined]
    await tables.copy(session, "identity.study_looks", ("study_id", "member_id"), looks)
    counted = {"study": study_id, "days": PERIOD_DAYS}
    await (await db.driver(session)).execute(_LOOKED, counted)
    consents = _chosen(study_id, peers, codes, joined)
    await tables.copy(session, "research.consents", _CONSENT, consents)


def _chosen(
    study_id: UUID, peers: Sequence[Peer], codes: Sequence[str], joined: Sequence[Joined]
) -> Iterator[tuple[Any, ...]]:
    for peer, code, one in zip(peers, codes, joined, strict=True):
        says = ConsentAct.GIVEN if peer.agrees_to_questions else ConsentAct.DECLINED
        for purpose, act in ((Purpose.ACTIVITY, ConsentAct.GIVEN), (Purpose.QUESTIONNAIRES, says)):
            yield (study_id, code, purpose, act, 1, one.at)


async def stop(
    session: AsyncSession,
    study_id: UUID,
    peers: Sequence[Peer],
    codes: Sequence[str],
    joined: Sequence[Joined],
) -> int:
    """Who stops takes back what they agreed to, on the day after their last; returns how many.

    Comes after all rows of theirs: the database takes none once consent is no longer in force.
    """
    rows = [
        (study_id, code, purpose, ConsentAct.WITHDRAWN, 1,
         one.at + timedelta(days=peer.last_day + 1))
        for peer, code, one in zip(peers, codes, joined, strict=True)
        if peer.stops
        for purpose in (Purpose.ACTIVITY, Purpose.QUESTIONNAIRES)
        if purpose is Purpose.ACTIVITY or peer.agrees_to_questions
    ]  # fmt: skip
    await tables.copy(session, "research.consents", _CONSENT, rows)
    stopped = sorted({row[1] for row in rows})
    await (await db.driver(session)).execute(_STOPPED, (stopped,))
    return len(stopped)


async def remember(session: AsyncSession, study_id: UUID, codes: Sequence[str], life: Life) -> None:
    """How many sessions and posts of each were counted, as recording remembers it."""
    rows = [(study_id, *counted) for counted in zip(codes, life.sessions, life.posts, strict=True)]
    await tables.copy(session, "research.recording_states", _STATE, rows)
