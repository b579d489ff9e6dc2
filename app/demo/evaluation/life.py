"""What the participants do on the wall over two years, and what others get by it. Pure, and one
person after another: a million acts are never all held."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate, chain
from random import Random
from typing import Final

from app.demo.evaluation import sessions
from app.demo.evaluation.act import MEMBER, OWN, STAFF, ActRow, Pen, Side
from app.demo.evaluation.peers import Peer, spread
from app.demo.evaluation.planted import DAYS, Planted
from app.demo.evaluation.sessions import LASTS, Session
from app.demo.evaluation.tally import SupportTally
from app.research.registry import MAX_READ_SECONDS

#: Of a hundred acts of an average person, but for what they give, and what members outside the
#: study do to them.
_OWN: Final = {"read": 42, "published": 5, "note_opened": 5, "help_opened": 0.8, "break_taken": 0.2}
_GIVEN, _GOT = 17.0, 12.0
#: Of what is given, so much goes to somebody else in the study, and so much is a reaction.
_WITHIN, _REACTIONS = 0.5, 0.6
#: How often a reaction is removed, and a post or reply deleted, in the session it was made in.
_REMOVED, _DELETED = 0.02, 0.01
#: How much the pace, generosity, and how others turn to them differ from period to period.
_PACE, _GENEROUS, _TURNED_TO = 0.35, 0.8, 0.5
#: Somebody joins at this second of a day; what they do on that day comes after it.
JOINED_AT: Final = 7 * 3_600
_QUARTER: Final = 91
#: How many posts a tall screen shows at once, where another shows one.
_AT_ONCE: Final = 4

#: A session there was: the day since joining, its number, and when it began.
Lived = tuple[int, int, str]


def believed(claimed: int, elapsed: int) -> int:
    """The seconds of a batch of reading that are kept: never more than has passed since the one
    before, whatever a screen with many posts adds up to."""
    return min(claimed, elapsed, MAX_READ_SECONDS)


def _expected(peer: Peer) -> float:
    """Rows that come from one person, for a pace of 1 a day."""
    own = sum(_OWN.values()) + _GIVEN * (1 + _WITHIN * 0.9)
    return (peer.last_day + 1) * (own * peer.activity + _GOT * peer.draw)


class Life:
    """All acts of all participants; what they gave and got is in `tally` once they were drawn."""

    def __init__(
        self, planted: Planted, peers: Sequence[Peer], codes: Sequence[str], opened_on: date
    ) -> None:
        self._planted, self._peers, self._codes = planted, peers, codes
        self._days = [(opened_on + timedelta(days=day)).isoformat() for day in range(DAYS + 1)]
        self._turned_to = list(accumulate(peer.draw for peer in peers))
        self._pace = planted.activities / sum(map(_expected, peers))
        self.tally = SupportTally(len(peers), planted.starts)
        #: By participant: how many sessions, and posts of their own.
        self.sessions = [0] * len(peers)
        self.posts = [0] * len(peers)

    def acts(self) -> Iterator[ActRow]:
        """Every act, person by person; what somebody got comes with who gave it."""
        ends = (*self._planted.starts[1:], DAYS)
        for peer in self._peers:
            random, lived = self._planted.chance("life", peer.index), list[Lived]()
            pen = Pen(random)
            for first, after in zip(self._planted.starts, ends, strict=True):
                days = range(first, min(after - 1, peer.last_day) + 1)
                if days:
                    yield from self._period(random, pen, peer, days, lived)
            yield from self._from_staff(peer)
            yield from self._to_themselves(peer, lived)

    def _period(
        self, random: Random, pen: Pen, peer: Peer, days: range, lived: list[Lived]
    ) -> Iterator[ActRow]:
        pace = self._pace * len(days) * spread(random, _PACE)
        own = pace * peer.activity
        means = {kind: share * own for kind, share in _OWN.items()}
        means["give"] = _GIVEN * own * spread(random, _GENEROUS)
        kinds = [[kind] * sessions.drawn(random, mean) for kind, mean in means.items()]
        for session in sessions.of_period(random, days, list(chain.from_iterable(kinds))):
            self.sessions[peer.index] += 1
            at = self._at(peer, session.day, session.second)
            lived.append((session.day, self.sessions[peer.index], at))
            yield from self._session(random, pen, peer, session)
        got = _GOT * pace * peer.draw * spread(random, _TURNED_TO)
        for _ in range(sessions.drawn(random, got)):
            day, who = random.choice(days), self._codes[peer.index]
            act = pen.received(who, self._any_time(random, peer, day), MEMBER)
            yield self._told(peer, day, act)
            if act.reaction and random.random() < _REMOVED:
                yield self._told(peer, day, pen.removed(act, "lost"))

    def _session(self, random: Random, pen: Pen, peer: Peer, session: Session) -> Iterator[ActRow]:
        number, who = self.sessions[peer.index], self._codes[peer.index]
        second, gap = session.second, max(6, min(300, LASTS // len(session.kinds)))
        for kind in session.kinds:
            passed = random.randrange(5, gap)
            second += passed
            at = self._at(peer, session.day, second)
            if kind == "give":
                yield from self._given(random, pen, peer, session.day, at)
            elif kind == "read":
                claimed = passed * (_AT_ONCE if peer.has_tall_screen else 1)
                yield pen.read(who, at, number, believed(claimed, passed))
            elif kind == "published":
                self.posts[peer.index] += 1
                yield pen.published(who, at, number, self.posts[peer.index])
                if random.random() < _DELETED:
                    yield pen.deleted(who, at, number, "post")
            else:
                yield pen.plain(who, at, kind, number)

    def _given(self, random: Random, pen: Pen, peer: Peer, day: int, at: str) -> Iterator[ActRow]:
        who, session = self._codes[peer.index], self.sessions[peer.index]
        other = self._other(random, peer, day)
        to: Side = MEMBER if other is None else ("participant", self._codes[other.index])
        is_reaction = random.random() < _REACTIONS
        act = (pen.reacted if is_reaction else pen.replied)(who, at, session, to)
        yield self._told(peer, day, act)
        is_removed = random.random() < (_REMOVED if is_reaction else _DELETED)
        if is_removed:
            undone = (
                pen.removed(act, "took_back")
                if is_reaction
                else pen.deleted(who, at, session, "reply")
            )
            yield self._told(peer, day, undone)
        if other is not None:
            got = pen.received(to[1] or "", at, ("participant", who), of=act)
            theirs = peer.enrolled_day + day - other.enrolled_day
            yield self._told(other, theirs, got)
            if is_removed and is_reaction:
                yield self._told(other, theirs, pen.removed(got, "lost"))

    def _other(self, random: Random, peer: Peer, day: int) -> Peer | None:
        """Somebody else in the study, if they are in it on that day."""
        if random.random() >= _WITHIN:
            return None
        other = random.choices(self._peers, cum_weights=self._turned_to)[0]
        return other if other is not peer and other.is_in(peer.enrolled_day + day) else None

    def _from_staff(self, peer: Peer) -> Iterator[ActRow]:
        random = self._planted.chance("staff", peer.index)
        pen, mean = Pen(random), self._planted.staff_replies * (peer.last_day + 1) / _QUARTER
        for _ in range(sessions.drawn(random, mean)):
            day, who = random.randint(0, peer.last_day), self._codes[peer.index]
            act = pen.received(who, self._any_time(random, peer, day), STAFF)
            yield self._told(peer, day, act)

    def _to_themselves(self, peer: Peer, lived: Sequence[Lived]) -> Iterator[ActRow]:
        """At the beginning of sessions that there are anyway."""
        random = self._planted.chance("self", peer.index)
        pen, mean = Pen(random), self._planted.self_replies * (peer.last_day + 1) / _QUARTER
        for _ in range(sessions.drawn(random, mean) if lived else 0):
            day, session, at = random.choice(lived)
            yield self._told(peer, day, pen.replied(self._codes[peer.index], at, session, OWN))

    def _told(self, peer: Peer, day: int, act: ActRow) -> ActRow:
        self.tally.count(act, peer.index, day)
        return act

    def _any_time(self, random: Random, peer: Peer, day: int) -> str:
        return self._at(peer, day, random.randint(JOINED_AT, 79_000))

    def _at(self, peer: Peer, day: int, second: int) -> str:
        if day == 0:
            second = max(second, JOINED_AT + 60)
        minutes, seconds = divmod(second, 60)
        date_of_it = self._days[peer.enrolled_day + day]
        return f"{date_of_it} {minutes // 60:02}:{minutes % 60:02}:{seconds:02}+00"
