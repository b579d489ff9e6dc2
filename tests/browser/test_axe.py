"""Every screen by axe-core: WCAG 2.2 A and AA, in light, in dark and in forced colours, on a phone
and on a desk; once more on a phone in letters twice as large."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Page, ViewportSize, expect

from app.core.db import unit_of_work
from app.identity.roles import Role
from app.research import sheets, studies
from tests.browser.staff import flag, staff
from tests.browser.test_access import MEMBER, PUBLIC
from tests.browser.windows import PHONE, Windows, card, write
from tests.research.factories import asked, freeze, several
from tests.support.signed_off import open_signed_off
from tests.support.signed_plans import sign_plan

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDE: ViewportSize = {"width": 1280, "height": 860}
PLACES = pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["phone", "desk"])
#: What axe says is wrong; what is right is not told node by node, which would cost the most.
RULES = """async (isOnlyColour) => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const others = axe.getRules().filter((rule) => !rule.tags.includes('cat.color'));
  const off = others.map((rule) => [rule.ruleId, {enabled: false}]);
  const found = await axe.run({
    runOnly: {type: 'tag', values: tags},
    rules: isOnlyColour ? Object.fromEntries(off) : {},
    resultTypes: ['violations'],
  });
  return found.violations.map((rule) =>
    [rule.id, rule.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`)]);
}"""
#: Everything of the page but its colours: what there is, where it stands, whether it is seen.
STANDS = """() => [...document.querySelectorAll('*')].map((each) => {
  const {x, y, width, height} = each.getBoundingClientRect();
  const isSeen = each.checkVisibility({opacityProperty: true, visibilityProperty: true});
  return [each.cloneNode().outerHTML, isSeen, x, y, width, height].join();
}).join() + document.body.innerText"""
#: Two frames on: the page has seen how it is to look now.
SEEN = "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
LETTERS = "(size) => { document.documentElement.style.fontSize = size; }"


async def examine(page: Page) -> Any:
    """What axe finds wrong with the page as it stands, and as it looks to others.

    In dark and in forced colours only the rules of colour are asked again, for the others look at
    what is still the same; where it is not, all are. Forced colours put aside whichever scheme
    there was, and large letters are hardest on the phone's layout.
    """
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(RULES, False)
    stood = await page.evaluate(STANDS)
    await page.emulate_media(color_scheme="dark")
    found += await _as_it_looks(page, "in dark", stood)
    await page.emulate_media(forced_colors="active")
    found += await _as_it_looks(page, "in forced colours", stood)
    await page.emulate_media(color_scheme="light", forced_colors="none")
    size = page.viewport_size or PHONE
    if size["width"] == PHONE["width"]:
        await page.evaluate(LETTERS, "200%")
        found += await _as_it_looks(page, "in letters twice as large", stood)
        await page.evaluate(LETTERS, "")
    return found


async def _as_it_looks(page: Page, how: str, stood: str) -> list[Any]:
    await page.evaluate(SEEN)
    is_only_colour = await page.evaluate(STANDS) == stood
    return [[how, *rule] for rule in await page.evaluate(RULES, is_only_colour)]


async def test_axe_finds_nothing_before_one_signs_in(windows: Windows) -> None:
    visitor = await windows.open()
    found: dict[str, Any] = {}
    for path in PUBLIC:
        await visitor.goto(path)
        found[path] = await examine(visitor)
    assert_nothing(found)


@PLACES
async def test_axe_finds_nothing_in_the_rooms_of_members(
    windows: Windows, viewport: ViewportSize
) -> None:
    member = await windows.member("Rowan", viewport=viewport)
    await write(member, "A walk helps me")
    assert_nothing(await _walked(member, MEMBER))


async def test_axe_finds_nothing_in_what_members_open(windows: Windows) -> None:
    found: dict[str, Any] = {}
    member = await windows.member("Rowan", viewport=WIDE)
    await write(member, "A walk helps me")
    await member.goto("/me/break")
    await member.get_by_label("A week").check()
    await member.get_by_role("button", name="Start my break").click()
    await expect(member.get_by_role("button", name="Come back now")).to_be_visible()
    found["on a break"] = await examine(member)
    await member.get_by_role("button", name="Come back now").click()
    # The button is gone while the answer is awaited; the words come with it.
    await expect(member.get_by_text("Welcome back.")).to_be_visible()
    await member.goto("/wall")
    await card(member, "A walk helps me").get_by_role("button", name="More").click()
    found["menu"] = await examine(member)
    await member.get_by_role("menuitem", name="Delete").click()
    found["dialog"] = await examine(member)
    sky = await windows.member("Sky")
    await card(sky, "A walk helps me").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="This breaks the rules").click()
    found["flag"] = await examine(sky)
    await sky.keyboard.press("Escape")
    await card(sky, "A walk helps me").get_by_role("link", name="Reply").click()
    await expect(sky.get_by_label("Your reply")).to_be_visible()
    found["thread"] = await examine(sky)
    assert_nothing(found)


async def test_axe_finds_nothing_on_the_way_into_a_study(windows: Windows) -> None:
    found: dict[str, Any] = {}
    sky = await windows.member("Sky", f"/studies/{await open_study(windows)}")
    await expect(sky.get_by_role("heading", name="Please read this first")).to_be_visible()
    found["sheet"] = await examine(sky)
    await sky.get_by_label("What I do here").check()
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_role("article", name="Receipt")).to_be_visible()
    found["receipt"] = await examine(sky)
    await sky.goto("/my-data")
    await expect(sky.get_by_role("heading", name="Nights")).to_be_visible()
    found["my data"] = await examine(sky)
    assert_nothing(found)


@PLACES
async def test_axe_finds_nothing_in_the_rooms_of_research(
    windows: Windows, viewport: ViewportSize
) -> None:
    room = f"/research/studies/{await open_study(windows)}"
    parts = ("", "/sheet", "/plan", "/questions", "/datasets", "/releases")
    paths = ("/research", "/research/new", "/wall", *(f"{room}{part}" for part in parts))
    researcher = await staff(windows, "Wren", Role.RESEARCHER, "/research", viewport=viewport)
    # Somebody's post, so that the wall of a researcher holds one.
    await write(await windows.member("Sky"), "A walk helps me")
    found = await _walked(researcher, paths)
    await researcher.goto(f"{room}/datasets")
    await researcher.get_by_role("button", name="Freeze another dataset").click()
    await researcher.get_by_role("button", name="Ask for these rows").click()
    await expect(researcher.get_by_role("table")).to_be_visible()
    found["freezing"] = await examine(researcher)
    checker = await staff(windows, "Morgan", Role.CHECKER, f"{room}/releases", viewport=viewport)
    found |= await _walked(checker, (f"{room}/releases",), "a checker in ")
    assert_nothing(found)


@PLACES
async def test_axe_finds_nothing_in_the_rooms_of_staff(
    windows: Windows, viewport: ViewportSize
) -> None:
    await write(await windows.member("Sky"), "A walk helps me")
    rowan = await windows.member("Rowan")
    await flag(rowan, "A walk helps me", "I'm worried about this person")
    page = await staff(windows, "Wren", Role.MODERATOR, "/moderation", viewport=viewport)
    found = await _walked(page, ("/moderation", "/moderation/log", "/hours"))
    await page.goto("/moderation")
    await page.get_by_role("link", name="A post by Sky").click()
    await expect(page.get_by_role("heading", name="Someone is worried")).to_be_focused()
    found["case"] = await examine(page)
    await page.get_by_role("button", name="Claim it").click()
    await page.get_by_label("Hide it for now").check()
    found["decision"] = await examine(page)
    await page.get_by_role("button", name="Give it back").click()
    await expect(page.get_by_role("button", name="Claim it")).to_be_visible()
    administrator = await staff(windows, "Moss", Role.ADMINISTRATOR, "/staff", viewport=viewport)
    found |= await _walked(administrator, ("/staff",))
    assert_nothing(found)


async def _walked(page: Page, paths: Sequence[str], who: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in paths:
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        found[f"{who}{path}"] = await examine(page)
    return found


def assert_nothing(found: dict[str, Any]) -> None:
    wrong = [f"{screen}: {rules}" for screen, rules in found.items() if rules]
    assert wrong == [], "\n".join(wrong)


async def open_study(windows: Windows) -> UUID:
    """One that people joined, with a dataset that waits for its release."""
    async with unit_of_work(windows.database) as session:
        study = await studies.create(session, title="Nights", summary="Nights, and company.")
        await sheets.publish(
            session, study, body="# Why\n\nWe would like to learn.", covers_acts=True
        )
        await sign_plan(session, study)
        await open_signed_off(session, study)
    await several(windows.database, study, 6)
    await asked(windows.database, await freeze(windows.database, study))
    return study.id
