"""Freezing and downloading by command: whoever does it has signed in; nobody else is believed."""

import asyncio
import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.identity.password_tries import PER_ADDRESS
from app.identity.roles import Role
from app.research.models import Study
from tests.people import PASSWORD, Person, code_now, code_soon, new_client, sign_in, someone
from tests.research.factories import START, freeze, opened, release, several
from tests.support.processes import run
from tests.support.settings import environment_for
from tests.support.waiting import PATIENCE_SECONDS

TITLE = "Being heard"


@pytest.fixture
async def study(database: Database) -> Study:
    """Six people."""
    made = await opened(database, TITLE)
    with clock.at(START):
        await several(database, made, 6)
    return made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with new_client(app) as made:
        yield made


def _typed(person: Person, *, password: str = PASSWORD, code: str | None = None) -> dict[str, str]:
    return {
        "ALONGSIDE_EMAIL": person.email,
        "ALONGSIDE_PASSWORD": password,
        "ALONGSIDE_CODE": code or code_soon(),
    }


def _alongside(url: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`alongside ...` as a process of its own, without a terminal."""
    return run(*words, environment={**environment_for(url, 8000), **env})


async def _rows(connection: AnyConnection, table: str) -> int:
    cursor = await connection.execute(f"SELECT count(*) AS n FROM {table}")
    row = await cursor.fetchone()
    assert row is not None
    return int(row["n"])


async def test_whoever_downloaded_is_an_account_and_no_sign_in_stays(
    study: Study,
    database: Database,
    database_url: str,
    settings: Settings,
    connection: AnyConnection,
    tmp_path: Path,
) -> None:
    await release(database, await freeze(database, study))
    person = await someone(database, settings, roles=(Role.RESEARCHER,), has_second_factor=True)
    typed = _typed(person)
    del typed["ALONGSIDE_EMAIL"]
    out = ("export", TITLE, "--out", str(tmp_path / "out"), "--as", person.email)
    done = _alongside(database_url, *out, **typed, LOGNAME="anyone")
    assert done.returncode == 0, done.stderr
    cursor = await connection.execute("SELECT pulled_by, operator, how FROM research.pulls")
    assert await cursor.fetchall() == [
        {"pulled_by": person.account_id, "operator": None, "how": "command_line"}
    ]
    assert await _rows(connection, "identity.sessions") == 0
    assert await _rows(connection, "core.rate_limits WHERE spent > 0") == 0
    again = _alongside(database_url, "dataset", "list", TITLE, **_typed(person, **_same(typed)))
    assert again.returncode == 1
    assert again.stderr.startswith("That code didn't work. Wait for the next six digits")


def _same(typed: dict[str, str]) -> dict[str, str]:
    return {"code": typed["ALONGSIDE_CODE"]}


@pytest.mark.parametrize("words", [("export", TITLE, "--out", "out"), ("dataset", "freeze", TITLE)])
async def test_without_a_sign_in_one_sentence_says_what_to_set(
    study: Study,
    database_url: str,
    connection: AnyConnection,
    tmp_path: Path,
    words: tuple[str, ...],
) -> None:
    line = [str(tmp_path / word) if word == "out" else word for word in words]
    refused = _alongside(database_url, *line, LOGNAME="anyone", USER="anyone")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    for name in ("ALONGSIDE_EMAIL", "ALONGSIDE_PASSWORD", "ALONGSIDE_CODE"):
        assert name in refused.stderr
    assert await _rows(connection, "research.datasets") == 0
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("roles", "has_second_factor", "change", "words"),
    [
        ((Role.RESEARCHER,), True, {"ALONGSIDE_PASSWORD": "another harbour"}, "don't match"),
        ((Role.RESEARCHER,), True, {"ALONGSIDE_EMAIL": "nobody@example.org"}, "don't match"),
        ((Role.RESEARCHER,), True, {"ALONGSIDE_CODE": "000000"}, "Each code works once"),
        ((Role.RESEARCHER,), False, {}, "needs your second step"),
        ((Role.CHECKER,), True, {}, "it needs research:datasets:freeze"),
        ((Role.MODERATOR,), True, {}, "it needs research:datasets:freeze"),
        ((), False, {}, "it needs research:datasets:freeze"),
    ],
)
async def test_who_may_not_freeze_is_told_why_and_nothing_happens(
    study: Study,
    database: Database,
    database_url: str,
    settings: Settings,
    connection: AnyConnection,
    roles: tuple[Role, ...],
    has_second_factor: bool,
    change: dict[str, str],
    words: str,
) -> None:
    person = await someone(database, settings, roles=roles, has_second_factor=has_second_factor)
    refused = _alongside(database_url, "dataset", "freeze", TITLE, **{**_typed(person), **change})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert words in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert await _rows(connection, "research.datasets") == 0
    assert await _rows(connection, "identity.sessions") == 0


async def test_a_demo_account_pulls_from_a_demo_alone(
    study: Study, database: Database, database_url: str, settings: Settings, tmp_path: Path
) -> None:
    await release(database, await freeze(database, study))
    person = await someone(
        database, settings, roles=(Role.RESEARCHER,), has_second_factor=True, is_demo=True
    )
    out = ("export", TITLE, "--out", str(tmp_path / "out"))
    assert "DEMO=1" in _alongside(database_url, *out, **_typed(person)).stderr
    assert _alongside(database_url, *out, **_typed(person), DEMO="1").returncode == 0


async def test_a_checker_sees_what_there_is_and_pulls_nothing(
    study: Study,
    database: Database,
    database_url: str,
    settings: Settings,
    connection: AnyConnection,
    tmp_path: Path,
) -> None:
    person = await someone(
        database, settings, roles=(Role.CHECKER,), has_second_factor=True, is_demo=True
    )
    typed = {**_typed(person), "DEMO": "1"}
    listed = _alongside(database_url, "dataset", "list", TITLE, **typed)
    assert (listed.returncode, listed.stdout) == (0, "")
    refused = _alongside(database_url, "export", TITLE, "--out", str(tmp_path / "out"), **typed)
    assert "it needs research:datasets:download" in refused.stderr
    assert await _rows(connection, "research.datasets") == 0


async def test_wrong_tries_by_command_count_like_those_in_a_browser(
    study: Study,
    client: httpx2.AsyncClient,
    database: Database,
    database_url: str,
    settings: Settings,
) -> None:
    person = await someone(database, settings, roles=(Role.RESEARCHER,), has_second_factor=True)
    wrong = {**_typed(person), "ALONGSIDE_PASSWORD": "another harbour"}
    for _ in range(2):
        assert "don't match" in _alongside(database_url, "dataset", "list", TITLE, **wrong).stderr
    for _ in range(PER_ADDRESS - 2):
        answer = await client.post(
            "/api/v1/session", json={"email": person.email, "password": "another harbour"}
        )
        assert answer.status_code == 401
    refused = _alongside(database_url, "dataset", "list", TITLE, **_typed(person))
    assert (refused.returncode, "a lot of tries" in refused.stderr) == (1, True)
    assert (await sign_in(client, person, code=code_now())).status_code == 429


def _in_a_terminal(url: str, *words: str, answers: dict[str, str]) -> str:
    """`alongside ...` with a terminal and someone at it; what the screen said."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", *words],
        env={"PATH": os.environ["PATH"], **environment_for(url, 8000)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    said = ""
    waiting = dict(answers)
    try:
        while select.select([ours], [], [], PATIENCE_SECONDS)[0]:
            said += os.read(ours, 1000).decode()
            question = next((one for one in waiting if f"{one}: " in said), None)
            if question is not None:
                os.write(ours, f"{waiting.pop(question)}\n".encode())
    except OSError:
        pass  # Linux says so when the other end is closed.
    finally:
        os.close(ours)
        process.kill()
        process.wait()
    return said


async def test_a_terminal_is_asked_and_the_password_is_not_shown(
    study: Study,
    database: Database,
    database_url: str,
    settings: Settings,
    connection: AnyConnection,
) -> None:
    person = await someone(database, settings, roles=(Role.RESEARCHER,), has_second_factor=True)
    answers = {
        "E-mail": person.email,
        "Password": PASSWORD,
        "Code from your authenticator app": code_soon(),
    }
    words = ("dataset", "freeze", TITLE)
    said = await asyncio.to_thread(_in_a_terminal, database_url, *words, answers=answers)
    assert "dataset 1" in said, said
    assert person.email in said
    assert PASSWORD not in said
    cursor = await connection.execute("SELECT frozen_by, operator FROM research.datasets")
    assert await cursor.fetchall() == [{"frozen_by": person.account_id, "operator": None}]
