"""Who may see what: one rule in the database, asked by every surface."""

import itertools
import re
from datetime import timedelta

from app.community import posts
from app.community.visibility import VIEWER, parameters_of, sees
from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from tests.people import Json, SignedIn
from tests.wall import WALL_ID

LISTS = {"wall": "/wall", "unanswered": "/wall?unanswered=true", "search": "/search?q=marker"}
SURFACES = ("wall", "unanswered", "thread", "post", "search", "activity")


async def shown_on(reader: SignedIn, post: Json, surface: str) -> str | None:
    """The HTML in which a reader meets a post on a surface; None when it isn't there."""
    root = post["thread_id"]
    if surface in {"thread", "post"}:
        where = f"/threads/{root}" if surface == "thread" else f"/posts/{post['id']}"
        answer = await reader.client.get(f"/api/v1{where}")
        if answer.status_code == 404:
            return None
        found = answer.json()
        items = [found["post"], *found["replies"]["items"]] if surface == "thread" else [found]
    elif surface == "activity":
        page = await reader.get("/me/activity")
        items = [item["post"] for item in page["items"]]
    else:
        path = {
            "wall": "/wall",
            "unanswered": "/wall?unanswered=true",
            "search": "/search?q=marker",
        }
        items = (await reader.get(path[surface]))["items"]
    shown = next((item["body_html"] for item in items if item["id"] == post["id"]), None)
    return shown and re.sub("</?mark>", "", shown)  # search marks what it found


async def hide(database: Database, post: Json) -> None:
    async with unit_of_work(database) as session:
        found = await posts.get(session, post["id"], lock=True)
        await posts.hide(session, found, reason="It described a method.")


async def test_a_hidden_post_is_for_its_author_and_moderators(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn, database: Database
) -> None:
    post = await rowan.publish("A marker.")
    await sky.react(post)
    await hide(database, post)
    for surface in SURFACES:
        assert await shown_on(rowan, post, surface) == '<p dir="auto">A marker.</p>', surface
        assert await shown_on(sky, post, surface) is None, surface
        seen = await shown_on(moderator, post, surface)
        assert seen == (None if surface == "activity" else '<p dir="auto">A marker.</p>'), surface


async def test_a_hidden_reply_is_for_its_author_and_moderators(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn, database: Database
) -> None:
    reply = await sky.reply(await rowan.publish(), "A marker.")
    await rowan.react(reply)
    await hide(database, reply)
    for surface in ("thread", "post", "search", "activity"):
        assert await shown_on(sky, reply, surface) == '<p dir="auto">A marker.</p>', surface
        assert await shown_on(rowan, reply, surface) is None, surface
        seen = await shown_on(moderator, reply, surface)
        assert seen == (None if surface == "activity" else '<p dir="auto">A marker.</p>'), surface


async def test_replies_below_a_hidden_post_are_hidden_with_it(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish("Post.")
    reply = await sky.reply(post, "A marker.")
    await hide(database, post)
    for surface in ("thread", "post", "search"):
        assert await shown_on(moss, reply, surface) is None, surface
        assert await shown_on(rowan, reply, surface) == '<p dir="auto">A marker.</p>', surface
    assert await shown_on(sky, reply, "activity") == '<p dir="auto">A marker.</p>'


async def test_a_text_taken_back_is_served_to_nobody(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn
) -> None:
    post = await rowan.publish("A marker.")
    await sky.react(post)
    await sky.reply(post)
    await rowan.withdraw(post)
    for reader, surface in itertools.product((rowan, sky, moderator), SURFACES):
        assert await shown_on(reader, post, surface) in {None, ""}, surface
    assert await rowan.status(f"/posts/{post['id']}/revisions") == 404
    assert await moderator.status(f"/posts/{post['id']}/revisions") == 404


async def test_only_its_author_reads_why_it_is_hidden(
    rowan: SignedIn, moderator: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    await hide(database, post)
    mine = await rowan.get(f"/posts/{post['id']}")
    assert (mine["state"], mine["hidden_reason"]) == ("hidden", "It described a method.")
    theirs = await moderator.get(f"/posts/{post['id']}")
    assert (theirs["state"], theirs["hidden_reason"]) == ("hidden", None)


async def test_a_hidden_post_and_all_below_it_takes_nothing_and_its_author_may_edit_it(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, moderator: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    below = await sky.reply(post)
    await hide(database, post)
    for one in (post, below):
        for browser, status in ((moss, 404), (moderator, 409), (rowan, 409)):
            path = f"/api/v1/posts/{one['id']}"
            answer = await browser.client.post(f"{path}/replies", json={"body": "Hm."})
            assert answer.status_code == status
            answer = await browser.client.put(f"{path}/reactions/i_hear_you")
            is_own = one is post and browser is rowan
            assert answer.status_code == (403 if is_own else status)
    edited = await rowan.edit(post, "Without the method.")
    assert edited["state"] == "hidden"


async def test_restored_it_is_as_before(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    reply = await sky.reply(post)
    await hide(database, reply)
    assert (await moss.thread(post))["post"]["is_answered"] is False
    async with unit_of_work(database) as session:
        await posts.restore(session, await posts.get(session, reply["id"], lock=True))
    found = await moss.thread(post)
    assert (found["post"]["reply_count"], found["post"]["is_answered"]) == (1, True)
    assert len(found["replies"]["items"]) == 1


async def test_a_note_of_a_moderator_stays_through_an_edit(
    rowan: SignedIn, sky: SignedIn, database: Database
) -> None:
    post = await rowan.publish()
    async with unit_of_work(database) as session:
        await posts.fold(
            session, await posts.get(session, post["id"], lock=True), about="self-harm"
        )
    assert (await sky.wall())[0]["note"] == {"about": "self-harm", "by": "moderator"}
    edited = await rowan.edit(post, "Other words.", note={"about": "nothing much"})
    assert edited["note"] == {"about": "self-harm", "by": "moderator"}


async def test_the_rule_as_a_table(
    connection: AnyConnection, rowan: SignedIn, sky: SignedIn
) -> None:
    post = await rowan.publish("Words.")
    viewers = {"author": rowan.member_id, "other": sky.member_id, "no member": new_id()}
    other = new_id()
    await connection.execute("INSERT INTO community.spaces VALUES (%s, 'group', 'Other')", [other])
    for is_withdrawn, visibility, replies, viewer, sees_hidden, space in itertools.product(
        (False, True), ("visible", "hidden"), (0, 2), viewers, (False, True), (WALL_ID, other)
    ):
        await connection.execute(
            "UPDATE community.posts SET visibility = %s, hidden_reason = %s, reply_count = %s,"
            " withdrawn_at = CASE WHEN %s THEN now() END, space_id = %s",
            (visibility, "Why." if visibility == "hidden" else None, replies, is_withdrawn, space),
        )
        who = viewers[viewer]
        cursor = await connection.execute(
            f"WITH {VIEWER} SELECT {sees('p', 'p')} AS seen, community.shown_html(p) AS html,"
            " community.shown_source(p, %(viewer)s) AS source FROM community.posts p"
            " WHERE id = %(post)s",
            {**parameters_of(who, sees_hidden=sees_hidden), "post": post["id"]},
        )
        stands = not is_withdrawn or replies > 0
        open_to = space == WALL_ID and (visibility == "visible" or sees_hidden)
        open_to = (open_to or viewer == "author") and viewer != "no member"
        assert await cursor.fetchone() == {
            "seen": stands and open_to,
            "html": "" if is_withdrawn else '<p dir="auto">Words.</p>',
            "source": "Words." if viewer == "author" and not is_withdrawn else None,
        }


async def test_who_is_suspended_is_nobody_until_it_runs_out(
    connection: AnyConnection, rowan: SignedIn, sky: SignedIn
) -> None:
    """Also where a read was let in a moment before."""
    await rowan.publish()
    now = clock.now()
    asked = f"WITH {VIEWER} SELECT {sees('p', 'p')} AS seen FROM community.posts p"
    await connection.execute(
        "UPDATE identity.accounts SET suspended_until = %s WHERE member_id = %s",
        (now + timedelta(days=14), sky.member_id),
    )
    for days, is_seen in ((0, False), (13, False), (15, True)):
        with clock.at(now + timedelta(days=days)):
            cursor = await connection.execute(asked, parameters_of(sky.member_id))
        assert await cursor.fetchone() == {"seen": is_seen}
