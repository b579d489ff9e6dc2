"""The instruments that come with this software, and the words that may come with them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.research.errors.instruments import BadInstrumentError
from app.research.instruments import loader
from app.research.instruments.structure import Instrument
from app.research.instruments.wording import Wording

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every version of every instrument, and all words that are shipped."""

    instruments: dict[tuple[str, int], Instrument]
    wordings: tuple[Wording, ...]

    def versions(self, name: str) -> list[Instrument]:
        """The versions of an instrument, the newest first; none if there is no such."""
        found = [one for one in self.instruments.values() if one.name == name]
        return sorted(found, key=lambda one: -one.version)

    def newest(self) -> list[Instrument]:
        """Each instrument in its newest version, in the order of their titles."""
        names = {name for name, _ in self.instruments}
        return sorted((self.versions(name)[0] for name in names), key=lambda one: one.title)

    def shipped(self, instrument: Instrument) -> list[Wording]:
        """The shipped words of this version, by language, the newest words of each first."""
        found = [
            one
            for one in self.wordings
            if (one.instrument, one.structure) == (instrument.name, instrument.version)
        ]
        return sorted(found, key=lambda one: (one.language, -one.version))


def read(folder: Path) -> Catalogue:
    """All instruments and words under a folder; raises BadInstrumentError for the first that can't
    be used."""
    structures = [
        loader.read_instrument(path) for path in sorted((folder / "files").glob("*.toml"))
    ]
    instruments = {(one.name, one.version): one for one in structures}
    wordings = tuple(
        loader.read_wording(path, instruments)
        for path in sorted((folder / "words").glob("*/*.toml"))
    )
    catalogue = Catalogue(instruments, wordings)
    for one in structures:
        if one.licence.ships_words and not catalogue.shipped(one):
            path = folder / "files" / f"{one.name}-{one.version}.toml"
            says = f"{one.title} has no words yet. Add a file under words/<language>/."
            raise BadInstrumentError(path, 1, says)
    return catalogue


@cache
def shipped() -> Catalogue:
    """What came with this software, read once."""
    return read(FOLDER)
