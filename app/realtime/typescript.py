"""The front end's type map, made from the event classes and the frames.

`alongside frames > frontend/src/lib/realtime/events.ts`; a test holds the file equal to this.
"""

import types
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from app.core import events
from app.core.events import Event
from app.realtime.frames import ANSWERS, REQUESTS
from app.realtime.payloads import FIELDS
from app.realtime.topics import CASES, ME, THREAD, WALL

_HEAD = """\
/**
 * What the live socket says. One entry an event: its facts, beside type, position and topics.
 * Made by `alongside frames` from the event classes; change those, not this.
 */
"""

_TAIL = f"""\
export type EventType = keyof EventMap;
export type EventFrame<Type extends EventType = EventType> = {{
  [Name in Type]: {{ type: Name; position: string; topics: string[] }} & EventMap[Name];
}}[Type];

export type Frame = ControlFrame | EventFrame;

export type Topic = '{WALL}' | '{ME}' | '{CASES}' | `{THREAD}${{string}}`;
"""

_PLAIN = {str: "string", UUID: "string", int: "number", float: "number", bool: "boolean"}


class UnknownTypeError(TypeError):
    """A fact or field whose TypeScript is not known here."""


def render() -> str:
    """The whole file."""
    known = events.registry()
    entries = [f"  '{name}': {_facts(known[name], facts)};\n" for name, facts in FIELDS.items()]
    return (
        f"{_HEAD}export type EventMap = {{\n{''.join(entries)}}};\n\n"
        f"{_union('ControlFrame', ANSWERS)}\n{_union('Request', REQUESTS)}\n{_TAIL}"
    )


def _facts(event: type[Event], names: tuple[str, ...]) -> str:
    if not names:
        return "Record<never, never>"
    fields = [(name, typescript(event.model_fields[name].annotation)) for name in names]
    short = "{ " + "; ".join(f"{name}: {type_}" for name, type_ in fields) + " }"
    if len(f"  '{event.event_type}': {short};") <= 100:
        return short
    return "{\n" + "".join(_line(name, type_) for name, type_ in fields) + "  }"


def _line(name: str, type_: str) -> str:
    if len(f"    {name}: {type_};") <= 100:
        return f"    {name}: {type_};\n"
    if len(f"      {type_};") <= 100:
        return f"    {name}:\n      {type_};\n"
    cases = "".join(f"\n      | {case}" for case in type_.split(" | "))
    return f"    {name}:{cases};\n"


def _union(name: str, models: tuple[type[BaseModel], ...]) -> str:
    shapes = (
        "; ".join(
            f"{key}: {typescript(field.annotation)}" for key, field in model.model_fields.items()
        )
        for model in models
    )
    return f"export type {name} =\n" + "\n".join(f"  | {{ {shape} }}" for shape in shapes) + ";\n"


def typescript(annotation: Any) -> str:
    """A Python annotation as TypeScript; raises UnknownTypeError."""
    origin = get_origin(annotation)
    if annotation is None or annotation is type(None):
        return "null"
    if origin in {Union, types.UnionType}:
        return " | ".join(typescript(part) for part in get_args(annotation))
    if origin is Literal:
        return " | ".join(f"'{value}'" for value in get_args(annotation))
    if origin in {list, tuple}:
        return f"{typescript(get_args(annotation)[0])}[]"
    if hasattr(annotation, "__metadata__"):
        return typescript(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " | ".join(f"'{case.value}'" for case in annotation)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    raise UnknownTypeError(f"no TypeScript for {annotation!r}")
