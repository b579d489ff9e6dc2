"""From a frozen dataset to a page that everybody reads: reviewed, decided, public; and refused
wherever somebody would check themselves."""

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.identity.roles import Role
from app.research import datasets, edition_making, outside_results
from app.research.evaluation_models import Evaluation
from app.research.exports.succession import succeed
from tests.people import People, SignedIn
from tests.research.factories import START, Frozen, freeze, later, opened, several, withdraw
from tests.research.made_editions import (
    CHANGE,
    KIND,
    REFUSED,
    RELEASED,
    SIGNED,
    computed,
    make,
    write,
)
from tests.research.over_http import Json, ask

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
async def checker(people: People) -> SignedIn:
    return await people.member("Kit", roles=(Role.CHECKER,))


async def _sign(adviser: SignedIn, edition: Json, *said: Json) -> None:
    for one in said or (SIGNED,):
        await ask(adviser, "POST", f"/editions/{edition['id']}/reviews", one, status=204)


async def _decide(
    checker: SignedIn, edition: Json, said: Json = RELEASED, *, status: int = 201
) -> Json:
    return await ask(checker, "POST", f"/editions/{edition['id']}/decision", said, status=status)


async def test_what_is_signed_off_and_released_stands_in_public_without_an_account(
    frozen: Frozen, made: Json, adviser: SignedIn, checker: SignedIn, people: People
) -> None:
    study = frozen[0]
    visitor = await people.member()
    visitor.client.cookies.clear()
    public = f"/projects/{study.id}"
    await ask(visitor, "GET", public, status=404)
    await ask(visitor, "GET", f"{public}/editions/1/html", status=404)
    (waiting, *_) = (await ask(adviser, "GET", "/reviews"))["items"]
    assert (waiting["kind"], waiting["edition_id"], waiting["title"]) == (
        "edition", made["id"], study.title,
    )  # fmt: skip
    early = await _decide(checker, made, status=409)
    assert early["type"] == "edition-not-signed-off"
    await _sign(adviser, made, CHANGE, SIGNED)
    released = await _decide(checker, made)
    assert (released["is_signed_off"], released["decision"]["decision"]) == (True, "released")
    assert [one["what"] for one in released["steps"]] == [
        "made", "ready", "needs_change", "signed_off", "released",
    ]  # fmt: skip
    assert [one["note"] for one in released["steps"][2:]] == [
        CHANGE["words"], "", RELEASED["note"],
    ]  # fmt: skip
    assert (await ask(adviser, "GET", "/reviews"))["items"][:1] != [waiting], "it is decided"
    assert {"study_id": str(study.id), "title": study.title} in (
        await ask(visitor, "GET", "/projects")
    )["items"]
    page = await ask(visitor, "GET", public)
    (edition,) = page["editions"]
    assert (edition["number"], edition["kind"], page["contact"]) == (1, made["kind"], "")
    assert edition["title"] == made["title"]
    for file in edition["files"]:
        await _is_served(visitor, f"/api/v1{public}/editions/1/{file['name']}", file)
        await _is_served(adviser, f"/api/v1{public}/editions/1/{file['name']}", file)


async def _is_served(reader: SignedIn, path: str, file: Json) -> None:
    answer = await reader.client.get(path, headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert len(answer.content) == file["byte_size"]
    assert answer.headers["etag"] == f'"{file["sha256"]}"'
    await _is_served_packed(reader, path, file, answer.content)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "content-encoding" not in answer.headers
    name = answer.headers["content-disposition"]
    assert name.startswith('inline; filename="')
    assert name.endswith(f'.{file["name"]}"')
    assert name.isascii()
    known = await reader.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


async def _is_served_packed(reader: SignedIn, path: str, file: Json, plain: bytes) -> None:
    """A page leaves as gzip where that is taken, under the same name; a PDF is packed by itself."""
    is_page = file["name"] == "html"
    takes = {"Accept-Encoding": "br, gzip;q=0.8"}
    packed = await reader.client.get(path, headers=takes)
    assert packed.content == plain
    assert packed.headers.get("content-encoding") == ("gzip" if is_page else None)
    etag = packed.headers["etag"]
    assert etag == f'{"W/" if is_page else ""}"{file["sha256"]}"'
    assert ("Accept-Encoding" in packed.headers.get("vary", "")) == is_page
    head = await reader.client.head(path, headers=takes)
    for name in ("content-length", "etag", "content-encoding"):
        assert head.headers.get(name) == packed.headers.get(name)
    for tag in (etag, f'"{file["sha256"]}"'):
        known = await reader.client.get(path, headers={**takes, "If-None-Match": tag})
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    refused = await reader.client.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


async def test_what_advisers_let_everybody_read_of_an_edition_is_public_from_its_release_on(
    made: Json, adviser: SignedIn, checker: SignedIn, researcher: SignedIn
) -> None:
    await _sign(adviser, made, CHANGE, SIGNED)
    read = await ask(researcher, "GET", f"/editions/{made['id']}")
    said = next(one for one in read["reviews"] if one["words"])
    await ask(
        researcher, "POST", f"/reviews/{said['id']}/answers", {"words": "We did."}, status=204
    )
    assert (await ask(adviser, "GET", "/reviews/public"))["items"] == []
    await _decide(checker, made)
    (shown,) = (await ask(adviser, "GET", "/reviews/public"))["items"]
    assert (shown["words"], shown["answers"]) == (CHANGE["words"], ["We did."])


async def test_the_last_word_of_the_advisers_counts(
    made: Json, adviser: SignedIn, checker: SignedIn
) -> None:
    comment = {"verdict": "comment", "words": "Page 3."}
    await _sign(adviser, made, SIGNED, CHANGE, comment)
    refused = await _decide(checker, made, status=409)
    assert refused["type"] == "edition-not-signed-off"
    await _decide(checker, made, REFUSED)
    again = await _decide(checker, made, status=409)
    assert again["type"] == "edition-decided"


async def test_nobody_decides_about_what_they_made_wrote_or_froze(
    database: Database, frozen: Frozen, adviser: SignedIn, people: People, researcher: SignedIn
) -> None:
    maker, writer, freezer = [
        await people.member(roles=(Role.RESEARCHER, Role.CHECKER)) for _ in range(3)
    ]
    with clock.at(START):
        study = await opened(database)
        members = await several(database, study, 7)
    with clock.at(later(days=30)):
        frozen_by = await ask(
            freezer, "POST", f"/studies/{study.id}/datasets", {"measures": ["posts"]}, status=201
        )
    async with unit_of_work(database) as session:
        dataset = await datasets.access(session, frozen_by["id"])
    await computed(database, dataset)
    await write(writer, dataset, "Mine.")
    await write(researcher, dataset, "Another's.", based_on=1)
    made = await make(database, maker, dataset)
    await _sign(adviser, made)
    for one in (maker, writer, freezer):
        assert (await _decide(one, made, status=403))["type"] == "second-person"
    assert (await _decide(researcher, made, status=403))["type"] == "forbidden"
    other = await people.member(roles=(Role.RESEARCHER, Role.CHECKER))
    await _decide(other, made)
    with clock.at(later(days=31)):
        await withdraw(database, study, members[0], erase=True)
        successor = await succeed(database, dataset.id)
    assert successor is not None
    await computed(database, successor)
    made = await make(database, researcher, successor)
    assert (await _decide(freezer, made, status=403))["type"] == "second-person"


async def test_who_made_it_or_wrote_its_text_reviews_no_edition(
    made: Json, researcher: SignedIn, adviser: SignedIn, connection: AnyConnection
) -> None:
    await ask(researcher, "POST", f"/editions/{made['id']}/reviews", SIGNED, status=403)
    await connection.execute(
        "INSERT INTO identity.account_roles (account_id, role) VALUES (%s, 'adviser')",
        (researcher.account_id,),
    )
    await connection.execute(
        "DELETE FROM identity.account_roles WHERE account_id = %s AND role = 'researcher'",
        (researcher.account_id,),
    )
    path = f"/editions/{made['id']}/reviews"
    assert (await ask(researcher, "POST", path, SIGNED, status=403))["type"] == "second-person"


async def test_what_is_not_ready_is_neither_reviewed_nor_decided(
    database: Database,
    frozen: Frozen,
    researcher: SignedIn,
    adviser: SignedIn,
    checker: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await computed(database, frozen[1])
    monkeypatch.setattr(edition_making, "COMMAND", ("false",))
    failed = await make(database, researcher, frozen[1])
    path = f"/editions/{failed['id']}/reviews"
    assert (await ask(adviser, "POST", path, SIGNED, status=409))["type"] == "edition-not-ready"
    assert (await _decide(checker, failed, status=409))["type"] == "edition-not-ready"


async def test_nothing_is_released_of_results_that_do_not_know_what_was_released_since(
    database: Database,
    frozen: Frozen,
    made: Json,
    researcher: SignedIn,
    adviser: SignedIn,
    checker: SignedIn,
) -> None:
    study, dataset, _ = frozen
    await _sign(adviser, made)
    with clock.at(later(days=60)):
        newer = await freeze(database, study)
    other = await computed(database, newer)
    async with unit_of_work(database) as session:
        evaluation = await session.get(Evaluation, other)
        assert evaluation is not None
        await outside_results.note_released(session, evaluation)
    refused = await _decide(checker, made, status=409)
    assert refused["type"] == "stale-results"
    await _decide(checker, made, REFUSED)
    # Nor is anything made of them: they can be computed again, and are current then.
    asked = {"kind": KIND, "dataset_id": str(dataset.id)}
    path = f"/studies/{study.id}/editions"
    assert (await ask(researcher, "POST", path, asked, status=409))["type"] == "stale-results"
    await computed(database, dataset)
    assert (await make(database, researcher, dataset))["state"] == "ready"


async def test_what_has_been_released_stays_when_somebody_has_everything_erased(
    database: Database,
    frozen: Frozen,
    made: Json,
    researcher: SignedIn,
    adviser: SignedIn,
    checker: SignedIn,
) -> None:
    study, dataset, members = frozen
    await _sign(adviser, made)
    await _decide(checker, made)
    unreleased = await make(database, researcher, dataset)
    await _sign(adviser, unreleased)
    with clock.at(later(days=4)):
        await withdraw(database, study, members[0], erase=True)
        await succeed(database, dataset.id)
    refused = await _decide(checker, unreleased, status=409)
    assert refused["type"] == "edition-not-ready"
    states = {
        one["number"]: (one["state"], len(one["files"]))
        for one in (await ask(researcher, "GET", f"/studies/{study.id}/editions"))["items"]
    }
    assert states == {1: ("ready", 2), 2: ("withdrawn", 0)}
    path = f"/api/v1/projects/{study.id}/editions"
    assert (await adviser.client.get(f"{path}/1/pdf")).status_code == 200
    assert (await adviser.client.get(f"{path}/2/pdf")).status_code == 404


async def test_a_note_says_something(made: Json, adviser: SignedIn, checker: SignedIn) -> None:
    await _sign(adviser, made)
    empty = await _decide(checker, made, RELEASED | {"note": "  -  "}, status=422)
    assert empty["errors"][0]["pointer"] == "/note"
