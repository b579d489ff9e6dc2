"""What people who stopped taking part go on doing in the community, through the functions that
requests call, so that studies hear of it: none may keep it.

They answer each other alone: what they did to somebody who still takes part would be received by a
participant, and counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import posts, reactions
from app.community.choices import ReactionKind
from app.core import clock, ids
from app.demo import speech
from app.demo.evaluation import sessions
from app.demo.evaluation.accounts import Joined
from app.demo.evaluation.peers import Peer
from app.demo.evaluation.planted import Planted
from app.demo.speech import Said
from app.demo.stage import actor_of

_QUARTER: Final = timedelta(days=91)
_MINUTE: Final = timedelta(minutes=1)
#: Of what can be answered there, so many acts are posts and so many reactions; the rest replies.
_POSTS, _REACTIONS = 0.3, 0.3


@dataclass(slots=True)
class _Wall:
    """What was written so far by those who stopped."""

    written: list[tuple[UUID, UUID, Said]] = field(default_factory=list)

    def of_others(self, member_id: UUID) -> list[tuple[UUID, Said]]:
        return [(post_id, said) for post_id, author, said in self.written if author != member_id]


async def write(
    session: AsyncSession,
    planted: Planted,
    peers: Sequence[Peer],
    joined: Sequence[Joined],
    *,
    until: datetime,
) -> int:
    """Everything in the order of time; returns how many acts. Comes after the end of consent."""
    wall, random = _Wall(), planted.chance("afterwards")
    acts = sorted(_moments(planted, peers, joined, until))
    for at, index in acts:
        with clock.at(at), ids.drawn_from(random):
            await _act(session, random, wall, joined[index])
    return len(acts)


def _moments(
    planted: Planted, peers: Sequence[Peer], joined: Sequence[Joined], until: datetime
) -> Iterator[tuple[datetime, int]]:
    """From the minute after they stopped, on the same day too."""
    for peer, one in zip(peers, joined, strict=True):
        if not peer.stops:
            continue
        random = planted.chance("moments afterwards", peer.index)
        first = one.at + timedelta(days=peer.last_day + 1) + _MINUTE
        left = until - first
        count = sessions.drawn(random, planted.acts_after_stopping * (left / _QUARTER))
        for place in range(count):
            yield first + (left * random.random() if place else timedelta()), peer.index


async def _act(session: AsyncSession, random: Random, wall: _Wall, who: Joined) -> None:
    member_id, drawn = who.member_id, random.random()
    others = wall.of_others(member_id)
    if drawn < _POSTS or not others:
        said = speech.post(random)
        made = await posts.publish(session, author_id=member_id, body=said.body)
        wall.written.append((made.id, member_id, said))
        return
    post_id, said = random.choice(others)
    if drawn < _POSTS + _REACTIONS:
        kind = random.choice(list(ReactionKind))
        actor = actor_of(who.account_id, member_id)
        await reactions.give(session, actor, post_id=post_id, kind=kind)
    else:
        body = speech.reply(random, said)
        await posts.reply(session, author_id=member_id, parent_id=post_id, body=body)
