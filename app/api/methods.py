"""Which methods an address knows: for `Allow`, and for HEAD, which every GET answers."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Route


def of(routes: Iterable[BaseRoute], path: str) -> list[str]:
    """The methods of every route at this address, in the order of the alphabet; none for an
    address that the API does not know."""
    found: set[str] = set()
    for route in routes:
        if isinstance(route, Route) and route.path_regex.match(path):
            found |= route.methods or set()
    if "GET" in found:
        found.add("HEAD")
    return sorted(found)
