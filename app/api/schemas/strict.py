"""Requests and values as they are written, and nothing that could be taken for them: whoever sends
0 or "off" where a yes or a no is asked for may have meant something else, and some of these erase.
"""

import re
from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_FLAGS = {"true": True, "false": False}


def _as_day(given: object) -> object:
    if isinstance(given, str) and _DAY.fullmatch(given):
        return given
    raise ValueError("Please give a day, such as 2027-03-31.")


def _as_clock(given: object) -> object:
    if isinstance(given, str) and _CLOCK.fullmatch(given):
        return given
    raise ValueError("Please give a time of day, such as 18:30.")


def _as_flag(given: object) -> object:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given in _FLAGS:
        return _FLAGS[given]
    raise ValueError("Please answer true or false.")


#: In JSON: no time of day and no number of seconds.
Day = Annotated[date, BeforeValidator(_as_day)]
#: A time of day to the minute, on whichever clock is meant.
Clock = Annotated[time, BeforeValidator(_as_clock)]
#: In an address, where all is text: `true` or `false`.
Flag = Annotated[bool, BeforeValidator(_as_flag)]


class Body(BaseModel):
    """A request: fields we don't know are refused rather than lost."""

    model_config = ConfigDict(extra="forbid")
