"""What a researcher downloads in a window."""

import csv
import io
import zipfile
from pathlib import Path

from playwright.async_api import Locator, Page

Rows = list[dict[str, str]]


async def downloaded(page: Page, button: Locator, path: Path) -> dict[str, Rows]:
    """The tables of the zip behind a button."""
    async with page.expect_download() as taken:
        await button.click()
    await (await taken.value).save_as(path)
    with zipfile.ZipFile(path) as archive:
        return {
            Path(name).stem: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
            if name.endswith(".csv")
        }
