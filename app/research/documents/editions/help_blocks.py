"""Where to get help, as editions tell it."""

from app.core import help_lines
from app.research.documents.document import Bullets, TextSpan


def lines() -> Bullets:
    """Each line: what to do first, then who is there."""
    return Bullets(
        tuple(
            (
                TextSpan(one.act, is_strong=True, link=one.address),
                TextSpan(f". {one.name}. {one.about}"),
            )
            for one in help_lines.ALL
        )
    )
