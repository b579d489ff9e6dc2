"""Marks what search found in a text that is shown: `<mark>` around words, never inside a tag.

A text is looked through as it was rendered: its tags stay as they are, and a mark begins and ends
between them, so what was safe stays safe. Words are compared as search compares them: folded
(`search_words`), and by their stems as PostgreSQL has them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.community.search_words import BREAK, Row, readings, words_in
from app.core import db
from app.core.scripts import is_wide

#: What is asked for: words in a row, folded.
Groups = Sequence[Row]
#: A piece of a text: where it begins and ends, and the words in it, folded.
Piece = tuple[int, int, Row]

#: A tag, a sign of HTML, or what stands between spaces; groups of digits are not parted.
_CHUNK: Final = re.compile(r"<[^>]*>|&[#\w]+;|[^\s<>&]+(?:(?<=[\d)])[ \xa0](?=\d)[^\s<>&]+)*")
#: Where words of a chunk may be read as one.
_JOINT: Final = re.compile(r"[^\w'](?=[\w ])")
_SIMPLE: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: How far a text is looked through, and how many places in it: nobody looks for the thousandth.
_FAR: Final = 20_000
_LESS_FAR: Final = 4_000
_MOST: Final = 200
#: Letters of a beginning that is looked for.
_SHORT: Final = 3
_APOSTROPHES: Final = frozenset("'’‘ʼʹ′＇`´")

_STEMS: Final = """
    SELECT w AS word, coalesce((ts_lexize('community.stems', w))[1], w) AS stem
    FROM unnest(%s::text[]) w
"""
#: Between the two readings of a text, as in what search keeps.
_BREAK: Final[Piece] = (0, 0, (BREAK,))
#: A number of fewer digits is never read from groups.
_GROUPED: Final = 4
#: Stems that were asked for lately; begun anew when there are too many.
_known: dict[str, str] = {}
_MOST_KNOWN: Final = 20_000


async def stems(pool: db.Pool, words: Collection[str]) -> dict[str, str]:
    """The stem of each word, as search compares them."""
    missing = [word for word in words if word not in _known]
    if missing:
        if len(_known) > _MOST_KNOWN:
            _known.clear()
        for row in await db.fetch(pool, _STEMS, (missing,)):
            _known[row["word"]] = row["stem"]
    return {word: _known.get(word, word) for word in words}


@dataclass(frozen=True, slots=True)
class Near:
    """Where words with certain stems can stand: how they begin, in small letters, and how with an
    apostrophe in it."""

    begins: tuple[str, ...]
    parted: tuple[str, ...]


def near(wanted: Collection[str]) -> Near:
    """A word begins with its stem but for the stem's last letter, and but for the last two of
    "die" ("dying") and its like. A word with other letters than those of English can begin
    otherwise: "éclair"."""
    begins = {_sure(stem) for stem in wanted}
    parted = {f"{begin[:at]}'{begin[at:]}" for begin in begins for at in range(1, len(begin))}
    return Near(tuple(sorted(begins)), tuple(sorted(parted)))


def _sure(stem: str) -> str:
    """How every word of a stem begins, up to three letters."""
    if len(stem) == _SHORT and stem.endswith("ie"):
        return stem[:1]
    return stem[: max(1, len(stem) - 1)][:_SHORT]


@lru_cache(maxsize=64)
def _pattern(where: Near) -> re.Pattern[str]:
    """For texts of other letters: what is skipped, and what can be a place."""
    ours = "|".join(map(_beginning, (*where.begins, *where.parted)))
    return re.compile(rf"<[^>]*>|&[#\w]+;|{ours}|[^\x00-\x7f]|[-.](?=\w)", re.IGNORECASE)


def _beginning(begin: str) -> str:
    """Not inside a word; letters and digits that touch are two."""
    before = r"\d" if begin.isdecimal() else r"[^\W\d_]"
    return f"(?<!{before}){re.escape(begin)}"


def place_of(rows: Groups, stem: dict[str, str]) -> Near | None:
    """Where to look for what is asked; None where each word must be seen. Words in a row need what
    stands between them, and a number can stand in groups."""
    words = {word for row in rows for word in row}
    is_everywhere = any(len(row) > 1 for row in rows) or any(
        word.isdecimal() and len(word) >= _GROUPED for word in words
    )
    return None if is_everywhere else near({stem[word] for word in words})


def pieces(html: str, where: Near | None) -> list[Piece]:
    """The words of a rendered text with their places: those near `where`, or all of them. Where
    that is another reading, they come once more as one (`search_words.words`)."""
    chunks = list(_near(html, where) if where is not None else _all_chunks(html))
    cuts = [(begin, _cut_of(chunk)) for begin, chunk in chunks]
    found = [piece for begin, (apart, _) in cuts for piece in _moved(apart, begin)]
    if any(apart is not as_one for _, (apart, as_one) in cuts):
        found.append(_BREAK)
        found += [piece for begin, (_, as_one) in cuts for piece in _moved(as_one, begin)]
    return found


def _moved(cut: tuple[Piece, ...], offset: int) -> Iterator[Piece]:
    return ((offset + begin, offset + end, words) for begin, end, words in cut)


def _all_chunks(html: str) -> Iterator[tuple[int, str]]:
    for chunk in _CHUNK.finditer(html, 0, _reach(html)):
        if chunk[0][0] not in "<&":
            yield chunk.start(), chunk[0]


def _reach(html: str) -> int:
    return _FAR if html.isascii() else _LESS_FAR


def _near(html: str, where: Near) -> Iterator[tuple[int, str]]:
    """What stands between spaces and tags around each place, once."""
    done = 0
    ends = [sign for sign in " \n\t>;&" if sign in html]
    for at in _places(html, where):
        if at < done:
            continue
        begin = max([html.rfind(sign, done, at) for sign in ends], default=-1) + 1 or done
        chunk = _CHUNK.match(html, begin, _reach(html))
        if chunk and html[begin - 1 : begin] != "&":
            done = chunk.end()
            yield begin, chunk[0]


def _places(html: str, where: Near) -> Iterator[int]:
    if not html.isascii():
        for found in _pattern(where).finditer(html, 0, _reach(html)):
            if found[0][0] not in "<&":
                yield found.start()
        return
    # Four times as fast as a pattern, and most texts are so.
    small = html.lower()
    begins = (*where.begins, "-", ".", *(where.parted if "'" in small else ()))
    places = sorted(at for begin in begins if begin in small for at in _all(small, begin))
    for at in places[:_MOST]:
        if html.rfind("<", 0, at) <= html.rfind(">", 0, at):
            yield at


def _all(small: str, begin: str) -> Iterator[int]:
    """Where a word begins so; or where such a sign stands inside of one."""
    at = small.find(begin)
    while at >= 0:
        before = small[at - 1 : at]
        if begin in "-.":
            is_place = before.isalnum() and small[at + 1 : at + 2].isalnum()
        else:
            is_place = not before.isalnum() or before.isdecimal() != begin[0].isdecimal()
        if is_place:
            yield at
        at = small.find(begin, at + 1)


def _cut_of(chunk: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    return _cut_once(chunk) if len(chunk) <= _WORTH_KEEPING else _cut(chunk)


def _cut(chunk: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The words of a chunk in parts and as one: the same where no word differs."""
    spans = (
        [found.span() for found in _SIMPLE.finditer(chunk)]
        if chunk.isascii()
        else list(_spans(chunk))
    )
    apart = tuple((begin, end, words_in(chunk[begin:end])) for begin, end in spans)
    return apart, _as_one(chunk, apart) if _JOINT.search(chunk) else apart


def _as_one(chunk: str, apart: tuple[Piece, ...]) -> tuple[Piece, ...]:
    both, is_other = readings(chunk)
    places = [(begin, end) for begin, end, words in apart for _ in words]
    if not is_other or sum(len(parts) for parts, _ in both) != len(places):
        return apart
    as_one: list[Piece] = []
    at = 0
    for parts, words in both:
        following = at + len(parts)
        if parts:
            as_one.append((places[at][0], places[following - 1][1], words))
        at = following
    return tuple(as_one)


_cut_once = lru_cache(maxsize=4096)(_cut)
#: Words come again and again; what has no spaces does not.
_WORTH_KEEPING: Final = 40


def _spans(chunk: str) -> Iterator[tuple[int, int]]:
    """Where words stand in what has no space: runs of letters with their marks; each sign alone
    where no spaces part words, and each picture."""
    begin, is_alone = -1, False
    for at, sign in enumerate(chunk):
        category = unicodedata.category(sign)
        if category[0] == "M" or category == "Cf":  # belongs to what it follows
            continue
        starts_alone = is_wide(sign) or category == "So"
        is_letter = sign.isalnum() or (
            sign in _APOSTROPHES and begin >= 0 and chunk[at + 1 : at + 2].isalnum()
        )
        goes_on = begin >= 0 and is_letter and not is_alone and not starts_alone
        if goes_on:
            continue
        if begin >= 0:
            yield begin, at
        is_alone = starts_alone
        begin = at if starts_alone or sign.isalnum() else -1
    if begin >= 0:
        yield begin, len(chunk)


def put(html: str, found: Sequence[Piece], wanted: Groups, stem: dict[str, str]) -> str:
    """The text with a mark around each piece that belongs to what was asked for."""
    spans = _spans_of(found, wanted, stem) if found else None
    if not spans:
        return html
    out: list[str] = []
    last = 0
    for begin, end in _joined(html, sorted(spans)):
        out += (html[last:begin], "<mark>", html[begin:end], "</mark>")
        last = end
    out.append(html[last:])
    return "".join(out)


def _spans_of(found: Sequence[Piece], wanted: Groups, stem: dict[str, str]) -> set[tuple[int, int]]:
    spans = [(begin, end) for begin, end, many in found for _ in many]
    said = [stem[word] for _, _, many in found for word in many]
    rows = {tuple([stem[word] for word in group]) for group in wanted}
    alone = {row[0] for row in rows if len(row) == 1}
    marked = {span for span, word in zip(spans, said, strict=True) if word in alone}
    if len(alone) == len(rows):
        return marked
    places: dict[str, list[int]] = {}
    for at, word in enumerate(said):
        places.setdefault(word, []).append(at)
    many = [list(row) for row in rows if len(row) > 1]
    return marked | {spans[at] for row in many for at in _places_of(row, said, places)}


def _places_of(row: list[str], said: list[str], places: dict[str, list[int]]) -> Iterator[int]:
    """Where the words of a row stand, each place once however often the row lies over it; looked
    for where its rarest word is."""
    rarest = min(range(len(row)), key=lambda at: len(places.get(row[at], ())))
    done = 0
    for at in places.get(row[rarest], ()):
        begin, end = at - rarest, at - rarest + len(row)
        if begin >= 0 and said[begin:end] == row:
            yield from range(max(begin, done), end)
            done = end


def _joined(html: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbours with nothing but a space between them are marked as one, and what overlaps."""
    begin, end = spans[0]
    for next_begin, next_end in spans[1:]:
        if html[end:next_begin] in {"", " "}:
            end = max(end, next_end)
            continue
        yield begin, end
        begin, end = next_begin, next_end
    yield begin, end
