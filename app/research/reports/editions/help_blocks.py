"""Where to get help, as editions tell it."""

from app.core import help_lines
from app.research.reports.document import Bullets, Span


def lines() -> Bullets:
    """Each line: what to do first, then who is there."""
    return Bullets(
        tuple(
            (Span(one.act, is_strong=True), Span(f". {one.name}. {one.about}"))
            for one in help_lines.ALL
        )
    )
