"""An instrument whose licence has ended: asked for through every GET that there is, by everybody,
and in every file, nothing of its words comes."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.identity.roles import Role
from app.research import edition_making
from app.research.bands import Options
from app.research.documents.edition_kinds import EditionKind
from app.research.exports.writers import Format
from app.research.instruments import catalogue
from app.research.release_models import Released
from tests.people import People, SignedIn
from tests.research.factories import agreed, download, freeze, join, later, release
from tests.research.instrument_words import enter, record
from tests.research.made_editions import AT_ONCE, computed, make
from tests.research.over_http import ask
from tests.research.told import BOTH, answer, asking, codes_of

ROOT = Path(__file__).parents[2]
GETS = sorted(
    path
    for path, methods in json.loads(
        (ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8")
    )["paths"].items()
    if "get" in methods
)
ITEMS = {one.name: 4 for one in catalogue.shipped().versions("swemwbs")[0].items}
#: In every text, hint and label of the words that were entered, and in nothing else.
WORDS = (b"Placeholder", b"Label 4")


async def _refusing(who: SignedIn, ids: Mapping[str, str]) -> dict[str, int]:
    """Every address with what it answered; fails where one of the words comes."""
    found = {}
    for path in GETS:
        if any(f"{{{one}}}" in path for one in ("post_id", "thread_id", "case_id", "member_id")):
            continue
        url = path.format(**ids, name="swemwbs" if "/instruments/" in path else "html")
        got = await who.client.get(url)
        assert not [one for one in WORDS if one in got.content], (url, got.text[:300])
        found[path] = got.status_code
    return found


@pytest.fixture
async def administrator(people: People) -> SignedIn:
    """Sol keeps the licences."""
    return await people.member("Sol", roles=(Role.ADMINISTRATOR,))


async def test_no_endpoint_and_no_file_gives_words_whose_licence_has_ended(
    database: Database,
    connection: AnyConnection,
    people: People,
    researcher: SignedIn,
    administrator: SignedIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(edition_making, "COMMAND", AT_ONCE)
    licence = await record(administrator)
    await enter(administrator)
    study = await asking(database, covers_answers=True, instruments=("swemwbs",))
    members = [await people.member() for _ in range(6)]
    for one in members:
        with clock.at(later()):
            await join(database, study, one.member_id, BOTH)
        with clock.at(later(days=1)):
            await answer(database, study, one.member_id, {"swemwbs": ITEMS})
    with clock.at(later(days=2)):
        asked = await members[0].client.get(f"/api/v1/questionnaires/{study.id}/1")
        assert WORDS[0] in asked.content, "as long as the licence runs they are there"
    path = f"/instruments/swemwbs/licences/{licence['id']}/end"
    await ask(administrator, "POST", path, {"reason": "The project has ended."}, status=204)

    with clock.at(later(days=20)):
        dataset = await freeze(database, study, Options(measures=("posts",)))
    await release(database, dataset)
    agreement = await agreed(database, study, clock.now().date() + timedelta(days=100))
    await release(database, dataset, Released.ANSWERS, agreement)
    await computed(database, dataset)
    edition = await make(database, researcher, dataset, EditionKind.FULL_REPORT)
    assert edition["state"] == "ready"
    pseudonym = (await codes_of(connection))[members[0].member_id]
    ids = {
        "study_id": str(study.id),
        "dataset_id": str(dataset.id),
        "edition_id": edition["id"],
        "pseudonym": pseudonym,
        "wave": "1",
        "kind": EditionKind.FULL_REPORT,
        "version": "1",
        "number": "1",
        "file": "periods",
        "measure": "reach",
    }
    ids |= dict.fromkeys(("group_id", "meeting_id"), str(study.id))
    others = [
        await people.member(roles=(role,))
        for role in (Role.CHECKER, Role.ADVISER, Role.HOST, Role.MODERATOR)
    ]
    seen: dict[str, set[int]] = {path: set() for path in GETS}
    with clock.at(later(days=21)):
        for who in (members[0], researcher, administrator, *others):
            for path, status in (await _refusing(who, ids)).items():
                seen[path].add(status)
    assert not [path for path, statuses in seen.items() if any(one >= 500 for one in statuses)]
    for path in GETS:
        if "instruments" in path or "questionnaires" in path or path.endswith("/archive"):
            assert seen[path] & {200, 409}, (path, seen[path])
    for format_ in Format:
        for released in (Released.PERIODS, Released.ANSWERS):
            folder = tmp_path / f"{format_}-{released}"
            await download(database, dataset, folder, format_, released)
            everything = b"".join(one.read_bytes() for one in folder.iterdir())
            assert b"SWEMWBS" in everything or released is Released.PERIODS
            assert not [one for one in WORDS if one in everything]
