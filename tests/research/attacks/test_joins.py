"""Columns that researchers may read beside all others: what leaks is found, what doesn't is not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from app.core.ids import new_id
from app.research.attacks import equality, joins, order, tables
from app.research.attacks.order import Order
from app.research.attacks.tables import Table


@pytest.fixture
def connection(demo: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(demo, autocommit=True) as opened:
        yield opened


#: What a participant did or got, from the events: as the version before kept it.
ACTS = """
    SELECT l.participant_id, e.id AS event, e.occurred_at AS at
    FROM core.events e JOIN identity.study_links l
      ON l.member_id::text IN (e.payload->>'author_id', e.payload->>'actor_id')
    WHERE e.type IN ('post.published', 'reaction.given')
"""


def leak(connection: psycopg.Connection[Any], columns: str) -> None:
    """A table of schema research that the research role may read."""
    connection.execute(
        f"CREATE TABLE research.scratch AS SELECT participant_id, {columns} FROM ({ACTS}) a"
    )
    connection.execute("GRANT SELECT ON research.scratch TO alongside_research")


def test_the_schema_leaves_nothing_to_join_with(connection: psycopg.Connection[Any]) -> None:
    found = joins.attack(connection)
    assert found.of > 20
    assert not found.is_refused, found


def test_a_number_of_an_event_is_found(connection: psycopg.Connection[Any]) -> None:
    leak(connection, "event AS source_event_id")
    found = joins.attack(connection)
    assert found.is_refused
    assert found.named > 0.9 * found.of
    assert found.note == "research.scratch.source_event_id = core.events.id"


@pytest.mark.parametrize(
    ("columns", "named_by"),
    [
        ("at AS occurred_at", "occurred_at to the millisecond = core.events.occurred_at to the"),
        ("at AS occurred_at", "occurred_at to the second = community.posts.id to the second"),
        ("date_trunc('second', at) AS moment", "moment to the second = community.posts.created_at"),
        ("jsonb_build_object('when', event) AS told", "told.when = core.events.id"),
    ],
)
def test_a_column_equal_to_one_elsewhere_in_another_form_is_found(
    connection: psycopg.Connection[Any], columns: str, named_by: str
) -> None:
    leak(connection, columns)
    links = dict(connection.execute(joins.LINKS).fetchall())
    ours = [one for one in tables.research(connection) if one.name == "research.scratch"]
    wanted = ("core.events", "community.posts")
    theirs = [one for one in tables.others(connection) if one.name in wanted]
    right = {pair: joins.right(named, links) for pair, named in equality.pairs(ours, theirs)}
    (found,) = [count for pair, count in right.items() if named_by in pair]
    assert found > 0.4 * len(links)


def test_a_number_that_only_counts_up_is_found_by_its_order(
    connection: psycopg.Connection[Any],
) -> None:
    leak(connection, "10000000 + 7 * row_number() OVER (ORDER BY event) AS id")
    found = joins.attack(connection)
    assert found.is_refused
    assert found.named > 0.3 * found.of
    assert found.note.startswith("order of research.scratch.id ~ ")


def test_a_column_without_a_grant_is_not_looked_at(connection: psycopg.Connection[Any]) -> None:
    leak(connection, "event AS source_event_id")
    connection.execute("REVOKE SELECT ON research.scratch FROM alongside_research")
    connection.execute("GRANT SELECT (participant_id) ON research.scratch TO alongside_research")
    assert not joins.attack(connection).is_refused
    (scratch,) = [one for one in tables.research(connection) if one.name == "research.scratch"]
    assert scratch.columns == {}


def test_the_place_of_a_row_is_a_column_when_asked(connection: psycopg.Connection[Any]) -> None:
    leak(connection, "1 AS nothing")
    ours = {one.name: one for one in tables.research(connection, as_stored=True)}
    assert list(ours["research.scratch"].columns) == ["nothing", "(as stored)"]
    assert ours["research.scratch"].columns["(as stored)"][:3] == [0, 1, 2]


def test_other_schemas_are_read_whole_but_for_the_links(
    connection: psycopg.Connection[Any],
) -> None:
    names = {one.name for one in tables.others(connection)}
    assert {"core.events", "community.posts", "community.reactions", "identity.accounts"} <= names
    assert "identity.study_links" not in names
    assert not any(name.startswith("research.") for name in names)


def test_of_a_large_table_the_same_rows_are_taken_each_time(
    connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 500)
    first, again = ({one.name: one.about for one in tables.others(connection)} for _ in range(2))
    assert first == again
    assert 0 < len(first["core.events"]) < 1_500


# ── By hand ──────────────────────────────────────────────────────────────────────────────────


def test_values_are_compared_in_every_form_in_which_they_may_stand() -> None:
    at = datetime(2026, 3, 2, 9, 30, 1, 234_567, tzinfo=UTC)
    assert list(equality.spellings(at)) == [
        (" to the millisecond", "2026-03-02T09:30:01.234"),
        (" to the second", "2026-03-02T09:30:01"),
        (" to the day", "2026-03-02"),
    ]
    assert list(equality.spellings(7)) == [("", "7")]
    assert list(equality.spellings(date(2026, 3, 2))) == [("", "2026-03-02")]
    assert list(equality.spellings({"a": {"b": [1, None, True]}})) == [(".a.b", "1")]
    forms = [form for form, _ in equality.spellings(new_id())]
    assert forms == ["", " to the millisecond", " to the second", " to the day"]
    assert list(equality.spellings(None)) == []


def people(count: int, prefix: str) -> list[tuple[str, ...]]:
    return [(f"{prefix}{number}",) for number in range(count)]


def test_a_value_that_two_members_share_names_neither() -> None:
    ours = Table("r", {"x": list(range(30))}, people(30, "P"))
    twice = Table("o", {"y": [*range(30), *range(30)]}, [*people(30, "m"), *people(30, "n")])
    assert [named for _, named in equality.pairs([ours], [twice])] == [{}]
    once = Table("o", {"y": list(range(30))}, people(30, "m"))
    ((pair, named),) = equality.pairs([ours], [once])
    assert pair == "r.x = o.y"
    assert named == {f"P{n}": f"m{n}" for n in range(30)}


def test_a_column_of_few_values_and_values_that_many_share_are_passed_over() -> None:
    few = Table("r", {"x": [n % 5 for n in range(300)]}, people(300, "P"))
    assert list(equality.indexes(few)) == []
    crowd = Table("r", {"x": [n % 25 if n < 25 else 0 for n in range(100)]}, people(100, "P"))
    ((_, index),) = equality.indexes(crowd)
    assert "0" not in index
    assert len(index) == 24


def test_orders_of_a_table_are_those_without_many_ties_each_once() -> None:
    count = 40
    table = Table(
        "t",
        {
            "id": list(range(count)),
            "again": [n * 10 for n in range(count)],
            "back": [-n for n in range(count)],
            "tied": [n // 10 for n in range(count)],
            "yes": [True] * count,
            "mixed": [n if n % 2 else str(n) for n in range(count)],
            "rare": [n if n < 5 else None for n in range(count)],
        },
        people(count, "m"),
    )
    assert [one.name for one in order.orders(table)] == ["t.id", "t.back"]


def test_an_order_of_other_people_is_not_the_same_one() -> None:
    ours = Table("r", {"id": list(range(60))}, people(60, "P"))
    theirs = Table("o", {"id": list(range(60))}, people(60, "x"))
    links = {f"P{n}": f"m{n}" for n in range(60)}
    assert list(order.pairs([ours], [theirs], links)) == []


def test_the_same_order_names_who_stands_in_between() -> None:
    """One row each: the neighbours of a row who are known leave only a few places for it."""
    ours = Table("r", {"id": list(range(200))}, people(200, "P"))
    theirs = Table("o", {"id": list(range(200))}, people(200, "m"))
    links = {f"P{n}": f"m{n}" for n in range(200)}
    ((pair, named),) = order.pairs([ours], [theirs], links)
    assert pair == "order of r.id ~ o.id"
    assert sum(named.get(one) == member for one, member in links.items()) > 40


def test_a_longer_side_is_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "MOST_ROWS", 10)
    thinned = order.thin(Order("o", people(35, "m")))
    assert [one for (one,) in thinned.about] == [f"m{n}" for n in range(0, 35, 4)]


def test_without_any_pair_nobody_is_named() -> None:
    found = joins.judge([], {"P0": "m0"})
    assert (found.named, found.of, found.is_refused) == (0, 1, False)
    assert "nothing in common" in found.note or "no two columns" in found.note


def test_the_best_of_many_poor_pairs_is_chance() -> None:
    links = {f"P{n}": f"m{n}" for n in range(20)}
    poor = [(f"pair {k}", {f"P{n}": f"m{(n * 7 + k) % 20}" for n in range(20)}) for k in range(20)]
    assert not joins.judge(poor, links).is_refused
    assert joins.judge([*poor, ("good", links)], links).is_refused
