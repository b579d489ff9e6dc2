"""An error of ours about one person: told, in the log and in figures, and nobody else waits."""

import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.encryption import Encryption
from app.jobs.app import create_queue, job_context
from app.research.questionnaires import invitations, invitations_watch
from tests.people import People, SignedIn
from tests.research.asked_studies import AskedStudy
from tests.research.invitations.inviting import at, letters, tick

READ = "SELECT email_sealed FROM identity.accounts WHERE id = %s"
SEAL = "UPDATE identity.accounts SET email_sealed = %s WHERE id = %s"


async def test_an_error_about_one_person_is_told_and_keeps_nobody_else_waiting(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    people: People,
) -> None:
    members = [await people.member() for _ in range(3)]
    joined = sorted([(await study.join(one), number) for number, one in enumerate(members)])
    first, *others = [members[number] for _, number in joined]
    (sealed,) = await (await connection.execute(READ, (first.account_id,))).fetchall()
    await connection.execute(SEAL, (b"not a box of ours", first.account_id))
    with capture_logs() as lines, pytest.raises(invitations.NotAllInvitedError):
        await tick(database, encryption, at(0, 10))
    (line,) = [line for line in lines if line["event"] == "somebody could not be invited"]
    assert (line["log_level"], line["study_id"], line["wave"]) == ("error", study.id, 2)
    assert joined[0][0] not in str(lines)
    assert first.email not in str(lines)
    written = {one["to"] for one in await letters(connection, encryption)}
    assert written == {one.email for one in others}
    await connection.execute(SEAL, (sealed["email_sealed"], first.account_id))
    assert await tick(database, encryption, at(0, 11)) == 1
    assert [one["to"] for one in await letters(connection, encryption)][-1] == first.email


async def test_a_look_that_missed_somebody_is_told_in_the_figures(
    database: Database, connection: AnyConnection, app: FastAPI, member: SignedIn
) -> None:
    async def failed() -> float:
        lines = (await member.client.get("/metrics")).text.splitlines()
        (figure,) = [one for one in lines if one.startswith("alongside_invitation_looks_failed ")]
        return float(figure.split()[1])

    assert await failed() == 0
    await connection.execute(SEAL, (b"not a box of ours", member.account_id))
    settings = app.state.settings
    with clock.at(at(0, 10)):
        async with create_queue(settings.database.url).open_async() as queue:
            await queue.configure_task("research:invite").defer_async(timestamp=0)
            await queue.run_worker_async(
                wait=False,
                additional_context=job_context(settings, database),
                install_signal_handlers=False,
                delete_jobs="successful",
            )
    assert await failed() >= 1, "the worker may look once more by itself"


async def test_without_a_database_the_figure_stays_as_it_is(app: FastAPI) -> None:
    gone = Database(app.state.settings.database)
    await gone.open()
    await gone.close()
    with capture_logs() as lines:
        await invitations_watch.measure(gone.pool)
    assert [line["event"] for line in lines] == ["invitations can't be counted"]
