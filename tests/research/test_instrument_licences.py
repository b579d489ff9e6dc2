"""Words of a restricted instrument: entered under a licence, shown while it runs, locked after."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection
from app.identity.roles import Role
from tests.people import People, SignedIn
from tests.research.instrument_words import enter, licence, placeholder, record
from tests.research.over_http import Json, ask

PREVIEW = "/instruments/swemwbs/preview"
#: Every address from which words could come.
ROADS = (PREVIEW, f"{PREVIEW}?version=1", f"{PREVIEW}?language=en&wording=1")


@pytest.fixture
async def administrator(people: People) -> SignedIn:
    """Sol keeps the licences."""
    return await people.member("Sol", roles=(Role.ADMINISTRATOR,))


async def _refused(who: SignedIn, path: str = PREVIEW) -> str:
    refused = await ask(who, "GET", path, status=409)
    assert refused["type"] == "instrument-locked"
    return str(refused["detail"])


async def _run_out(connection: AnyConnection) -> None:
    """As if every licence had been recorded long ago: only a test can go past the triggers."""
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(
        "UPDATE research.instrument_licences SET starts_on = starts_on - 4000,"
        " expires_on = expires_on - 4000"
    )
    await connection.execute("SET session_replication_role = DEFAULT")


async def test_words_are_shown_under_a_licence(
    researcher: SignedIn, administrator: SignedIn
) -> None:
    assert "none is recorded" in await _refused(researcher)
    recorded = await record(administrator)
    assert "its words were not entered yet" in await _refused(researcher)
    assert (await researcher.get("/instruments/swemwbs"))["lock"] == "wordless"
    kept = await enter(administrator)
    assert kept == {"instrument": "swemwbs", "language": "en", "version": 1}
    for path in ROADS:
        seen = await ask(researcher, "GET", path)
        assert seen["title"] == "Placeholder title"
        assert seen["questions"][0]["text"] == "Placeholder for swemwbs_1"
        codes = [one["code"] for one in seen["questions"][0]["options"]]
        assert codes == [5, 4, 3, 2, 1], "in the order in which they were entered"
    found = await researcher.get("/instruments/swemwbs")
    assert (found["lock"], found["licensed_until"]) == ("licensed", recorded["expires_on"])
    assert found["languages"] == ["en"]
    assert "none is recorded" in await _refused(researcher, "/instruments/wemwbs/preview")


async def test_words_have_versions_by_language_and_the_same_again_is_none(
    researcher: SignedIn, administrator: SignedIn
) -> None:
    await record(administrator)
    assert (await enter(administrator))["version"] == 1
    assert (await enter(administrator))["version"] == 1
    assert (await enter(administrator, mark="!"))["version"] == 2
    assert (await enter(administrator, language="cy"))["version"] == 1
    assert (await researcher.get("/instruments/swemwbs"))["wordings"] == [
        {"language": "cy", "version": 1},
        {"language": "en", "version": 2},
        {"language": "en", "version": 1},
    ]
    assert (await researcher.get(PREVIEW))["title"] == "Placeholder title!"
    assert (await researcher.get(PREVIEW, wording=1))["title"] == "Placeholder title"
    assert (await researcher.get(PREVIEW, language="cy"))["language"] == "cy"


async def test_labels_in_another_order_are_new_words(administrator: SignedIn) -> None:
    await record(administrator)
    await enter(administrator)
    turned = placeholder("swemwbs")
    turned["option_sets"][0]["options"].reverse()
    kept = await ask(administrator, "POST", "/instruments/swemwbs/wordings", turned, status=201)
    assert kept["version"] == 2


async def test_a_licence_that_has_run_out_locks_everywhere(
    researcher: SignedIn, administrator: SignedIn, connection: AnyConnection
) -> None:
    await record(administrator)
    await enter(administrator)
    await _run_out(connection)
    for who in (researcher, administrator):
        for path in ROADS:
            assert "has run out or was ended" in await _refused(who, path)
    found = await researcher.get("/instruments/swemwbs")
    assert (found["lock"], found["wordings"], found["languages"]) == ("expired", [], [])
    again = await ask(
        administrator, "POST", "/instruments/swemwbs/wordings", placeholder("swemwbs"), status=409
    )
    assert again["type"] == "instrument-locked"
    await record(administrator)
    assert (await researcher.get(PREVIEW))["title"] == "Placeholder title"


async def test_a_licence_is_ended_with_a_reason_and_stays_on_record(
    researcher: SignedIn, administrator: SignedIn
) -> None:
    first = await record(administrator)
    second = await record(administrator, days=100)
    await enter(administrator)
    path = f"/instruments/swemwbs/licences/{first['id']}/end"
    for reason in ("The project was stopped.", "Another reason."):
        await ask(administrator, "POST", path, {"reason": reason}, status=204)
    assert (await researcher.get("/instruments/swemwbs"))["lock"] == "licensed", "another runs"
    path = f"/instruments/swemwbs/licences/{second['id']}/end"
    await ask(administrator, "POST", path, {"reason": "The project was stopped."}, status=204)
    assert "has run out or was ended" in await _refused(researcher)
    ledger = (await administrator.get("/instruments/swemwbs/licences"))["items"]
    assert [one["id"] for one in ledger] == [second["id"], first["id"]]
    assert {one["ended_reason"] for one in ledger} == {"The project was stopped."}


async def test_a_licence_that_starts_later_opens_nothing_yet(
    researcher: SignedIn, administrator: SignedIn
) -> None:
    await record(administrator, starts=3)
    assert "none is recorded" in await _refused(researcher)


BAD_LICENCES: dict[str, tuple[Json, str]] = {
    "run out": ({**licence(starts=-20, days=10)}, "/expires_on"),
    "ends before it starts": ({**licence(starts=20, days=-5)}, "/expires_on"),
    "longer than ten years": (licence(days=4000), "/expires_on"),
    "no number": ({**licence(), "licence_number": " "}, "/licence_number"),
    "no scope": ({**licence(), "scope": "x"}, "/scope"),
    "a time for a day": ({**licence(), "starts_on": "2026-01-01T00:00:00"}, "/starts_on"),
}


@pytest.mark.parametrize("case", BAD_LICENCES)
async def test_a_licence_that_cant_be_used_is_refused(administrator: SignedIn, case: str) -> None:
    body, pointer = BAD_LICENCES[case]
    refused = await ask(administrator, "POST", "/instruments/swemwbs/licences", body, status=422)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def _without(part: str) -> Json:
    words = placeholder("swemwbs")
    words[part] = words[part][:-1] if part == "items" else []
    return words


BAD_WORDS: dict[str, tuple[Json, str]] = {
    "an item without words": (_without("items"), "/items"),
    "options without words": (_without("option_sets"), "/option_sets"),
    "nothing to read": ({**placeholder("swemwbs"), "title": "\u200b"}, "/title"),
    "a language that is none": ({**placeholder("swemwbs"), "language": "Welsh"}, "/language"),
}


@pytest.mark.parametrize("case", BAD_WORDS)
async def test_words_that_are_not_whole_are_refused(administrator: SignedIn, case: str) -> None:
    await record(administrator)
    body, pointer = BAD_WORDS[case]
    refused = await ask(administrator, "POST", "/instruments/swemwbs/wordings", body, status=422)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


async def test_hints_and_introductions_are_kept(
    researcher: SignedIn, administrator: SignedIn
) -> None:
    await record(administrator)
    words = {**placeholder("swemwbs"), "intro": "Placeholder intro", "stem": " "}
    words["items"][0]["hint"] = "Placeholder hint"
    await ask(administrator, "POST", "/instruments/swemwbs/wordings", words, status=201)
    seen = await researcher.get(PREVIEW)
    assert (seen["intro"], seen["stem"]) == ("Placeholder intro", None)
    assert seen["questions"][0]["hint"] == "Placeholder hint"


async def test_only_a_restricted_instrument_has_licences(administrator: SignedIn) -> None:
    words: Json = {"structure": 1, "language": "en", "title": "Mine", "items": []}
    for path, body in (("licences", licence()), ("wordings", words)):
        refused = await ask(administrator, "POST", f"/instruments/phq9/{path}", body, status=409)
        assert refused["type"] == "licence-not-needed"
    assert (await administrator.get("/instruments/phq9/licences"))["items"] == []


async def test_ending_needs_a_reason_and_a_licence_of_this_instrument(
    administrator: SignedIn,
) -> None:
    made = await record(administrator)
    here = f"/instruments/swemwbs/licences/{made['id']}/end"
    other = f"/instruments/wemwbs/licences/{made['id']}/end"
    await ask(administrator, "POST", here, {"reason": "x"}, status=422)
    await ask(administrator, "POST", other, {"reason": "A mistake."}, status=404)


async def test_a_researcher_can_neither_record_nor_enter(researcher: SignedIn) -> None:
    for path, body in (("licences", licence()), ("wordings", placeholder("swemwbs"))):
        refused = await ask(researcher, "POST", f"/instruments/swemwbs/{path}", body, status=403)
        assert refused["type"] == "forbidden"
    assert await researcher.status("/instruments/swemwbs/licences") == 403


_INSERT = """
    INSERT INTO research.instrument_wordings (instrument, language, version, structure, licence_id,
      words, entered_by, entered_at)
    VALUES (%(instrument)s, 'en', 9, 1, %(licence)s, '{}', %(by)s, now())
"""


async def test_the_database_takes_no_words_without_a_licence_in_force(
    administrator: SignedIn, connection: AnyConnection
) -> None:
    made = await record(administrator)
    later = await record(administrator, "wemwbs", starts=5)
    by = uuid4()
    for instrument, one in (("wemwbs", later["id"]), ("reqol10", uuid4()), ("swemwbs", uuid4())):
        with pytest.raises(psycopg.errors.CheckViolation, match="licence that is in force"):
            await connection.execute(_INSERT, {"instrument": instrument, "licence": one, "by": by})
    await connection.execute(_INSERT, {"instrument": "swemwbs", "licence": made["id"], "by": by})


CHANGES = [
    f"{act} research.{table}{rest}"
    for table in ("instrument_licences", "instrument_licence_ends", "instrument_wordings")
    for act, rest in (("DELETE FROM", ""), ("TRUNCATE", " CASCADE"))
] + [
    "UPDATE research.instrument_licences SET expires_on = expires_on + 1",
    "UPDATE research.instrument_licence_ends SET reason = 'Another.'",
    "UPDATE research.instrument_wordings SET words = '{}'",
]


@pytest.mark.parametrize("statement", CHANGES)
async def test_nothing_of_it_is_changed_or_deleted(
    administrator: SignedIn, connection: AnyConnection, statement: Any
) -> None:
    made = await record(administrator)
    await enter(administrator)
    path = f"/instruments/swemwbs/licences/{made['id']}/end"
    await ask(administrator, "POST", path, {"reason": "A mistake."}, status=204)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        await connection.execute(statement)


async def test_the_view_forgets_words_by_the_databases_own_clock(
    researcher: SignedIn, administrator: SignedIn, connection: AnyConnection
) -> None:
    await record(administrator)
    await enter(administrator)
    await _run_out(connection)
    cursor = await connection.execute("SELECT FROM research.readable_wordings")
    assert cursor.rowcount == 0
    with clock.at(clock.now() - timedelta(days=3990)):
        assert "has run out or was ended" in await _refused(researcher), "whatever ours says"
