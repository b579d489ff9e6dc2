"""The log as the database writes it: gapless, linked, and found out when touched."""

import asyncio

import pytest

from app.api.schemas.log import LogLine
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.core.pages import Page
from app.core.settings import Settings
from app.moderation import log, log_verification
from app.moderation.case_models import Case
from app.moderation.log_models import LogAct
from app.moderation.subjects import Subject
from app.run import log_and_logins
from tests.moderation.factories import case_about
from tests.people import SignedIn, id_of


async def check(sam: SignedIn) -> tuple[bool, int, int | None]:
    found = await sam.check_log()
    return found["is_intact"], found["checked"], found["broken_seq"]


@pytest.mark.usefixtures("lived")
async def test_an_untouched_log_is_intact(sam: SignedIn, database: Database) -> None:
    assert await check(sam) == (True, 7, None)
    page = await sam.get("/moderation/log")
    assert Page[LogLine].model_validate(page).model_dump(mode="json") == page
    lines = page["items"]
    assert [line["seq"] for line in lines] == [7, 6, 5, 4, 3, 2, 1]
    assert (await log_verification.check(database.pool)).head_hash == lines[0]["hash"]


async def test_an_empty_log_is_intact(sam: SignedIn) -> None:
    assert await check(sam) == (True, 0, None)


TAMPERING = {
    "another act": ("UPDATE moderation.log SET act = 'released' WHERE seq = 3", 3),
    "another time": ("UPDATE moderation.log SET at = at + interval '1 us' WHERE seq = 2", 2),
    "another actor": ("UPDATE moderation.log SET actor_id = NULL WHERE seq = 2", 2),
    "other facts": ("UPDATE moderation.log SET facts = '{}' WHERE seq = 4", 4),
    "facts spelt otherwise": ("UPDATE moderation.log SET facts = facts || ' ' WHERE seq = 4", 4),
    "another kind of subject": (
        "UPDATE moderation.log SET subject_kind = 'reply' WHERE seq = 2",
        2,
    ),
    "another version of it": ("UPDATE moderation.log SET subject_version = 9 WHERE seq = 2", 2),
    "an older format": (
        "UPDATE moderation.log SET format = 1, subject_version = NULL WHERE seq = 2",
        2,
    ),
    "a hash of its own": ("UPDATE moderation.log SET hash = sha256('x') WHERE seq = 5", 5),
    "a line dropped": ("DELETE FROM moderation.log WHERE seq = 3", 3),
    "the first dropped": ("DELETE FROM moderation.log WHERE seq = 1", 1),
    "numbers closed up": (
        "DELETE FROM moderation.log WHERE seq = 3;"
        "UPDATE moderation.log SET seq = seq - 1 WHERE seq > 3",
        3,
    ),
    "two swapped": (
        "UPDATE moderation.log SET seq = 99 WHERE seq = 2;"
        "UPDATE moderation.log SET seq = 2 WHERE seq = 3;"
        "UPDATE moderation.log SET seq = 3 WHERE seq = 99",
        2,
    ),
}


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("how", TAMPERING)
async def test_the_first_touched_line_is_named(
    sam: SignedIn, owner: AnyConnection, how: str
) -> None:
    statement, seq = TAMPERING[how]
    await owner.execute(statement)
    assert await check(sam) == (False, seq - 1, seq)


DROPPED_TAIL = """
    DELETE FROM moderation.log WHERE seq >= (SELECT seq FROM moderation.log WHERE act = 'decided')
"""


#: All that is later than the decision: what is left of the log still follows one another.
DROPPED_FIRST_CASES = """
    DELETE FROM moderation.log WHERE seq > (SELECT seq FROM moderation.log WHERE act = 'decided')
"""
#: As the owner of the database would write it: linked to the line before by the trigger.
SECOND_LINE = """
    SET session_replication_role = origin;
    INSERT INTO moderation.log
      (at, act, actor_id, case_id, subject_kind, subject_id, subject_version, facts)
    SELECT at, act, actor_id, case_id, subject_kind, subject_id, subject_version, facts
    FROM moderation.log WHERE act = 'decided'
"""
EMPTIED = (
    "DELETE FROM moderation.log; DELETE FROM moderation.decisions; DELETE FROM moderation.cases"
)
HIDDEN = """
    UPDATE community.posts SET visibility = 'hidden', hidden_reason = 'Mine' WHERE id = (
      SELECT id FROM community.posts LIMIT 1)
"""
SWAPPED = """
    UPDATE moderation.cases SET decision_id = gen_random_uuid() WHERE decision_id IS NOT NULL
"""
REOPENED = "UPDATE moderation.cases SET decision_id = NULL WHERE decision_id IS NOT NULL"


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (DROPPED_TAIL, "has no line in the log"),
        ("UPDATE moderation.decisions SET reason = 'Other words here.'", "is not as line 4 says"),
        ("UPDATE moderation.decisions SET act = 'hide', note_about = NULL", "is not as line 4"),
        ("DELETE FROM moderation.decisions", "a decision that is not there"),
        (
            "DELETE FROM moderation.decisions; DELETE FROM moderation.log",
            "was decided, and neither the decision nor its line is there",
        ),
        (DROPPED_FIRST_CASES, "no line tells of case"),
        (SECOND_LINE, "line 8 tells of a second decision"),
        (REOPENED, "is open, though line 4 tells of its decision"),
        (EMPTIED, "a flag belongs to case"),
        (f"{EMPTIED}; DELETE FROM moderation.reports; {HIDDEN}", "is hidden, and no decision says"),
        (HIDDEN, "is hidden, and no decision says"),
        (SWAPPED, "names a decision that is not there"),
        (
            "UPDATE moderation.decisions SET decided_at = decided_at - interval '3 days'",
            "bears another time than its line",
        ),
        ("DELETE FROM moderation.reports", "counts people who flagged"),
    ],
)
async def test_log_and_decisions_vouch_for_each_other(
    sam: SignedIn, owner: AnyConnection, statement: str, why: str
) -> None:
    await owner.execute(statement)
    found = await sam.check_log()
    assert (found["is_intact"], found["broken_seq"]) == (False, None)
    assert why in found["why"]


async def test_a_hidden_post_that_is_shown_without_a_decision_is_found(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    owner: AnyConnection,
) -> None:
    post_id = id_of(await rowan.publish())
    await sam.decide(await case_about(post_id, sky, sam), "hide")
    assert (await sam.check_log())["is_intact"]
    await owner.execute("UPDATE community.posts SET visibility = 'visible', hidden_reason = NULL")
    assert "it was decided to hide it" in (await sam.check_log())["why"]
    await owner.execute("UPDATE community.posts SET visibility = 'hidden', hidden_reason = 'It'")
    await rowan.post(f"/posts/{post_id}/appeal")
    (case,) = await ash.queue()
    await ash.claim(case["id"])
    assert (await ash.decide(case["id"], "restore")).status_code == 201
    assert (await sam.check_log())["is_intact"]


async def test_lines_written_at_once_have_no_gaps_and_one_order(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, database: Database
) -> None:
    """Also when some of the writers fail: a number that was not used is given again."""
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)

    async def write(number: int) -> None:
        async with unit_of_work(database) as session:
            case = await session.get_one(Case, case_id)
            about = Subject(case.subject_kind, case.subject_id, case.subject_version)
            for _ in range(2):
                await log.append(session, case.id, about, LogAct.SEEN, actor_id=None, number=number)
            if number % 3 == 0:
                raise RuntimeError

    await asyncio.gather(*map(write, range(24)), return_exceptions=True)
    assert await check(sam) == (True, 2 + 2 * 16, None)


async def test_what_the_caller_says_of_number_and_hash_does_not_count(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    await case_about(id_of(await rowan.publish()), sky, sam)
    await connection.execute(
        "INSERT INTO moderation.log (seq, format, at, act, case_id, subject_kind,"
        " subject_id, subject_version, facts, prev_hash, hash)"
        " SELECT 77, 1, now(), 'seen', case_id, subject_kind, subject_id, subject_version,"
        " '{\"a\": \"é – 你好\"}', 'x', 'y'"
        " FROM moderation.log LIMIT 1"
    )
    assert await check(sam) == (True, 3, None)


async def test_the_log_never_says_who_flagged(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, connection: AnyConnection
) -> None:
    post_id = id_of(await rowan.publish())
    await sam.decide(await case_about(post_id, sky, sam), "hide")
    await sky.worry(id_of(await rowan.publish()))
    cursor = await connection.execute("SELECT log::text AS line FROM moderation.log")
    assert not [row for row in await cursor.fetchall() if str(sky.member_id) in row["line"]]


async def test_nobody_reads_in_the_log_of_their_own_posts(
    sky: SignedIn, sam: SignedIn, ash: SignedIn
) -> None:
    case_id = await case_about(id_of(await ash.publish()), sky, sam)
    await sam.decide(case_id)
    for asked in ({}, {"case_id": case_id}):
        assert len((await sam.get("/moderation/log", **asked))["items"]) == 3
        assert (await ash.get("/moderation/log", **asked))["items"] == []
    assert (await ash.check_log())["checked"] == 3


async def test_the_log_pages_by_key(rowan: SignedIn, sky: SignedIn, sam: SignedIn) -> None:
    case_id = await case_about(id_of(await rowan.publish()), sky, sam)
    for _ in range(log.PAGE):
        await sam.get(f"/cases/{case_id}")
    first = await sam.get("/moderation/log")
    rest = await sam.get("/moderation/log", cursor=first["next_cursor"])
    seqs = [line["seq"] for line in first["items"] + rest["items"]]
    assert seqs == list(range(log.PAGE + 2, 0, -1))
    assert rest["next_cursor"] is None
    assert (await sam.get("/moderation/log", case_id=str(new_id())))["items"] == []


@pytest.mark.usefixtures("lived")
async def test_the_doctor_reads_the_log(settings: Settings, owner: AnyConnection) -> None:
    is_intact, words = await asyncio.to_thread(log_and_logins.look_at_log, settings.database)
    assert is_intact
    assert words.startswith("7 lines follow one another, the newest is ")
    await owner.execute("UPDATE moderation.log SET facts = '{}' WHERE seq = 4")
    is_intact, words = await asyncio.to_thread(log_and_logins.look_at_log, settings.database)
    assert not is_intact
    assert "line 4: its words were changed" in words
