"""Instruments over HTTP: the list, one in full, and a preview as a participant would see it."""

import pytest

from app.identity.roles import Role
from app.research.instruments import catalogue
from tests.people import People, SignedIn
from tests.research.over_http import ask

LOCKED = {"swemwbs", "wemwbs", "reqol10"}


@pytest.fixture
async def administrator(people: People) -> SignedIn:
    """Sol keeps the licences."""
    return await people.member("Sol", roles=(Role.ADMINISTRATOR,))


async def test_every_instrument_is_listed_with_its_lock(researcher: SignedIn) -> None:
    listed = {one["name"]: one for one in (await researcher.get("/instruments"))["items"]}
    assert set(listed) == {one.name for one in catalogue.shipped().newest()}
    assert {name for name, one in listed.items() if one["lock"] == "locked"} == LOCKED
    assert {one["lock"] for name, one in listed.items() if name not in LOCKED} == {"open"}
    assert all(one["languages"] == [] for name, one in listed.items() if name in LOCKED)
    assert listed["phq9"] == {
        "name": "phq9",
        "version": 1,
        "title": "PHQ-9",
        "measures": "How much someone has been bothered by symptoms of depression.",
        "minutes": 3,
        "item_count": 9,
        "languages": ["en"],
        "lock": "open",
        "licensed_until": None,
    }


async def test_an_instrument_says_how_it_is_scored_and_where_it_is_from(
    researcher: SignedIn,
) -> None:
    found = await researcher.get("/instruments/core10")
    (score,) = found["scores"]
    assert score["reversed_items"] == ["core10_2", "core10_3"]
    assert (score["missing"], score["may_be_missing"]) == ("prorata", 1)
    assert (score["least"], score["most"], score["higher_is"]) == (0, 40, "worse")
    assert found["versions"] == [1]
    assert found["wordings"] == [{"language": "en", "version": 1}]
    assert found["licence"] == "cc_by_nd"
    assert "Barkham" in found["citation"][0]
    (cost,) = (await researcher.get("/instruments/services"))["scores"]
    assert (cost["least"], cost["most"]) == (None, None)


@pytest.mark.parametrize("name", sorted(LOCKED))
async def test_a_locked_one_shows_its_structure_and_no_word(
    researcher: SignedIn, name: str
) -> None:
    found = await researcher.get(f"/instruments/{name}")
    assert found["lock"] == "locked"
    assert found["structure"]
    assert set(found["structure"][0]) == {
        "name", "kind", "codes", "option_set", "show_if", "shows_help",
    }  # fmt: skip
    refused = await ask(researcher, "GET", f"/instruments/{name}/preview", status=409)
    assert refused["type"] == "instrument-locked"
    assert "An administrator can record a licence" in refused["detail"]


@pytest.mark.parametrize(
    "name", sorted({one.name for one in catalogue.shipped().newest()} - LOCKED)
)
async def test_a_preview_has_all_that_a_participants_screen_needs(
    researcher: SignedIn, name: str
) -> None:
    instrument = catalogue.shipped().versions(name)[0]
    seen = await researcher.get(f"/instruments/{name}/preview", version=1, language="en")
    assert [one["name"] for one in seen["questions"]] == [one.name for one in instrument.items]
    assert seen["attribution"] == instrument.licence.attribution
    for question, item in zip(seen["questions"], instrument.items, strict=True):
        assert question["text"]
        assert {one["code"] for one in question["options"]} == set(instrument.codes(item))
        assert all(one["label"] for one in question["options"])


async def test_options_stand_in_the_order_of_the_words(researcher: SignedIn) -> None:
    seen = await researcher.get("/instruments/services/preview")
    codes = [one["code"] for one in seen["questions"][0]["options"]]
    assert codes == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert seen["questions"][0]["options"][-1]["stands_alone"] is True
    assert seen["questions"][1]["show_if"] == {"item": "services_used", "codes": [1]}
    assert seen["questions"][1]["most"] == 99


@pytest.mark.parametrize(
    "path",
    ["/phq8", "/phq9?version=2", "/phq9/preview?version=2", "/phq9/preview?language=cy",
     "/phq9/preview?wording=2", "/phq8/preview"],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(researcher: SignedIn, path: str) -> None:
    assert await researcher.status(f"/instruments{path}") == 404


async def test_checkers_and_administrators_may_look_and_members_may_not(
    people: People, administrator: SignedIn
) -> None:
    checker = await people.member("Robin", roles=(Role.CHECKER,))
    member = await people.member("Sky")
    for path in ("", "/phq9", "/phq9/preview"):
        assert await checker.status(f"/instruments{path}") == 200
        assert await administrator.status(f"/instruments{path}") == 200
        assert await member.status(f"/instruments{path}") == 403
