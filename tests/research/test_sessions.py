"""What an act is the how-manieth of: sessions, own posts; and how long a first answer took."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research.registry import latency_band, length_band
from tests.research.community_events import happen, happen_and_learn, learn, published, reacted
from tests.research.factories import ONLY_ACTIVITY, START, join, later, opened
from tests.research.recorded import rows, shown, taking_part


async def test_half_an_idle_hour_ends_a_session(
    database: Database, connection: AnyConnection
) -> None:
    member, outsider = new_id(), new_id()
    await taking_part(database, member)
    for minutes in (60, 90, 120, 151, 24 * 60):
        with clock.at(later(minutes=minutes)):
            await happen_and_learn(database, [published(member, to=outsider)])
    assert sorted(row["session"] for row in await rows(connection)) == [1, 1, 1, 2, 3]


async def test_acts_of_one_batch_are_counted_as_they_came(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await taking_part(database, member)
    for minutes in (60, 70, 200):
        with clock.at(later(minutes=minutes)):
            await happen(database, published(member))
    await learn(database)
    found = {row["ordinal"]: row["session"] for row in await rows(connection)}
    assert found == {1: 1, 2: 1, 3: 2}


async def test_what_others_do_begins_no_session_and_lengthens_none(
    database: Database, connection: AnyConnection
) -> None:
    member, outsider = new_id(), new_id()
    await taking_part(database, member)
    for minutes, event in (
        (50, reacted(outsider, member)),
        (60, reacted(member, outsider)),
        (80, published(outsider, to=member)),
        (100, reacted(member, outsider)),
    ):
        with clock.at(later(minutes=minutes)):
            await happen_and_learn(database, [event])
    found = sorted((row["kind"], row["session"]) for row in await rows(connection))
    assert found == [("reacted", 1), ("reacted", 2), ("received", None), ("received", None)]


async def test_an_act_that_is_delivered_late_belongs_to_the_session_that_runs(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await taking_part(database, member)
    for hours in (5, 2, 5.4):
        with clock.at(later(hours=hours)):
            await happen_and_learn(database, [published(member)])
    assert [row["session"] for row in await rows(connection)] == [1, 1, 1]


async def test_each_study_counts_its_own_sessions_and_posts(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    (first,) = await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member)])
    study = await opened(database)
    with clock.at(later(hours=2)):
        second = (await join(database, study, member, ONLY_ACTIVITY)).pseudonym
    with clock.at(later(hours=3)):
        await happen_and_learn(database, [published(member)])
    assert await shown(connection, "ordinal", "session") == sorted(
        [(first, 1, 1), (first, 2, 2), (second, 1, 1)], key=str
    )


async def test_own_posts_are_numbered_up_to_a_hundred_and_replies_are_not(
    database: Database, connection: AnyConnection
) -> None:
    member, outsider = new_id(), new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member, to=outsider)])
        await happen_and_learn(database, [published(member) for _ in range(99)])
    with clock.at(later(hours=2)):
        await happen_and_learn(database, [published(member) for _ in range(3)])
    found = [row["ordinal"] for row in await rows(connection) if row["kind"] == "published"]
    assert sorted(found) == [*range(1, 100), 100, 100, 100]
    replied = [row["ordinal"] for row in await rows(connection) if row["kind"] == "replied"]
    assert replied == [None]


async def test_only_the_first_answer_to_a_post_itself_tells_how_long_it_had_waited(
    database: Database, connection: AnyConnection
) -> None:
    member, outsider = new_id(), new_id()
    await taking_part(database, member)
    with clock.at(later(hours=1)):
        await happen_and_learn(
            database,
            [
                published(outsider, to=member, waited=599),
                published(outsider, to=member),
                published(outsider, to=member, to_reply=True, waited=599),
                published(outsider, to=member, waited=None).model_copy(
                    update={"root_age_seconds": 599}
                ),
                published(outsider, to=member, waited=1).model_copy(
                    update={"root_age_seconds": None}
                ),
                published(member, to=outsider, waited=599),
                reacted(outsider, member),
            ],
        )
    found = sorted(
        (row["kind"], row["target"], row["latency_band"] or "") for row in await rows(connection)
    )
    assert found == [
        ("received", "post", ""),
        ("received", "post", ""),
        ("received", "post", ""),
        ("received", "post", ""),
        ("received", "post", "under_10_minutes"),
        ("received", "reply", ""),
        ("replied", "post", ""),
    ]


@pytest.mark.parametrize(
    ("seconds", "band"),
    [
        (0, "under_10_minutes"),
        (599, "under_10_minutes"),
        (600, "under_1_hour"),
        (3_599, "under_1_hour"),
        (3_600, "under_6_hours"),
        (21_599, "under_6_hours"),
        (21_600, "under_1_day"),
        (86_399, "under_1_day"),
        (86_400, "later"),
        (10**9, "later"),
    ],
)
def test_waiting_comes_in_five_bands(seconds: int, band: str) -> None:
    assert latency_band(seconds) == band


@pytest.mark.parametrize(
    ("length", "band"),
    [
        (1, "brief"),
        (50, "brief"),
        (51, "short"),
        (280, "short"),
        (281, "medium"),
        (1_000, "medium"),
        (1_001, "long"),
    ],
)
def test_lengths_come_in_four_bands(length: int, band: str) -> None:
    assert length_band(length) == band


async def test_what_is_remembered_of_a_session_is_its_last_act(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await taking_part(database, member)
    with clock.at(later(minutes=10)):
        await happen_and_learn(database, [published(member)])
    cursor = await connection.execute("SELECT * FROM research.recording_states")
    (state,) = await cursor.fetchall()
    assert (state["session"], state["posts"]) == (1, 1)
    assert state["last_at"] == START + timedelta(minutes=10)
