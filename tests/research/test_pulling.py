"""Pulling over HTTP: file by file, and nothing left behind when it fails."""

import errno
from pathlib import Path

import pytest

from app.api.routes import datasets as routes
from app.core.db import Database
from app.research.exports import archive
from tests.community.factories import Browser
from tests.research.over_http import FIRST, archive_of, ask, open_study


def _left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_one_file_can_be_pulled_by_itself(
    database: Database, researcher: Browser, members: list[Browser]
) -> None:
    path = await open_study(researcher)
    for member in members:
        await ask(member, "POST", f"{path}/participation", FIRST, status=201)
    dataset = await ask(researcher, "POST", f"{path}/datasets", status=201)
    base = f"/api/v1/datasets/{dataset['id']}/files"
    answer = await researcher.client.get(f"{base}/participants.csv")
    assert answer.status_code == 200
    assert answer.text.startswith("participant,tenure_band,")
    assert 'filename="participants.csv"' in answer.headers["content-disposition"]
    assert (await researcher.client.get(f"{base}/ties.parquet")).content[:4] == b"PAR1"
    assert (await researcher.client.get(f"{base}/manifest.json")).json()["format"] == "csv"
    missing = await researcher.client.get(f"{base}/secrets.csv")
    assert (missing.status_code, missing.json()["type"]) == (404, "not-found")


async def test_a_pull_that_fails_while_it_is_packed_leaves_nothing(
    researcher: Browser,
    members: list[Browser],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = await open_study(researcher)
    for member in members[:5]:
        await ask(member, "POST", f"{path}/participation", FIRST, status=201)
    dataset = await ask(researcher, "POST", f"{path}/datasets", status=201)
    monkeypatch.setattr(routes, "gettempdir", lambda: str(tmp_path))
    assert await archive_of(researcher, dataset)
    assert _left(tmp_path) == []

    def is_full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "write", is_full)
    answer = await researcher.client.get(f"/api/v1/datasets/{dataset['id']}/archive")
    assert answer.status_code == 500
    assert _left(tmp_path) == []
