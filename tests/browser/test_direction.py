"""Text that is read from the right, before a real browser: each block, name and box by its own."""

from playwright.async_api import Page, expect

from tests.browser.windows import Windows, write

ARABIC = "مرحبا، كيف حالكم اليوم؟"
POST = f"""{ARABIC}
And one line in English.

All of this in English.

- {ARABIC}
- English again

1. English

100. {ARABIC}

> {ARABIC}
>
> said in English

-  {ARABIC}

   loose"""

LAID_OUT = """() => [...document.querySelectorAll('[data-post] .text :is(p, li, blockquote)')].map(
  (block) => `${block.tagName.toLowerCase()} ${getComputedStyle(block).direction}`)"""

#: How far the mark of each item can reach to its side before the box cuts it off, in digits.
ROOM_FOR_MARKS = """() => [...document.querySelectorAll('[data-post] .text li')].map((item) => {
  const text = item.closest('.text').getBoundingClientRect();
  const box = item.getBoundingClientRect();
  const isRight = getComputedStyle(item).direction === 'rtl';
  return isRight ? text.right - box.right : box.left - text.left;
})"""


async def direction(page: Page, selector: str) -> str:
    found: str = await page.locator(selector).first.evaluate(
        "(element) => getComputedStyle(element).direction"
    )
    return found


async def test_each_block_is_laid_out_by_its_own_words(windows: Windows) -> None:
    page = await windows.member("مريم 7")
    await write(page, POST)
    await expect(page.locator("[data-post] .text")).to_be_visible()
    assert await page.evaluate(LAID_OUT) == [
        *("p rtl", "p ltr", "li rtl", "li ltr", "li ltr", "p ltr", "li rtl", "p rtl"),
        *("blockquote rtl", "p rtl", "p ltr", "li rtl", "p rtl", "p ltr"),
    ]
    marks = await page.evaluate(ROOM_FOR_MARKS)
    assert min(marks) >= 20, "a bullet"
    assert marks[3] >= 40, "three digits"
    lines = await page.evaluate(
        """() => {
          const words = document.querySelector('[data-post] .text p').lastChild;
          const range = new Range();
          range.selectNode(words);
          const left = document.querySelector('[data-post] .text').getBoundingClientRect().left;
          return range.getBoundingClientRect().left - left;
        }"""
    )
    assert lines < 5, "a line in English begins at the left, whatever line stood before it"
    assert await direction(page, "[data-post] header bdi, [data-post] bdi") == "rtl"


async def test_boxes_to_write_in_follow_what_is_written(windows: Windows) -> None:
    page = await windows.member("Rowan", "/write")
    box = page.get_by_label("What would you like to say?")
    await expect(box).to_be_visible()
    assert await direction(page, "textarea") == "ltr"
    await box.fill(ARABIC)
    assert await direction(page, "textarea") == "rtl"
    await page.goto("/search")
    await page.get_by_role("searchbox").fill(ARABIC)
    assert await direction(page, "input[type=search]") == "rtl"
