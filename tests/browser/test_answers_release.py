"""Scores and answers of a study: chosen when it is frozen, and exact rows of them by agreement."""

import re
from datetime import timedelta
from pathlib import Path

from playwright.async_api import expect

from app.core import clock
from app.identity.roles import Role
from tests.browser.releases import downloaded
from tests.browser.staff import staff
from tests.browser.windows import Windows
from tests.research.told import answer_all, asking, joined


async def test_scores_are_chosen_in_steps_and_exact_answers_leave_by_agreement(
    windows: Windows, tmp_path: Path
) -> None:
    study = await asking(windows.database, covers_answers=True)
    members = await joined(windows.database, study, 8)
    await answer_all(windows.database, study, members, 2)
    room = f"/research/studies/{study.id}"

    wren = await staff(windows, "Wren", Role.RESEARCHER, f"{room}/datasets", accept_downloads=True)
    await wren.get_by_label("PHQ-9: Symptoms of depression").check()
    await expect(wren.get_by_text("minimal, mild, moderate, moderately severe")).to_be_visible()
    await expect(wren.get_by_text("Nothing has to be made coarser")).to_be_visible()
    await wren.get_by_role("button", name="Freeze it now").click()
    card = wren.get_by_role("article", name="Dataset 1")
    await expect(card).to_be_focused()
    await card.get_by_text("What it holds, and what that cost").click()
    await expect(card).to_contain_text("PHQ-9: Symptoms of depression")
    await expect(card.get_by_role("row", name="A person and wave: their scores")).to_contain_text(
        "24"
    )

    rows = card.get_by_role("region", name="Rows of answers")
    await expect(rows.get_by_text("knows a person well could recognise them")).to_be_visible()
    await rows.get_by_role("button", name="Ask for these rows").click()
    await expect(rows.get_by_label("Who may hold the rows")).to_be_focused()
    await rows.get_by_label("Who may hold the rows").fill("The evaluation team")
    await rows.get_by_label("What for").fill("To see who feels better.")
    until = (clock.now() + timedelta(days=90)).date()
    await rows.get_by_label("The last day").fill(until.isoformat())
    await rows.get_by_role("button", name="Ask a checker").click()
    await expect(rows.get_by_text("It waits for a checker")).to_be_visible()
    await expect(rows.get_by_role("button", name=re.compile("^Download"))).to_have_count(0)

    larch = await staff(windows, "Larch", Role.CHECKER, f"{room}/releases")
    case = larch.get_by_role("article", name="Dataset 1: rows of answers")
    await expect(case.get_by_text("The evaluation team")).to_be_visible()
    await case.get_by_label("Why you release or refuse it").fill("The agreement is signed.")
    await case.get_by_role("button", name="Release it").click()
    await expect(case).to_be_focused()

    await wren.reload()
    button = rows.get_by_role("button", name="Download the rows of answers")
    tables = await downloaded(wren, button, tmp_path / "answers.zip")
    assert set(tables) == {"responses", "scores", "doses", "codebook"}
    first = [row for row in tables["scores"] if row["wave"] == "1"]
    assert {(row["phq9_total"], row["phq9_total_n"]) for row in first} == {("18", "9")}
    assert "may_leave" not in tables["scores"][0]


async def test_a_sheet_speaks_of_answers_once_its_author_says_so(windows: Windows) -> None:
    study = await asking(windows.database)
    wren = await staff(windows, "Wren", Role.RESEARCHER, f"/research/studies/{study.id}/sheet")
    await wren.get_by_label("Rows of answers may leave under an agreement").check()
    preview = wren.get_by_role("region", name="As members will read it")
    await expect(preview.get_by_text("Your answers may leave")).to_be_visible()
    await wren.get_by_role("button", name="Publish version 2").click()
    dialog = wren.get_by_role("dialog")
    await dialog.get_by_role("button", name="Publish").click()
    await expect(wren.get_by_text("answers may leave", exact=False).first).to_be_visible()
    await expect(wren.get_by_label("Rows of answers may leave under an agreement")).to_be_checked()
