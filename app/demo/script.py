"""What happens in the synthetic community, act by act in order of time: pure, from a seed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from app.demo import speech
from app.demo.cast import Person
from app.demo.speech import Said

POSTS_PER_MEMBER_DAY = 0.035
REACTIONS = ("thinking_of_you", "i_hear_you", "i_like_this", "this_helped_me")
#: How busy each hour is: little before breakfast, much in the evening, some in the small hours.
HOURS = (4, 3, 3, 2, 2, 2, 3, 6, 8, 8, 8, 8, 8, 7, 7, 7, 8, 9, 11, 13, 14, 13, 10, 7)


@dataclass(frozen=True, slots=True)
class ScriptedAct:
    """One thing a member does. `ref` names what it makes, `on` what it is done to."""

    at: datetime
    kind: str
    person: int
    ref: int = -1
    on: int = -1
    body: str = ""
    intent: str | None = None
    note: str | None = None
    reaction: str = ""


class Script:
    """Writes the acts of a community that lives from `start` to `until`."""

    def __init__(
        self, random: Random, people: list[Person], *, start: datetime, until: datetime
    ) -> None:
        self.random = random
        self.people = people
        self.start = start
        self.until = until
        self.acts: list[ScriptedAct] = []
        self._refs = count()

    def write(self) -> list[ScriptedAct]:
        """All acts, oldest first."""
        days = (self.until - self.start).days
        for person in self.people:
            if person.posts > 0 and self.random.random() < 0.7:
                at = person.joined_at + timedelta(minutes=self.random.randint(10, 3000))
                self._thread(person, at, speech.greeting(self.random))
        for _ in range(round(POSTS_PER_MEMBER_DAY * len(self.people) * days)):
            at = self._moment(days)
            author = self._someone(at, "posts")
            if author is not None:
                self._thread(author, at, speech.post(self.random))
        return sorted(self.acts, key=lambda act: act.at)

    def _moment(self, days: int) -> datetime:
        hour = self.random.choices(range(24), HOURS)[0]
        day = self.start + timedelta(days=self.random.randrange(days + 1))
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(hours=hour, seconds=self.random.randrange(3600))

    def _someone(self, at: datetime, act: str, *, but: int = -1) -> Person | None:
        """A member who is there by then, drawn by how much of this they do."""
        found = [one for one in self.people if one.joined_at < at and one.index != but]
        weights: list[float] = [getattr(one, act) for one in found]
        return self.random.choices(found, weights)[0] if sum(weights) > 0 else None

    def _add(self, act: ScriptedAct) -> bool:
        is_in_time = self.start < act.at < self.until
        if is_in_time:
            self.acts.append(act)
        return is_in_time

    def _thread(self, author: Person, at: datetime, said: Said) -> None:
        ref = next(self._refs)
        published = ScriptedAct(
            at, "publish", author.index, ref, -1, said.body, said.intent, said.note
        )
        if not self._add(published):
            return
        self._react(author, ref, at, mean=3)
        answered_at = at
        answers = 0
        while self.random.random() < (0.88 if answers == 0 else 0.72):
            answers += 1
            answered_at += timedelta(minutes=self.random.lognormvariate(3.4, 1.3))
            self._answer(author, ref, answered_at, speech.reply(self.random, said))
        if answers and self.random.random() < 0.4:
            thanked_at = answered_at + timedelta(minutes=self.random.randint(5, 400))
            thanks = speech.thanks(self.random)
            self._add(ScriptedAct(thanked_at, "reply", author.index, next(self._refs), ref, thanks))
        self._second_thoughts(published)

    def _answer(self, author: Person, on: int, at: datetime, body: str) -> None:
        other = self._someone(at, "replies", but=author.index)
        if other is None:
            return
        ref = next(self._refs)
        if self._add(ScriptedAct(at, "reply", other.index, ref, on, body)):
            self._react(other, ref, at, mean=1)

    def _react(self, author: Person, on: int, at: datetime, *, mean: int) -> None:
        given: set[tuple[int, str]] = set()
        for _ in range(self.random.randint(0, 2 * mean)):
            felt_at = at + timedelta(minutes=self.random.lognormvariate(4, 1.5))
            other = self._someone(felt_at, "reactions", but=author.index)
            kind = self.random.choices(REACTIONS, (30, 40, 20, 10))[0]
            if other is not None and (other.index, kind) not in given:
                given.add((other.index, kind))
                self._add(ScriptedAct(felt_at, "react", other.index, on=on, reaction=kind))

    def _second_thoughts(self, published: ScriptedAct) -> None:
        draw = self.random.random()
        later = published.at + timedelta(minutes=self.random.randint(2, 90))
        if draw < 0.03:
            body = f"{published.body}\n\nEdit: thank you for reading, I'm a bit calmer now."
            self._add(
                ScriptedAct(later, "edit", published.person, on=published.ref, body=body,
                    intent=published.intent, note=published.note)
            )  # fmt: skip
        elif draw < 0.04:
            self._add(ScriptedAct(later, "withdraw", published.person, on=published.ref))
