"""Search: what was found is marked, people are found by name, nothing found says what to try."""

from playwright.async_api import Page, expect

from app.community import posts
from app.core.db import unit_of_work
from tests.browser.windows import Windows, card, react
from tests.people import someone


async def search(page: Page, words: str) -> None:
    await page.goto("/search")
    await page.get_by_label("Words to look for").fill(words)
    await page.get_by_role("button", name="Search").click()


async def test_what_was_found_is_marked_and_stays_marked_when_one_reacts(windows: Windows) -> None:
    sky = await someone(windows.database, windows.settings, name="Sky")
    async with unit_of_work(windows.database) as session:
        await posts.publish(session, author_id=sky.member_id, body="I was *sleeping* by noon")
        await posts.publish(
            session,
            author_id=sky.member_id,
            body="Hard words about sleep",
            note_about="self-harm & sleep",
        )
        long = f"{'A long story, told from the beginning. ' * 40}Then sleep came."
        await posts.publish(session, author_id=sky.member_id, body=long)
    page = await windows.member("Rowan")
    await search(page, "sleep")
    found = page.locator("mark")
    plain = card(page, "by noon")
    await expect(plain.locator("em mark")).to_have_text("sleeping")
    folded = page.get_by_role("article").filter(has_text="You can skip this")
    await expect(folded.locator("mark")).to_have_text("sleep")
    await expect(folded).to_contain_text("Mentions self-harm & sleep.")
    await expect(page.get_by_text("Hard words about")).to_have_count(0)
    await expect(card(page, "A long story").locator("mark")).to_be_visible()
    await expect(found).to_have_count(3)
    await folded.get_by_role("button", name="Open").click()
    await expect(card(page, "Hard words about").locator("mark")).to_have_text(["sleep", "sleep"])
    await react(plain, "I hear you")
    await expect(plain).to_contain_text("You: I hear you")
    await expect(plain.locator("mark")).to_have_count(1)


async def test_a_mark_can_be_told_without_colour_and_in_forced_colours(windows: Windows) -> None:
    sky = await someone(windows.database, windows.settings, name="Sky")
    async with unit_of_work(windows.database) as session:
        await posts.publish(session, author_id=sky.member_id, body="No sleep")
    for options in ({"color_scheme": "dark"}, {"forced_colors": "active"}):
        name = "Rowan" if "color_scheme" in options else "Moss"
        page = await windows.member(name, "/search?q=sleep", **options)
        mark = page.locator("mark")
        await expect(mark).to_have_css("text-decoration-line", "underline")
        around = await mark.evaluate(
            "mark => getComputedStyle(mark.closest('article')).backgroundColor"
        )
        ground = await mark.evaluate("mark => getComputedStyle(mark).backgroundColor")
        assert ground != around
        assert ground != "rgba(0, 0, 0, 0)"


async def test_people_are_found_by_name_and_lead_to_their_page(windows: Windows) -> None:
    zoe = await someone(windows.database, windows.settings, name="Zoë Müller")
    await someone(windows.database, windows.settings, name="Zoe Tree")
    async with unit_of_work(windows.database) as session:
        await posts.publish(session, author_id=zoe.member_id, body="Thank you, Zoe")
    page = await windows.member("Rowan")
    await search(page, "zoe")
    people = page.get_by_role("region", name="People").get_by_role("link")
    await expect(people).to_have_text(["Zoe Tree", "Zoë Müller"])
    await expect(card(page, "Thank you")).to_be_visible()
    await search(page, "muller")
    await expect(page.get_by_text("No posts with these words.")).to_be_visible()
    await page.get_by_role("link", name="Zoë Müller").click()
    await expect(page.get_by_role("heading", name="Zoë Müller", level=1)).to_be_visible()
    await page.go_back()
    await expect(people).to_have_text(["Zoë Müller"])


async def test_nothing_found_says_what_to_try(windows: Windows) -> None:
    page = await windows.member("Rowan")
    await search(page, "<b>umbrella</b>")
    await expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    said = page.get_by_role("main")
    await expect(said).to_contain_text("There are no posts and no people for <b>umbrella</b>")
    await expect(said).to_contain_text("a person’s name, or the first three letters of it")
    await expect(page.get_by_role("region", name="People")).to_have_count(0)
    await said.get_by_role("link", name="read the wall").click()
    await expect(page.get_by_role("heading", name="The wall")).to_be_visible()
