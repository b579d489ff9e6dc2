"""The front end's type map is what the event classes and frames say."""

from pathlib import Path
from typing import Annotated, Literal

import pytest

from app.community.choices import Intent
from app.core.events import registry
from app.realtime.payloads import FIELDS
from app.realtime.typescript import UnknownTypeError, render, typescript

ROOT = Path(__file__).resolve().parents[2]
MAP = ROOT / "frontend" / "src" / "lib" / "realtime" / "events.ts"


def test_the_front_end_has_the_map_that_is_made_now() -> None:
    assert MAP.read_text() == render(), f"alongside frames > {MAP.relative_to(ROOT)}"


def test_every_fact_is_a_field_of_its_event() -> None:
    for name, facts in FIELDS.items():
        assert set(facts) <= set(registry()[name].model_fields), name


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str | None, "string | null"),
        (list[str], "string[]"),
        (bool, "boolean"),
        (Annotated[int, "whole"], "number"),
        (Literal["a", "b"], "'a' | 'b'"),
        (Intent, " | ".join(f"'{intent}'" for intent in Intent)),
    ],
)
def test_annotations_have_their_typescript(annotation: object, expected: str) -> None:
    assert typescript(annotation) == expected


def test_a_type_that_is_not_known_is_refused() -> None:
    with pytest.raises(UnknownTypeError):
        typescript(complex)
