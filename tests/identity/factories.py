"""What is sent to the API, and the letters that people were sent."""

import base64
import json
import re
from dataclasses import dataclass

import httpx2
import orjson

from app.core import mail
from app.core.db import AnyConnection
from app.core.encryption import Encryption
from app.core.settings import Settings

NOBODY = "nobody@example.org"


async def send(client: httpx2.AsyncClient, method: str, path: str, body: object) -> httpx2.Response:
    """JSON that may hold what no well-meaning client would write, such as half a character."""
    headers = {"Content-Type": "application/json"}
    return await client.request(method, path, content=json.dumps(body), headers=headers)


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that waits in the queue."""

    to: str
    subject: str
    text: str

    @property
    def token(self) -> str:
        """The token of its link."""
        found = re.search(r"#token=([\w-]+)", self.text)
        assert found is not None, self.text
        return found[1]


async def letters(connection: AnyConnection, settings: Settings) -> list[Sent]:
    """Every letter queued so far, opened."""
    encryption = Encryption(settings.secrets)
    cursor = await connection.execute(
        "SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", (mail.TASK,)
    )
    boxes = [base64.b64decode(row["args"]["box"]) for row in await cursor.fetchall()]
    return [Sent(**orjson.loads(encryption.open(box, purpose=mail.PURPOSE))) for box in boxes]
