"""Every read of the API is measured as the community grows, or says why it isn't."""

import json
import re
from pathlib import Path

from bench import reads

ROOT = Path(__file__).resolve().parents[2]


def test_every_get_has_a_place_in_the_bench() -> None:
    paths = json.loads((ROOT / "frontend" / "openapi.json").read_text())["paths"]
    gets = {path for path, operations in paths.items() if "get" in operations}
    places = {place.split("?")[0] for asked in reads.PLACES.values() for place in asked}
    assert places | set(reads.APART) == gets
    assert not places & set(reads.APART)


def test_every_read_that_is_left_out_says_why() -> None:
    assert all(re.search(r"\w+ \w+", reason) for reason in reads.APART.values())
