"""Invitations and reminders as the worker sends them."""

import asyncio
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import breaks
from app.community.choices import BreakLength
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.jobs.reachable import reach
from app.research import tasks
from app.research.questionnaires import invitations
from app.research.questionnaires.invitations import Mailing
from tests.people import PASSWORD, People, SignedIn
from tests.research.asked_studies import PLAN, YES, AskedStudy, asked_study
from tests.research.factories import START
from tests.research.invitations.inviting import HOURS, ORIGIN, at, choose, letters, tick
from tests.research.over_http import Json, ask


async def test_an_invitation_and_two_reminders_and_no_more(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    member: SignedIn,
) -> None:
    ticks = [at(day, hour) for day in range(30) for hour in (3, 10)]
    sent = [await tick(database, encryption, moment) for moment in ticks]
    assert sum(sent) == 3
    assert [number for number, one in enumerate(sent) if one] == [1, 15, 29]
    written = await letters(connection, encryption)
    assert len(written) == 3
    first, second, _ = written
    assert first["to"] == member.email
    assert first["subject"] == second["subject"] == "A few questions are waiting for you"
    assert "3 minutes" in first["text"]
    assert "still waiting" in second["text"]
    assert "until 29 June 2026" in first["text"]
    assert f"{ORIGIN}/questionnaires\n" in first["text"]


async def test_whoever_has_just_joined_is_written_to_a_day_later(
    database: Database, encryption: Encryption, member: SignedIn
) -> None:
    assert await tick(database, encryption, START + timedelta(hours=1)) == 0
    assert await tick(database, encryption, START + timedelta(days=1, hours=1)) == 1


async def test_whoever_joins_after_a_day_of_the_calendar_is_written_to_a_day_later(
    database: Database, encryption: Encryption, researcher: SignedIn, people: People
) -> None:
    days = (START.date(), START.date() + timedelta(days=84))
    study = await asked_study(researcher, weeks=(), days=days)
    await study.join(await people.member(), at=START + timedelta(days=3))
    assert await tick(database, encryption, START + timedelta(days=3, hours=1)) == 0
    assert await tick(database, encryption, START + timedelta(days=4)) == 1


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
    assert await tick(database, encryption, at(0, 10)) == 2


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
    assert len({one["to"] for one in await letters(connection, encryption)}) == 5
    assert len(await letters(connection, encryption)) == 5


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
    (letter,) = await letters(connection, encryption)
    assert letter["to"] == first.email


async def test_a_database_that_is_away_ends_the_look_and_leaves_no_row(
    database: Database, encryption: Encryption, member: SignedIn
) -> None:
    async def broken(
        session: AsyncSession, encryption: Encryption, member_ids: Collection[UUID]
    ) -> dict[UUID, str]:
        raise ConnectionError

    with clock.at(at(0, 10)), pytest.raises(ConnectionError):
        await invitations.send_due(database, Mailing(encryption, ORIGIN, broken))
    assert await tick(database, encryption, at(0, 10)) == 1


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
    (letter,) = await letters(connection, app.state.encryption)
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
    await choose(study, member, part_of_day=part)
    for hour in range(24):
        moment = at(0, 1) - timedelta(hours=1) + timedelta(hours=hour)
        assert await tick(database, encryption, moment) == (hour in HOURS[part]), hour
        await connection.execute("ALTER TABLE research.invitations DISABLE TRIGGER USER")
        await connection.execute("DELETE FROM research.invitations")
        await connection.execute("ALTER TABLE research.invitations ENABLE TRIGGER USER")


async def test_who_answered_declined_or_stopped_is_not_reminded(
    database: Database, encryption: Encryption, study: AskedStudy, people: People
) -> None:
    done, declined, stopped, silent = [await people.member() for _ in range(4)]
    for one in (done, declined, stopped, silent):
        await study.join(one)
    assert await tick(database, encryption, at(0, 10)) == 4
    with clock.at(at(1, 10)):
        await study.save(done, {"phq9_1": 1}, wave=2)
        await study.act(done, "completion", wave=2)
        await study.act(declined, "refusal", wave=2)
        await choose(study, stopped, is_stopped=True)
    assert await tick(database, encryption, at(9, 10)) == 1


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
    assert await tick(database, encryption, at(0, 10)) == 1


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
    assert await tick(database, encryption, at(0, 10)) == 0
    assert await tick(database, encryption, at(4, 10)) == 1
    assert await tick(database, encryption, at(8, 10)) == 1


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
    assert await tick(database, encryption, at(0, 10)) == 0
    await connection.execute(confirm, (START, unconfirmed.account_id))
    assert await tick(database, encryption, at(0, 10)) == 1


async def test_only_here_sends_no_letter_and_counts_all_the_same(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
) -> None:
    await choose(study, member, by_email=False)
    assert await tick(database, encryption, at(0, 10)) == 1
    assert await letters(connection, encryption) == []
    found = await member.get(f"/me/data/{study.id}/responses")
    assert [(one["wave"], one["number"], one["by_email"]) for one in found["invitations"]] == [
        (2, 0, False)
    ]


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
    sent = [await tick(database, encryption, midnight + timedelta(hours=n)) for n in range(48)]
    assert sum(sent) == 1
    assert sent.index(1) == 8
