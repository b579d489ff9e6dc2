"""People to sign in as, and the letters they were sent."""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from uuid import UUID

import httpx2
import orjson
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.community.names import words_of
from app.core import clock, mail
from app.core.db import AnyConnection, Database, driver, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity import accounts, addresses, passwords, second_factors, staff
from app.identity.accounts import Applicant
from app.identity.letters import Letterbox
from app.identity.roles import Role

PASSWORD = "violet harbour tram"
SECRET = "JBSWY3DPEHPK3PXP"
NOBODY = "nobody@example.org"

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can sign in."""

    account_id: UUID
    member_id: UUID
    email: str
    display_name: str
    password: str = PASSWORD


#: Costs next to nothing, and a hash says itself what it costs to compare with: tests sign in a
#: thousand times.
_CHEAP = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)])


@cache
def _hash(password: str) -> str:
    return _CHEAP.hash(passwords._normal(password))


async def someone(
    database: Database,
    settings: Settings,
    *,
    email: str | None = None,
    display_name: str | None = None,
    roles: Sequence[Role] = (),
    has_second_factor: bool = False,
    is_verified: bool = True,
    is_demo: bool = False,
) -> Person:
    """An account with its member, as joining makes them."""
    number = next(_numbers)
    email = email or f"person{number}@example.org"
    name = display_name or f"Someone {number}"
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
    applicant = Applicant(addresses.parse(email), _hash(PASSWORD))
    async with unit_of_work(database) as session:
        account = await accounts.create(
            session, letterbox, applicant, is_verified=is_verified, is_demo=is_demo
        )
        connection = await driver(session)
        await connection.execute(
            "INSERT INTO community.members"
            " (id, display_name, display_key, name_words, about, show_notes_open, joined_at)"
            " VALUES (%s, %s, %s, array_to_tsvector(%s::text[]), '', false, %s)",
            (account.member_id, name, name.casefold(), words_of(name), clock.now()),
        )
        for role in roles:
            await staff.grant(
                session, account_id=account.id, role=role, reason="A test.", granter_id=None
            )
        if has_second_factor:
            await second_factors.put(
                session, letterbox.encryption, account_id=account.id, secret=SECRET
            )
    return Person(account.id, account.member_id, email, name)


def code_now(secret: str = SECRET) -> str:
    """What an authenticator app shows at this moment."""
    return second_factors.code_at(secret, clock.now())


async def send(client: httpx2.AsyncClient, method: str, path: str, body: object) -> httpx2.Response:
    """JSON that may hold what no well-meaning client would write, such as half a character."""
    headers = {"Content-Type": "application/json"}
    return await client.request(method, path, content=json.dumps(body), headers=headers)


async def sign_in(
    client: httpx2.AsyncClient, person: Person, *, code: str | None = None
) -> httpx2.Response:
    """Sign in by the form."""
    body = {"email": person.email, "password": person.password}
    return await client.post(
        "/api/v1/session", json=body if code is None else {**body, "code": code}
    )


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
