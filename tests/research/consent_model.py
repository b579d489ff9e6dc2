"""What the consent rule says should be stored, worked out without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.ids import new_id

ACTIVITY, TEXT = "activity", "text"
LONDON: Final = ZoneInfo("Europe/London")
IDLE: Final = timedelta(minutes=30)
#: Hours of a day by the band that begins with them.
BANDS: Final = ("night", "morning", "afternoon", "evening")


@dataclass(frozen=True)
class Row:
    """What a row says: no time, but what is counted from it."""

    kind: str
    day: int
    band: str
    side: str | None = None
    #: The other person's number, where they take part.
    to: int | None = None
    ordinal: int | None = None
    session: int | None = None


@dataclass
class Person:
    """What the model knows of one member."""

    id: UUID = field(default_factory=new_id)
    code: str | None = None
    enrolled: date | None = None
    #: Each change of what is agreed to, oldest first.
    agreed: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    #: When the text of each post was written or edited.
    texts: dict[UUID, datetime] = field(default_factory=dict)
    session: int = 0
    last: datetime | None = None
    posts: int = 0

    def agrees(self, purpose: str, moment: datetime) -> bool:
        """Whether consent was in force at that moment, and still is."""
        then = [what for when, what in self.agreed if when <= moment]
        return bool(then) and purpose in then[-1] and purpose in self.agreed[-1][1]

    def session_at(self, moment: datetime) -> int:
        """The session that something they do now belongs to."""
        if self.last is None or moment - self.last > IDLE:
            self.session += 1
        self.last = moment if self.last is None else max(self.last, moment)
        return self.session

    def keep(
        self, kind: str, moment: datetime, side: str | None = None, to: int | None = None
    ) -> None:
        """A row of theirs."""
        local = moment.astimezone(LONDON)
        assert self.enrolled is not None
        self.posts += kind == "published"
        self.rows.append(
            Row(
                kind,
                (local.date() - self.enrolled).days,
                BANDS[local.hour // 6],
                side,
                to if side == "participant" else None,
                self.posts if kind == "published" else None,
                None if kind == "received" else self.session_at(moment),
            )
        )


@dataclass(frozen=True)
class ModelAct:
    """Something that happened in the community and was not delivered yet."""

    moment: datetime
    actor: int
    #: published (with `to`: replied), reacted, edited or withdrawn.
    kind: str
    to: int | None = None
    post: UUID = field(default_factory=new_id)


class Model:
    """Members by number, what waits to be delivered, and the codes that were erased."""

    def __init__(self, count: int) -> None:
        self.people = [Person() for _ in range(count)]
        self.pending: list[ModelAct] = []
        self.erased: list[str] = []
        self.closed_at: datetime | None = None

    def agree(self, who: int, at: datetime, chosen: Mapping[str, bool]) -> None:
        """These purposes and no others from now on."""
        agreed = frozenset(name for name, yes in chosen.items() if yes)
        person = self.people[who]
        person.agreed.append((at, agreed))
        person.enrolled = person.enrolled or at.astimezone(LONDON).date()

    def leave(self, who: int, at: datetime, *, erase: bool) -> None:
        """Stop; with `erase` as if they had never been there."""
        person = self.people[who]
        if person.code is None:
            return
        if not erase:
            self.agree(who, at, {})
            return
        self.erased.append(person.code)
        self.people[who] = Person(id=person.id)
        for other in self.people:
            other.rows = [_without(row, who) for row in other.rows]

    def may_record(self, who: int, purpose: str, moment: datetime) -> bool:
        """Whether the study may keep what someone did then."""
        is_open = self.closed_at is None or moment < self.closed_at
        return is_open and self.people[who].agrees(purpose, moment)

    def read(self, who: int, at: datetime) -> None:
        """A window told of reading just now."""
        if self.may_record(who, ACTIVITY, at):
            self.people[who].keep("read", at)

    def forget(self, now: datetime) -> None:
        """Exact times that no rule needs any more are let go."""
        for person in self.people:
            if person.last is not None and now - person.last > IDLE:
                person.last = None

    def deliver(self) -> None:
        """Everything that waits becomes what consent allows of it: two subscribers, in turn."""
        self.deliver_activities()
        self.deliver_texts()

    def deliver_activities(self) -> None:
        """The first subscriber's part; texts still wait."""
        for act in self.pending:
            if act.kind == "withdrawn":
                self._keep(act, act.actor, "took_back", None)
            elif act.kind == "published":
                self._keep(act, act.actor, "published" if act.to is None else "replied", act.to)
            if act.kind == "reacted" and act.to != act.actor:
                self._keep(act, act.actor, "reacted", act.to)
            if act.kind in {"published", "reacted"} and act.to not in {None, act.actor}:
                self._keep(act, act.to, "received", act.actor)

    def deliver_texts(self) -> None:
        """The second one's, after which nothing waits."""
        for act in self.pending:
            texts = self.people[act.actor].texts
            is_kept = act.kind == "published"
            if act.kind in {"edited", "withdrawn"}:
                is_kept = texts.pop(act.post, None) is not None and act.kind == "edited"
            if is_kept and self.may_record(act.actor, TEXT, act.moment):
                texts[act.post] = act.moment
        self.pending = []

    def _keep(self, act: ModelAct, who: int | None, kind: str, to: int | None) -> None:
        if who is None or not self.may_record(who, ACTIVITY, act.moment):
            return
        side = None
        if to is not None:
            is_in = self.may_record(to, ACTIVITY, act.moment)
            side = "self" if to == who else "participant" if is_in else "member"
        self.people[who].keep(kind, act.moment, side, to)


def _without(row: Row, who: int) -> Row:
    """A row of someone else, once `who` is nobody's any more."""
    if row.to != who:
        return row
    return Row(row.kind, row.day, row.band, "member", None, row.ordinal, row.session)
