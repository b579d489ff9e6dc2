"""Pages of the toolkit to print and fill in: an agreement, a welcome, lists and forms."""

from collections.abc import Iterator
from typing import Final

from app.research.documents import text
from app.research.documents.document import Block, Bullets, Form, Heading, Lines, TextSpan
from app.research.documents.editions import help_blocks, toolkit_words
from app.research.documents.editions.toolkit_words import Piece
from app.research.documents.showing import Showing
from app.research.instruments import catalogue
from app.research.instruments.wording import Wording

_VALUES: Final = "values"
_AGREE: Final = "agree"
_OWN_WORDS: Final = "values_words"


def contents() -> Bullets:
    """Each page, and what it is for."""
    return Bullets(
        tuple(
            (TextSpan(page.title, is_strong=True), TextSpan(f": {page.use}"))
            for page in toolkit_words.printed().pages
        )
    )


def blocks(showing: Showing) -> Iterator[Block]:
    """Each on a page of its own."""
    for page in toolkit_words.printed().pages:
        yield Heading(2, page.title, starts_page=True)
        for piece in page.pieces:
            yield from _piece(piece, showing)


def _piece(piece: Piece, showing: Showing) -> Iterator[Block]:
    if piece.text:
        yield from text.blocks(piece.text, showing)
    elif piece.lines:
        yield Lines(piece.lines, piece.label)
    elif piece.help_lines:
        yield help_blocks.lines()
    elif piece.values:
        yield _statements(piece.label)
    else:
        numbers = tuple(str(row) for row in range(1, piece.rows + 1))
        yield Form(piece.label, piece.head, numbers)


def statements() -> Wording:
    """The statements by which a study asks for the six values, as they were shipped."""
    shipped = catalogue.shipped()
    return shipped.shipped(shipped.versions(_VALUES)[0])[0]


def _statements(caption: str) -> Form:
    wording = statements()
    asked = [words.text for name, words in wording.items.items() if name != _OWN_WORDS]
    return Form(caption, ("", *wording.options[_AGREE].values()), tuple(asked))
