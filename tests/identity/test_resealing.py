"""Keys can be changed: what former keys sealed is read, found, and sealed anew."""

import asyncio
import base64
import hashlib
import os

import httpx2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.cli import keys as command
from app.core import encryption, mail
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption, EncryptionError
from app.core.settings import SecretSettings, Settings
from app.identity import resealing
from app.identity.letters import Letterbox
from app.main import create_app
from app.run.errors import StartError
from tests.identity.factories import PASSWORD, SECRET, Person, code_now, sign_in, someone
from tests.people import new_client
from tests.support.settings import SECRET_KEY, environment_for


def key(word: str) -> str:
    return base64.b64encode(hashlib.sha256(word.encode()).digest()).decode()


def secrets(present: str, *former: str) -> SecretSettings:
    return SecretSettings.model_validate({"secret_key": present, "former_keys": former})


def sealed_as_before(text: str, purpose: str) -> bytes:
    """As the release before sealed under the tests' key: no mark, no id."""
    derived = encryption._derive(base64.b64decode(SECRET_KEY), b"alongside seal")
    nonce = os.urandom(12)
    return nonce + AESGCM(derived).encrypt(nonce, text.encode(), purpose.encode())


async def as_before(connection: AnyConnection, person: Person) -> None:
    """A person as the release before stored them."""
    await connection.execute(
        "UPDATE identity.accounts SET email_sealed = %s WHERE id = %s",
        (sealed_as_before(person.email, "email"), person.account_id),
    )
    await connection.execute(
        "UPDATE identity.second_factors SET secret_sealed = %s, pending_sealed = %s"
        " WHERE account_id = %s",
        (
            sealed_as_before(SECRET, "second-factor"),
            sealed_as_before(SECRET, "second-factor"),
            person.account_id,
        ),
    )


def test_a_value_says_its_key_and_former_keys_open_it() -> None:
    old, both, new = (
        Encryption(secrets(key("old"))),
        Encryption(secrets(key("new"), key("old"))),
        Encryption(secrets(key("new"))),
    )
    box = old.close("rowan@example.org", purpose="email")
    assert both.open(box, purpose="email") == "rowan@example.org"
    assert [box.startswith(seal.key_id) for seal in (old, both)] == [True, False]
    fresh = both.close("rowan@example.org", purpose="email")
    assert new.open(fresh, purpose="email") == "rowan@example.org"
    for wrong, purpose in ((box, "email"), (fresh, "letter"), (fresh[:-1], "email"), (b"", "x")):
        with pytest.raises(EncryptionError):
            new.open(wrong, purpose=purpose)
    swapped = new.key_id + box[len(new.key_id) :]
    with pytest.raises(EncryptionError):
        both.open(swapped, purpose="email")
    assert both.lookups("x") == [new.lookup("x"), old.lookup("x")]


def test_a_former_key_is_as_real_as_the_present_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONGSIDE_SECRET_KEY", key("new"))
    monkeypatch.setenv("ALONGSIDE_FORMER_KEYS", f"{key('old')},{key('older')}")
    assert len(SecretSettings().former_keys) == 2
    monkeypatch.setenv("ALONGSIDE_FORMER_KEYS", "changeme")
    with pytest.raises(ValueError, match="32 random bytes"):
        SecretSettings()


async def test_a_key_is_changed_while_people_sign_in(
    database: Database,
    settings: Settings,
    connection: AnyConnection,
    client: httpx2.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [
        await someone(database, settings, has_second_factor=number == 0) for number in range(5)
    ]
    await sign_in(client, people[1])
    begun = await client.post("/api/v1/me/second-factor", json={"password": PASSWORD})
    done = await client.put(
        "/api/v1/me/second-factor", json={"code": code_now(begun.json()["secret"])}
    )
    codes = done.json()["recovery_codes"]
    body = {"password": PASSWORD, "email": "moved@example.org"}
    assert (await client.put("/api/v1/me/email", json=body)).status_code == 202
    for person in people[:3]:
        await as_before(connection, person)
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
    async with unit_of_work(database) as session:
        await mail.queue(session, letterbox.encryption, to="a@example.org", subject="s", text="t")

    both, new = secrets(key("new"), SECRET_KEY), secrets(key("new"))
    monkeypatch.setattr(resealing, "BATCH", 2)
    for during, code in ((both, codes[0]), (both, codes[1])):
        app = create_app(settings.model_copy(update={"secrets": during}))
        async with app.router.lifespan_context(app), new_client(app) as browser:
            assert (await sign_in(browser, people[2])).status_code == 200
            assert (await sign_in(browser, people[1], code=code)).status_code == 200
            assert (await browser.get("/api/v1/me")).json()["email"] == people[1].email
        # five addresses, two factors, one link, three letters
        written = await resealing.reseal(database, Encryption(both))
        assert written == (0 if code == codes[1] else 11)
        assert await resealing.accounts_with_old_codes(database, Encryption(both)) == 1
    app = create_app(settings.model_copy(update={"secrets": new}))
    async with app.router.lifespan_context(app), new_client(app) as browser:
        for person in people[2:]:
            assert (await sign_in(browser, person)).status_code == 200
            assert (await browser.get("/api/v1/me")).json()["email"] == person.email
        await connection.execute("UPDATE identity.second_factors SET last_step = 0")
        assert (await sign_in(browser, people[0], code=code_now())).status_code == 200
        lost = await sign_in(browser, people[1], code=codes[2])
        assert lost.json()["type"] == "wrong-recovery-code"
    cursor = await connection.execute("SELECT args->>'box' AS box FROM procrastinate_jobs")
    for row in await cursor.fetchall():
        assert Encryption(new).open(base64.b64decode(row["box"]), purpose=mail.PURPOSE)


async def test_the_command_names_what_is_missing_and_what_stays(
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await someone(database, settings)
    environment = environment_for(settings.database.url, 8000, ALONGSIDE_SECRET_KEY=key("new"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StartError, match="ALONGSIDE_FORMER_KEYS"):
        await asyncio.to_thread(command.reseal)
    monkeypatch.setenv("ALONGSIDE_FORMER_KEYS", SECRET_KEY)
    await asyncio.to_thread(command.reseal)
    assert capsys.readouterr().out == "1 sealed again; everything is under the present key.\n"
