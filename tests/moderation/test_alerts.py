"""A worry that nobody picks up is told outside: by e-mail, by a metric and by `doctor`."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
import pytest

from app.core import clock, mail
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity.letters import Letterbox
from app.identity.roles import Role
from app.moderation import alerts
from app.run.doctor import examine
from tests.people import People, SignedIn, id_of

NIGHT = datetime(2026, 11, 27, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Post:
    """What leaves by e-mail, minute by minute."""

    def __init__(self, database: Database, settings: Settings, connection: AnyConnection) -> None:
        self._database, self._connection = database, connection
        self._encryption = Encryption(settings.secrets)

    async def minute(self, at: datetime) -> list[dict[str, Any]]:
        """The letters that this minute's look sends."""
        await self._connection.execute("DELETE FROM procrastinate_jobs")
        letterbox = Letterbox(self._encryption, "https://alongside.test")
        with clock.at(at):
            async with unit_of_work(self._database) as session:
                await alerts.send(session, letterbox, zone="Europe/London")
        cursor = await self._connection.execute("SELECT args FROM procrastinate_jobs ORDER BY id")
        boxes = [base64.b64decode(row["args"]["box"]) for row in await cursor.fetchall()]
        return [orjson.loads(self._encryption.open(box, purpose=mail.PURPOSE)) for box in boxes]


@pytest.fixture
def post(database: Database, settings: Settings, connection: AnyConnection) -> Post:
    return Post(database, settings, connection)


async def open_all_day(lead: SignedIn) -> None:
    hours = [{"weekday": day, "opens": 0, "closes": 1440} for day in range(7)]
    targets = {"worried": 60, "breaks_rules": 600, "appeal": 600}
    sent = await lead.client.put(
        "/api/v1/moderation/hours", json={"hours": hours, "targets": targets}
    )
    assert sent.status_code == 200


async def worried(rowan: SignedIn, sky: SignedIn, body: str = "The end of it.") -> str:
    with clock.at(NIGHT):
        post_id = id_of(await rowan.publish(body))
        assert (await sky.worry(post_id, detail="I fear for her.")).status_code == 201
    return str(post_id)


async def test_the_lead_is_written_to_at_once_at_night_and_again_at_the_target(
    people: People, rowan: SignedIn, sky: SignedIn, post: Post
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    await worried(rowan, sky)
    (letter,) = await post.minute(NIGHT)
    assert await post.minute(NIGHT + timedelta(minutes=1)) == [], "once"
    assert await post.minute(NIGHT + HOUR - timedelta(seconds=1)) == []
    (again,) = await post.minute(NIGHT + HOUR)
    assert await post.minute(NIGHT + 10 * HOUR) == []
    assert again["to"] == letter["to"]
    assert "https://alongside.test/moderation" in letter["text"]
    assert "waited longer than the target of an hour" in again["text"]
    for text in (str(letter), str(again)):
        for secret in ("Rowan", "Sky", "The end of it", "fear for her"):
            assert secret not in text


async def test_while_the_team_is_here_it_is_given_ten_minutes(
    people: People, rowan: SignedIn, sky: SignedIn, post: Post
) -> None:
    await open_all_day(await people.moderator("Lead", Role.SAFEGUARDING))
    await worried(rowan, sky)
    assert await post.minute(NIGHT + timedelta(minutes=9, seconds=59)) == []
    assert len(await post.minute(NIGHT + timedelta(minutes=10))) == 1


async def test_a_case_that_someone_looks_at_or_decided_writes_to_nobody(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn, post: Post
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    await worried(rowan, sky)
    with clock.at(NIGHT):
        (case,) = await sam.queue()
        await sam.claim(case["id"])
    assert await post.minute(NIGHT + timedelta(minutes=14)) == []
    assert len(await post.minute(NIGHT + timedelta(minutes=16))) == 1, "the claim has run out"
    with clock.at(NIGHT + timedelta(minutes=20)):
        await sam.claim(case["id"])
        assert (await sam.decide(case["id"])).status_code == 201
    assert await post.minute(NIGHT + 2 * HOUR) == []


async def test_a_flag_without_a_worry_writes_to_nobody(
    people: People, rowan: SignedIn, sky: SignedIn, post: Post
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    with clock.at(NIGHT):
        await sky.flag(id_of(await rowan.publish()))
    assert await post.minute(NIGHT + 10 * HOUR) == []


async def test_many_worries_are_one_letter(
    people: People, rowan: SignedIn, sky: SignedIn, post: Post
) -> None:
    await people.moderator("Lead", Role.SAFEGUARDING)
    for number in range(5):
        await worried(rowan, sky, f"Post {number}.")
    (letter,) = await post.minute(NIGHT)
    assert "5 cases" in letter["text"]


async def test_nobody_is_written_to_about_a_case_they_have_a_part_in(
    people: People, sky: SignedIn, post: Post, connection: AnyConnection
) -> None:
    lead = await people.moderator("Lead", Role.SAFEGUARDING)
    await worried(lead, sky)
    assert await post.minute(NIGHT) == [], "it is about the only one who could be told"
    cursor = await connection.execute("SELECT alerts FROM moderation.cases")
    assert await cursor.fetchall() == [{"alerts": 0}]
    await people.moderator("Ash")
    assert len(await post.minute(NIGHT + timedelta(minutes=1))) == 1, "then a moderator is"


async def test_the_log_says_that_somebody_was_written_to(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, post: Post
) -> None:
    await worried(rowan, sky)
    await post.minute(NIGHT)
    line = (await sam.get("/moderation/log"))["items"][0]
    assert (line["act"], line["actor"], line["facts"]) == ("alerted", None, {"people": 1})
    assert (await sam.check_log())["is_intact"]


def figure(answer: httpx2.Response, name: str) -> float:
    (line,) = [line for line in answer.text.splitlines() if line.startswith(name)]
    return float(line.rsplit(" ", 1)[1])


async def test_a_metric_tells_the_oldest_worry_that_nobody_looks_at(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, client: httpx2.AsyncClient
) -> None:
    oldest = 'alongside_case_oldest_seconds{kind="worried"}'
    assert figure(await client.get("/metrics"), oldest) == 0
    await worried(rowan, sky)
    with clock.at(NIGHT + HOUR / 2):
        answer = await client.get("/metrics")
        assert figure(answer, oldest) == 1_800
        assert figure(answer, 'alongside_cases_waiting{kind="worried"}') == 1
        assert figure(answer, 'alongside_case_target_seconds{kind="worried"}') == 3_600
        (case,) = await sam.queue()
        await sam.claim(case["id"])
        assert figure(await client.get("/metrics"), oldest) == 0, "somebody is looking"


@pytest.mark.parametrize(
    ("after", "state", "said"),
    [
        (HOUR / 2, "look", "1 wait unclaimed, the oldest for 30 min (target 60 min)"),
        (2 * HOUR, "bad", "1 wait unclaimed, the oldest for 120 min (target 60 min)"),
    ],
)
async def test_doctor_has_a_line_for_it(
    rowan: SignedIn,
    sky: SignedIn,
    sam: SignedIn,
    settings: Settings,
    after: timedelta,
    state: str,
    said: str,
) -> None:
    await worried(rowan, sky)
    with clock.at(NIGHT + after):
        findings = await asyncio.to_thread(lambda: list(examine(settings)))
    (finding,) = [one for one in findings if one.subject == "worried"]
    assert (finding.state, finding.words) == (state, said)
