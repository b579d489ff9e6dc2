"""Who came to which meeting: on the lists of the groups, and in the study by its random numbers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import ids
from app.demo.evaluation import tables
from app.demo.evaluation.accounts import Joined
from app.demo.evaluation.groups import Started
from app.demo.evaluation.meetings import HeldMeeting
from app.demo.evaluation.peers import Peer
from app.demo.evaluation.places import Place
from app.demo.evaluation.planted import Planted

_MEMBER: Final = ("group_id", "member_id", "joined_at")
_MEETING: Final = ("id", "group_id", "starts_at", "minutes", "others_count", "created_at")
_ON_LIST: Final = ("id", "meeting_id", "member_id", "recorded_at")
_IN_STUDY: Final = (
    "id", "study_id", "participant_id", "occurred_at", "minutes", "mode", "group_cluster",
    "area_cluster", "times",
)  # fmt: skip


async def write(
    session: AsyncSession,
    planted: Planted,
    started: Sequence[Started],
    held: Sequence[HeldMeeting],
    joined: Sequence[Joined],
    peers: Sequence[Peer],
) -> None:
    """Members of groups, their meetings, and the lists."""
    goers = [
        (started[peer.group].id, one.member_id, one.at)
        for peer, one in zip(peers, joined, strict=True)
        if peer.group is not None
    ]
    await tables.copy(session, "programme.group_members", _MEMBER, goers)
    met = [
        (one.id, started[one.group].id, one.starts_at, one.minutes, one.others,
         one.starts_at - timedelta(days=28))
        for one in held
    ]  # fmt: skip
    await tables.copy(session, "programme.meetings", _MEETING, met)
    with ids.drawn_from(planted.chance("lists")):
        on_list = [
            (ids.random_id(), one.id, joined[index].member_id, one.starts_at)
            for one in held
            for index in one.came
        ]
    await tables.copy(session, "programme.attendances", _ON_LIST, on_list)


async def record(
    session: AsyncSession,
    planted: Planted,
    study_id: UUID,
    places: Sequence[Place],
    started: Sequence[Started],
    held: Sequence[HeldMeeting],
    codes: Sequence[str],
) -> int:
    """The same as the study knows it; returns how often somebody came."""
    with ids.drawn_from(planted.chance("attendances")):
        rows = [
            (ids.random_id(), study_id, codes[index], one.starts_at, one.minutes,
             places[one.group].mode, started[one.group].cluster, started[one.group].area_cluster, 1)
            for one in held
            for index in one.came
        ]  # fmt: skip
    return await tables.copy(session, "research.attendances", _IN_STUDY, rows)
