"""What researchers write for an edition: versions that stay, and figures by their names."""

import psycopg
import pytest

from app.core.db import AnyConnection, Database
from app.identity.roles import Role
from tests.people import People, SignedIn
from tests.research.factories import Frozen, opened
from tests.research.made_editions import KIND, computed, write
from tests.research.over_http import ask


async def test_a_text_is_written_on_in_versions_and_all_of_them_stay(
    database: Database, frozen: Frozen, researcher: SignedIn, people: People
) -> None:
    study, dataset, _ = frozen
    path = f"/studies/{study.id}/edition-texts"
    empty = await ask(researcher, "GET", f"{path}/{KIND}")
    assert empty == {
        "kind": KIND, "version": 0, "sections": {}, "written_at": None, "versions": [],
    }  # fmt: skip
    assert (await ask(researcher, "GET", path))["items"] == []
    await computed(database, dataset)
    first = await write(researcher, dataset, "Of all, [[retention.kept_84]] stayed.\r\n")
    ((name, words),) = first["sections"].items()
    assert words == "Of all, [[retention.kept_84]] stayed."
    other = await people.member(roles=(Role.RESEARCHER,))
    # Somebody who had opened the page before: told, and nothing is written over.
    late = await write(other, dataset, "Mine.", status=409)
    assert (late["type"], late["newest"]) == ("edition-text-changed", 1)
    second = await write(other, dataset, "*#panic()* <script>", based_on=1)
    assert second["sections"] == {name: "*#panic()* <script>"}, "kept as it was typed"
    read = await ask(researcher, "GET", f"{path}/{KIND}")
    assert [(one["version"], one["is_mine"]) for one in read["versions"]] == [(2, False), (1, True)]
    assert (await ask(researcher, "GET", f"{path}/{KIND}/1"))["sections"] == first["sections"]
    await ask(researcher, "GET", f"{path}/{KIND}/3", status=404)
    (line,) = (await ask(researcher, "GET", path))["items"]
    assert (line["kind"], line["version"]) == (KIND, 2)


async def test_a_name_that_is_no_figure_is_refused_with_the_nearest(
    database: Database, frozen: Frozen, researcher: SignedIn
) -> None:
    dataset = frozen[1]
    none = await write(researcher, dataset, "Words.", status=409)
    assert none["type"] == "measures-not-computed"
    await computed(database, dataset)
    (figure,) = (await ask(researcher, "GET", f"/datasets/{dataset.id}/figures"))["items"]
    assert (figure["name"], figure["kind"], figure["part"]["percent"]) == (
        "retention.kept_84", "share", 60,
    )  # fmt: skip
    assert figure["inline"]
    refused = await write(researcher, dataset, "[[retention.kept_48]]", status=422)
    assert refused["type"] == "unknown-figure"
    (error,) = refused["errors"]
    assert error["pointer"].startswith("/sections/")
    assert "“retention.kept_48”" in error["detail"]
    assert "retention.kept_84" in error["detail"].partition(" nearest ")[2]
    far = await write(researcher, dataset, "[[x]]", status=422)
    assert "from the list" in far["errors"][0]["detail"]


async def test_what_no_edition_holds_is_refused(
    database: Database, frozen: Frozen, researcher: SignedIn
) -> None:
    study, dataset, _ = frozen
    await computed(database, dataset)
    path = f"/studies/{study.id}/edition-texts/{KIND}"
    body = {"based_on": 0, "sections": {"other": "Words."}, "dataset_id": str(dataset.id)}
    refused = await ask(researcher, "POST", path, body, status=422)
    assert refused["errors"][0]["pointer"] == "/sections/other"
    await write(researcher, dataset, "w" * 20_001, status=422)
    pages = f"/studies/{study.id}/edition-texts/two_pages"
    kinds = (await ask(researcher, "GET", "/editions/kinds"))["items"]
    section = next(one for one in kinds[1]["sections"] if one["most_words"])
    long = {section["name"]: "word " * (section["most_words"] + 1)}
    refused = await ask(researcher, "POST", pages, body | {"sections": long}, status=422)
    assert f"{section['most_words']} fit on its page" in refused["errors"][0]["detail"]
    blank = await write(researcher, dataset, "  \n ")
    assert (blank["version"], blank["sections"]) == (1, {}), "an empty section is left out"
    elsewhere = await opened(database)
    path = path.replace(str(study.id), str(elsewhere.id))
    await ask(researcher, "POST", path, body | {"sections": {}}, status=404)


async def test_the_database_changes_no_text(
    database: Database, frozen: Frozen, researcher: SignedIn, connection: AnyConnection
) -> None:
    await computed(database, frozen[1])
    await write(researcher, frozen[1], "Words.")
    for query in (
        "UPDATE research.edition_texts SET sections = '{}'",
        "DELETE FROM research.edition_texts",
        "TRUNCATE research.edition_texts CASCADE",
    ):
        with pytest.raises(psycopg.Error, match="append-only"):
            async with connection.transaction():
                await connection.execute(query.encode())
