"""Every screen by axe-core: WCAG 2.2 A and AA, in light and in dark, on a phone and on a desk; once
more on a phone in letters twice as large, and on a desk in forced colours."""

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

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDE: ViewportSize = {"width": 1280, "height": 860}
RULES = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run({runOnly: {type: 'tag', values: tags}});
  return found.violations.map((rule) =>
    [rule.id, rule.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`)]);
}"""


#: Two frames on: the page has seen how it is to look now.
SEEN = "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
LETTERS = "(size) => { document.documentElement.style.fontSize = size; }"


async def examine(page: Page) -> Any:
    """What axe finds wrong with the page as it stands, and as it looks to others.

    Each screen is looked at twice, not six times: large letters are hardest on the light phone's
    layout, and forced colours put aside whichever scheme there was.
    """
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(RULES)
    size = page.viewport_size or PHONE
    is_dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    if size["width"] == PHONE["width"] and not is_dark:
        await page.evaluate(LETTERS, "200%")
        found += await _as_it_looks(page, "in letters twice as large")
        await page.evaluate(LETTERS, "")
    elif is_dark:
        await page.emulate_media(forced_colors="active")
        found += await _as_it_looks(page, "in forced colours")
        await page.emulate_media(forced_colors="none")
    return found


async def _as_it_looks(page: Page, how: str) -> list[Any]:
    await page.evaluate(SEEN)
    return [[how, *rule] for rule in await page.evaluate(RULES)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(windows: Windows, scheme: str) -> None:
    found: dict[str, Any] = {}
    visitor = await windows.open(color_scheme=scheme)
    for path in PUBLIC:
        await visitor.goto(path)
        found[path] = await examine(visitor)
    member = await windows.member("Rowan", color_scheme=scheme)
    await write(member, "A walk helps me")
    for viewport in (PHONE, WIDE):
        await member.set_viewport_size(viewport)
        for path in MEMBER:
            await member.goto(path)
            await expect(member.get_by_role("heading", level=1)).to_be_visible()
            found[f"{path} {viewport}"] = await examine(member)
    await member.goto("/me/break")
    await member.get_by_label("A week").check()
    await member.get_by_role("button", name="Start my break").click()
    await expect(member.get_by_role("button", name="Come back now")).to_be_visible()
    found["on a break"] = await examine(member)
    await member.get_by_role("button", name="Come back now").click()
    await expect(member.get_by_role("button", name="Come back now")).to_have_count(0)
    await member.goto("/wall")
    await card(member, "A walk helps me").get_by_role("button", name="More").click()
    found["menu"] = await examine(member)
    await member.get_by_role("menuitem", name="Delete").click()
    found["dialog"] = await examine(member)
    sky = await windows.member("Sky", color_scheme=scheme)
    await card(sky, "A walk helps me").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="This breaks the rules").click()
    found["flag"] = await examine(sky)
    await sky.keyboard.press("Escape")
    await card(sky, "A walk helps me").get_by_role("link", name="Reply").click()
    await expect(sky.get_by_label("Your reply")).to_be_visible()
    found["thread"] = await examine(sky)
    assert_nothing(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_the_staff_rooms(windows: Windows, scheme: str) -> None:
    found: dict[str, Any] = {}
    study = await open_study(windows)
    room = f"/research/studies/{study}"
    sky = await windows.member("Sky", f"/studies/{study}", color_scheme=scheme)
    await expect(sky.get_by_role("heading", name="Please read this first")).to_be_visible()
    found["sheet"] = await examine(sky)
    await sky.get_by_label("What I do here").check()
    await sky.get_by_role("button", name="Take part").click()
    await expect(sky.get_by_role("article", name="Receipt")).to_be_visible()
    found["receipt"] = await examine(sky)
    await sky.goto("/my-data")
    await expect(sky.get_by_role("heading", name="Nights")).to_be_visible()
    found["my data"] = await examine(sky)
    await write(sky, "A walk helps me")
    rowan = await windows.member("Rowan", color_scheme=scheme)
    await flag(rowan, "A walk helps me", "I'm worried about this person")
    rooms = {
        Role.MODERATOR: ("/moderation", "/moderation/log", "/hours"),
        Role.RESEARCHER: (
            "/research",
            "/research/new",
            "/wall",
            *(f"{room}{part}" for part in ("", "/sheet", "/questions", "/datasets", "/releases")),
        ),
        Role.CHECKER: (f"{room}/releases",),
        Role.ADMINISTRATOR: ("/staff",),
    }
    for number, (role, paths) in enumerate(rooms.items()):
        for viewport in (PHONE, WIDE):
            name = f"Wren {number} {viewport['width']}"
            page = await staff(
                windows, name, role, paths[0], viewport=viewport, color_scheme=scheme
            )
            for path in paths:
                await page.goto(path)
                await expect(page.get_by_role("heading", level=1)).to_be_visible()
                found[f"{path} {viewport}"] = await examine(page)
            if role is Role.RESEARCHER:
                await page.goto(f"{room}/datasets")
                await page.get_by_role("button", name="Freeze another dataset").click()
                await page.get_by_role("button", name="Ask for these rows").click()
                await expect(page.get_by_role("table")).to_be_visible()
                found[f"freezing {viewport}"] = await examine(page)
            if role is Role.MODERATOR:
                await page.goto("/moderation")
                await page.get_by_role("link", name="A post by Sky").click()
                await expect(page.get_by_role("heading", name="Someone is worried")).to_be_focused()
                found[f"case {viewport}"] = await examine(page)
                await page.get_by_role("button", name="Claim it").click()
                await page.get_by_label("Hide it for now").check()
                found[f"decision {viewport}"] = await examine(page)
                await page.get_by_role("button", name="Give it back").click()
                await expect(page.get_by_role("button", name="Claim it")).to_be_visible()
    assert_nothing(found)


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
        await studies.open_(session, study)
    await several(windows.database, study, 6)
    await asked(windows.database, await freeze(windows.database, study))
    return study.id
