"""What the browser tells: kept as what can be so, once, and only where a study may know it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.identity.roles import Role
from app.jobs.app import create_queue
from app.research import browser_acts
from app.research.browser_acts import Told
from tests.people import SignedIn, signed_in
from tests.research.factories import ONLY_ACTIVITY, join, opened, withdraw
from tests.research.over_http import Json, ask
from tests.support.waiting import eventually, waiting

HELP, NOTE = {"type": "help_opened"}, {"type": "note_opened"}


def read(seconds: Any) -> Json:
    return {"type": "read", "seconds": seconds}


class Story:
    """A member in a study, and a clock that the test turns."""

    def __init__(self, database: Database, connection: AnyConnection, member: SignedIn) -> None:
        self.database = database
        self.connection = connection
        self.member = member
        self.moment = clock.now()

    @contextmanager
    def later(self, **time: float) -> Iterator[datetime]:
        self.moment += timedelta(**time)
        with clock.at(self.moment):
            yield self.moment

    async def tell(self, *items: Json, status: int = 204, **time: float) -> Json:
        """Send a batch, so much later than the last one."""
        with self.later(**time):
            return await ask(self.member, "POST", "/activities", {"items": items}, status=status)

    async def rows(self) -> list[tuple[str, int | None, int]]:
        """Kind, seconds and session of all that was kept."""
        return [
            (row["kind"], row["seconds"], row["session"])
            for row in await _all(self.connection, "activities")
        ]

    async def seconds(self) -> int:
        return sum(seconds or 0 for _, seconds, _ in await self.rows())


async def _all(connection: AnyConnection, table: str) -> list[Json]:
    order = "participant_id" if table == "recording_states" else "session, kind, seconds"
    query = sql.SQL("SELECT * FROM {} ORDER BY {}").format(
        sql.Identifier("research", table), sql.SQL(order)
    )
    cursor = await connection.execute(query)
    return await cursor.fetchall()


@pytest.fixture
async def story(database: Database, connection: AnyConnection, members: list[SignedIn]) -> Story:
    found = Story(database, connection, members[0])
    await join(database, await opened(database), members[0].member_id, ONLY_ACTIVITY)
    return found


async def test_a_batch_becomes_one_row_of_reading_and_one_of_each_that_was_opened(
    story: Story,
) -> None:
    await story.tell(read(20), HELP, read(25), NOTE, NOTE, minutes=1)
    assert await story.rows() == [
        ("help_opened", None, 1),
        ("note_opened", None, 1),
        ("note_opened", None, 1),
        ("read", 45, 1),
    ]
    (one, *_) = kept = await _all(story.connection, "activities")
    assert {row["version"] for row in kept if row["kind"] == "read"} == {2}
    assert {row["version"] for row in kept if row["kind"] != "read"} == {1}
    assert (one["actor_role"], one["occurred_at"]) == ("member", None)


async def test_a_forged_day_of_reading_is_no_more_than_what_passed(story: Story) -> None:
    await story.tell(read(28_800), minutes=1)
    assert await story.seconds() == 60, "before the first batch there is nothing to count from"
    await story.tell(*[read(28_800)] * 50, seconds=25)
    assert await story.seconds() == 85
    await story.tell(read(28_800), minutes=25)
    assert await story.seconds() == 85 + 600


async def test_a_batch_sent_twice_counts_once(story: Story) -> None:
    await story.tell(read(20), minutes=1)
    for _ in range(2):
        await story.tell(read(20), seconds=20)
        await story.tell(read(20), seconds=0)
    assert await story.seconds() == 60


async def test_two_windows_side_by_side_share_what_passed(story: Story) -> None:
    await story.tell(read(20), minutes=1)
    for _ in range(30):
        await story.tell(read(20), seconds=9.5)
        await story.tell(read(20), seconds=10.5)
    assert await story.seconds() == 20 + 600


async def test_batches_that_come_a_moment_early_lose_nothing_for_good(story: Story) -> None:
    await story.tell(read(20), minutes=1)
    for late in (19.9, 20.1) * 20:
        await story.tell(read(20), seconds=late)
    assert 20 + 800 - 1 <= await story.seconds() <= 20 + 800


async def test_half_an_hour_of_silence_ends_a_session(story: Story) -> None:
    await story.tell(HELP, minutes=1)
    await story.tell(read(20), minutes=29)
    await story.tell(read(900), minutes=30, seconds=1)
    await story.tell(NOTE, minutes=29)
    assert await story.rows() == [
        ("help_opened", None, 1),
        ("read", 20, 1),
        ("note_opened", None, 2),
        ("read", 60, 2),
    ]


async def test_a_clock_behind_another_takes_nothing_and_turns_nothing_back(story: Story) -> None:
    await story.tell(read(20), minutes=5)
    before = await _all(story.connection, "recording_states")
    await story.tell(read(20), HELP, minutes=-1)
    assert await story.rows() == [("help_opened", None, 1), ("read", 20, 1)]
    assert await _all(story.connection, "recording_states") == before


async def test_at_most_twenty_of_a_kind_are_kept_of_a_batch(story: Story) -> None:
    await story.tell(*[HELP] * 25, *[NOTE] * 25, minutes=1)
    kinds = [kind for kind, _, _ in await story.rows()]
    assert (kinds.count("help_opened"), kinds.count("note_opened")) == (20, 20)


@pytest.mark.parametrize(
    ("items", "pointer"),
    [
        ([{"type": "slept", "seconds": 3}], "/items/0"),
        ([{"seconds": 3}], "/items/0"),
        (
            [HELP, {**read(3), "post_id": "00000000-0000-7000-8000-000000000001"}],
            "/items/1/post_id",
        ),
        ([{**HELP, "seconds": 3}], "/items/0/seconds"),
        ([{"type": "read"}], "/items/0/seconds"),
        *([[read(value)], "/items/0/seconds"] for value in (0, -1, 1e9, 2.5, "20", None, "NaN")),
        (["read"], "/items/0"),
        ([HELP] * 51, "/items"),
        ("read", "/items"),
    ],
)
async def test_what_is_not_known_or_not_whole_is_refused_in_words(
    story: Story, items: Any, pointer: str
) -> None:
    refused = await ask(story.member, "POST", "/activities", {"items": items}, status=422)
    assert refused["type"] == "invalid"
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert await story.rows() == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"items": [], "since": 3}'])
async def test_a_request_of_another_shape_is_refused(story: Story, content: bytes) -> None:
    answer = await story.member.client.post(
        "/api/v1/activities", content=content, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid")


async def test_the_address_of_the_version_before_is_gone(story: Story) -> None:
    await ask(story.member, "POST", "/activities/reads", {"items": []}, status=404)


async def test_fifty_items_or_none_are_taken(story: Story) -> None:
    await story.tell(*[read(1)] * 50, minutes=1)
    assert await story.seconds() == 50
    await story.tell()
    assert len(await story.rows()) == 1


async def test_nobody_tells_anything_without_signing_in(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/v1/activities", json={"items": [HELP]})
    assert answer.status_code == 401


async def test_of_anyone_else_nothing_is_kept_and_nothing_asked(
    database: Database, connection: AnyConnection, members: list[SignedIn]
) -> None:
    leaver, outsider, *_ = members
    study = await opened(database)
    await join(database, study, leaver.member_id, ONLY_ACTIVITY)
    assert (await leaver.get("/me"))["is_recorded"] is True
    await withdraw(database, study, leaver.member_id)
    for member in (leaver, outsider):
        assert (await member.get("/me"))["is_recorded"] is False
        await ask(member, "POST", "/activities", {"items": [read(20), HELP]}, status=204)
    assert await _all(connection, "activities") == []
    (state,) = await _all(connection, "recording_states")
    assert (state["session"], state["last_at"], state["read_at"]) == (0, None, None)


async def test_in_five_studies_there_are_five_rows_and_each_has_its_own_session(
    story: Story,
) -> None:
    await story.tell(read(20), minutes=1)
    await story.tell(HELP, minutes=40)
    for _ in range(4):
        with story.later(minutes=1):
            await join(
                story.database, await opened(story.database), story.member.member_id, ONLY_ACTIVITY
            )
    assert (await story.member.get("/me"))["is_recorded"] is True
    await story.tell(read(20), minutes=1)
    last = [row for row in await story.rows() if row[0] == "read"]
    assert last == [("read", 20, 1)] * 5 + [("read", 20, 2)]


@pytest.mark.parametrize(
    ("roles", "role"), [((Role.ADVISER,), "adviser"), ((Role.ADVISER, Role.HOST), "host")]
)
async def test_hosts_and_advisers_are_known_as_such(
    app: FastAPI, story: Story, roles: tuple[Role, ...], role: str
) -> None:
    member = await signed_in(app, roles=roles)
    await join(story.database, await opened(story.database), member.member_id, ONLY_ACTIVITY)
    async with member.client:
        await ask(member, "POST", "/activities", {"items": [HELP]}, status=204)
    (row,) = await _all(story.connection, "activities")
    assert row["actor_role"] == role


async def test_acts_that_meet_a_withdrawal_are_dropped_in_silence(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with story.later(minutes=1):
        study = await opened(story.database)
        await join(story.database, study, story.member.member_id, ONLY_ACTIVITY)
    with story.later(minutes=1):
        await withdraw(story.database, study, story.member.member_id)
    unfiltered = browser_acts._RECORD.replace(
        "research.may_record(l.participant_id, 'activity', %(now)s)", "true"
    )
    assert unfiltered != browser_acts._RECORD
    monkeypatch.setattr(browser_acts, "_RECORD", unfiltered)
    await story.tell(read(20), HELP, minutes=1)
    assert await story.rows() == []


async def test_any_other_refusal_of_the_database_is_a_fault(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = browser_acts._RECORD.replace("identity.part_of(%(member_id)s)", "'owner'")
    monkeypatch.setattr(browser_acts, "_RECORD", broken)
    with story.later(minutes=1), pytest.raises(psycopg.errors.CheckViolation, match="actor_role"):
        await _record(story, Told(help_opened=1))


async def _record(story: Story, acts: Told) -> None:
    await browser_acts.record(story.database.pool, member_id=story.member.member_id, acts=acts)


async def _held(story: Story, held: psycopg.AsyncConnection[Any], *items: Json) -> None:
    """Send two batches while the recording state is held, so that both wait, and let them go."""
    await held.execute("SELECT 1 FROM research.recording_states FOR UPDATE")
    with story.later(minutes=1):
        both = [asyncio.create_task(story.tell(*items)) for _ in range(2)]

    async def are_waiting() -> bool:
        return await waiting(story.connection) >= 2

    await eventually(are_waiting)
    await held.rollback()
    await asyncio.gather(*both)


@pytest.mark.parametrize("has_begun", [False, True])
async def test_two_windows_at_once_share_what_passed(
    story: Story, database_url: str, *, has_begun: bool
) -> None:
    if has_begun:
        await story.tell(read(20), minutes=1)
    before = await story.seconds()
    async with await psycopg.AsyncConnection.connect(database_url) as held:
        await _held(story, held, read(50), HELP)
    assert await story.seconds() - before == 50
    assert [kind for kind, _, _ in await story.rows()].count("help_opened") == 2


async def test_exact_times_are_forgotten_once_no_rule_needs_them(story: Story) -> None:
    await story.tell(read(20), minutes=1)
    other = await opened(story.database)
    with story.later(minutes=29):
        await join(story.database, other, story.member.member_id, ONLY_ACTIVITY)
    with story.later(seconds=59):
        await _record(story, Told(help_opened=1))
        await _forget(story.database)
    kept = await _all(story.connection, "recording_states")
    assert {row["last_at"] for row in kept} == {story.moment}
    assert sum(row["read_at"] is not None for row in kept) == 1
    with story.later(minutes=29):
        await _forget(story.database)
    kept = await _all(story.connection, "recording_states")
    assert [(row["last_at"] is None, row["read_at"]) for row in kept] == [(False, None)] * 2
    with story.later(minutes=1, seconds=1):
        await _run_the_job(story.database)
    kept = await _all(story.connection, "recording_states")
    assert [(row["last_at"], row["read_at"]) for row in kept] == [(None, None)] * 2
    await story.tell(read(300))
    assert [row for row in await story.rows() if row[0] == "read"] == [
        ("read", 20, 1),
        ("read", 60, 2),
        ("read", 60, 2),
    ]


async def _forget(database: Database) -> None:
    async with unit_of_work(database) as session:
        await browser_acts.forget_times(session)


async def _run_the_job(database: Database) -> None:
    async with create_queue(database.settings.url).open_async() as queue:
        assert "research:forget" in {
            periodic.task.name for periodic in queue.periodic_registry.periodic_tasks.values()
        }
        await queue.configure_task("research:forget").defer_async(timestamp=0)
        await queue.run_worker_async(
            wait=False,
            listen_notify=False,
            additional_context={"database": database},
            install_signal_handlers=False,
            queues=["default"],
        )
