"""The e-mails of development: on a page of this machine alone, as text, with links of our own."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from app.core import mail, mail_kept
from app.core.settings import MailSettings, ServerSettings, Settings
from app.main import create_app
from tests.people import new_client
from tests.support.settings import ORIGIN, settings_for

PAGE = "/development/mail"


class Parts(HTMLParser):
    """Which elements a page has, where its links lead, and what it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def with_mail(settings: Settings, folder: Path | None, **more: str) -> Settings:
    mail_settings = MailSettings.model_validate({"mail_folder": folder, **more})
    return settings.model_copy(update={"mail": mail_settings})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def settings(database_url: str, folder: Path) -> Settings:
    return with_mail(settings_for(database_url), folder)


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with new_client(app) as client:
        yield client


async def test_an_email_can_be_read_and_its_links_followed(
    visitor: httpx2.AsyncClient, settings: Settings
) -> None:
    assert "None yet" in (await visitor.get(PAGE)).text
    sender = mail.sender(settings)
    await sender.send(to="rowan@example.org", subject="Older", text="Hello.")
    link = f"{ORIGIN}/verify#token=a-b_c"
    await sender.send(to="sky@example.org", subject="Newer", text=f"Please open {link}.\n\nBye\n")
    answer = await visitor.get(PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "no-store" in answer.headers["cache-control"]
    parts = Parts(answer.text)
    assert parts.links == [link]
    assert f"Please open {link}.\n\nBye" in parts.words
    assert 0 < parts.words.index("Newer") < parts.words.index("Older")
    assert "sky@example.org" in parts.words


async def test_whatever_stands_in_an_email_is_text(
    visitor: httpx2.AsyncClient, settings: Settings
) -> None:
    evil = '<script>alert(1)</script><img src=x onerror=alert(2)>" & </pre>'
    elsewhere = f'https://evil.test/?a="><b> javascript:alert(3) {ORIGIN}.evil.test/ {ORIGIN}"x=y'
    sender = mail.sender(settings)
    await sender.send(to=f"{evil}@example.org", subject=evil, text=f"{evil} {elsewhere}")
    answer = await visitor.get(PAGE)
    parts = Parts(answer.text)
    assert not parts.elements & {"script", "img", "b"}
    assert parts.links == [ORIGIN]
    assert parts.words.count(evil) == 3
    assert elsewhere in parts.words
    (policy,) = answer.headers.get_list("content-security-policy")
    directives = policy.split("; ")
    assert "default-src 'none'" in directives
    assert not [one for one in directives if one.startswith("script-src")]


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "alongside.example"])
async def test_it_is_not_there_by_another_name_than_this_machines(
    visitor: httpx2.AsyncClient, host: str
) -> None:
    assert (await visitor.get(PAGE, headers={"Host": host})).status_code == 404
    assert (await visitor.get(PAGE, headers={"Host": "localhost:8000"})).status_code == 200


@pytest.mark.parametrize(
    ("server", "letters"),
    [
        ({"host": "0.0.0.0"}, {}),  # noqa: S104 - what must not show the page
        ({"public_url": "https://alongside.example"}, {}),
        ({}, {"mail": "smtp"}),
        ({}, {"mail_folder": ""}),
    ],
)
async def test_it_is_not_there_beyond_this_machine_or_where_emails_are_sent(
    database_url: str, folder: Path, server: dict[str, str], letters: dict[str, str]
) -> None:
    mail_kept.keep(folder, to="rowan@example.org", subject="Hello", text="Hello.")
    kept = None if letters.pop("mail_folder", None) == "" else folder
    app = create_app(with_mail(settings_for(database_url, **server), kept, **letters))
    async with app.router.lifespan_context(app), new_client(app) as client:
        assert (await client.get(PAGE)).status_code == 404


async def test_nothing_is_kept_beyond_this_machine(settings: Settings, folder: Path) -> None:
    server = ServerSettings.model_validate({"public_url": "https://alongside.example"})
    beyond = settings.model_copy(update={"server": server})
    await mail.sender(beyond).send(to="rowan@example.org", subject="Hello", text="Hello.")
    assert mail_kept.read(folder) == []


def test_a_hundred_are_kept_for_their_owners_eyes(folder: Path) -> None:
    for number in range(103):
        mail_kept.keep(folder, to="rowan@example.org", subject=str(number), text="Hello.")
    assert [one.subject for one in mail_kept.read(folder)] == [
        str(number) for number in range(102, 2, -1)
    ]
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
