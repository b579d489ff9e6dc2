"""The line of each key in a TOML file, so that an error names its place.

`tomllib` keeps no lines, and the libraries that do keep comments and spaces for editing; our files
need one thing: at which line a table or a key begins.
"""

import re

Path = tuple[str | int, ...]

_TABLE = re.compile(r"\s*(\[{1,2})\s*([\w.\- ]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+)\s*=")


class LineIndex:
    """Lines by path: `("items", 2, "name")` is the key `name` in the third `[[items]]`."""

    def __init__(self, source: str) -> None:
        self._lines: dict[Path, int] = {}
        counts: dict[Path, int] = {}
        table: Path = ()
        for number, line in enumerate(source.splitlines(), start=1):
            if found := _TABLE.match(line):
                table = self._enter(tuple(found[2].split(".")), found[1] == "[[", counts)
                self._lines.setdefault(table, number)
            elif found := _KEY.match(line):
                self._lines.setdefault((*table, found[1]), number)

    def _enter(self, names: Path, is_array: bool, counts: dict[Path, int]) -> Path:
        if not is_array:
            return names
        counts[names] = counts.get(names, -1) + 1
        self._lines.setdefault(names, 1)
        return (*names, counts[names])

    def line(self, path: Path) -> int:
        """Where the path begins, or the nearest that it is in."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)
