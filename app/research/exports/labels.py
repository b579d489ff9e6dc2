"""Labels as statistics programs hold them: one line, and not longer than a format takes.

The programs cut what is longer in the middle of a character, or refuse the file. The whole text
stays in the codebook.
"""

from typing import Final

#: SPSS: IBM "Value labels" (Command Syntax Reference), 120 bytes; "Variable labels" there says 256,
#: of which PSPP keeps 255.
SPSS_VARIABLE: Final = 255
SPSS_VALUE: Final = 120
#: Stata: User's Guide, `help limits`: 80 characters of four bytes at most, and 32,000 bytes.
STATA_VARIABLE: Final = 80
STATA_VALUE: Final = 32_000
#: The bytes of a value that SPSS and Stata both hold in a plain column of text.
WIDEST_TEXT: Final = 255
_MORE: Final = "…"


def one_line(text: str) -> str:
    """What has no picture becomes a space, and spaces in a row one."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def of_bytes(text: str, most: int) -> str:
    """One line of so many bytes of UTF-8, cut at a whole character."""
    line = one_line(text)
    if len(line.encode()) <= most:
        return line
    room = most - len(_MORE.encode())
    return line.encode()[:room].decode(errors="ignore").rstrip() + _MORE


def of_characters(text: str, most: int) -> str:
    """One line of so many characters."""
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + _MORE
