"""What a moderator hides goes from open pages, with all that stands below it."""

from uuid import UUID

from playwright.async_api import Page, expect

from app.community import posts, publishing
from app.core.db import unit_of_work
from tests.browser.windows import Desk
from tests.identity.factories import someone

ROOT = "What the forum told me to take"
REPLY = "I took that as well"


async def _thread(desk: Desk) -> UUID:
    """A thread of Rowan's that Sky has replied to."""
    rowan = await someone(desk.database, desk.settings, display_name="Rowan")
    sky = await someone(desk.database, desk.settings, display_name="Sky")
    async with unit_of_work(desk.database) as session:
        root = await publishing.publish(session, author_id=rowan.member_id, body=ROOT)
        await publishing.reply(session, author_id=sky.member_id, parent_id=root.id, body=REPLY)
    return root.id


async def _hide(desk: Desk, post_id: UUID) -> None:
    async with unit_of_work(desk.database) as session:
        post = await posts.get(session, post_id, lock=True)
        await posts.hide(session, post, reason="It names a way to self-harm.")


async def _is_folded(page: Page) -> None:
    await expect(page.get_by_text(ROOT)).to_have_count(0)
    await expect(page.get_by_text(REPLY)).to_have_count(0)


async def test_an_open_thread_goes_whole_when_its_post_is_hidden(desk: Desk) -> None:
    root = await _thread(desk)
    moss = await desk.member("Moss", f"/threads/{root}")
    await expect(moss.get_by_text(REPLY)).to_be_visible()
    await _hide(desk, root)
    await _is_folded(moss)


async def test_a_thread_that_was_hidden_while_the_line_was_down_goes_when_it_is_back(
    desk: Desk,
) -> None:
    root = await _thread(desk)
    moss = await desk.member("Moss", f"/threads/{root}", keeps_offline=True)
    await expect(moss.get_by_text(REPLY)).to_be_visible()
    await moss.context.set_offline(True)
    desk.server.kill()
    await _hide(desk, root)
    desk.server.start_again()
    await moss.context.set_offline(False)
    await _is_folded(moss)
