"""The fast reads skip the response models, so their bytes are held against them here."""

import httpx2
import pytest
from pydantic import BaseModel

from app.api.schemas import members, posts
from app.core.pages import Page
from tests.people import SignedIn


def holds(answer: httpx2.Response, model: type[BaseModel]) -> None:
    """The body is what the model would have written, to the letter."""
    assert answer.status_code in {200, 201}, answer.text
    assert answer.headers["content-type"] == "application/json"
    read = model.model_validate_json(answer.content)
    assert read.model_dump(mode="json") == answer.json()


async def furnish(rowan: SignedIn, sky: SignedIn, moderator: SignedIn) -> dict[str, str]:
    """One of everything: notes, intents, reactions, edits, withdrawals, unread."""
    post = await rowan.publish("Garden one.", intent="saying_hello", note={"about": "plants"})
    reply = await sky.reply(post, "Garden two.")
    await rowan.reply(reply, "Garden three.")
    await sky.react(post)
    await sky.react(post, "this_helped_me")
    await rowan.react(reply)
    await rowan.edit(post, "Garden four.", intent="saying_hello")
    gone = await sky.publish("Garden five.")
    await rowan.reply(gone)
    await sky.withdraw(gone)
    position = (await rowan.get("/wall"))["position"]
    await rowan.client.put("/api/v1/wall/read-marker", json={"position": position})
    await rowan.client.put(
        f"/api/v1/threads/{post['id']}/read-marker", json={"post_id": reply["id"]}
    )
    for _ in range(21):
        await moderator.publish("Garden again.")
    return {"post": post["id"], "reply": reply["id"], "gone": gone["id"]}


@pytest.mark.parametrize("who", ["rowan", "sky", "moderator"])
async def test_bytes_are_what_the_models_say(
    rowan: SignedIn, sky: SignedIn, moderator: SignedIn, who: str
) -> None:
    made = await furnish(rowan, sky, moderator)
    reader = {"rowan": rowan, "sky": sky, "moderator": moderator}[who].client
    for path, model in (
        ("/wall", posts.Wall),
        ("/wall?unanswered=true", posts.Wall),
        ("/wall?intent=saying_hello", posts.Wall),
        (f"/threads/{made['post']}", posts.Thread),
        (f"/threads/{made['gone']}", posts.Thread),
        (f"/posts/{made['reply']}", posts.Post),
        ("/search?q=garden", posts.Found),
        ("/me/activity", Page[members.ActivityItem]),
        ("/me/activity?kind=reactions", Page[members.ActivityItem]),
        ("/me/notifications", Page[members.Notification]),
    ):
        holds(await reader.get(f"/api/v1{path}"), model)
    key = {"Idempotency-Key": "6f1c9c8e-5d0e-4f5c-9d3a-0e5b6f1c9c8e"}
    for _ in range(2):
        holds(await reader.post("/api/v1/posts", json={"body": "Hi."}, headers=key), posts.Post)
    answer = await reader.post(f"/api/v1/posts/{made['post']}/replies", json={"body": "Hi."})
    holds(answer, posts.Post)


@pytest.mark.parametrize(
    "model",
    [posts.Post, posts.Wall, posts.Found, posts.FoundPost, posts.Thread, members.ActivityItem],
)
def test_no_field_of_an_answer_has_a_default(model: type[BaseModel]) -> None:
    assert all(field.is_required() for field in model.model_fields.values())
