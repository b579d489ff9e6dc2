"""The fixed words and limits of the programme, alike in tables, requests and on screen."""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class GroupMode(StrEnum):
    """Whether people meet in a room or online."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class GroupKind(StrEnum):
    """How support is given in a group: who leads it, and around what."""

    PEER_LED = "peer_led"
    FACILITATED = "facilitated"
    ACTIVITY_BASED = "activity_based"
    ONE_TO_ONE = "one_to_one"


NAME_LIMIT: Final = 80
PLACE_LIMIT: Final = 120
ABOUT_LIMIT: Final = 500

#: Minutes that one meeting can last.
MINUTES_LEAST, MINUTES_MOST = 15, 480
#: Weekly meetings that are planned in one step.
WEEKS_MOST: Final = 26
#: People at one meeting who have neither an account nor a code.
OTHERS_MOST: Final = 200

#: Attendance is taken from so long before a meeting begins ...
TAKEN_FROM: Final = timedelta(hours=2)
#: ... until so long after: then the list stands, for figures are made from it.
TAKEN_UNTIL: Final = timedelta(days=28)
