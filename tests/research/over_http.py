"""A study as it is run over HTTP: asked, opened, delivered to, downloaded."""

import io
import re
import zipfile
from typing import Any

from app.core.db import Database
from app.core.delivery import deliver
from app.jobs.subscribers import SUBSCRIBERS
from tests.people import SignedIn
from tests.support.signed_off import signed_off
from tests.support.signed_plans import signed_plan

Json = dict[str, Any]
YES = {"activity": True, "text": True, "contact": False}
NO = {"activity": False, "text": False, "contact": False}
EVERY_PURPOSE = ["activity", "text", "contact"]
FIRST = {"sheet_version": 1, "purposes": YES}


async def ask(
    browser: SignedIn, method: str, path: str, body: Json | None = None, *, status: int = 200
) -> Json:
    """What the API answers; fails unless it answers `status`."""
    answer = await browser.client.request(method, f"/api/v1{path}", json=body)
    assert answer.status_code == status, answer.text
    found: Json = answer.json() if answer.content else {}
    return found


async def open_study(researcher: SignedIn, **sheet: object) -> str:
    """A study that takes people in, with a signed plan; its path."""
    asked = {"title": "Being heard", "summary": "Why.", "purposes": EVERY_PURPOSE}
    study = await ask(researcher, "POST", "/studies", asked, status=201)
    path = f"/studies/{study['id']}"
    early = await ask(researcher, "POST", f"{path}/opening", status=409)
    assert early["type"] == "study-not-ready"
    await ask(
        researcher, "POST", f"{path}/sheets", {"body": "**Please** read", **sheet}, status=201
    )
    await signed_off(researcher.database, study["id"])
    await ask(researcher, "POST", f"{path}/opening")
    await signed_plan(researcher.database, study["id"])
    return path


async def deliver_all(database: Database) -> None:
    """Everything that happened, to everyone who subscribed."""
    for subscriber in SUBSCRIBERS:
        while await deliver(database, subscriber):
            pass


async def release(
    researcher: SignedIn, checker: SignedIn, dataset: Json, wanted: Json | None = None
) -> Json:
    """Let a dataset's file of periods out: the researcher asks, a checker decides."""
    path = f"/datasets/{dataset['id']}/releases"
    asked = await ask(researcher, "POST", path, wanted or {"file": "periods"}, status=201)
    said = {"decision": "released", "note": "Looked at."}
    return await ask(checker, "POST", f"/releases/{asked['id']}/decision", said, status=201)


async def archive_of(researcher: SignedIn, dataset: Json, format_: str = "csv") -> dict[str, bytes]:
    """The files of a dataset that was downloaded as one archive, by name."""
    answer = await researcher.client.get(
        f"/api/v1/datasets/{dataset['id']}/archive", params={"format": format_}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
        (top,) = {name.partition("/")[0] for name in opened.namelist()}
        assert re.fullmatch(rf"[\w-]+-20\d\d-\d\d-dataset-\d+-{format_}", top)
        assert f'filename="{top}.zip"' in answer.headers["content-disposition"]
        return {name.rpartition("/")[2]: opened.read(name) for name in opened.namelist()}
