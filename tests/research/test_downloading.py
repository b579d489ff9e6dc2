"""Asking, deciding and downloading over HTTP, and nothing left behind when it fails."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from app.api.routes import datasets as routes
from app.core import clock
from app.identity.roles import Role
from app.research.exports import archive
from tests.people import People, SignedIn
from tests.research.over_http import (
    FIRST,
    Json,
    archive_of,
    ask,
    open_study,
    release,
)


@pytest.fixture
async def checker(people: People) -> SignedIn:
    """Dr Larch decides what leaves."""
    return await people.member("Dr Larch", roles=(Role.CHECKER,))


def _left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def _joined(researcher: SignedIn, members: list[SignedIn], **sheet: object) -> str:
    path = await open_study(researcher, **sheet)
    for member in members:
        await ask(member, "POST", f"{path}/participation", FIRST, status=201)
    return path


async def test_one_file_can_be_downloaded_by_itself(
    researcher: SignedIn, checker: SignedIn, members: list[SignedIn]
) -> None:
    path = await _joined(researcher, members)
    dataset = await ask(researcher, "POST", f"{path}/datasets", status=201)
    await release(researcher, checker, dataset)
    base = f"/api/v1/datasets/{dataset['id']}/files"
    answer = await researcher.client.get(f"{base}/periods.csv")
    assert answer.status_code == 200
    assert answer.text.replace('"', "").startswith("participant,period,days_observable,")
    assert 'filename="periods.csv"' in answer.headers["content-disposition"]
    for format_, begins in (("parquet", b"PAR1"), ("sav", b"$FL2"), ("dta", b"<stata_dta>")):
        found = await researcher.client.get(f"{base}/flow.{format_}")
        assert found.content.startswith(begins)
    missing = await researcher.client.get(f"{base}/secrets.csv")
    assert (missing.status_code, missing.json()["type"]) == (404, "not-found")
    acts = await researcher.client.get(f"{base}/acts.csv")
    assert (acts.status_code, acts.json()["type"]) == (409, "not-released")
    for someone_else in (checker, members[0]):
        assert (await someone_else.client.get(f"{base}/periods.csv")).status_code == 403


async def test_the_attacks_are_played_and_stand_beside_what_was_decided(
    researcher: SignedIn, checker: SignedIn, members: list[SignedIn]
) -> None:
    path = await _joined(researcher, members)
    dataset = await ask(researcher, "POST", f"{path}/datasets", {"measures": ["posts"]}, status=201)
    assert (dataset["participants"], dataset["measures"]) == (None, ["posts"])
    assert {file["name"] for file in dataset["files"]} == {"periods", "flow", "community", "doses"}
    asked = await ask(
        researcher, "POST", f"/datasets/{dataset['id']}/releases", {"file": "periods"}, status=201
    )
    assert (asked["is_mine"], asked["decision"]) == (True, None)
    where = f"/datasets/{dataset['id']}/releases"
    retried = await ask(researcher, "POST", where, {"file": "periods"}, status=201)
    assert retried["id"] == asked["id"], "its answer may have been lost"
    decision = {"decision": "released", "note": "Looked at."}
    own = await ask(researcher, "POST", f"/releases/{asked['id']}/decision", decision, status=403)
    assert own["type"] == "forbidden"
    decided = await ask(checker, "POST", f"/releases/{asked['id']}/decision", decision, status=201)
    found = decided["decision"]["attack"]
    assert found["is_refused"] is False
    assert {one["name"] for one in found["findings"]} == {
        "wall_match", "clocks", "insider", "freezes", "two_studies", "joins", "ids",
    }  # fmt: skip
    again = await ask(checker, "POST", f"/releases/{asked['id']}/decision", decision, status=409)
    assert again["type"] == "release-decided"
    (listed,) = (await ask(checker, "GET", f"{path}/releases"))["items"]
    assert (listed["is_mine"], listed["decision"]) == (False, decided["decision"])
    other = await ask(researcher, "POST", where, {"file": "periods"}, status=201)
    assert other["id"] != asked["id"], "once it was decided, it is asked anew"


async def test_a_choice_shows_what_it_costs_before_anything_is_frozen(
    researcher: SignedIn, members: list[SignedIn]
) -> None:
    path = await open_study(researcher)
    for place, member in enumerate(members):
        demographics = {"area": "wales" if place < 3 else "london"}
        await ask(
            member,
            "POST",
            f"{path}/participation",
            {**FIRST, "demographics": demographics},
            status=201,
        )
    cheap = await ask(researcher, "GET", f"{path}/dataset-preview")
    assert cheap["is_costly"] is False
    assert {cost["column"] for cost in cheap["costs"]} == {
        "active_days", "giving", "receiving", "days_observable",
    }  # fmt: skip
    dear = await ask(researcher, "GET", f"{path}/dataset-preview?answers=area&measures=posts")
    assert dear["is_costly"] is True
    assert {cost["column"]: cost["percent"] for cost in dear["costs"]}["area"] == 100
    assert {cost["percent"] % 5 for cost in (*cheap["costs"], *dear["costs"])} == {0}
    assert (await ask(researcher, "GET", f"{path}/datasets"))["items"] == []
    await ask(researcher, "GET", f"{path}/dataset-preview?answers=name", status=422)
    await ask(researcher, "GET", f"{path}/dataset-preview?periods=2")
    await ask(researcher, "GET", f"{path}/dataset-preview?periods=0", status=422)


async def test_a_second_freeze_waits_or_needs_a_checkers_reason(
    researcher: SignedIn, checker: SignedIn, members: list[SignedIn]
) -> None:
    path = await _joined(researcher, members)
    await ask(researcher, "POST", f"{path}/datasets", status=201)
    early = await ask(researcher, "POST", f"{path}/datasets", status=409)
    assert early["type"] == "frozen-lately"
    reason = {"reason": "A wave of questions ended."}
    await ask(researcher, "POST", f"{path}/early-freezes", reason, status=403)
    await ask(checker, "POST", f"{path}/early-freezes", reason, status=204)
    assert (await ask(researcher, "POST", f"{path}/datasets", status=201))["number"] == 2


async def test_an_agreement_opens_the_rows_of_a_study_whose_sheet_says_so(
    researcher: SignedIn, checker: SignedIn, members: list[SignedIn]
) -> None:
    path = await _joined(researcher, members, covers_acts=True)
    dataset = await ask(researcher, "POST", f"{path}/datasets", status=201)
    ends_on = (clock.now() + timedelta(days=30)).date().isoformat()
    terms = {"recipient": "University", "aim": "How support spreads.", "ends_on": ends_on}
    made = await ask(researcher, "POST", f"{path}/agreements", terms, status=201)
    assert (await ask(checker, "GET", f"{path}/agreements"))["items"] == [made]
    wanted: Json = {"file": "acts", "agreement_id": made["id"]}
    await release(researcher, checker, dataset, wanted)
    base = f"/api/v1/datasets/{dataset['id']}"
    answer = await researcher.client.get(f"{base}/archive", params={"released": "acts"})
    assert answer.status_code == 200
    assert (await researcher.client.get(f"{base}/archive")).json()["type"] == "not-released"
    await ask(researcher, "POST", f"{path}/agreements", {**terms, "aim": "x"}, status=422)


async def test_a_download_that_fails_while_it_is_packed_leaves_nothing(
    researcher: SignedIn,
    checker: SignedIn,
    members: list[SignedIn],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = await _joined(researcher, members[:5])
    dataset = await ask(researcher, "POST", f"{path}/datasets", status=201)
    await release(researcher, checker, dataset)
    monkeypatch.setattr(routes, "gettempdir", lambda: str(tmp_path))
    assert await archive_of(researcher, dataset)
    assert _left(tmp_path) == []

    def is_full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "write", is_full)
    answer = await researcher.client.get(f"/api/v1/datasets/{dataset['id']}/archive")
    assert answer.status_code == 500
    assert _left(tmp_path) == []
