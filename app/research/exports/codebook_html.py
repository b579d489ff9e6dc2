"""The codebook as one page that needs nothing else: no script, no font, no address."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from app.research.exports.codebook_tree import CodebookTree

_STYLE: Final = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere;
  color: light-dark(#1d1d22, #ececf0); background: light-dark(#ffffff, #17171b); }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid light-dark(#6b6b76, #8c8c98); padding: 0.3rem 0.6rem; text-align: start;
  vertical-align: top; }
th { overflow-wrap: normal; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h3 { margin-block-end: 0; font-family: ui-monospace, monospace; }
.type { color: light-dark(#52525c, #b4b4be); }
"""


def html(tree: CodebookTree) -> str:
    """The page."""
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in tree.lines)
    files = "".join(_file(file, tree.code_heads) for file in tree.files)
    missing = _table(tree.missing_heads, tree.missing_rows, named_by="missing")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(tree.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(tree.title)}</h1>
{lines}<h2 id="missing">{escape(tree.missing_title)}</h2>
<p>{escape(tree.missing_words)}</p>
{missing}{files}</main>
</body>
</html>
"""


def _file(file: dict[str, Any], heads: list[str]) -> str:
    title = escape(file["title"])
    return f"<h2>{title}</h2>\n" + "".join(
        _column(column, heads, f"{file['name']}-{column['name']}") for column in file["columns"]
    )


def _column(column: dict[str, Any], heads: list[str], anchor: str) -> str:
    codes = _table(heads, column["codes"], named_by=anchor) if column["codes"] else ""
    return (
        f'<h3 id="{escape(anchor)}">{escape(column["name"])}</h3>\n'
        f'<p>{escape(column["label"])} <span class="type">({escape(column["type"])})</span></p>\n'
        f"{codes}"
    )


def _table(heads: list[str], rows: Iterable[list[str]], *, named_by: str) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(one)}</td>" for one in others)
        + "</tr>\n"
        for first, *others in rows
    )
    return (
        f'<table aria-labelledby="{escape(named_by)}">\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n</table>\n"
    )
