"""Reactions: light enough that a phone shows more than one post, and one's own told by words."""

from typing import Any
from uuid import UUID

from playwright.async_api import Page, ViewportSize, expect

from app.community import posts
from app.core.db import unit_of_work
from tests.browser.test_axe import examine
from tests.browser.windows import Windows, card, react, write
from tests.people import someone

PHONE: ViewportSize = {"width": 360, "height": 640}
ORDINARY = "I left my phone in the kitchen and slept better. Small thing, but I am pleased. {} now."
KINDS = ("Thinking of you", "I hear you", "I like this", "This helped me")


async def box(found: Any) -> Any:
    box = await found.bounding_box()
    assert box is not None
    return box


async def someone_reacts(windows: Windows, post_id: UUID) -> None:
    """Someone who has no window says “I hear you”."""
    window = await windows.open()
    await windows.sign_in(window, await someone(windows.database, windows.settings))
    origin = windows.server.origin
    answer = await window.context.request.put(
        f"{origin}/api/v1/posts/{post_id}/reactions/i_hear_you", headers={"Origin": origin}
    )
    assert answer.ok, await answer.text()


async def test_a_phone_shows_more_than_one_post_of_ordinary_length(windows: Windows) -> None:
    author, other = [await someone(windows.database, windows.settings) for _ in range(2)]
    async with unit_of_work(windows.database) as session:
        for words in ("Tea", "Bed", "Sleep"):
            published = await posts.publish(
                session, author_id=author.member_id, body=ORDINARY.format(words)
            )
            await posts.reply(
                session, author_id=other.member_id, parent_id=published.id, body="Sleep well."
            )
    await someone_reacts(windows, published.id)
    rowan = await windows.member("Rowan", viewport=PHONE)
    await rowan.get_by_role("button", name="Close the welcome").click()
    await expect(rowan.get_by_role("region", name="Welcome, Rowan")).to_have_count(0)
    await expect(card(rowan, "Sleep now")).to_contain_text("Someone: I hear you")
    bar = await box(rowan.get_by_role("navigation", name="Main"))
    top = await box(rowan.get_by_role("banner"))
    first = await box(card(rowan, "Sleep now"))
    second = await box(card(rowan, "Bed now"))
    # On opening the wall the second begins; scrolled to the first, most of the second is there.
    assert second["y"] + 44 < bar["y"]
    assert first["height"] + 0.8 * second["height"] < bar["y"] - top["height"]


async def test_ones_own_is_told_from_someones_by_words_mark_and_state(windows: Windows) -> None:
    sky = await windows.member("Sky")
    await write(sky, "A hard night")
    moss = await windows.member("Moss")
    await react(card(moss, "A hard night"), "Thinking of you")
    await expect(card(moss, "A hard night")).to_contain_text("You: Thinking of you")
    rowan = await windows.member("Rowan")
    post = card(rowan, "A hard night")
    given = post.get_by_role("list", name="Said without words").get_by_role("listitem")
    await expect(given).to_have_text(["Someone: Thinking of you"])
    await react(post, "I hear you")
    await expect(given).to_have_text(["Someone: Thinking of you", "You: I hear you"])
    weights = [
        await each.evaluate("(item) => getComputedStyle(item).fontWeight")
        for each in await given.all()
    ]
    assert int(weights[1]) > int(weights[0])

    await post.get_by_role("button", name="React").click()
    pressed = {
        kind: await post.get_by_role("button", name=kind).get_attribute("aria-pressed")
        for kind in KINDS
    }
    assert pressed == {kind: str(kind == "I hear you").lower() for kind in KINDS}
    assert await examine(rowan) == []
    await post.get_by_role("button", name="I hear you").click()
    await expect(given).to_have_text(["Someone: Thinking of you"])
    await expect(card(sky, "A hard night")).to_contain_text("Moss is thinking of you.")


async def test_reacting_by_keyboard_opens_closes_and_keeps_its_place(windows: Windows) -> None:
    sky = await windows.member("Sky")
    await write(sky, "A hard night")
    rowan = await windows.member("Rowan")
    post = card(rowan, "A hard night")
    opener = post.get_by_role("button", name="React")
    await opener.focus()
    await expect(opener).to_have_attribute("aria-expanded", "false")
    await rowan.keyboard.press("Enter")
    await expect(opener).to_have_attribute("aria-expanded", "true")
    await rowan.keyboard.press("Tab")
    await expect(post.get_by_role("button", name="Thinking of you")).to_be_focused()
    for _ in range(3):  # three times would be leaving quickly, were it not for the group
        await rowan.keyboard.press("Escape")
        await expect(opener).to_be_focused()
        await expect(opener).to_have_attribute("aria-expanded", "false")
        await rowan.keyboard.press("Enter")
        await expect(opener).to_have_attribute("aria-expanded", "true")
    await rowan.keyboard.press("Tab")
    await rowan.keyboard.press("Tab")
    await expect(post.get_by_role("button", name="I hear you")).to_be_focused()
    await rowan.keyboard.press("Space")
    await expect(opener).to_be_focused()
    await expect(post).to_contain_text("You: I hear you")
    await expect(opener).to_have_attribute("aria-expanded", "false")
    await rowan.keyboard.press("Tab")
    await expect(post.get_by_role("link", name="Reply")).to_be_focused()


async def test_everything_to_press_on_a_post_is_44_px_high_and_wide(windows: Windows) -> None:
    sky = await windows.member("Sky")
    await write(sky, "A hard night")
    rowan = await windows.member("Rowan", viewport=PHONE)
    post = card(rowan, "A hard night")
    await post.get_by_role("button", name="React").click()
    last = post.get_by_role("button", name="This helped me")
    await expect(last).to_be_in_viewport(ratio=1)
    bar = await box(rowan.get_by_role("navigation", name="Main"))
    shown = await box(last)
    assert shown["y"] + shown["height"] <= bar["y"]
    names = ("React", *KINDS, "More")
    found = {name: await box(post.get_by_role("button", name=name).first) for name in names}
    found["Reply"] = await box(post.get_by_role("link", name="Reply"))
    small = {n: b for n, b in found.items() if b["height"] < 44 or b["width"] < 44}
    assert small == {}
    await one_row(rowan, found)


async def one_row(page: Page, found: dict[str, Any]) -> None:
    """What can be done with a post stands in one row, which is what makes it light."""
    rows = {
        round(found[name]["y"] + found[name]["height"] / 2) for name in ("React", "Reply", "More")
    }
    assert len(rows) == 1, rows
