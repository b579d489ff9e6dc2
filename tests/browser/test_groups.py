"""Groups: found and joined by a member, run by a host on a phone, set up by the office."""

from datetime import timedelta
from uuid import UUID

from playwright.async_api import Page, expect

from app.core import clock
from app.core.db import unit_of_work
from app.identity.roles import Role
from app.programme import groups, hosts, memberships, organisations
from app.programme.choices import GroupKind, GroupMode
from app.programme.groups import GroupWords
from tests.browser.staff import staff
from tests.browser.test_axe import examine
from tests.browser.windows import Windows, kept_for_offline
from tests.people import Person, signed_in, someone


async def circle(windows: Windows, host: Person) -> str:
    """A group that this host runs."""
    async with unit_of_work(windows.database) as session:
        owner = await organisations.add_organisation(session, name="Harbour Minds")
        area = await organisations.add_area(session, name="Leeds")
        words = GroupWords(
            owner.id,
            area.id,
            "Tuesday circle",
            GroupMode.IN_PERSON,
            GroupKind.PEER_LED,
            "We drink tea and talk.",
            "The library",
        )
        group = await groups.start(session, words)
        await hosts.add(session, group.id, account_id=host.account_id)
    return str(group.id)


async def host_of(windows: Windows) -> Person:
    return await someone(windows.database, windows.settings, name="Marlow", roles=[Role.HOST])


async def test_a_member_finds_a_group_and_says_that_they_go_there(windows: Windows) -> None:
    await circle(windows, await host_of(windows))
    page = await windows.member("Rowan", "/groups")
    await page.get_by_label("Where").select_option("Leeds (1)")
    await page.get_by_role("link", name="Tuesday circle").click()
    await expect(page.get_by_role("heading", name="Tuesday circle")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text("The library, Leeds")
    await expect(page.get_by_role("link", name="Marlow")).to_be_visible()
    assert await examine(page) == []
    await page.get_by_role("button", name="I go to this group").click()
    await expect(page.get_by_role("button", name="I don't go there any more")).to_be_visible()
    await page.goto("/groups")
    own = page.get_by_role("region", name="Your groups")
    await expect(own.get_by_role("link", name="Tuesday circle")).to_be_visible()
    assert await examine(page) == []


async def plan(page: Page) -> None:
    """A meeting that began an hour ago, by the form."""
    began = clock.now() - timedelta(hours=1)
    await page.get_by_label("Day").fill(f"{began:%Y-%m-%d}")
    await page.get_by_label("Time").fill(f"{began:%H:%M}")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("1 meeting added.")).to_be_visible()


async def test_a_host_takes_attendance_while_the_network_comes_and_goes(
    windows: Windows,
) -> None:
    host = await host_of(windows)
    group_id = await circle(windows, host)
    for name in ("Rowan", "Sky"):
        member = await signed_in(windows.database, name)
        async with unit_of_work(windows.database) as session:
            await memberships.join(session, member.actor, UUID(group_id))
    page = await windows.open(keeps_offline=True)
    await windows.sign_in(page, host)
    await page.goto(f"/groups/{group_id}")
    await page.get_by_role("link", name="Meetings and attendance").click()
    await plan(page)
    await page.get_by_role("button", name="Give someone a card").click()
    code = await page.locator("[data-code-card] .code").inner_text()
    await page.get_by_role("button", name="Done").click()
    assert await examine(page) == []

    await page.get_by_role("link", name="Attendance").click()
    rowan = page.get_by_role("button", name="Rowan")
    await rowan.click()
    await expect(rowan).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("1 person here")).to_be_visible()
    await page.get_by_label("Code on a card").fill("C-00000-00")
    await page.get_by_role("button", name="Add to the list").click()
    await expect(page.get_by_text("one character may be wrong")).to_be_visible()
    await page.get_by_label("Code on a card").fill(code.lower())
    await page.get_by_role("button", name="Add to the list").click()
    await expect(page.get_by_role("button", name=code)).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="One more").click()
    await expect(page.get_by_text("3 people here")).to_be_visible()
    assert await examine(page) == []

    await kept_for_offline(page)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Sky").click()
    await rowan.click()
    await expect(page.get_by_text("Not sent yet: 2")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Not sent yet: 2")).to_be_visible()
    await expect(page.get_by_role("button", name="Sky")).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("button", name=code)).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("3 people here")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("Not sent yet")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("button", name="Sky")).to_have_attribute("aria-pressed", "true")
    await expect(rowan).to_have_attribute("aria-pressed", "false")


async def test_the_office_starts_a_group_and_finds_its_host(windows: Windows) -> None:
    await host_of(windows)
    page = await staff(windows, "The office", Role.ADMINISTRATOR, "/programme")
    for what, name in (("an organisation", "Harbour Minds"), ("an area", "Leeds")):
        await page.get_by_role("button", name=f"Add {what}").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Name").fill(name)
        await dialog.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("button", name=f"Rename {name}")).to_be_visible()
    await page.get_by_role("button", name="Start a group").click()
    await page.get_by_role("button", name="Save the group").click()
    await expect(page.get_by_text("Write a name.")).to_be_visible()
    await page.get_by_label("Name of the group").fill("Friday walk")
    await page.get_by_label("Around an activity").check()
    assert await examine(page) == []
    await page.get_by_role("button", name="Save the group").click()
    await page.get_by_role("button", name="Add a host to Friday walk").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Their name on Alongside").fill("Marlow")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("button", name="Remove Marlow")).to_be_visible()
    assert await examine(page) == []
