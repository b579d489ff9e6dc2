"""All measures of a dataset on a screen: defined before anything is frozen, computed while one
looks, told with what the rules took."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from app.core import clock
from app.identity.roles import Role
from app.research.measures import catalogue
from tests.browser.staff import staff
from tests.browser.test_axe import assert_nothing, examine
from tests.browser.windows import COMPUTED_MS, PHONE, Windows
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import START, freeze, later, opened, several
from tests.support.servers import working

TITLE = "What helps at night"


@pytest.fixture
def worker(database_url: str) -> Iterator[None]:
    """Computes."""
    with working(database_url):
        yield


async def test_a_researcher_has_all_measures_computed_and_reads_what_each_means(
    windows: Windows, worker: None
) -> None:
    study = await opened(windows.database, TITLE)
    with clock.at(START):
        members = await several(windows.database, study, 30)
    with clock.at(later(days=1)):
        acts = [published(members[at], to=members[at - 1], waited=60) for at in range(30)]
        await happen_and_learn(windows.database, [*map(published, members[:20]), *acts])

    room = f"/research/studies/{study.id}/measures"
    wren = await staff(windows, "Wren", Role.RESEARCHER, room)
    await expect(wren.get_by_text("Nothing is frozen yet")).to_be_visible()
    reach = wren.get_by_role("article", name=catalogue.ALL[0].title, exact=True)
    await reach.get_by_text("How it is defined").focus()
    await wren.keyboard.press("Enter")
    await expect(reach.get_by_text(catalogue.ALL[0].citation)).to_be_visible()

    with clock.at(later(days=60)):
        await freeze(windows.database, study)
    await wren.reload()
    await expect(wren.get_by_text("Nobody has had the measures")).to_be_visible()
    await wren.get_by_role("button", name="Compute all measures").focus()
    await wren.keyboard.press("Enter")
    done = f"All {len(catalogue.ALL)} measures are computed."
    await expect(wren.get_by_text(done)).to_be_visible(timeout=COMPUTED_MS)
    await expect(wren.get_by_role("button", name="Compute all measures")).to_have_count(0)
    await expect(wren.get_by_role("progressbar")).to_have_count(0)

    retention = wren.get_by_role("article", name="Retention")
    chart = retention.get_by_role("img", name="days").first
    await chart.scroll_into_view_if_needed()
    await expect(chart).to_be_visible()
    await expect(chart).to_have_js_property("complete", True)
    assert await chart.evaluate("image => image.naturalWidth") > 300
    beside = retention.get_by_text("The same as a table").first
    left, right = await chart.bounding_box(), await beside.bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] < right["x"], "beside each other"
    await wren.set_viewport_size(PHONE)
    await expect(chart).to_be_visible()
    above, below = await chart.bounding_box(), await beside.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] < below["y"], "one above the other"
    assert_nothing({"measures": await examine(wren)})
    await expect(wren.get_by_text("Held back:").first).to_be_visible()
