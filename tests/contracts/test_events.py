"""Events outlive the release that wrote them: a class reads what any release before it wrote."""

from pathlib import Path

import orjson
import pytest

import app.jobs.subscribers
import app.realtime.payloads  # noqa: F401 - every package that tells of something
from app.core.events import Event, registry

#: By kind, the fields that its first release wrote. A kind that is new gets its line here; a line
#: that stands here is never changed, for such events may still be in an outbox or set aside.
FIRST = Path(__file__).with_name("event_fields.json")
KINDS = {kind: one for kind, one in registry().items() if one.__module__.startswith("app.")}


def first_fields() -> dict[str, list[str]]:
    fields: dict[str, list[str]] = orjson.loads(FIRST.read_bytes())
    return fields


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_field_that_came_later_has_a_default(kind: str) -> None:
    known: type[Event] = KINDS[kind]
    required = {name for name, field in known.model_fields.items() if field.is_required()}
    assert kind in first_fields(), f"add {kind} to {FIRST.name}"
    assert required <= set(first_fields()[kind])


@pytest.mark.parametrize("kind", sorted(first_fields()))
def test_a_kind_that_was_written_is_still_read(kind: str) -> None:
    assert kind in KINDS
