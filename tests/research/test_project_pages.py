"""A study's page for everybody: written in versions, read without an account."""

import psycopg
import pytest

from app.core.db import AnyConnection, Database
from app.identity.roles import Role
from tests.people import People, SignedIn
from tests.research.factories import closed, drafted, opened
from tests.research.over_http import Json, ask

PAGE: Json = {
    "based_on": 0,
    "about": "We look at what **helps** <script>.",
    "contact": "The Evenings team\nevenings@example.org",
    "related": [{"title": "An earlier  study", "url": "https://example.org/early?x=1#top"}],
}


@pytest.fixture
async def visitor(people: People) -> SignedIn:
    """Somebody without an account."""
    found = await people.member()
    found.client.cookies.clear()
    return found


async def test_a_page_is_public_once_the_study_is_no_draft_and_stays_when_it_closes(
    database: Database, researcher: SignedIn, visitor: SignedIn, people: People
) -> None:
    study = await opened(database)
    path, public = f"/studies/{study.id}/project-page", f"/projects/{study.id}"
    assert (await ask(researcher, "GET", path))["version"] == 0
    await ask(visitor, "GET", public, status=404)
    made = await ask(researcher, "POST", path, PAGE, status=201)
    assert (made["version"], made["about"]) == (1, PAGE["about"])
    page = await ask(visitor, "GET", public)
    assert page["about_html"] == made["about_html"]
    assert "<strong>helps</strong> &lt;script&gt;" in page["about_html"]
    assert page["related"] == [{"title": "An earlier study", "url": PAGE["related"][0]["url"]}]
    assert (page["contact"], page["editions"]) == (PAGE["contact"], [])
    late = await ask(researcher, "POST", path, PAGE, status=409)
    assert (late["type"], late["newest"]) == ("project-page-changed", 1)
    await ask(researcher, "POST", path, PAGE | {"based_on": 1, "about": "Newer."}, status=201)
    await closed(database, study)
    assert "Newer." in (await ask(visitor, "GET", public))["about_html"]
    checker = await people.member(roles=(Role.CHECKER,))
    assert (await ask(checker, "GET", path))["version"] == 2
    await ask(checker, "POST", path, PAGE | {"based_on": 2}, status=403)
    draft = await drafted(database)
    await ask(researcher, "POST", f"/studies/{draft.id}/project-page", PAGE, status=201)
    await ask(visitor, "GET", f"/projects/{draft.id}", status=404)
    listed = (await ask(visitor, "GET", "/projects"))["items"]
    assert [one["study_id"] for one in listed] == [str(study.id)]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"about": " "}, "/about"),
        ({"about": "**\u200b**"}, "/about"),
        ({"contact": "us         "}, "/contact"),
        ({"related": [{"title": "x", "url": "http://example.org/"}]}, "/related/0/url"),
        ({"related": [{"title": "x", "url": "javascript:alert(1)"}]}, "/related/0/url"),
        ({"related": [{"title": "x", "url": 'https://example.org/"x'}]}, "/related/0/url"),
        ({"related": [{"title": " ", "url": "https://example.org/"}]}, "/related/0/title"),
        ({"related": [PAGE["related"][0]] * 21}, "/related"),
    ],
)
async def test_what_cannot_stand_there_is_refused_where_it_is(
    database: Database, researcher: SignedIn, wrong: Json, pointer: str
) -> None:
    study = await opened(database)
    path = f"/studies/{study.id}/project-page"
    refused = await ask(researcher, "POST", path, PAGE | wrong, status=422)
    assert [one["pointer"] for one in refused["errors"]] == [pointer]


async def test_the_database_changes_no_page(
    database: Database, researcher: SignedIn, connection: AnyConnection
) -> None:
    study = await opened(database)
    await ask(researcher, "POST", f"/studies/{study.id}/project-page", PAGE, status=201)
    for query in (
        "UPDATE research.project_pages SET contact = 'Somebody else'",
        "DELETE FROM research.project_pages",
        "TRUNCATE research.project_pages",
    ):
        with pytest.raises(psycopg.Error, match="append-only"):
            async with connection.transaction():
                await connection.execute(query.encode())
