"""A worried case in a moderator's hands, and the steps that they take in it."""

import base64
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from app.core import mail
from app.core.db import AnyConnection
from app.core.encryption import Encryption
from app.core.settings import Settings
from tests.people import SignedIn, id_of

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


HELP = "This sounds very hard to carry. You don't have to do it alone."


WHY = "I don't feel able to judge this one alone."


SENT = "We've written to them"


ASKED = "asked the person who leads on safety"


async def held(author: SignedIn, worrier: SignedIn, moderator: SignedIn) -> tuple[UUID, str]:
    """A worried case that the moderator has taken and read."""
    post_id = id_of(await author.publish("I can't see a way on."))
    assert (await worrier.worry(post_id, detail="I fear for her.")).status_code == 201
    (case_id,) = [
        case["id"] for case in await moderator.queue() if case["subject"]["id"] == str(post_id)
    ]
    assert (await moderator.claim(case_id)).status_code == 200
    return post_id, case_id


async def take(
    one: SignedIn, case_id: str, step: str, words: str, *, version: int | None = None, **more: Any
) -> Any:
    if version is None:
        version = await one.version(case_id)
    return await one.post(f"/cases/{case_id}/{step}", words=words, version=version, **more)


async def reach_out(one: SignedIn, case_id: str, words: str = HELP, **more: Any) -> Any:
    return await take(one, case_id, "reach-out", words, **more)


async def hand_over(one: SignedIn, case_id: str, words: str = WHY, **more: Any) -> Any:
    return await take(one, case_id, "hand-over", words, **more)


async def told(one: SignedIn, kind: str) -> list[dict[str, Any]]:
    return [notice for notice in await one.notices() if notice["kind"] == kind]


async def log_acts(one: SignedIn) -> list[str]:
    return [line["act"] for line in (await one.get("/moderation/log"))["items"]]


async def letters(connection: AnyConnection, settings: Settings) -> list[dict[str, Any]]:
    cursor = await connection.execute("SELECT args FROM procrastinate_jobs ORDER BY id")
    boxes = [base64.b64decode(row["args"]["box"]) for row in await cursor.fetchall()]
    encryption = Encryption(settings.secrets)
    return [orjson.loads(encryption.open(box, purpose=mail.PURPOSE)) for box in boxes]


def allowed(detail: dict[str, Any]) -> dict[str, bool]:
    return {step["kind"]: step["allowed"] for step in detail["next_steps"]}
