"""No text of one person keeps the others waiting."""

import asyncio
import threading
import time

import pytest

from app.community.drafts import Draft
from app.core import rendering, text
from tests.community.factories import Browser

PILE = "a" + "\u0301" * 64_000 + "\u0316" * 64_000
FITTING_PILE = "a" + "\u0301" * 19_999 + "\u0316" * 20_000
COSTLY = "***a" * 2_500


@pytest.mark.parametrize(
    "body",
    [
        {"body": PILE},
        {"body": "Hello.", "note": {"about": PILE}},
        {"body": "Hello.", "note": {"about": FITTING_PILE}},
        {"body": "b" * 40_001},
    ],
    ids=["body", "note", "a shorter note", "letters"],
)
async def test_what_is_far_too_long_is_refused_before_anything_is_made_of_it(
    rowan: Browser, body: dict[str, object]
) -> None:
    post = await rowan.publish()
    for method, path in (
        ("POST", "/posts"),
        ("PUT", f"/posts/{post['id']}"),
        ("POST", f"/posts/{post['id']}/replies"),
    ):
        began = time.process_time()
        answer = await rowan.client.request(method, f"/api/v1{path}", json=body)
        assert time.process_time() - began < 1
        assert answer.status_code == 422, path
        assert "too long" in answer.text or "Please shorten it" in answer.text


async def test_a_pile_of_marks_is_cut_to_what_a_letter_carries(rowan: Browser) -> None:
    began = time.process_time()
    post = await rowan.publish(FITTING_PILE)
    assert time.process_time() - began < 1
    assert len(post["body_source"]) <= text.MOST_MARKS + 1


async def test_while_a_costly_text_is_rendered_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rendered elsewhere: rendering waits here for something that only the loop can do."""
    goes_on, render = threading.Event(), text.render
    waited: list[bool] = []

    def wait_and_render(source: str) -> str:
        waited.append(goes_on.wait(timeout=30))
        return render(source)

    monkeypatch.setattr(text, "render", wait_and_render)
    asyncio.get_running_loop().call_soon(goes_on.set)
    assert (await Draft.of(COSTLY, None)).html == render(COSTLY)
    assert waited == [True]


async def test_texts_rendered_at_once_come_out_as_one_by_one() -> None:
    texts = [f"*{n}* " * (400 if n % 3 else 2) + "https://example.org/" for n in range(30)]
    expected = [text.render(one) for one in texts]
    assert await asyncio.gather(*(rendering.render(one) for one in texts)) == expected


async def test_a_text_that_nobody_waits_for_any_more_holds_up_no_other() -> None:
    given_up = asyncio.create_task(rendering.render(COSTLY))
    waiting = asyncio.create_task(rendering.render(COSTLY))
    await asyncio.sleep(0)
    given_up.cancel()
    waiting.cancel()
    await asyncio.gather(given_up, waiting, return_exceptions=True)
    assert await rendering.render("*a*") == '<p dir="auto"><em>a</em></p>'
