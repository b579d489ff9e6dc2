"""Hostile text before a real browser: it does nothing, asks nothing, and stays in its box."""

from uuid import uuid4

from playwright.async_api import Page, expect

from tests.browser.test_places import loaded
from tests.browser.windows import Windows
from tests.community.vectors import vectors

#: Beside the published vectors: what is merely too much.
AWKWARD = [
    "w" * 3_000,
    "😀" * 10_000,
    "line\n" * 1_000,
    ">" * 500 + " deep",
    "z" + "\u0301" * 500,
    "1. " * 300 + "steps",
    "مرحبا بالعالم " * 50,
    "[a link](https://elsewhere.example/" + "x" * 500 + ")",
    "![a picture](https://elsewhere.example/track.png)",
    "<img src=https://elsewhere.example/track.png>",
    "`" + "code " * 400 + "`",
]

OUT_OF_PLACE = """() => {
  const room = innerWidth;
  const wrong = [];
  for (const card of document.querySelectorAll('[data-post]')) {
    const box = card.getBoundingClientRect();
    const text = card.querySelector('.text');
    if (box.left < 0 || box.right > room) wrong.push(`wide: ${card.innerText.slice(0, 80)}`);
    if (!text) continue;
    const strange = text.querySelector(
      'script, style, iframe, object, embed, form, input, button, img, svg, math, link, meta, base,'
      + ' video, audio, [style], [class], [id], [onclick], [onerror], [onload]');
    if (strange) wrong.push(`strange: ${strange.outerHTML.slice(0, 120)}`);
    for (const part of text.querySelectorAll('*')) {
      if (getComputedStyle(part).position !== 'static') wrong.push(`moved: ${part.outerHTML}`);
      const href = part.getAttribute('href');
      if (href && !/^https?:/.test(href)) wrong.push(`leads to ${href.slice(0, 80)}`);
    }
  }
  const bar = document.querySelector('header').getBoundingClientRect();
  if (bar.top !== 0 || bar.height > 130) wrong.push(`the bar stands at ${bar.top}`);
  if (document.documentElement.scrollWidth > room) wrong.push('the page is too wide');
  if (document.title !== 'The wall · Alongside') wrong.push(`title ${document.title}`);
  return wrong;
}"""


#: Fewer than one person may write in a while.
AT_ONCE = 50


async def publish_all(windows: Windows) -> int:
    """Through the API, as anyone could."""
    texts = [*AWKWARD, *(vector.payload for vector in vectors())]
    published = 0
    for first in range(0, len(texts), AT_ONCE):
        writer = await windows.member(f"Writer {first}", "/about")
        published += await publish(windows, writer, texts[first : first + AT_ONCE])
    return published


async def publish(windows: Windows, page: Page, texts: list[str]) -> int:
    published = 0
    for words in texts:
        answer = await page.context.request.post(
            f"{windows.server.origin}/api/v1/posts",
            data={"body": words},
            headers={"Origin": windows.server.origin, "Idempotency-Key": str(uuid4())},
            # A connection that lay idle for too long is closed by the server: then once more.
            max_retries=5,
        )
        assert answer.status in {200, 201, 422}, await answer.text()
        published += answer.status != 422
    return published


async def test_nothing_runs_nothing_is_asked_for_and_the_page_stands(windows: Windows) -> None:
    page = await windows.member("Rowan")
    page.on("dialog", lambda dialog: windows.faults.append(f"a dialog opened: {dialog.message}"))
    page.on("popup", lambda popup: windows.faults.append(f"a window opened: {popup.url}"))
    published = await publish_all(windows)
    assert published > 315
    await page.goto("/wall")
    await loaded(page, "Show older posts", published)
    assert await page.evaluate(OUT_OF_PLACE) == []
    await expect(page.get_by_role("link", name="Help now")).to_be_visible()
