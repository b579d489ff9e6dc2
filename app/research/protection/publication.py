"""Tables that leave the team: protected, then attacked together with everything that the study has
published before, until nothing more than allowed can be found.

Where an attack finds too much, the smallest figure that it rests on is held back, if possible on a
circuit with others, and the attack goes on. The dual values of the linear program say which figures
it rests on: the rest could go without telling less. Where they are all held back, the attacker is
no longer granted why they are, which no reader is told. Each step tells less, so it ends; where
nothing more can go and no proof is found, the whole table is held back.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.research.protection import figures, flags
from app.research.protection.audit import Attack
from app.research.protection.cells import Cell, Why
from app.research.protection.counts import CountedTable, Place
from app.research.protection.differencing import differences, remainders
from app.research.protection.figures import Figure
from app.research.protection.populations import Atoms, Domain, Group
from app.research.protection.rules import OUTSIDE, Rule
from app.research.protection.tables import ProtectedTable


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table that everybody may see, and the rule by which."""

    table: ProtectedTable
    rule: str
    #: For the audit of what is published next. They say which figures are of a few: they stay
    #: inside.
    figures: tuple[Figure, ...]


@dataclass(slots=True)
class _Draft:
    """A table before it is attacked, by groups of atoms."""

    atoms: Atoms
    places: dict[Place, Group]
    lines: list[tuple[Group, list[Group]]]
    #: Whether a group is but a total, and its exact count.
    rank: dict[Group, tuple[bool, int]]
    earlier: list[tuple[Group, Figure]]
    new: dict[Group, Figure]
    granted: list[tuple[Group, Figure]]

    def known(self) -> dict[Group, Figure]:
        """All figures."""
        return {**dict(self.earlier), **self.new}

    def between(self, *, below: int) -> set[Group]:
        """What stays when a shown figure is taken from another, in the atoms of each clique."""
        seen: dict[int, dict[Group, Figure]] = {}
        new: dict[int, set[Group]] = {}
        known = self.known()
        for group, figure in known.items():
            for clique, view in self.atoms.views(figure.population):
                seen.setdefault(clique, {})[view] = figure
                if group in self.new:
                    new.setdefault(clique, set()).add(view)
        found = remainders(self.lines, known)
        for clique, views in new.items():
            found |= differences(seen[clique], views, below=below)
        return found

    def smallest(self, groups: Iterable[Group]) -> Group:
        """Which of these to hold back: a cell before a total, one in whose row and column others
        are held back already (a circuit is closed so), the smallest."""
        known = self.known()
        open_ = [line for _, line in self.lines if any(known[one].value is None for one in line)]

        def order(group: Group) -> tuple[bool, int, int, list[int]]:
            is_total, count = self.rank[group]
            return is_total, -sum(group in line for line in open_), count, sorted(group)

        return min(groups, key=order)


def publish(
    counted: CountedTable,
    domain: Domain,
    *,
    before: Sequence[Figure] = (),
    granted: Sequence[Figure] = (),
    has_leavers: bool = False,
    rule: Rule = OUTSIDE,
) -> PublishedTable:
    """The table that may leave. `before` are the figures of all that the study has published: what
    one of them told or held back of the same people is told and held back again. `granted` are not
    published, but whoever attacks may know them. `has_leavers` says that some who were counted at
    an earlier cut are not at a later one, as after an erasure.

    The outcome depends on the counts alone, not on the order of rows or of what came before. Raises
    ContradictionError and TooManyAtomsError.
    """
    populations = counted.populations()
    everyone = [*populations.values(), *(one.population for one in (*before, *granted))]
    atoms = Atoms(domain, everyone, has_leavers=has_leavers)
    places = {place: atoms.of(population) for place, population in populations.items()}
    earlier = _sorted((atoms.of(one.population), one) for one in before)
    draft = _Draft(
        atoms=atoms,
        places=places,
        lines=[(places[total], [places[one] for one in line]) for total, line in counted.lines()],
        rank=_rank(counted, places),
        earlier=earlier,
        new=dict(
            _sorted(
                (places[place], figures.counted(population, counted.count(*place), rule))
                for place, population in populations.items()
                if places[place] not in dict(earlier)
            )
        ),
        granted=_sorted((atoms.of(one.population), one) for one in granted),
    )
    if not _is_safe(draft, rule):
        return held_back(counted, rule)
    told = draft.known()
    values = {place: told[group].value for place, group in places.items()}
    return PublishedTable(_table(counted, values), rule.sentence, tuple(draft.new.values()))


def held_back(counted: CountedTable, rule: Rule = OUTSIDE) -> PublishedTable:
    """The table with nothing in it."""
    values = dict.fromkeys(counted.populations())
    return PublishedTable(_table(counted, values), rule.sentence, ())


def _sorted(told: Iterable[tuple[Group, Figure]]) -> list[tuple[Group, Figure]]:
    return sorted(told, key=lambda one: (sorted(one[0]), one[1].low))


def _rank(counted: CountedTable, places: Mapping[Place, Group]) -> dict[Group, tuple[bool, int]]:
    """Of a group that is a cell and a total, as in a table of one column, the cell counts."""
    ranked = sorted(places, key=lambda place: None not in place)
    return {places[place]: (None in place, counted.count(*place)) for place in ranked}


def _is_safe(draft: _Draft, rule: Rule) -> bool:
    """Attack, and hold back as many of the new figures as it takes; False when that is the whole
    table."""
    every = [*draft.earlier, *draft.new.items(), *draft.granted]
    order = [group for group, _ in every]
    attack = Attack(draft.atoms.count, order, [one for _, one in every], draft.atoms.links)
    told = len(every) - len(draft.granted)
    held = {group for group, one in draft.known().items() if one.value is None}
    granted = {group for group, _ in draft.granted}
    secret = (held | draft.between(below=rule.least)) - granted
    changeable = draft.new.keys() - granted
    waiting = deque(sorted(secret, key=sorted))
    attack.look_around(waiting)
    while waiting:
        group = waiting.popleft()
        found = attack.finds(group, least=0 if group in held else rule.least)
        if found is None:
            continue
        resting = {order[at] for at in found.binding if at < told}.intersection(changeable)
        shown = [one for one in resting if draft.new[one].value is not None]
        if shown:
            smallest = draft.smallest(shown)
            changed = {smallest: figures.held_beside(draft.new[smallest].population, rule)}
            held.add(smallest)
            waiting.append(smallest)
        elif resting:
            changed = {one: figures.held(draft.new[one].population) for one in resting}
        elif found.is_narrow:
            continue  # What was published before tells it, whatever is held back now.
        else:
            return False
        draft.new.update(changed)
        for one, figure in changed.items():
            attack.replace(order.index(one), figure)
        # First until this one is safe: what was held back for it is often safe by then.
        waiting.appendleft(group)
    return True


def _table(counted: CountedTable, values: Mapping[Place, int | None]) -> ProtectedTable:
    rows, columns = range(len(counted.rows.places)), range(len(counted.columns.places))
    shown = [[values[at, place] for place in columns] for at in rows]
    cells = [[Cell(one, Why.FEW if one is None else None, None) for one in row] for row in shown]
    row_totals = [values[at, None] for at in rows]
    column_totals = [values[None, place] for place in columns]
    return ProtectedTable(
        cells=cells,
        row_totals=row_totals,
        column_totals=column_totals,
        total=values[None, None],
        flags=flags.of(cells, row_totals=row_totals, column_totals=column_totals),
    )
