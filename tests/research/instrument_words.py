"""Made-up words for instruments whose own are never in this repository, and a licence for them."""

from datetime import date, timedelta
from typing import Any

from app.core import clock
from app.research.instruments import catalogue
from tests.people import SignedIn
from tests.research.over_http import Json, ask


def placeholder(name: str, language: str = "en", mark: str = "") -> Json:
    """Words that stand for those of a licence holder."""
    instrument = catalogue.shipped().versions(name)[0]
    return {
        "structure": instrument.version,
        "language": language,
        "title": f"Placeholder title{mark}",
        "stem": "Placeholder stem",
        "option_sets": [
            {
                "name": one,
                "options": [{"code": code, "label": f"Label {code}"} for code in reversed(codes)],
            }
            for one, codes in instrument.options.items()
        ],
        "items": [
            {"name": item.name, "text": f"Placeholder for {item.name}{mark}"}
            for item in instrument.items
        ],
    }


def licence(*, starts: int = -10, days: int = 365) -> Json:
    """A licence that starts so many days from now, and runs for so many."""
    first: date = clock.now().date() + timedelta(days=starts)
    return {
        "licence_number": "W-2026-0042",
        "scope": "One evaluation of peer support, on paper and on screen.",
        "starts_on": first.isoformat(),
        "expires_on": (first + timedelta(days=days)).isoformat(),
    }


async def record(administrator: SignedIn, name: str = "swemwbs", **times: int) -> Json:
    """A licence on record."""
    path = f"/instruments/{name}/licences"
    return await ask(administrator, "POST", path, licence(**times), status=201)


async def enter(administrator: SignedIn, name: str = "swemwbs", **said: Any) -> Json:
    """Its words, entered."""
    path = f"/instruments/{name}/wordings"
    return await ask(administrator, "POST", path, placeholder(name, **said), status=201)
