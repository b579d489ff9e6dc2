"""From events to rows: what is kept about whom, what is left out, and twice makes no difference."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.events import Event, Position, Recorded
from app.core.ids import new_id
from app.research import activity
from app.research.about import TenureBand, tenure_band
from app.research.models import Purpose
from tests.research.factories import (
    ONLY_ACTIVITY,
    START,
    closed,
    edited,
    happen,
    happen_and_learn,
    join,
    later,
    learn,
    opened,
    published,
    reacted,
    withdraw,
)

NO_ACTIVITY = {Purpose.ACTIVITY: False, Purpose.TEXT: True, Purpose.CONTACT: False}


async def _rows(connection: AnyConnection) -> list[dict[str, Any]]:
    cursor = await connection.execute("SELECT * FROM research.activities ORDER BY id")
    return await cursor.fetchall()


async def _taking_part(database: Database, *members: UUID) -> list[str]:
    study = await opened(database)
    with clock.at(START):
        receipts = [await join(database, study, member, ONLY_ACTIVITY) for member in members]
    return [receipt.pseudonym or "" for receipt in receipts]


async def test_a_post_becomes_a_row_without_post_or_text(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    (code,) = await _taking_part(database, member)
    event = published(member, length=120)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [event])
    (row,) = await _rows(connection)
    assert (row["participant_id"], row["kind"], row["counterpart_id"]) == (code, "published", None)
    assert (row["intent"], row["length_band"], row["has_note"]) == ("saying_hello", "short", False)
    assert (row["day"], row["hour_band"]) == (2, "morning")
    assert str(event.post_id) not in str(row)
    assert str(member) not in str(row)


async def test_a_reply_is_given_by_one_and_received_by_the_other(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    giver, receiver = await _taking_part(database, one, other)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one, to=other), reacted(one, other)])
    found = [
        (row["participant_id"], row["kind"], row["counterpart_id"], row["reaction"])
        for row in await _rows(connection)
    ]
    assert sorted(found, key=str) == sorted(
        [
            (giver, "replied", receiver, None),
            (receiver, "received", giver, None),
            (giver, "reacted", receiver, "i_hear_you"),
            (receiver, "received", giver, "i_hear_you"),
        ],
        key=str,
    )


async def test_someone_who_does_not_take_part_is_never_named(
    database: Database, connection: AnyConnection
) -> None:
    one, outsider = new_id(), new_id()
    (code,) = await _taking_part(database, one)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [published(one, to=outsider), published(outsider, to=one), published(outsider)],
        )
    found = [
        (row["participant_id"], row["kind"], row["counterpart_id"])
        for row in await _rows(connection)
    ]
    assert found == [(code, "replied", None), (code, "received", None)]


async def test_someone_who_takes_part_without_activity_is_never_named(
    database: Database, connection: AnyConnection
) -> None:
    study, one, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        await join(database, study, one, ONLY_ACTIVITY)
        await join(database, study, other, NO_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one, to=other), published(other)])
    (row,) = await _rows(connection)
    assert (row["kind"], row["counterpart_id"]) == ("replied", None)


async def test_replying_to_oneself_is_told_apart_and_reacting_to_oneself_is_nothing(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    (code,) = await _taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member, to=member), reacted(member, member)])
    (row,) = await _rows(connection)
    assert (row["kind"], row["counterpart_id"]) == ("replied", code)


async def test_two_studies_each_know_only_their_own(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    first = await _taking_part(database, one, other)
    (second,) = await _taking_part(database, one)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one, to=other)])
    found = {
        row["participant_id"]: row["counterpart_id"]
        for row in await _rows(connection)
        if row["kind"] == "replied"
    }
    assert found == {first[0]: first[1], second: None}


async def test_a_second_delivery_adds_nothing(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    await _taking_part(database, one, other)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(one, to=other), reacted(other, one)])
    before = await _rows(connection)
    await connection.execute("DELETE FROM core.cursors")
    await learn(database)
    assert await _rows(connection) == before
    assert len(before) == 4


@pytest.mark.parametrize("erase", [False, True])
async def test_what_was_not_yet_delivered_when_someone_withdrew_is_never_kept(
    database: Database, connection: AnyConnection, *, erase: bool
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await happen(database, published(member))
    with clock.at(later(hours=2)):
        await withdraw(database, study, member, erase=erase)
    await learn(database)
    assert await _rows(connection) == []


async def test_nothing_more_is_kept_once_the_study_has_closed(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await join(database, study, member, ONLY_ACTIVITY)
    with clock.at(later(hours=1)):
        await closed(database, study)
    with clock.at(later(hours=2)):
        await happen_and_learn(database, [published(member)])
    assert await _rows(connection) == []


async def test_writing_nothing_asks_nothing(database: Database) -> None:
    async with unit_of_work(database) as session:
        await activity.write(session, [])


def _recorded(event: Event) -> Recorded:
    payload = event.model_dump(mode="json")
    return Recorded(Position(1, 1), event.event_type, START, (), payload)


def test_an_event_that_tells_of_no_act_gives_no_rows() -> None:
    assert activity.acts_of(_recorded(edited(new_id(), new_id()))) == []


@pytest.mark.parametrize(
    ("length", "band"),
    [(1, "brief"), (50, "brief"), (51, "short"), (281, "medium"), (1_001, "long")],
)
def test_lengths_come_in_four_bands(length: int, band: str) -> None:
    assert activity.length_band(length) == band


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, TenureBand.UNDER_A_MONTH),
        (30, TenureBand.UNDER_SIX_MONTHS),
        (200, TenureBand.UNDER_TWO_YEARS),
        (730, TenureBand.LONGER),
    ],
)
def test_tenure_comes_in_four_bands(days: int, band: TenureBand) -> None:
    assert tenure_band(START - timedelta(days=days), START) is band
