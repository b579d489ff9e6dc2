"""Invitations and reminders as the worker sends them, and how they are stopped."""

import asyncio
import base64
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, Final
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
from tests.people import PASSWORD, People, SignedIn
from tests.research.asked_studies import PLAN, YES, AskedStudy, asked_study
from tests.research.factories import START
from tests.research.over_http import Json, ask

ORIGIN = "https://alongside.test"
#: The second wave opens for whoever joined at the start; a Monday.
SECOND = START + timedelta(days=7 * 13)
#: Of each part of the day that can be chosen, None for any.
HOURS: Final = {
    "morning": range(8, 12),
    "afternoon": range(12, 17),
    "evening": range(17, 21),
    None: range(9, 20),
}


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


async def test_whoever_joins_after_a_day_of_the_calendar_is_written_to_a_day_later(
    database: Database, encryption: Encryption, researcher: SignedIn, people: People
) -> None:
    days = (START.date(), START.date() + timedelta(days=84))
    study = await asked_study(researcher, weeks=(), days=days)
    await study.join(await people.member(), at=START + timedelta(days=3))
    assert await _tick(database, encryption, START + timedelta(days=3, hours=1)) == 0
    assert await _tick(database, encryption, START + timedelta(days=4)) == 1


async def test_whoever_cannot_be_written_to_holds_up_nobody_behind_them(
    database: Database,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = invitations._DUE.replace(f"LIMIT {invitations.BATCH}", "LIMIT 1")
    assert few != invitations._DUE
    monkeypatch.setattr(invitations, "_DUE", few)
    members = [await people.member() for _ in range(4)]
    by_pseudonym = sorted([(await study.join(one), one.member_id) for one in members])
    with clock.at(at(-1, 10)):
        async with unit_of_work(database) as session:
            for _, member_id in by_pseudonym[:2]:
                await breaks.take(session, member_id, BreakLength.WEEK)
    assert await _tick(database, encryption, at(0, 10)) == 2


async def test_two_workers_at_once_write_one_letter(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
) -> None:
    for _ in range(5):
        await study.join(await people.member())
    mailing = Mailing(encryption, ORIGIN, reach)
    with clock.at(at(0, 10)):
        sent = await asyncio.gather(*[invitations.send_due(database, mailing) for _ in range(3)])
    assert sum(sent) == 5
    assert len({one["to"] for one in await _letters(connection, encryption)}) == 5
    assert len(await _letters(connection, encryption)) == 5


async def test_what_someone_does_while_the_letters_are_written_counts(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
) -> None:
    members = [await people.member() for _ in range(3)]
    joined = sorted([(await study.join(one), number) for number, one in enumerate(members)])
    first, second, third = [members[number] for _, number in joined]
    stopped = {"part_of_day": None, "by_email": True, "is_stopped": True}
    acts: dict[UUID, tuple[SignedIn, str, str, Json, int]] = {
        first.member_id: (third, "POST", "withdrawal", {"erase": True}, 200),
        second.member_id: (second, "PUT", "invitation-choices", stopped, 204),
    }

    async def meanwhile(
        session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
    ) -> dict[UUID, str]:
        (member_id,) = member_ids
        who, method, act, body, status = acts[member_id]
        await ask(who, method, f"{study.path}/{act}", body, status=status)
        return await reach(session, encryption, member_ids)

    with clock.at(at(0, 10)):
        sent = await invitations.send_due(database, Mailing(encryption, ORIGIN, meanwhile))
    assert sent == 1
    (letter,) = await _letters(connection, encryption)
    assert letter["to"] == first.email


async def test_an_error_of_ours_is_told_and_leaves_no_row(
    database: Database, encryption: Encryption, member: SignedIn
) -> None:
    async def broken(
        session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
    ) -> dict[UUID, str]:
        raise ConnectionError

    with clock.at(at(0, 10)), pytest.raises(ConnectionError):
        await invitations.send_due(database, Mailing(encryption, ORIGIN, broken))
    assert await _tick(database, encryption, at(0, 10)) == 1


async def test_the_worker_invites_with_what_it_holds(
    database: Database, connection: AnyConnection, app: FastAPI, member: SignedIn
) -> None:
    held = {
        "database": database,
        "settings": app.state.settings,
        "encryption": app.state.encryption,
        "reach": reach,
    }
    context: Any = SimpleNamespace(additional_context=held)
    with clock.at(at(0, 10)):
        await tasks.invite(context, timestamp=0)
    (letter,) = await _letters(connection, app.state.encryption)
    assert letter["to"] == member.email
    assert f"{app.state.settings.server.origin}/questionnaires\n" in letter["text"]


@pytest.mark.parametrize("part", HOURS)
async def test_it_comes_in_the_part_of_the_day_that_was_chosen(
    database: Database,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
    connection: AnyConnection,
    part: str | None,
) -> None:
    await _choose(study, member, part_of_day=part)
    for hour in range(24):
        moment = at(0, 1) - timedelta(hours=1) + timedelta(hours=hour)
        assert await _tick(database, encryption, moment) == (hour in HOURS[part]), hour
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


async def test_who_agreed_to_no_questions_is_not_asked(
    database: Database, encryption: Encryption, study: AskedStudy, people: People
) -> None:
    never, no_more, agreed = [await people.member() for _ in range(3)]
    await study.join(never, questionnaires=False)
    for one in (no_more, agreed):
        await study.join(one)
    with clock.at(at(-1, 10)):
        chosen = {"sheet_version": 1, "purposes": YES | {"questionnaires": False}}
        await ask(no_more, "PUT", f"{study.path}/participation/purposes", chosen)
    assert await _tick(database, encryption, at(0, 10)) == 1


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


async def test_an_account_that_is_closed_or_not_confirmed_is_not_written_to(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
) -> None:
    closed, unconfirmed = await people.member(), await people.member()
    for one in (closed, unconfirmed):
        await study.join(one)
    closing = {"password": PASSWORD, "erase_study_data": False}
    await ask(closed, "POST", "/me/closure", closing, status=204)
    confirm = "UPDATE identity.accounts SET verified_at = %s WHERE id = %s"
    await connection.execute(confirm, (None, unconfirmed.account_id))
    assert await _tick(database, encryption, at(0, 10)) == 0
    await connection.execute(confirm, (START, unconfirmed.account_id))
    assert await _tick(database, encryption, at(0, 10)) == 1


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


async def test_who_does_not_take_part_has_no_choices(study: AskedStudy, people: People) -> None:
    stranger = await people.member()
    path = f"{study.path}/invitation-choices"
    assert await stranger.status(path) == 404
    chosen = {"part_of_day": None, "by_email": True, "is_stopped": False}
    assert (await ask(stranger, "PUT", path, chosen, status=404))["type"] == "not-taking-part"


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
    program = (await people.member()).client
    program.cookies.clear()
    form = {"List-Unsubscribe": "One-Click"}
    page = await program.post(path, data=form, headers={"Origin": "https://elsewhere.test"})
    assert page.json()["type"] == "cross-site"
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is False
    del program.headers["Origin"]
    for _ in range(2):
        assert (await program.post(path, data=form)).status_code == 204
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is True


async def test_a_mail_program_that_opens_the_address_is_led_to_the_page_and_stops_nothing(
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
    browser = (await people.member()).client
    browser.cookies.clear()
    answer = await browser.get(letter["stop_address"].removeprefix(ORIGIN))
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/stop-invitations#token={token}",
    )
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is False
    odd = await browser.get("/api/v1/invitation-stops/%C3%A9%23%0D%0A")
    assert odd.headers["Location"] == "/stop-invitations#token=%C3%A9%23%0D%0A"


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


@pytest.mark.parametrize("what", ["completion", "refusal", "stop", "consent", "withdrawal"])
async def test_the_database_invites_nobody_who_answered_declined_stopped_or_left(
    connection: AnyConnection, study: AskedStudy, member: SignedIn, what: str
) -> None:
    (held,) = (await member.get("/me/data"))["studies"]
    values = {"study": study.id, "id": held["pseudonym"], "wave": 2}
    await connection.execute(INVITE, {**values, "number": 0, "at": at(0, 10)})
    with clock.at(at(1, 10)):
        if what == "stop":
            await _choose(study, member, is_stopped=True)
        elif what == "consent":
            chosen = {"sheet_version": 1, "purposes": YES | {"questionnaires": False}}
            await ask(member, "PUT", f"{study.path}/participation/purposes", chosen)
        elif what == "withdrawal":
            await ask(member, "POST", f"{study.path}/withdrawal", {"erase": False})
        else:
            await study.save(member, {"phq9_1": 1}, wave=2)
            await study.act(member, what, wave=2)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(INVITE, {**values, "number": 1, "at": at(8, 10)})
    assert refused.value.diag.constraint_name == "invitation_planned"


async def test_the_database_takes_no_invitation_twice_and_none_back(
    connection: AnyConnection, study: AskedStudy, member: SignedIn
) -> None:
    (held,) = (await member.get("/me/data"))["studies"]
    values = {"study": study.id, "id": held["pseudonym"], "wave": 2, "number": 0}
    await connection.execute(INVITE, {**values, "at": at(0, 10)})
    with pytest.raises(psycopg.errors.UniqueViolation):
        await connection.execute(INVITE, {**values, "at": at(1, 10)})
    for act in ("DELETE FROM research.invitations", "UPDATE research.invitations SET number = 1"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            await connection.execute(act)


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


ACTS = st.sampled_from(
    ["save", "completion", "refusal", "stop", "start", "morning", "afternoon", "evening", "any"]
)


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
                    part = None if act == "any" else act if act in HOURS else part
                    await _choose(study, someone, part_of_day=part, is_stopped=is_stopped)
        for hour in (3, 8, 10, 13, 18, 20, 22):
            before = await _count(connection, pseudonym)
            await _tick(database, encryption, at(day, hour))
            if is_done or is_stopped or hour not in HOURS[part]:
                assert await _count(connection, pseudonym) == before, (day, hour)
    cursor = await connection.execute(
        "SELECT number, sent_at FROM research.invitations WHERE participant_id = %s"
        " ORDER BY number",
        (pseudonym,),
    )
    rows = await cursor.fetchall()
    assert [row["number"] for row in rows] == list(range(len(rows)))
    assert len(rows) <= 1 + PLAN["reminders"]
    assert all(
        later["sent_at"] - sooner["sent_at"] > timedelta(days=PLAN["reminder_days"] - 1)
        for sooner, later in pairwise(rows)
    )


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
