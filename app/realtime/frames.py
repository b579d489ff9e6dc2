"""What is said on the live socket: requests, answers, and how a frame is made ready."""

from typing import Annotated, Any, Literal, NamedTuple

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from websockets.frames import Frame, Opcode

#: A page shows a wall, a thread, its own news and perhaps a queue; more is a mistake.
MOST_TOPICS = 32


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Topic = Annotated[str, Field(min_length=1, max_length=64)]
Topics = Annotated[list[Topic], Field(min_length=1, max_length=MOST_TOPICS)]


class Subscribe(_Said):
    """Tell me of these from now on, and first what came after `since`."""

    do: Literal["subscribe"]
    topics: Topics
    since: Annotated[str, Field(max_length=64)] | None
    ref: Annotated[int, Field(ge=0, lt=1 << 53)]


class Unsubscribe(_Said):
    """Tell me no more of these."""

    do: Literal["unsubscribe"]
    topics: Topics


class Ping(_Said):
    """Are you there?"""

    do: Literal["ping"]


Request = Subscribe | Unsubscribe | Ping
REQUEST: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="do")])


class StreamStart(_Said):
    """The first frame; all that happens after `position` is still to come."""

    type: Literal["welcome"] = "welcome"
    position: str


class Subscribed(_Said):
    """All up to `position` has been told on these topics; what follows comes by itself."""

    type: Literal["subscribed"] = "subscribed"
    ref: int
    topics: list[str]
    position: str


class Refused(_Said):
    """This topic is not open to you, and why."""

    type: Literal["refused"] = "refused"
    ref: int
    topic: str
    detail: str


class Refetch(_Said):
    """Too much happened meanwhile, or we can't tell what: read these anew; go on from here."""

    type: Literal["refetch"] = "refetch"
    topics: list[str]
    position: str


class Pong(_Said):
    """I am here."""

    type: Literal["pong"] = "pong"


ANSWERS: tuple[type[_Said], ...] = (StreamStart, Subscribed, Refused, Refetch, Pong)
REQUESTS: tuple[type[_Said], ...] = (Subscribe, Unsubscribe, Ping)


class Encoded(NamedTuple):
    """A frame made ready once, however many sockets it goes to."""

    json: bytes
    #: The same as an unmasked WebSocket text frame (RFC 6455, 5.2).
    wire: bytes


def encode(said: BaseModel | dict[str, Any]) -> Encoded:
    """The frame as bytes for every kind of wire."""
    plain = said.model_dump() if isinstance(said, BaseModel) else said
    json = orjson.dumps(plain)
    return Encoded(json, Frame(Opcode.TEXT, json).serialize(mask=False, extensions=[]))
