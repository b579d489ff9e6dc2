"""Attack 6: every readable column of schema research beside every column of every other table.

As superuser, and as if the links were destroyed: they are looked at only to score, and for the
order, where the attacker is given half of them (see `order`). The pair that names most counts;
chance is what the best pair would name if the links were dealt out anew.
"""

from collections.abc import Sequence
from random import Random
from typing import Any, Final

import psycopg

from app.research.attacks import equality, order, tables
from app.research.attacks.equality import Named
from app.research.attacks.findings import Finding

#: So often the links are dealt out anew: one in 200 is less than one in 100.
DEALS: Final = 199
SEED: Final = 1

LINKS: Final = "SELECT participant_id, member_id::text FROM identity.study_links"


def attack(connection: psycopg.Connection[Any], *, as_stored: bool = False) -> Finding:
    """How many participants the best pair of columns names."""
    links: dict[str, str] = dict(connection.execute(LINKS).fetchall())
    ours = tables.research(connection, as_stored=as_stored)
    theirs = tables.others(connection)
    found = [*equality.pairs(ours, theirs), *order.pairs(ours, theirs, links)]
    return judge(found, links)


def judge(found: Sequence[tuple[str, Named]], links: dict[str, str]) -> Finding:
    """The pair that names most rightly, beside the best that chance would bring."""
    best, named = max(
        ((pair, right(names, links)) for pair, names in found),
        key=lambda one: one[1],
        default=("no two columns have anything in common", 0),
    )
    members = list(links.values())
    random = Random(SEED)  # noqa: S311 - repeats itself on purpose
    dealt = []
    for _ in range(DEALS):
        random.shuffle(members)
        anew = dict(zip(links, members, strict=True))
        dealt.append(max((right(names, anew) for _, names in found), default=0))
    luck = (1 + sum(one >= named for one in dealt)) / (1 + DEALS)
    return Finding("joins", named, len(links), sum(dealt) / DEALS, best, luck)


def right(names: Named, links: dict[str, str]) -> int:
    return sum(links.get(participant) == member for participant, member in names.items())
