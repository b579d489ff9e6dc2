"""One act as a row of activity, with the moment that the database turns into a day. Pure."""

from random import Random
from typing import Final, NamedTuple

from app.research.registry import FIELDS, LATENCY_BANDS, LATEST


class ActRow(NamedTuple):
    """The columns of a row, in their order, but for the study."""

    id: str
    participant_id: str
    occurred_at: str
    kind: str
    version: int = 1
    actor_role: str = "member"
    other_side: str | None = None
    counterpart_id: str | None = None
    target: str | None = None
    intent: str | None = None
    reaction: str | None = None
    length_band: str | None = None
    has_note: bool | None = None
    ordinal: int | None = None
    latency_band: str | None = None
    session: int | None = None
    seconds: int | None = None


#: Whom an act is towards: `participant` with their code, `member`, `staff` or `self`.
Side = tuple[str, str | None]
MEMBER: Final[Side] = ("member", None)
STAFF: Final[Side] = ("staff", None)
OWN: Final[Side] = ("self", None)

REACTIONS: Final = tuple(FIELDS["reaction"].values)
_INTENTS: Final = (*FIELDS["intent"].values, None)
_LENGTHS: Final = tuple(FIELDS["length_band"].values)
_LATENCIES: Final = (*(band for _, band in LATENCY_BANDS), LATEST)
#: Of a hundred replies to posts, so many are the first, within each of these times.
_FIRST: Final = (8, 14, 12, 5, 3)
_NOT_FIRST: Final = 58


class Pen:
    """Writes the acts of one chance: ids and what an act is about come from it."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def _id(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def plain(self, who: str, at: str, kind: str, session: int) -> ActRow:
        """Help now or a note opened, a break taken."""
        return ActRow(self._id(), who, at, kind, session=session)

    def read(self, who: str, at: str, session: int, seconds: int) -> ActRow:
        """A batch of reading, by the clock."""
        return ActRow(self._id(), who, at, "read", 2, session=session, seconds=seconds)

    def published(self, who: str, at: str, session: int, ordinal: int) -> ActRow:
        """A post that began a thread."""
        random = self._random
        return ActRow(
            self._id(), who, at, "published", session=session, ordinal=min(ordinal, 100),
            intent=random.choice(_INTENTS), length_band=random.choice(_LENGTHS),
            has_note=random.random() < 0.1,
        )  # fmt: skip

    def replied(self, who: str, at: str, session: int, to: Side) -> ActRow:
        """A reply to somebody's post or reply."""
        random = self._random
        return ActRow(
            self._id(), who, at, "replied", other_side=to[0], counterpart_id=to[1],
            target="post" if random.random() < 0.7 else "reply", session=session,
            length_band=random.choice(_LENGTHS), has_note=random.random() < 0.05,
        )  # fmt: skip

    def reacted(self, who: str, at: str, session: int, to: Side) -> ActRow:
        """One of the four reactions."""
        random = self._random
        return ActRow(
            self._id(), who, at, "reacted", other_side=to[0], counterpart_id=to[1],
            target="post" if random.random() < 0.7 else "reply",
            reaction=random.choice(REACTIONS), session=session,
        )  # fmt: skip

    def received(self, who: str, at: str, by: Side, *, of: ActRow | None = None) -> ActRow:
        """What somebody got: the other end of an act, or of one that no study records."""
        random = self._random
        target = "post" if random.random() < 0.7 else "reply"
        reaction = random.choice(REACTIONS) if random.random() < 0.6 else None
        if of is not None:
            target, reaction = of.target or target, of.reaction
        return ActRow(
            self._id(), who, at, "received", other_side=by[0], counterpart_id=by[1], target=target,
            reaction=reaction, latency_band=self._latency(target, reaction),
        )  # fmt: skip

    def _latency(self, target: str, reaction: str | None) -> str | None:
        """The wait that the first reply to a post ended."""
        if reaction is not None or target != "post":
            return None
        weights = (*_FIRST, _NOT_FIRST)
        return self._random.choices((*_LATENCIES, None), weights)[0]

    def removed(self, act: ActRow, kind: str) -> ActRow:
        """The same reaction, removed by who gave it (`took_back`) or lost by who got it."""
        return act._replace(id=self._id(), kind=kind, latency_band=None)

    def deleted(self, who: str, at: str, session: int, target: str) -> ActRow:
        """A post or reply of their own, deleted: it names no other side."""
        return ActRow(self._id(), who, at, "took_back", target=target, session=session)
