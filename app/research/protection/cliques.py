"""Cliques of fields: how many fields at once atoms have to tell apart, so that many small tables of
the same people are attacked together without the product of all their fields.

Fields that stand in one table are neighbours. Where a circle of four or more has no shortcut, one
is added (a triangulation: least edges first), and the cliques of what comes out form a tree in
which two that share fields are joined by them. Counts for each clique that agree on what joined
ones share are counts of whole people and the other way round: who is in the same place of the
shared fields can be paired in any order. So an attack on the cliques, linked by what they share,
finds what an attack on the product of all fields finds (Dobra and Fienberg 2000, "Bounds for cell
entries in contingency tables given marginal totals and decomposable graphs", PNAS 97:11885-11892).
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

Name = str
Clique = tuple[Name, ...]


def tree(
    edges: Iterable[Collection[Name]], sizes: Mapping[Name, int]
) -> tuple[list[Clique], list[tuple[int, int]]]:
    """The cliques, each as its sorted names, and by number which are joined. `edges` are the names
    that stand together; `sizes` how many values each has."""
    beside: dict[Name, set[Name]] = {}
    for edge in edges:
        for name in edge:
            beside.setdefault(name, set()).update(one for one in edge if one != name)
    found: list[set[Name]] = []
    while beside:
        name = min(beside, key=lambda one: (*_cost(one, beside, sizes), one))
        around = beside.pop(name)
        clique = {name, *around}
        if not any(clique <= other for other in found):
            found.append(clique)
        for one in around:
            beside[one] |= around - {one}
            beside[one].discard(name)
    cliques = sorted(tuple(sorted(one)) for one in found)
    return cliques, _joined(cliques)


def _cost(
    name: Name, beside: Mapping[Name, set[Name]], sizes: Mapping[Name, int]
) -> tuple[int, int]:
    """Shortcuts that are needed to take a name out, and the atoms of its clique."""
    around = beside[name]
    missing = sum(other not in beside[one] for one, other in combinations(around, 2))
    atoms = sizes[name]
    for one in around:
        atoms *= sizes[one]
    return missing, atoms


def _joined(cliques: list[Clique]) -> list[tuple[int, int]]:
    """A tree over all cliques, by most names shared (a tree of such weight is a junction tree:
    Jensen and Jensen 1994)."""
    joins = []
    best = dict.fromkeys(range(1, len(cliques)), (0, 0))
    last = 0
    while best:
        for at, (most, _) in best.items():
            shared = len(set(cliques[at]) & set(cliques[last]))
            if shared > most:
                best[at] = (shared, last)
        last = max(best, key=lambda at: (best[at][0], -at))
        joins.append((best.pop(last)[1], last))
    return joins
