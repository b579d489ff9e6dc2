"""What the database asks of an edition, its reviews, its release and its files."""

import psycopg
import pytest
from psycopg.errors import CheckViolation, ForeignKeyViolation

from app.core import clock
from app.core.db import AnyConnection, Database
from tests.people import SignedIn
from tests.research.factories import Frozen, later, withdraw
from tests.research.over_http import Json

pytestmark = pytest.mark.usefixtures("at_once")

DECIDE = (
    "INSERT INTO research.edition_decisions (study_id, edition_id, decision, note, decided_by,"
    " decided_at) SELECT study_id, id, %s, 'No.', coalesce(%s, gen_random_uuid()), now()"
    " FROM research.editions WHERE id = %s"
)
REVIEW = (
    "INSERT INTO research.reviews (kind, study_id, version, verdict, words, may_show, written_by,"
    " written_at) SELECT 'edition', study_id, number + %s, 'signed_off', '', false,"
    " coalesce(%s, gen_random_uuid()), now() FROM research.editions WHERE id = %s"
)


async def test_the_database_asks_for_the_second_person_and_the_sign_off_too(
    made: Json, researcher: SignedIn, connection: AnyConnection, adviser: SignedIn
) -> None:
    async def refused(query: str, *values: object) -> str | None:
        with pytest.raises((CheckViolation, ForeignKeyViolation)) as broken:
            async with connection.transaction():
                await connection.execute(query.encode(), (*values, made["id"]))
        return broken.value.diag.constraint_name

    assert await refused(DECIDE, "released", None) == "signed_off"
    assert await refused(DECIDE, "refused", researcher.account_id) == "second_person"
    assert await refused(REVIEW, 1, None) == "review_of_edition"
    assert await refused(REVIEW, 0, researcher.account_id) == "second_person"
    await connection.execute(REVIEW.encode(), (0, None, made["id"]))
    await connection.execute(DECIDE.encode(), ("released", None, made["id"]))
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with connection.transaction():
            await connection.execute(DECIDE.encode(), ("refused", None, made["id"]))
    for query in (
        "UPDATE research.editions SET state = 'withdrawn', ended_at = now()",
        "UPDATE research.edition_decisions SET note = 'Yes.'",
        "DELETE FROM research.edition_decisions",
        "UPDATE research.edition_steps SET what = 'made'",
        "DELETE FROM research.edition_steps",
        "DELETE FROM research.edition_files",
    ):
        with pytest.raises(psycopg.Error, match=r"append-only|withdrawn"):
            async with connection.transaction():
                await connection.execute(query.encode())


ASKED = (
    "INSERT INTO research.editions (id, study_id, number, kind, dataset_id, evaluation_id, state,"
    " software_version, made_by, made_at, ended_at) SELECT gen_random_uuid(), study_id, number + 1,"
    " kind, dataset_id, evaluation_id, {state}, '', made_by, now(), {ended}"
    " FROM research.editions WHERE number = 1"
)
FILE = (
    "INSERT INTO research.edition_files SELECT study_id, id, 'html', 'x', 1,"
    " encode(sha256('x'), 'hex') FROM research.editions WHERE number = {number}"
)


async def test_the_database_keeps_editions_and_their_files_as_they_are(
    frozen: Frozen, made: Json, connection: AnyConnection
) -> None:
    waiting = ASKED.format(state="'waiting'", ended="NULL")
    await connection.execute(waiting.encode())
    for query, constraint in (
        (ASKED.format(state="'ready'", ended="now()"), "evaluation_done"),
        (waiting.replace("number + 1", "number + 2"), "uq_editions_study_id_kind"),
        ("UPDATE research.editions SET number = 9", "edition_kept"),
        ("DELETE FROM research.editions", "edition_kept"),
        ("UPDATE research.editions SET state = 'failed' WHERE number = 1", "edition_kept"),
        (
            "UPDATE research.editions SET state = 'withdrawn', ended_at = now() WHERE number = 1",
            "edition_withdrawn",
        ),
        (
            "UPDATE research.editions SET state = 'ready', ended_at = now() WHERE number = 2",
            "edition_files",
        ),
        ("UPDATE research.editions SET done = 3 WHERE number = 2", "ck_editions_progress"),
        ("DELETE FROM research.edition_files", "edition_file_kept"),
        ("UPDATE research.edition_files SET content = 'x'", "edition_file_kept"),
        (FILE.format(number=2), "edition_rendering"),
    ):
        with pytest.raises(psycopg.IntegrityError) as broken:
            async with connection.transaction():
                await connection.execute(query.encode())
        assert broken.value.diag.constraint_name == constraint, query
    rendering = "UPDATE research.editions SET state = 'rendering' WHERE number = 2"
    await connection.execute(rendering.encode())
    for query, constraint in (
        (FILE.format(number=2).replace("'x', 1", "'x', 2"), "ck_edition_files_byte_size"),
        (FILE.format(number=2).replace("'x', 1", "'y', 1"), "ck_edition_files_sha256"),
        (f"{FILE.format(number=2)}; SET CONSTRAINTS ALL IMMEDIATE", "edition_whole"),
    ):
        with pytest.raises(CheckViolation) as broken:
            async with connection.transaction():
                await connection.execute(query.encode())
        assert broken.value.diag.constraint_name == constraint, query


async def test_no_edition_is_made_of_a_dataset_that_is_closed(
    database: Database, frozen: Frozen, made: Json, connection: AnyConnection
) -> None:
    study, _, members = frozen
    with clock.at(later(days=4)):
        await withdraw(database, study, members[0], erase=True)
    with pytest.raises(CheckViolation) as broken:
        await connection.execute(ASKED.format(state="'waiting'", ended="NULL").encode())
    assert broken.value.diag.constraint_name == "evaluation_done"
