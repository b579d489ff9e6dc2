"""What can go wrong with an instrument: its files, its words and its licences."""

from pathlib import Path

from app.core.errors import ConflictError, NotFoundError


class InstrumentNotFoundError(NotFoundError):
    """No such instrument, version, or words."""

    title = "We can't find that instrument"
    default_detail = "The link may be wrong. Please go back to the list of instruments."


class InstrumentLockedError(ConflictError):
    """The words of a restricted instrument, asked for while no licence lets us show them."""

    type = "instrument-locked"
    title = "The words of this instrument are locked"

    def __init__(self, title: str, state: str) -> None:
        why = {
            "wordless": f"There is a licence of {title}, and its words were not entered yet.",
            "expired": f"The licence of {title} has run out or was ended.",
        }.get(state, f"{title} may be shown under a licence only, and none is recorded.")
        super().__init__(
            f"{why} An administrator can record a licence and enter the words of its holder under "
            "Licences. Its structure and its scoring can be seen without."
        )


class LicenceNotNeededError(ConflictError):
    """A licence or words for an instrument that everyone may show."""

    type = "licence-not-needed"
    title = "This instrument needs no licence"

    def __init__(self, title: str) -> None:
        super().__init__(f"The words of {title} come with Alongside and may be shown to anyone.")


class LicenceNotFoundError(NotFoundError):
    """No such licence of this instrument."""

    title = "We can't find that licence"
    default_detail = "The link may be wrong. Please go back to the licences."


class BadInstrumentError(Exception):
    """A file of an instrument, of its words or of unit costs that can't be used: says where, what
    is wrong, and what to do."""

    def __init__(self, path: Path, line: int, says: str) -> None:
        self.path, self.line, self.says = path, line, says
        super().__init__(f"{path.name}, line {line}: {says}")
