"""What is planted in the programme: every effect is a parameter, and 0 or None takes it out."""

from dataclasses import dataclass
from random import Random
from typing import Final

#: The programme lasts 24 months.
DAYS: Final = 728
#: The study closes on this day of the programme, once every wave of everybody is over.
CLOSES: Final = DAYS - 2
#: How long a wave is open, and how long what comes late is taken, in days.
WINDOW_DAYS, LATE_DAYS = 28, 14


@dataclass(frozen=True, slots=True)
class Planted:
    """A programme, from its size to its effects. The same values give the same programme, and what
    one parameter adds is drawn apart: without it all else stays as it was."""

    seed: int = 1
    people: int = 3_000
    #: About so many rows of activity, without what comes from staff and goes to oneself.
    activities: int = 1_000_000
    #: Weeks since joining in which a wave opens.
    weeks: tuple[int, ...] = (0, 13, 26, 52, 78)
    #: Points of satisfaction with life (0 to 10) for one more unit of ln(1 + giving) in the period
    #: that ends with the wave.
    giving_effect: float = 0.35
    #: The same for receiving: there is none.
    receiving_effect: float = 0.0
    #: The instrument that follows neither: `ons4`, `phq9` or `ucla3`.
    insensitive: str | None = "ucla3"
    #: People in the area that is too small to show.
    small_area: int | None = 3
    #: Points (0 to 4) by which each of the six values is experienced more in groups led by peers.
    values_effect: float = 0.6
    #: By what part the cost of services falls for one unit of ln(1 + giving).
    cost_effect: float = 0.06
    #: Who reports an adverse experience at a wave (8.37 % in Easton 2017).
    adverse_share: float = 0.084
    #: Who stops taking part before the last wave.
    stop_share: float = 0.12
    #: Who hands in a wave after the first, of those who are asked.
    follow_up_share: float = 0.65
    #: Replies from staff in 13 weeks, a person.
    staff_replies: float = 3.0
    #: Replies to posts of their own in 13 weeks, a person.
    self_replies: float = 1.5
    #: Who has a screen that shows more posts at once.
    tall_screen_share: float = 0.1
    #: Posts, replies and reactions in 13 weeks, a person who stopped taking part.
    acts_after_stopping: float = 2.0

    @property
    def starts(self) -> tuple[int, ...]:
        """The days since joining on which the waves open and the periods begin."""
        return tuple(7 * week for week in self.weeks)

    @property
    def enrolment_days(self) -> int:
        """How many days people can join, so that everybody's last wave is over in time."""
        return min(126, CLOSES - self.starts[-1] - WINDOW_DAYS - LATE_DAYS)

    def chance(self, *of: object) -> Random:
        """Chance of its own for one concern, such as the acts of the twelfth person."""
        return Random("/".join(map(str, (self.seed, *of))))
