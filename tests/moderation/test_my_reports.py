"""What a member flagged, and what became of it."""

from app.api.schemas.reports import MyReport
from app.core.pages import Page
from tests.moderation.factories import case_about
from tests.people import SignedIn, id_of


async def test_a_member_sees_what_they_flagged_and_what_became_of_it(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    first, second = id_of(await rowan.publish()), id_of(await rowan.publish())
    case_id = await case_about(first, sky, sam)
    await sky.worry(second, detail="Please look.")
    await sam.decide(case_id, reason="We read it with care and it can stay.")
    page = await sky.get("/me/reports")
    assert Page[MyReport].model_validate(page).model_dump(mode="json") == page
    waiting, answered = page["items"]
    assert (waiting["post_id"], waiting["state"], waiting["answer"]) == (
        str(second),
        "waiting",
        None,
    )
    assert (waiting["kind"], waiting["detail"]) == ("worried", "Please look.")
    assert (answered["post_id"], answered["state"]) == (str(first), "answered")
    assert answered["answer"].endswith("We read it with care and it can stay.")
    assert answered["answer"] == (await sky.notices())[0]["text"], "the same words in both places"
    assert (await rowan.get("/me/reports"))["items"] == []


async def test_ones_own_flags_page_by_key(rowan: SignedIn, sky: SignedIn) -> None:
    posts = [id_of(await rowan.publish()) for _ in range(23)]
    for post_id in posts:
        assert (await sky.worry(post_id)).status_code == 201
    first = await sky.get("/me/reports")
    last = await sky.get("/me/reports", cursor=first["next_cursor"])
    seen = [item["post_id"] for item in first["items"] + last["items"]]
    assert seen == [str(post_id) for post_id in reversed(posts)]
    assert last["next_cursor"] is None
    for wrong in ("x", "WyJ4IiwieSJd"):
        answer = await sky.client.get("/api/v1/me/reports", params={"cursor": wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "bad-cursor")
