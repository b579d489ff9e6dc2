"""Advisers' reviews: nothing opens unsigned, and what was done about them may be read by all."""

import psycopg
import pytest

from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.identity.roles import Role
from app.research.models import Purpose, Study
from tests.people import People, SignedIn
from tests.research.factories import drafted, opened
from tests.research.over_http import Json, ask
from tests.research.told import ASKED, WEEKS
from tests.support.signed_off import signed_off

SIGNED: Json = {"verdict": "signed_off"}
CHANGE: Json = {"verdict": "needs_change", "words": "Say who can see it.", "may_show": True}


@pytest.fixture
async def adviser(people: People) -> SignedIn:
    return await people.member("Linden", roles=(Role.ADVISER,))


@pytest.fixture
async def study(database: Database) -> Study:
    """One that asks PHQ-9 and is not open yet."""
    return await drafted(database, "Evenings", asks=ASKED, wave_weeks=WEEKS)


async def test_a_study_opens_when_its_sheet_and_its_instruments_are_signed_off(
    researcher: SignedIn, adviser: SignedIn, study: Study
) -> None:
    path = f"/studies/{study.id}"
    refused = await ask(researcher, "POST", f"{path}/opening", status=409)
    assert refused["type"] == "not-signed-off"
    assert [words[:4] for words in refused["unsigned"]] == ["its ", "“PHQ"]
    waiting = (await ask(adviser, "GET", "/reviews"))["items"]
    assert [one["kind"] for one in waiting] == ["sheet", "instrument"]
    assert "<strong>Please read.</strong>" in waiting[0]["body_html"]
    await ask(adviser, "POST", "/instruments/phq9/1/reviews", SIGNED, status=204)
    for verdict in (SIGNED, CHANGE):
        await ask(adviser, "POST", f"{path}/sheets/1/reviews", verdict, status=204)
    refused = await ask(researcher, "POST", f"{path}/opening", status=409)
    assert refused["unsigned"] == ["its information sheet"], "the last word decides"
    await ask(adviser, "POST", f"{path}/sheets/1/reviews", SIGNED, status=204)
    assert all(one["is_signed_off"] for one in (await ask(adviser, "GET", "/reviews"))["items"])
    assert (await ask(researcher, "POST", f"{path}/opening"))["state"] == "open"
    await ask(researcher, "POST", f"{path}/closing")
    assert (await ask(adviser, "GET", "/reviews"))["items"] == [], "nothing waits for them any more"
    listed = (await ask(researcher, "GET", f"{path}/reviews"))["items"]
    assert [one["kind"] for one in listed] == ["sheet", "instrument"], "the team reads it still"


async def test_members_of_an_open_study_read_a_new_sheet_from_its_sign_off_on(
    researcher: SignedIn, adviser: SignedIn, database: Database, people: People
) -> None:
    study = await opened(database)
    path = f"/studies/{study.id}"
    made = await ask(researcher, "POST", f"{path}/sheets", {"body": "Newer."}, status=201)
    assert made["version"] == 2
    same = await ask(researcher, "POST", f"{path}/sheets", {"body": "Newer."}, status=409)
    assert same["sheet_version"] == 2
    member = await people.member()
    chosen = {"purposes": {"activity": True, "text": False, "contact": False}}
    early = await ask(
        member, "POST", f"{path}/participation", chosen | {"sheet_version": 2}, status=409
    )
    assert (early["type"], early["sheet_version"]) == ("sheet-changed", 1)
    assert (await ask(member, "GET", path))["sheet"]["version"] == 1
    listed = (await ask(researcher, "GET", f"{path}/sheets"))["items"]
    assert [one["needs_sign_off"] for one in listed] == [True, False]
    for verdict in (SIGNED, CHANGE):
        await ask(adviser, "POST", f"{path}/sheets/2/reviews", verdict, status=204)
        assert (await ask(member, "GET", path))["sheet"]["version"] == 2, "it stays in force"
    await ask(member, "POST", f"{path}/participation", chosen | {"sheet_version": 2}, status=201)


async def test_the_team_answers_and_everybody_reads_what_may_be_shown(
    researcher: SignedIn, adviser: SignedIn, people: People, study: Study, database: Database
) -> None:
    path = f"/studies/{study.id}"
    hidden = CHANGE | {"may_show": False, "words": "For the team alone."}
    for said in (CHANGE, hidden, SIGNED):
        await ask(adviser, "POST", f"{path}/sheets/1/reviews", said, status=204)
    await ask(adviser, "POST", "/instruments/phq9/1/reviews", CHANGE, status=204)
    sheet, instrument = (await ask(researcher, "GET", f"{path}/reviews"))["items"]
    assert [one["verdict"] for one in sheet["reviews"]] == [
        "signed_off", "needs_change", "needs_change",
    ]  # fmt: skip
    said_first = [*list(sheet["reviews"]), *list(instrument["reviews"])]
    silent, others = said_first[0], said_first[1:]
    done = {"words": "It says so in the second line."}
    await ask(researcher, "POST", f"/reviews/{silent['id']}/answers", done, status=404)
    for one in others:
        await ask(researcher, "POST", f"/reviews/{one['id']}/answers", done, status=204)
    visitor = await people.member()
    (shown,) = (await ask(visitor, "GET", "/reviews/public"))["items"]
    assert shown["title"] == "PHQ-9", "nothing of a study that is being prepared"
    await signed_off(database, study.id)
    await ask(researcher, "POST", f"{path}/opening")
    visitor.client.cookies.clear()
    items = (await ask(visitor, "GET", "/reviews/public"))["items"]
    assert [one["title"] for one in items][1:] == ["Evenings"]
    assert items[1] == {
        "title": "Evenings", "words": CHANGE["words"], "answers": [done["words"]],
    }  # fmt: skip
    (again, *_) = (await ask(adviser, "GET", "/reviews"))["items"]
    assert again["reviews"][-1]["answers"][0]["words"] == done["words"]


async def test_who_works_on_studies_or_wrote_the_sheet_reviews_nothing(
    researcher: SignedIn, people: People, study: Study, connection: AnyConnection
) -> None:
    path = f"/studies/{study.id}/sheets/1/reviews"
    both = await people.member(roles=(Role.RESEARCHER, Role.ADVISER))
    assert (await ask(both, "POST", path, SIGNED, status=403))["type"] == "second-person"
    adviser = await people.member(roles=(Role.ADVISER,))
    await ask(adviser, "POST", path.replace("/1/", "/2/"), SIGNED, status=404)
    empty = CHANGE | {"words": " "}
    refused = await ask(adviser, "POST", path, empty, status=422)
    assert refused["errors"][0]["pointer"] == "/words"
    made = await ask(
        researcher, "POST", f"/studies/{study.id}/sheets", {"body": "Mine."}, status=201
    )
    own = (
        "INSERT INTO research.reviews (kind, study_id, version, verdict, words, may_show,"
        " written_by, written_at) VALUES ('sheet', %s, %s, 'signed_off', '', false, %s, now())"
    )
    with pytest.raises(psycopg.errors.CheckViolation) as broken:
        await connection.execute(own, (study.id, made["version"], researcher.account_id))
    assert broken.value.diag.constraint_name == "second_person"
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="no such sheet"):
        await connection.execute(own, (study.id, 9, researcher.account_id))
    await connection.execute(
        "INSERT INTO identity.account_roles (account_id, role) VALUES (%s, 'adviser')",
        (researcher.account_id,),
    )
    await connection.execute(
        "DELETE FROM identity.account_roles WHERE account_id = %s AND role = 'researcher'",
        (researcher.account_id,),
    )
    refused = await ask(researcher, "POST", path.replace("/1/", "/2/"), SIGNED, status=403)
    assert refused["detail"].startswith("You wrote this sheet.")


async def test_the_database_opens_no_study_that_is_not_signed_off(
    database: Database, connection: AnyConnection, study: Study
) -> None:
    opening = "UPDATE research.studies SET state = 'open', opened_at = now() WHERE id = %s"
    bare = await drafted(database, asks=(Purpose.ACTIVITY,))
    for one in (study, bare):
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            await connection.execute(opening, (one.id,))
        assert refused.value.diag.constraint_name == "signed_off"
    sheet = (
        "INSERT INTO research.reviews (kind, study_id, version, verdict, words, may_show,"
        " written_by, written_at) VALUES ('sheet', %s, 1, 'signed_off', '', false, %s, now())"
    )
    for one in (study, bare):
        await connection.execute(sheet, (one.id, new_id()))
    await connection.execute(opening, (bare.id,))
    with pytest.raises(psycopg.errors.CheckViolation, match="not signed off"):
        await connection.execute(opening, (study.id,))
    await signed_off(database, study.id)
    await connection.execute(opening, (study.id,))
    late = (
        "INSERT INTO research.sheets (study_id, version, body_source, body_html, covers_acts,"
        " needs_sign_off, published_at) VALUES (%s, 2, 'x', 'x', false, false, now())"
    )
    await connection.execute(late, (study.id,))
    cursor = await connection.execute("SELECT research.sheet_in_force(%s) AS version", (study.id,))
    assert await cursor.fetchall() == [{"version": 1}], "it can't say that it needs none"


async def test_nothing_of_a_review_is_changed_or_deleted(
    connection: AnyConnection, researcher: SignedIn, adviser: SignedIn, study: Study
) -> None:
    path = f"/studies/{study.id}"
    await ask(adviser, "POST", f"{path}/sheets/1/reviews", CHANGE, status=204)
    sheet = (await ask(researcher, "GET", f"{path}/reviews"))["items"][0]
    answer = f"/reviews/{sheet['reviews'][0]['id']}/answers"
    await ask(researcher, "POST", answer, {"words": "Done."}, status=204)
    for table in ("review_answers", "reviews"):
        for statement in (
            f"UPDATE research.{table} SET words = 'x'",
            f"DELETE FROM research.{table}",
            f"TRUNCATE research.{table} CASCADE",
        ):
            with pytest.raises(psycopg.Error, match=r"is append-only"):
                await connection.execute(statement.encode())
