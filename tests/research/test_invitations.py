"""Invitations and reminders as the worker sends them, and how they are stopped."""

import asyncio
import base64
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import breaks
from app.community.choices import BreakLength
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.mail import PURPOSE
from app.jobs.reach import reach
from app.research import tasks
from app.research.questionnaires import invitation_choices, invitations
from app.research.questionnaires.invitations import Mailing
from tests.people import People, SignedIn
from tests.research.asked_studies import PLAN, AskedStudy, asked_study
from tests.research.factories import START
from tests.research.over_http import Json, ask

ORIGIN = "https://alongside.test"
#: The second wave opens for whoever joined at the start; a Monday.
SECOND = START + timedelta(days=7 * 13)


def at(days: float, hour: int) -> datetime:
    """An hour of London's summer on a day after the second wave opened."""
    day = (SECOND + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, hour - 1, 5, tzinfo=UTC)


@pytest.fixture
async def study(researcher: SignedIn) -> AskedStudy:
    return await asked_study(researcher)


@pytest.fixture
async def member(people: People, study: AskedStudy) -> SignedIn:
    found = await people.member()
    await study.join(found)
    return found


@pytest.fixture
def encryption(app: Any) -> Encryption:
    found: Encryption = app.state.encryption
    return found


async def _tick(database: Database, encryption: Encryption, moment: datetime) -> int:
    with clock.at(moment):
        return await invitations.send_due(database, Mailing(encryption, ORIGIN, reach))


async def _letters(connection: AnyConnection, encryption: Encryption) -> list[Json]:
    """Those of invitations, the first first."""
    cursor = await connection.execute(
        "SELECT args->>'box' AS box FROM procrastinate_jobs WHERE task_name = 'core:send_letter'"
        " ORDER BY id"
    )
    rows = await cursor.fetchall()
    opened = [encryption.open(base64.b64decode(row["box"]), purpose=PURPOSE) for row in rows]
    return [one for one in map(orjson.loads, opened) if "stop_address" in one]


async def _choose(study: AskedStudy, member: SignedIn, **more: Any) -> None:
    chosen = {"part_of_day": None, "by_email": True, "is_stopped": False} | more
    await ask(member, "PUT", f"{study.path}/invitation-choices", chosen, status=204)


async def test_an_invitation_and_two_reminders_and_no_more(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    member: SignedIn,
) -> None:
    ticks = [at(day, hour) for day in range(30) for hour in (3, 10)]
    sent = [await _tick(database, encryption, moment) for moment in ticks]
    assert sum(sent) == 3
    assert [number for number, one in enumerate(sent) if one] == [1, 15, 29]
    letters = await _letters(connection, encryption)
    assert len(letters) == 3
    first, second, _ = letters
    assert first["to"] == member.email
    assert first["subject"] == second["subject"] == "A few questions are waiting for you"
    assert "3 minutes" in first["text"]
    assert "still waiting" in second["text"]
    assert "until 29 June 2026" in first["text"]
    assert f"{ORIGIN}/questionnaires\n" in first["text"]


async def test_whoever_has_just_joined_is_written_to_a_day_later(
    database: Database, encryption: Encryption, member: SignedIn
) -> None:
    assert await _tick(database, encryption, START + timedelta(hours=1)) == 0
    assert await _tick(database, encryption, START + timedelta(days=1, hours=1)) == 1


@pytest.mark.parametrize(
    ("part", "hours"),
    [
        ("morning", range(8, 12)),
        ("afternoon", range(12, 17)),
        ("evening", range(17, 21)),
        (None, range(9, 20)),
    ],
)
async def test_it_comes_in_the_part_of_the_day_that_was_chosen(
    database: Database,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
    connection: AnyConnection,
    part: str | None,
    hours: range,
) -> None:
    await _choose(study, member, part_of_day=part)
    for hour in range(24):
        moment = at(0, 1) - timedelta(hours=1) + timedelta(hours=hour)
        assert await _tick(database, encryption, moment) == (hour in hours), hour
        await connection.execute("ALTER TABLE research.invitations DISABLE TRIGGER USER")
        await connection.execute("DELETE FROM research.invitations")
        await connection.execute("ALTER TABLE research.invitations ENABLE TRIGGER USER")


async def test_who_answered_declined_or_stopped_is_not_reminded(
    database: Database, encryption: Encryption, study: AskedStudy, people: People
) -> None:
    done, declined, stopped, silent = [await people.member() for _ in range(4)]
    for one in (done, declined, stopped, silent):
        await study.join(one)
    assert await _tick(database, encryption, at(0, 10)) == 4
    with clock.at(at(1, 10)):
        await study.save(done, {"phq9_1": 1}, wave=2)
        await study.act(done, "completion", wave=2)
        await study.act(declined, "refusal", wave=2)
        await _choose(study, stopped, is_stopped=True)
    assert await _tick(database, encryption, at(9, 10)) == 1


async def test_nobody_is_written_to_in_a_break_or_while_suspended(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
) -> None:
    resting, suspended = await people.member(), await people.member()
    for one in (resting, suspended):
        await study.join(one)
    with clock.at(at(-1, 10)):
        async with unit_of_work(database) as session:
            await breaks.take(session, resting.member_id, BreakLength.WEEK)
    await connection.execute(
        "UPDATE identity.accounts SET suspended_until = %s WHERE id = %s",
        (at(3, 10), suspended.account_id),
    )
    assert await _tick(database, encryption, at(0, 10)) == 0
    assert await _tick(database, encryption, at(4, 10)) == 1
    assert await _tick(database, encryption, at(8, 10)) == 1


async def test_only_here_sends_no_letter_and_counts_all_the_same(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
) -> None:
    await _choose(study, member, by_email=False)
    assert await _tick(database, encryption, at(0, 10)) == 1
    assert await _letters(connection, encryption) == []
    found = await member.get(f"/me/data/{study.id}/responses")
    assert [(one["wave"], one["number"], one["by_email"]) for one in found["invitations"]] == [
        (2, 0, False)
    ]


async def test_the_link_of_a_letter_stops_them_without_a_sign_in(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
    people: People,
) -> None:
    await _tick(database, encryption, at(0, 10))
    (letter,) = await _letters(connection, encryption)
    token = letter["stop_address"].rpartition("/")[2]
    assert f"{ORIGIN}/stop-invitations#token={token}" in letter["text"]
    stranger = (await people.member()).client
    stranger.cookies.clear()
    answer = await stranger.post("/api/v1/invitation-stops", json={"token": token})
    assert answer.status_code == 204
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is True
    assert await _tick(database, encryption, at(9, 10)) == 0
    await _choose(study, member)
    assert await _tick(database, encryption, at(9, 10)) == 1


async def test_a_mail_program_stops_them_with_one_click(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
    people: People,
) -> None:
    await _tick(database, encryption, at(0, 10))
    (letter,) = await _letters(connection, encryption)
    path = letter["stop_address"].removeprefix(ORIGIN)
    stranger = (await people.member()).client
    stranger.cookies.clear()
    answer = await stranger.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 204
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is True


@pytest.mark.parametrize("token", ["x", "QUFB", "not a token", "é"])
async def test_a_link_that_was_cut_off_says_what_else_can_be_done(
    member: SignedIn, token: str
) -> None:
    answer = await member.client.post("/api/v1/invitation-stops", json={"token": token})
    assert answer.status_code == 422
    assert answer.json()["type"] == "stop-link-wrong"


async def test_a_wave_that_opens_in_the_hour_the_clocks_leave_out_invites_once(
    database: Database, encryption: Encryption, researcher: SignedIn, people: People
) -> None:
    spring = date(2026, 3, 29)
    study = await asked_study(
        researcher,
        plan=PLAN | {"opens_at": "01:30"},
        weeks=(),
        days=(spring, spring + timedelta(days=84)),
    )
    await study.join(await people.member())
    midnight = datetime(2026, 3, 29, tzinfo=UTC)
    sent = [await _tick(database, encryption, midnight + timedelta(hours=n)) for n in range(48)]
    assert sum(sent) == 1
    assert sent.index(1) == 8


async def test_two_workers_invite_once(
    database: Database, connection: AnyConnection, encryption: Encryption, member: SignedIn
) -> None:
    with clock.at(at(0, 10)):
        mailing = Mailing(encryption, ORIGIN, reach)
        sent = await asyncio.gather(*[invitations.send_due(database, mailing) for _ in range(4)])
    assert sum(sent) == 1
    assert len(await _letters(connection, encryption)) == 1


async def test_what_happens_since_the_list_was_made_counts(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
) -> None:
    """One declines, and one is erased, between the list and their turn."""
    both = {await study.join(one): one for one in [await people.member() for _ in range(2)]}
    first, second = (both[pseudonym] for pseudonym in sorted(both))

    async def meanwhile(
        session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
    ) -> dict[UUID, str]:
        await study.act(first, "refusal", wave=2)
        await ask(second, "POST", f"{study.path}/withdrawal", {"erase": True})
        return await reach(session, encryption, member_ids)

    with clock.at(at(0, 10)):
        assert await invitations.send_due(database, Mailing(encryption, ORIGIN, meanwhile)) == 0
    assert await _letters(connection, encryption) == []


async def test_a_fault_of_ours_is_no_refusal(
    database: Database, encryption: Encryption, member: SignedIn
) -> None:
    async def broken(
        session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
    ) -> dict[UUID, str]:
        raise RuntimeError("broken")

    with clock.at(at(0, 10)), pytest.raises(RuntimeError):
        await invitations.send_due(database, Mailing(encryption, ORIGIN, broken))


async def test_the_worker_invites(
    database: Database, connection: AnyConnection, app: FastAPI, member: SignedIn
) -> None:
    state = app.state
    context: Any = SimpleNamespace(
        additional_context={
            "database": database,
            "encryption": state.encryption,
            "settings": state.settings,
            "reach": reach,
        }
    )
    with clock.at(at(0, 10)):
        await tasks.invite(context, timestamp=0)
    (letter,) = await _letters(connection, state.encryption)
    assert state.settings.server.origin in letter["text"]


INVITE = """
    INSERT INTO research.invitations (study_id, participant_id, wave, number, sent_at, by_email)
    VALUES (%(study)s, %(id)s, %(wave)s, %(number)s, %(at)s, true)
"""


@pytest.mark.parametrize(
    ("number", "days", "wave"),
    [(0, -1, 2), (0, 28, 2), (1, 0, 2), (0, 0, 3), (0, 0, 1)],
    ids=["too early", "too late", "without an invitation", "no such wave", "a wave that is over"],
)
async def test_the_database_takes_no_invitation_that_was_not_planned(
    connection: AnyConnection,
    study: AskedStudy,
    member: SignedIn,
    number: int,
    days: int,
    wave: int,
) -> None:
    (held,) = (await member.get("/me/data"))["studies"]
    values = {"study": study.id, "id": held["pseudonym"], "wave": wave, "number": number}
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(INVITE, {**values, "at": at(days, 10)})
    assert refused.value.diag.constraint_name == "invitation_planned"


async def test_the_database_reminds_nobody_beyond_the_plan(
    connection: AnyConnection, study: AskedStudy, member: SignedIn
) -> None:
    (held,) = (await member.get("/me/data"))["studies"]
    values = {"study": study.id, "id": held["pseudonym"], "wave": 2}
    for number, day in ((0, 0), (1, 7), (2, 14)):
        await connection.execute(INVITE, {**values, "number": number, "at": at(day, 10)})
    for number, day, rule in ((3, 21, "invitation_planned"), (2, 20, "pk_invitations")):
        with pytest.raises(psycopg.errors.IntegrityError) as refused:
            await connection.execute(INVITE, {**values, "number": number, "at": at(day, 10)})
        assert refused.value.diag.constraint_name == rule
    with pytest.raises(psycopg.errors.IntegrityError):
        await connection.execute("DELETE FROM research.invitations")


ACTS = st.sampled_from(["save", "completion", "refusal", "stop", "start", "evening", "any"])


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(st.tuples(st.integers(0, 15), ACTS), max_size=6))
async def test_whatever_happens_nobody_hears_more_than_was_planned(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
    acts: list[tuple[int, str]],
) -> None:
    someone = await people.member()
    pseudonym = await study.join(someone)
    part: str | None = None
    is_done = is_stopped = False
    for day in range(17):
        for when, act in acts:
            if when != day or is_done:
                continue
            with clock.at(at(day, 7)):
                if act == "save":
                    await study.save(someone, {"phq9_1": 1}, wave=2)
                elif act in ("completion", "refusal"):
                    await study.act(someone, act, wave=2)
                    is_done = act == "completion"
                else:
                    is_stopped = act == "stop" or (is_stopped and act != "start")
                    part = {"evening": "evening", "any": None}.get(act, part)
                    await _choose(study, someone, part_of_day=part, is_stopped=is_stopped)
        before = await _count(connection, pseudonym)
        for hour in (3, 10, 18):
            await _tick(database, encryption, at(day, hour))
        if is_done or is_stopped:
            assert await _count(connection, pseudonym) == before, day
    cursor = await connection.execute(
        "SELECT number, sent_at FROM research.invitations WHERE participant_id = %s"
        " ORDER BY number",
        (pseudonym,),
    )
    rows = await cursor.fetchall()
    assert [row["number"] for row in rows] == list(range(len(rows)))
    assert len(rows) <= 3
    assert all(9 <= row["sent_at"].hour + 1 < 21 for row in rows)


async def _count(connection: AnyConnection, pseudonym: str) -> int:
    cursor = await connection.execute(
        "SELECT number FROM research.invitations WHERE participant_id = %s", (pseudonym,)
    )
    return len(await cursor.fetchall())


async def test_a_token_is_of_one_participant_and_survives_their_erasure(
    database: Database, encryption: Encryption, study: AskedStudy, member: SignedIn
) -> None:
    (held,) = (await member.get("/me/data"))["studies"]
    token = invitation_choices.stop_token(encryption, UUID(study.id), held["pseudonym"])
    await ask(member, "POST", f"{study.path}/withdrawal", {"erase": True})
    answer = await member.client.post("/api/v1/invitation-stops", json={"token": token})
    assert answer.status_code == 204
