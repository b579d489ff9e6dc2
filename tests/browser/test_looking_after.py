"""The team's hours, many flags at once, a moderator alone, and a browser that keeps nothing."""

import asyncio
import re
from uuid import UUID

from playwright.async_api import Route, expect

from app.community import posts
from app.core.db import unit_of_work
from app.identity.roles import Role
from tests.browser.staff import flag, staff
from tests.browser.test_access import NARROW, look
from tests.browser.windows import Windows, card, write

NEVER = ["getItem", "setItem", "removeItem"]
REFUSE = "".join(
    f"Storage.prototype.{name} = () => {{ throw new DOMException('no', 'SecurityError'); }};"
    for name in NEVER
)


async def test_the_lead_says_when_the_team_is_here_and_the_worried_read_it(
    windows: Windows,
) -> None:
    lead = await staff(windows, "Lead", Role.SAFEGUARDING, "/hours")
    await look(lead, "/hours")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        row = lead.get_by_role("group", name=day)
        await row.get_by_role("button", name="Add a time").click()
        await row.get_by_label("From").fill("00:00")
        await row.get_by_label("to", exact=True).fill("00:00")
    await lead.get_by_label("Someone is worried about a person").select_option("30 minutes")
    sunday = lead.get_by_role("group", name="Sunday").get_by_label("From")
    kept = lead.get_by_text("Here is what you were writing.")
    await lead.reload()
    await expect(kept).to_be_visible()
    await expect(sunday).to_have_value("00:00")
    await lead.get_by_role("button", name="Save the hours").click()
    await expect(lead.get_by_text("The hours are saved")).to_be_visible()
    await expect(kept).to_have_count(0)
    await lead.reload()
    await expect(sunday).to_have_value("00:00")
    await expect(kept).to_have_count(0)
    rowan = await windows.member("Rowan")
    await write(rowan, "Nobody would notice")
    sky = await windows.member("Sky")
    await card(sky, "Nobody would notice").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="I'm worried about this person").click()
    dialog = sky.get_by_role("dialog")
    await expect(dialog).to_contain_text("Moderators are here at every hour.")
    await expect(dialog.get_by_role("link", name="Help now")).to_be_visible()
    await dialog.get_by_role("button", name="Tell the moderators").click()
    await expect(dialog.get_by_text("Moderators are here at every hour.")).to_be_visible()
    await expect(dialog.get_by_role("link", name="Help now")).to_be_visible()


async def test_what_comes_late_moves_no_button_away_from_a_finger(windows: Windows) -> None:
    is_asked_for = asyncio.Event()

    async def late(route: Route) -> None:
        await is_asked_for.wait()
        await route.continue_()

    rowan = await windows.member("Rowan")
    await write(rowan, "Nobody would notice")
    sky = await windows.member("Sky")
    await sky.route("**/api/v1/team-hours", late)
    await card(sky, "Nobody would notice").get_by_role("button", name="More").click()
    await sky.get_by_role("menuitem", name="I'm worried about this person").click()
    dialog = sky.get_by_role("dialog")
    tell = dialog.get_by_role("button", name="Tell the moderators")
    await tell.hover()
    await sky.mouse.down()
    before = await tell.bounding_box()
    is_asked_for.set()
    await expect(dialog).to_contain_text("We can't promise when someone reads it.")
    assert await tell.bounding_box() == before
    await sky.mouse.up()
    await expect(dialog.get_by_text("Thank you for looking out", exact=True)).to_be_visible()


async def test_many_flags_of_one_member_are_left_as_they_are_in_one_act(windows: Windows) -> None:
    rowan = await windows.member("Rowan")
    for number in range(4):
        await write(rowan, f"Post number {number}")
    sky = await windows.member("Sky")
    await expect(card(sky, "Post number 3")).to_be_visible()
    for number in range(4):
        await flag(sky, f"Post number {number}", "I'm worried about this person")
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation", viewport=NARROW)
    await look(sam, "/moderation")
    await sam.get_by_role("link", name="One person is worried about 4 posts").click()
    heading = sam.get_by_role("heading", name="One person is worried about 4 posts")
    await expect(heading).to_be_focused()
    await look(sam, sam.url)
    await sam.get_by_text("How it begins").first.click()
    await expect(sam.get_by_text("Post number 0")).to_be_visible()
    await sam.get_by_role("button", name="Leave 4 cases as they are").click()
    await expect(sam.get_by_text("Say why in a few more words")).to_be_visible()
    await sam.get_by_label("Why, in kind words").fill("We read all four with care.")
    await sam.get_by_role("button", name="Leave 4 cases as they are").click()
    await expect(sam.get_by_role("heading", name="You decided 4 cases")).to_be_focused()
    await sam.goto("/moderation")
    await expect(sam.get_by_text("Nothing is waiting for you")).to_be_visible()


async def test_a_lone_moderator_opens_a_case_from_the_wall(windows: Windows) -> None:
    rowan = await windows.member("Rowan")
    await write(rowan, "Take them all at once")
    sam = await staff(windows, "Sam", Role.MODERATOR, "/wall")
    await card(sam, "Take them all at once").get_by_role("button", name="More").click()
    await sam.get_by_role("menuitem", name="Open a case about it").click()
    await expect(sam.get_by_role("heading", name="A post by Rowan")).to_be_visible()
    await expect(sam.get_by_text("A moderator opened this case")).to_be_visible()
    await sam.get_by_role("button", name="Claim").first.click()
    await sam.get_by_label("Hide it for now").check()
    await sam.get_by_label("Why, in kind words").fill("It describes a method.")
    await sam.get_by_role("button", name="Send the decision").click()
    await expect(sam.get_by_text("You decided")).to_be_visible()


async def test_a_case_opens_and_is_decided_in_a_browser_that_refuses_to_keep_anything(
    windows: Windows,
) -> None:
    rowan = await windows.member("Rowan")
    await write(rowan, "You are all fools")
    sky = await windows.member("Sky")
    await expect(card(sky, "You are all fools")).to_be_visible()
    await flag(sky, "You are all fools", "This breaks the rules", "It is hurtful to someone")
    sam = await staff(windows, "Sam", Role.MODERATOR, "/wall")
    await sam.add_init_script(REFUSE)
    await sam.goto("/moderation")
    await sam.get_by_role("list", name="Cases").get_by_role("link").first.click()
    await sam.get_by_role("button", name="Claim").first.click()
    await sam.get_by_label("Leave it as it is").check()
    await sam.get_by_label("Why, in kind words").fill("We read it with care.")
    await sam.get_by_role("button", name="Send the decision").click()
    await expect(sam.get_by_text("You decided")).to_be_visible()


async def test_who_answered_a_hidden_post_reads_the_truth_and_their_own_words(
    windows: Windows,
) -> None:
    rowan = await windows.member("Rowan")
    await write(rowan, "Here is how to do it")
    sky = await windows.member("Sky")
    await card(sky, "Here is how to do it").get_by_role("link", name="Reply").click()
    await sky.get_by_label("Your reply").fill("Please don't.")
    await sky.get_by_role("button", name="Send the reply").click()
    await expect(card(sky, "Please don't.")).to_be_visible()
    post_id = UUID(sky.url.rsplit("/", 1)[-1].split("#")[0])
    async with unit_of_work(windows.database) as session:
        post = await posts.get(session, post_id, lock=True)
        await posts.hide(session, post, reason="It describes a method.")
    # As for every post that is out of sight, whoever put it there; the frame may be drawn before.
    told = re.compile("A moderator has hidden this for now|This can't be shown any more")
    await expect(sky.get_by_text(told)).to_be_visible()
    await sky.reload()
    await expect(sky.get_by_text("This can't be shown any more.")).to_be_visible()
    await expect(card(sky, "Please don't.")).to_be_visible()
    await expect(sky.get_by_text("Here is how to do it")).to_have_count(0)
    await expect(sky.get_by_text("deleted it")).to_have_count(0)
