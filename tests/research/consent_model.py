"""What the consent rule says should be stored, worked out without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.ids import new_id

ACTIVITY, TEXT = "activity", "text"

#: What a row is recognised by: kind, moment, the other person.
Row = tuple[str, datetime, int | None]


@dataclass
class Person:
    """What the model knows of one member."""

    id: UUID = field(default_factory=new_id)
    code: str | None = None
    #: Each change of what is agreed to, oldest first.
    agreed: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    texts: list[datetime] = field(default_factory=list)

    def agrees(self, purpose: str, moment: datetime) -> bool:
        """Whether consent was in force at that moment, and still is."""
        then = [what for when, what in self.agreed if when <= moment]
        return bool(then) and purpose in then[-1] and purpose in self.agreed[-1][1]


@dataclass(frozen=True)
class Act:
    """Something that happened in the community and was not delivered yet."""

    moment: datetime
    actor: int
    to: int | None
    is_reaction: bool


class Model:
    """Members by number, what waits to be delivered, and the codes that were erased."""

    def __init__(self, count: int) -> None:
        self.people = [Person() for _ in range(count)]
        self.pending: list[Act] = []
        self.erased: list[str] = []

    def agree(self, who: int, at: datetime, chosen: Mapping[str, bool]) -> None:
        """These purposes and no others from now on."""
        agreed = frozenset(name for name, yes in chosen.items() if yes)
        self.people[who].agreed.append((at, agreed))

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
            other.rows = [
                (kind, moment, None if to == who else to) for kind, moment, to in other.rows
            ]

    def deliver(self) -> None:
        """Everything that waits becomes what consent allows of it: two subscribers, in turn."""
        self.deliver_activities()
        self.deliver_texts()

    def deliver_activities(self) -> None:
        """The first subscriber's part; texts still wait."""
        for act in self.pending:
            self._note(act)

    def deliver_texts(self) -> None:
        """The second one's, after which nothing waits."""
        for act in self.pending:
            actor = self.people[act.actor]
            if not act.is_reaction and actor.agrees(TEXT, act.moment):
                actor.texts.append(act.moment)
        self.pending = []

    def _note(self, act: Act) -> None:
        if act.is_reaction and act.to == act.actor:
            return
        kind = "reacted" if act.is_reaction else "published" if act.to is None else "replied"
        self._keep(act, act.actor, kind, act.to)
        if act.to is not None and act.to != act.actor:
            self._keep(act, act.to, "received", act.actor)

    def _keep(self, act: Act, who: int, kind: str, to: int | None) -> None:
        if self.people[who].agrees(ACTIVITY, act.moment):
            known = to is not None and self.people[to].agrees(ACTIVITY, act.moment)
            self.people[who].rows.append((kind, act.moment, to if known else None))
