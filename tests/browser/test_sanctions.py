"""What moderators decide for a person: open windows follow at once, and it runs out by itself."""

from datetime import timedelta
from uuid import UUID

import psycopg
from playwright.async_api import Page, expect
from psycopg.rows import dict_row

from app.community import posts
from app.core import clock
from app.core.db import unit_of_work
from app.core.encryption import Encryption
from app.core.ids import new_id
from app.demo.stage import actor_of
from app.identity.letters import Letterbox
from app.identity.roles import Role
from app.moderation import (
    cases,
    chain,
    decisions,
    log,
    log_verification,
    sanction_confirmation,
    sanctions,
    subjects,
)
from app.moderation.case_models import Case
from app.moderation.decision_models import Act
from app.moderation.log_models import LogAct
from app.moderation.sanction_models import SanctionKind
from app.moderation.sanctions import Wanted
from tests.browser.staff import staff
from tests.browser.windows import Windows, card, write
from tests.people import Person, someone

RULES, HURTFUL = "This breaks the rules", "It is hurtful to someone"
REASON = "Some of these words could hurt another member."


def line_of_before(url: str, case_id: UUID, subject_id: UUID) -> None:
    """A first line of the log as the release before wrote it, which said no format."""
    bare = chain.Line(
        seq=1,
        format=1,
        at=clock.now(),
        act="asked_again",
        actor_id=None,
        case_id=case_id,
        subject_kind="post",
        subject_id=subject_id,
        subject_version=None,
        facts="{}",
        prev_hash=chain.FIRST,
        hash=b"",
    )
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO moderation.log (seq, format, at, act, case_id, subject_kind, subject_id,"
            " facts, prev_hash, hash)"
            " VALUES (1, 1, %s, 'asked_again', %s, 'post', %s, '{}', %s, %s)",
            (bare.at, case_id, subject_id, bare.prev_hash, chain.digest(bare, chain.FIRST)),
        )


async def decide(page: Page, author: str, sanction: str, length: str | None) -> None:
    """Claim the case, hide what was written, and decide for the person too."""
    await page.get_by_role("link", name=f"A post by {author}").click()
    await page.get_by_role("button", name="Claim").first.click()
    await expect(page.get_by_text("You have this one until")).to_be_visible()
    await page.get_by_role("radio", name="Hide it").check()
    await page.get_by_label("Why, in kind words").fill(REASON)
    await page.get_by_role("radio", name=sanction).check()
    if length is not None:
        await page.get_by_label("For how long?").select_option(label=length)
    await page.get_by_role("button", name="Send the decision").click()
    await expect(page.get_by_role("heading", name="You decided")).to_be_visible()


async def test_windows_follow_what_is_decided_and_the_log_holds_across_formats(
    windows: Windows, database_url: str
) -> None:
    line_of_before(database_url, new_id(), new_id())
    rowan, sky = await windows.member("Rowan"), await windows.member("Sky")
    await write(rowan, "Unkind words")
    await write(sky, "Far worse words")
    wren = await windows.member("Wren")
    for words in ("Unkind words", "Far worse words"):
        await flag_rules(wren, words)
    sam = await staff(windows, "Sam", Role.MODERATOR, "/moderation")

    await decide(sam, "Rowan", "No writing for a while", "for a week")
    await expect(rowan.get_by_text("You can't write here until")).to_be_visible()
    await rowan.get_by_role("link", name="Read why, and how to appeal").click()
    await expect(rowan.get_by_text(REASON)).to_be_visible()

    await sam.goto("/moderation")
    await decide(sam, "Sky", "Suspend them", "for two weeks")
    await expect(card(sky, "Unkind words")).to_have_count(0)
    await expect(
        sky.get_by_role("heading", level=1, name="Your account is suspended")
    ).to_have_count(0)
    ash = await staff(windows, "Ash", Role.MODERATOR, "/moderation")
    await expect(ash.get_by_text("proposes to suspend")).to_be_visible()
    await expect(sam.get_by_text("You proposed this yourself").first).to_be_visible()
    await ash.get_by_role("button", name="Agree: suspend them").click()
    await expect(ash.get_by_text("proposes to suspend")).to_have_count(0)
    await expect(
        sky.get_by_role("heading", level=1, name="Your account is suspended until")
    ).to_be_visible()
    await expect(sky.get_by_text(REASON)).to_be_visible()
    await expect(sky.get_by_role("main").get_by_role("link", name="Help now").first).to_be_visible()

    await sky.get_by_role("button", name="Appeal: ask another moderator to look again").click()
    dialog = sky.get_by_role("dialog")
    await dialog.get_by_label("What would you like them to know?").fill("It was a quote.")
    await dialog.get_by_role("button", name="Send my appeal").click()
    await expect(dialog).to_contain_text("Thank you.")
    await dialog.get_by_role("button", name="Close").click()
    await expect(sky.get_by_text("You have appealed.")).to_be_visible()

    fern = await staff(windows, "Fern", Role.MODERATOR, "/moderation")
    await fern.get_by_role("link", name="A post by Sky").click()
    await expect(fern.get_by_role("heading", name="Sky appeals")).to_be_visible()
    await fern.get_by_role("button", name="Claim").first.click()
    await expect(fern.get_by_text("You have this one until")).to_be_visible()
    await fern.get_by_role("radio", name="Leave it as it is").check()
    await fern.get_by_label("Why, in kind words").fill("It was a quote indeed.")
    await fern.get_by_role("radio", name="Lift it").check()
    await fern.get_by_role("button", name="Send the decision").click()
    await expect(
        sky.get_by_role("heading", level=1, name="Your account is suspended")
    ).to_have_count(0)
    await expect(sky.get_by_role("heading", name="The wall")).to_be_visible()

    found = await log_verification.check(windows.database.pool)
    assert (found.is_intact, found.why) == (True, None)


async def flag_rules(page: Page, words: str) -> None:
    """As `flag`, for what breaks the rules."""
    post = page.get_by_role("article").filter(has_text=words)
    await post.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=RULES).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(HURTFUL).check()
    await dialog.get_by_role("button", name="Tell the moderators").click()
    await dialog.get_by_role("button", name="Close").click()


async def suspend(windows: Windows, person: Person) -> None:
    """By two moderators, so long ago that half a minute of it is left."""
    (sam, ash) = [await someone(windows.database, windows.settings) for _ in range(2)]
    by = [actor_of(one.account_id, one.member_id, Role.MODERATOR) for one in (sam, ash)]
    letterbox = Letterbox(Encryption(windows.settings.secrets), windows.server.origin)
    with clock.at(clock.now() - timedelta(days=14) + timedelta(seconds=30)):
        async with unit_of_work(windows.database) as session:
            made = await posts.publish(session, author_id=person.member_id, body="Words")
            post = await posts.get(session, made.id, lock=True)
            subject = subjects.of_post(post)
            opened = await cases.open_for(session, subject)
            await log.append(session, opened.id, subject, LogAct.OPENED, actor_id=None)
            case = await session.get_one(Case, opened.id)
            decision = await decisions.write(
                session, by[0], case, post, act=Act.NOTHING, reason=REASON, note_about=None
            )
            wanted = Wanted(SanctionKind.SUSPEND, 14)
            sanction = await sanctions.make(session, by[0], case, post, decision, wanted)
            await decisions.append_to_log(session, by[0], case, decision)
            await sanctions.note(session, sanction, subject, LogAct.SANCTIONED, by=by[0].member_id)
        async with unit_of_work(windows.database) as session:
            await sanction_confirmation.confirm(session, by[1], sanction.id, letterbox)


async def test_it_runs_out_by_itself_in_an_open_window_and_an_update_says_so(
    windows: Windows,
) -> None:
    sky = await someone(windows.database, windows.settings, name="Sky")
    page = await windows.open()
    await windows.sign_in(page, sky)
    await page.goto("/wall")
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()
    await suspend(windows, sky)
    await expect(
        page.get_by_role("heading", level=1, name="Your account is suspended")
    ).to_be_visible()
    await expect(page.get_by_text(REASON)).to_be_visible()
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()
    async with unit_of_work(windows.database) as session:
        assert await sanctions.tell_over(session)
    await page.goto("/news")
    await expect(page.get_by_text("Your account is open again. Welcome back.")).to_be_visible()
    assert (await log_verification.check(windows.database.pool)).is_intact
