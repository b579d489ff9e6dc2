"""Members are found by their names, and by whom."""

from fastapi import FastAPI

from app.community import members
from app.core.db import Database, unit_of_work
from app.identity.roles import Role
from tests.people import SignedIn, signed_in


async def people(browser: SignedIn, q: str) -> list[str]:
    return [found["display_name"] for found in (await browser.get("/search", q=q))["members"]]


async def test_members_are_found_by_name(app: FastAPI, rowan: SignedIn, sky: SignedIn) -> None:
    async with (
        (await signed_in(app, "Zoë Müller")).client,
        (await signed_in(app, "Rowan Tree")).client,
        (await signed_in(app, "Rowena")).client,
        (await signed_in(app, "Łódź 薬")).client,
        (await signed_in(app, "Anne-Marie")).client,
        (await signed_in(app, "Wren2")).client,
    ):
        for q, found in (
            ("rowan", ["Rowan", "Rowan Tree"]),
            ("ROWAN  tree", ["Rowan Tree"]),
            ("tree row", ["Rowan Tree"]),
            ("row", ["Rowan", "Rowena", "Rowan Tree"]),
            ("ro", []),
            ("zoe", ["Zoë Müller"]),
            ("muller", ["Zoë Müller"]),
            ("MÜLL", ["Zoë Müller"]),
            ("lodz", ["Łódź 薬"]),
            ("薬", ["Łódź 薬"]),
            ("rowan -tree", ["Rowan", "Rowan Tree"]),
            ("rowan sky moss tree row sky sky", []),
            ("nobody", []),
            ("wren 2", ["Wren2"]),
            ("wren2", ["Wren2"]),
            ("anne-marie", ["Anne-Marie"]),
            ("annemarie", ["Anne-Marie"]),
            ("marie", ["Anne-Marie"]),
            ("'", []),
            ("--", []),
        ):
            assert await people(sky, q) == found, q
    (found,) = (await sky.get("/search", q="sky"))["members"]
    assert found == {
        "id": str(sky.member_id),
        "display_name": "Sky",
        "is_new": False,
        "is_me": True,
        "staff_role": None,
    }


async def test_of_many_with_such_a_name_a_few_are_shown_and_one_is_told_so(
    app: FastAPI, rowan: SignedIn
) -> None:
    for number in range(8):
        await (await signed_in(app, f"Bramble {number}")).client.aclose()
    page = await rowan.get("/search", q="bramble")
    assert (len(page["members"]), page["has_more_members"]) == (6, True)
    page = await rowan.get("/search", q="bramble 7")
    assert [one["display_name"] for one in page["members"]] == ["Bramble 7"]
    assert page["has_more_members"] is False
    for number in range(21):
        await rowan.publish(f"Bramble jam {number}")
    page = await rowan.get("/search", q="bramble")
    following = await rowan.get("/search", q="bramble", cursor=page["next_cursor"])
    assert (following["members"], following["has_more_members"]) == ([], False)


async def test_who_has_left_has_not_come_or_works_on_studies_is_not_found(
    app: FastAPI, rowan: SignedIn, moderator: SignedIn, database: Database
) -> None:
    for name, undo in (
        (
            "Bramble gone",
            "UPDATE identity.accounts SET closed_at = now(), email_hash = NULL,"
            " email_sealed = NULL, password_hash = NULL WHERE member_id = %s",
        ),
        ("Bramble new", "UPDATE identity.accounts SET verified_at = NULL WHERE member_id = %s"),
    ):
        async with (one := await signed_in(app, name)).client:
            assert await people(rowan, "bramble") == [name]
            async with database.pool.connection() as connection:
                await connection.execute(undo, (one.member_id,))
            assert await people(rowan, "bramble") == []
    async with (left := await signed_in(app, "Bramble left")).client:
        await left.publish("I was here.")
        async with unit_of_work(database) as session:
            await members.leave(session, left.member_id)
        assert await people(rowan, "bramble") == []
        assert await people(rowan, "someone who has left") == []
    async with (await signed_in(app, "Bramble Wren", roles=(Role.RESEARCHER,))).client as barred:
        assert await people(rowan, "bramble") == []
        answer = await barred.get("/api/v1/search", params={"q": "bramble"})
        assert answer.status_code == 403
    (found,) = (await rowan.get("/search", q="sam home"))["members"]
    assert found["staff_role"] == "moderator"


async def test_a_new_name_is_found_and_the_former_is_not(rowan: SignedIn, sky: SignedIn) -> None:
    answer = await rowan.client.patch("/api/v1/me", json={"display_name": "Hazel"})
    assert answer.status_code == 200
    assert await people(sky, "hazel") == ["Hazel"]
    assert await people(sky, "rowan") == []
