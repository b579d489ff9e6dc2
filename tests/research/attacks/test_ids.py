"""Ids that tell when they were made."""

from datetime import UTC, datetime
from uuid import UUID, uuid1, uuid4

from app.core import clock
from app.core.ids import new_id
from app.research.attacks import ids


def test_an_id_of_version_7_tells_its_moment_to_the_millisecond() -> None:
    at = datetime(2026, 3, 2, 9, 30, 1, 234_000, tzinfo=UTC)
    with clock.at(at):
        found = ids.attack([new_id(), uuid4()])
    assert (found.named, found.of, found.is_refused) == (1, 2, True)
    assert found.note == "made at 2026-03-02 09:30:01.234"


def test_random_ids_tell_nothing() -> None:
    found = ids.attack([uuid4(), UUID(int=5)])
    assert (found.named, found.of, found.is_refused) == (0, 2, False)
    assert found.note == "random"
    assert ids.attack([]).of == 0


def test_an_id_of_version_1_tells_a_time_too() -> None:
    assert ids.attack([uuid1()]).is_refused
