"""Who lives in the synthetic community: mostly quiet people, and a few who carry much."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo.speech import WORDS


@dataclass(frozen=True, slots=True)
class Temper:
    """How much of each a kind of member does, and how many of a hundred are like that."""

    share: int
    posts: float
    replies: float
    reactions: float


#: Shares after the 1–9–90 shape of health communities, softened: most people read and react.
TEMPERS = (
    Temper(share=38, posts=0.0, replies=0.0, reactions=0.5),
    Temper(share=27, posts=1.0, replies=0.3, reactions=0.8),
    Temper(share=20, posts=1.0, replies=1.2, reactions=1.5),
    Temper(share=11, posts=0.5, replies=4.0, reactions=3.0),
    Temper(share=4, posts=3.0, replies=14.0, reactions=8.0),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic member; the figures are weights, not counts."""

    index: int
    name: str
    about: str
    joined_at: datetime
    posts: float
    replies: float
    reactions: float


def cast(random: Random, *, members: int, start: datetime, days: int) -> list[Person]:
    """`members` people; half are there from the first days, the others join along the way."""
    names = _names(random, members)
    people = []
    for index in range(members):
        temper = random.choices(TEMPERS, [one.share for one in TEMPERS])[0]
        day = days * random.random() ** 2 * (0.05 if index % 2 else 0.9)
        vigour = random.lognormvariate(0, 0.6)
        people.append(
            Person(
                index=index,
                name=names[index],
                about=random.choice(WORDS.abouts) if random.random() < 0.35 else "",
                joined_at=start + timedelta(days=day, minutes=index % 600),
                posts=temper.posts * vigour,
                replies=temper.replies * vigour,
                reactions=temper.reactions * vigour,
            )
        )
    return people


def _names(random: Random, count: int) -> list[str]:
    pairs = [f"{first} {second}" for first in WORDS.first for second in WORDS.second]
    random.shuffle(pairs)
    rounds = range(1, count // len(pairs) + 2)
    names = [pair if number == 1 else f"{pair} {number}" for number in rounds for pair in pairs]
    return names[:count]
