"""Every screen by axe-core: WCAG 2.2 A and AA, in light and in dark, on a phone and on a desk."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.test_access import MEMBER, PUBLIC
from tests.browser.windows import PHONE, Desk, card, write

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDE: ViewportSize = {"width": 1280, "height": 860}
RULES = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run({runOnly: {type: 'tag', values: tags}});
  return found.violations.map((rule) =>
    [rule.id, rule.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`)]);
}"""


async def examine(page: Page) -> Any:
    """What axe finds wrong with the page as it stands."""
    await page.evaluate(AXE.read_text())
    return await page.evaluate(RULES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(desk: Desk, scheme: str) -> None:
    found: dict[str, Any] = {}
    visitor = await desk.window(color_scheme=scheme)
    for path in PUBLIC:
        await visitor.goto(path)
        found[path] = await examine(visitor)
    member = await desk.member("Rowan", color_scheme=scheme)
    await write(member, "A walk helps me")
    for viewport in (PHONE, WIDE):
        await member.set_viewport_size(viewport)
        for path in MEMBER:
            await member.goto(path)
            await expect(member.get_by_role("heading", level=1)).to_be_visible()
            found[f"{path} {viewport}"] = await examine(member)
    await member.goto("/wall")
    await card(member, "A walk helps me").get_by_role("button", name="More").click()
    found["menu"] = await examine(member)
    await member.get_by_role("menuitem", name="Take it back").click()
    found["dialog"] = await examine(member)
    sky = await desk.member("Sky", color_scheme=scheme)
    await card(sky, "A walk helps me").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="This breaks the rules").click()
    found["flag"] = await examine(sky)
    await sky.keyboard.press("Escape")
    await card(sky, "A walk helps me").get_by_role("link", name="Answer").click()
    await expect(sky.get_by_label("Your reply")).to_be_visible()
    found["thread"] = await examine(sky)
    wrong = [f"{screen}: {rules}" for screen, rules in found.items() if rules]
    assert wrong == [], "\n".join(wrong)
