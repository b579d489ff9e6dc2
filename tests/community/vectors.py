"""324 hostile or awkward inputs, each with where it was published.

`tests/data/xss_vectors.json` is test data: from DOMPurify's fixtures (MPL-2.0 or Apache-2.0) and
the OWASP XSS filter evasion cheat sheet (CC BY-SA 4.0); its `meta` names the versions.
"""

from dataclasses import dataclass
from pathlib import Path

import orjson

DATA = Path(__file__).parents[1] / "data" / "xss_vectors.json"


@dataclass(frozen=True, slots=True)
class Vector:
    """One input and its source."""

    id: str
    source: str
    payload: str


def vectors() -> list[Vector]:
    """All of them."""
    found = orjson.loads(DATA.read_bytes())["vectors"]
    return [Vector(item["id"], item["source"], item["payload"]) for item in found]
