"""Colours of charts: by day they stand in the drawing, and by night a rule puts others in their
place."""

from typing import Final

INK: Final = "#22302e"
MUTED: Final = "#55635f"
LINE: Final = "#d9d2c6"
PRIMARY: Final = "#1d6560"
RESEARCH: Final = "#5a4a86"
SOFT: Final = "#e9e4f4"
#: What a drawing that is a file of its own stands on.
GROUND: Final = "#ffffff"
GROUND_BY_NIGHT: Final = "#1b2625"
_BY_NIGHT: Final = {
    INK: "#e8eeea",
    MUTED: "#a3b2ac",
    LINE: "#32403d",
    PRIMARY: "#7fd0c4",
    RESEARCH: "#bfb0ec",
    SOFT: "#2b2542",
}


def night_rules(inside: str = "") -> str:
    """Rules of a style sheet for the drawings that this selector leads to."""
    return "".join(
        f'{inside}[{attribute}="{day}"] {{ {attribute}: light-dark({day}, {night}); }}\n'
        for day, night in _BY_NIGHT.items()
        for attribute in ("fill", "stroke")
    )
