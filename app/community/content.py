"""What someone wrote, cleaned and rendered, not yet anywhere."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from app.community import search_words
from app.community.choices import BODY_LIMIT, NOTE_LIMIT
from app.core import clock, rendering, text, thread_offload


@dataclass(frozen=True, slots=True)
class Content:
    """A text that may be published."""

    source: str
    html: str
    #: As search keeps them.
    words: str
    note_about: str | None

    @classmethod
    async def of(cls, body: str, note_about: str | None) -> "Content":
        """Raises InvalidError with a pointer to /body or /note/about."""
        source = text.clean(body, limit=BODY_LIMIT, pointer="/body")
        note = None
        if note_about is not None:
            note = text.clean_line(note_about, limit=NOTE_LIMIT, pointer="/note/about")
        words = await thread_offload.beside(partial(search_words.words, source, note), [source])
        html = await rendering.render(source)
        text.refuse_blank(html)
        return cls(source, html, words, note)

    def columns(self) -> dict[str, Any]:
        """As the columns of a new post."""
        return {
            "note_about": self.note_about,
            "note_by": "author" if self.note_about else None,
            "body_source": self.source,
            "body_html": self.html,
            "words": self.words,
            "created_at": clock.now(),
        }
