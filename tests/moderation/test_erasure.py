"""What was taken back is erased after a stated time, and a case that is open waits for nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.settings import CareSettings, Settings
from app.jobs.app import create_queue, job_context
from app.moderation import erasure
from tests.moderation.factories import case_about
from tests.people import SignedIn, id_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAYS = CareSettings().erase_after_days


async def erase(database: Database, at: datetime) -> int:
    with clock.at(at):
        async with unit_of_work(database) as session:
            return await erasure.erase(session, after_days=DAYS)


async def stored(connection: AnyConnection, post_id: UUID) -> tuple[list[str], int]:
    """All that is stored of its texts, and how many former ones there are."""
    cursor = await connection.execute("SELECT * FROM community.posts WHERE id = %s", (post_id,))
    (row,) = await cursor.fetchall()
    cursor = await connection.execute(
        "SELECT body_source FROM community.post_revisions WHERE post_id = %s", (post_id,)
    )
    former = await cursor.fetchall()
    texts = [row["body_source"], row["body_html"], row["note_about"] or ""]
    return [text for text in texts if text], len(former)


async def withdrawn(rowan: SignedIn, at: datetime = NOW) -> UUID:
    with clock.at(at):
        post_id = id_of(await rowan.publish("What I said at night.", note={"about": "self-harm"}))
        await rowan.edit(post_id, "What I said in the morning.")
        await rowan.withdraw(post_id)
    return post_id


async def test_a_text_taken_back_is_erased_with_its_former_texts_after_the_stated_days(
    rowan: SignedIn, database: Database, connection: AnyConnection
) -> None:
    post_id = await withdrawn(rowan)
    stays = id_of(await rowan.publish("This stays."))
    due = NOW + timedelta(days=DAYS)
    assert await erase(database, due - timedelta(seconds=1)) == 0
    assert (await stored(connection, post_id))[1] == 1
    assert await erase(database, due) == 1
    assert await stored(connection, post_id) == ([], 0)
    assert await erase(database, due) == 0, "once"
    assert (await stored(connection, stays))[0][0] == "This stays."


async def test_its_place_stays_while_replies_hang_on_it(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    with clock.at(NOW):
        post_id = id_of(await rowan.publish())
        id_of(await sky.reply(post_id, "I hear you."))
        await rowan.withdraw(post_id)
    await erase(database, NOW + timedelta(days=DAYS))
    thread = await sky.get(f"/threads/{post_id}")
    assert (thread["post"]["state"], thread["post"]["body_html"]) == ("withdrawn", "")
    assert "I hear you." in thread["replies"]["items"][0]["body_html"]
    activity = (await rowan.get("/me/activity"))["items"]
    assert activity[0]["post"]["state"] == "withdrawn"


async def test_what_stands_in_an_open_case_waits_for_its_decision(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    ash: SignedIn,
    database: Database,
    connection: AnyConnection,
) -> None:
    with clock.at(NOW):
        post_id = id_of(await rowan.publish("How to do it."))
        await sky.flag(post_id)
        await rowan.withdraw(post_id)
    due = NOW + timedelta(days=DAYS)
    assert await erase(database, due) == 0
    (case,) = await sam.queue()
    assert "How to do it." in str(await sam.get(f"/cases/{case['id']}"))
    await sam.claim(case["id"])
    assert (await sam.decide(case["id"])).status_code == 201
    assert await erase(database, due) == 1
    detail = await ash.get(f"/cases/{case['id']}")
    assert "How to do it." not in str(detail)
    assert detail["decisions"][0]["act"] == "nothing"
    assert (await sam.check_log())["is_intact"], "the log stays whole"


async def test_an_appeal_that_was_not_answered_yet_waits_too(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, ash: SignedIn, database: Database
) -> None:
    with clock.at(NOW):
        post_id = id_of(await rowan.publish())
        case_id = await case_about(post_id, sky, sam)
        assert (await sam.decide(case_id, "hide")).status_code == 201
        assert (await rowan.post(f"/posts/{post_id}/appeal")).status_code == 201
        await rowan.withdraw(post_id)
    due = NOW + timedelta(days=DAYS)
    assert await erase(database, due) == 0
    (case,) = await ash.queue()
    await ash.claim(case["id"])
    assert (await ash.decide(case["id"])).status_code == 201
    assert await erase(database, due) == 1


async def test_the_worker_erases_once_an_hour(
    rowan: SignedIn,
    settings: Settings,
    database: Database,
    connection: AnyConnection,
) -> None:
    post_id = await withdrawn(rowan, clock.now() - timedelta(days=DAYS + 1))
    context = job_context(settings, database)
    async with create_queue(settings.database.url).open_async() as queue:
        names = {one.task.name for one in queue.periodic_registry.periodic_tasks.values()}
        assert "moderation:erase" in names
        await queue.configure_task("moderation:erase").defer_async(timestamp=0)
        await queue.run_worker_async(
            wait=False,
            listen_notify=False,
            additional_context=context,
            install_signal_handlers=False,
        )
    assert await stored(connection, post_id) == ([], 0)


@pytest.mark.parametrize("days", ["0", "-1", "soon"])
def test_the_days_are_a_number_of_days(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONGSIDE_ERASE_AFTER_DAYS", days)
    with pytest.raises(ValueError, match="erase_after_days"):
        CareSettings()


async def test_members_read_after_how_many_days(sky: SignedIn) -> None:
    answer = await sky.client.get("/api/v1/care")
    assert answer.json() == {"erase_after_days": DAYS}
