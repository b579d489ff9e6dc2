"""The database takes no invitation beyond the plan, whatever happens."""

from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.encryption import Encryption
from tests.people import People, SignedIn
from tests.research.asked_studies import PLAN, YES, AskedStudy
from tests.research.invitations.inviting import HOURS, at, choose, tick
from tests.research.over_http import ask

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
            await choose(study, member, is_stopped=True)
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
                    await choose(study, someone, part_of_day=part, is_stopped=is_stopped)
        for hour in (3, 8, 10, 13, 18, 20, 22):
            before = await _count(connection, pseudonym)
            await tick(database, encryption, at(day, hour))
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
