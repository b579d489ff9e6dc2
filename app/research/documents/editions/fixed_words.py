"""The fixed words of an edition: plain files beside its composition, read once, each word of them
held to a model."""

import tomllib
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict

FOLDER: Final = Path(__file__).parent / "words"

Model = TypeVar("Model", bound="FixedWords")


class FixedWords(BaseModel):
    """FixedWords that stand in a file: all that are expected, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read(name: str, model: type[Model]) -> Model:
    """The words of a file."""
    return model.model_validate(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))
