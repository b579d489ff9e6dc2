"""A moderator opens a case themselves, and decides alone where there is no other."""

from tests.people import KIND, People, SignedIn, id_of

HARM = "Take twenty of them at once, then wait in the dark."


async def test_a_moderator_opens_a_case_about_what_nobody_flagged(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    quoting = id_of(await sky.reply(id_of(await rowan.publish()), f"He wrote: {HARM}"))
    opened = await sam.post("/cases", post_id=str(quoting))
    assert opened.status_code == 201, opened.text
    case = opened.json()
    assert (case["report_count"], case["is_appeal"], case["why_not"]) == (0, False, None)
    assert (await sam.post("/cases", post_id=str(quoting))).json()["id"] == case["id"]
    line = (await sam.get("/moderation/log"))["items"][0]
    assert (line["act"], line["actor"]["display_name"]) == ("opened", "Sam")
    await sam.claim(case["id"])
    detail = await sam.get(f"/cases/{case['id']}")
    assert (detail["flagged_texts"], detail["reports"]) == ([], [])
    assert (await sam.decide(case["id"], "hide")).status_code == 201
    assert (await rowan.client.get(f"/api/v1/posts/{quoting}")).status_code == 404
    assert KIND in (await sky.notices())[0]["text"]


async def test_only_a_moderator_opens_a_case_and_never_about_their_own_words(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    post_id = str(id_of(await rowan.publish()))
    assert (await sky.post("/cases", post_id=post_id)).status_code == 403
    mine = str(id_of(await sam.publish()))
    answer = await sam.post("/cases", post_id=mine)
    assert (answer.status_code, answer.json()["type"]) == (403, "flag-own-post")
    await rowan.withdraw(post_id)
    assert (await sam.post("/cases", post_id=post_id)).status_code == 409


async def test_the_only_moderator_decides_what_they_flagged_and_no_longer_when_there_are_two(
    people: People, rowan: SignedIn, sam: SignedIn
) -> None:
    first, second = id_of(await rowan.publish()), id_of(await rowan.publish())
    for post_id in (first, second):
        assert (await sam.flag(post_id)).status_code == 201
    one, two = await sam.queue()
    assert one["why_not"] is None
    await sam.claim(one["id"])
    assert (await sam.decide(one["id"], "hide")).status_code == 201
    await people.moderator("Ash")
    assert "another moderator" in (await sam.queue())[0]["why_not"]
    assert (await sam.claim(two["id"])).status_code == 403
