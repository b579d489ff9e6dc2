"""What must move no measure of peers, taken out of a programme one by one: all that is computed of
it stays the same."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.demo.evaluation import peers, places
from app.demo.evaluation.planted import Planted
from app.research.measures import catalogue
from app.research.measures.results import MeasurePart
from tests.demo import evaluated
from tests.demo.evaluated import SMALLEST, Frozen
from tests.support import databases

#: So few replies of staff that they are not the first answer to nearly every post.
FULL = replace(SMALLEST, staff_replies=0.5)


@dataclass(frozen=True)
class Contaminant:
    """The programme without it, what is of it in a database, the files that hold something of it,
    and the only figures that it may move: those with one of these beginnings, for its reason."""

    name: str
    without: Planted
    count: str
    files: frozenset[str] = frozenset()
    moves: Mapping[str, str] = field(default_factory=dict)


_ACTS = "SELECT count(*) FROM research.activities WHERE other_side = '{}'"
CONTAMINANTS = (
    Contaminant(
        "staff",
        replace(FULL, staff_replies=0.0),
        _ACTS.format("staff"),
        files=frozenset({"acts", "answered", "days"}),
        moves={
            "response.team_": "how soon the team answered",
            "response.any_": "how soon anybody did, the team too",
            "response.some_answered": "who got an answer from anybody, the team too",
            "response.all_answered": "whose every post got one from anybody, the team too",
        },
    ),
    Contaminant(
        "self",
        replace(FULL, self_replies=0.0),
        _ACTS.format("self"),
        files=frozenset({"acts"}),
    ),
    # Of a screen nothing is kept: what it claims is held to the clock before it is written.
    Contaminant("tall screens", replace(FULL, tall_screen_share=0.0), ""),
    Contaminant(
        "after stopping",
        replace(FULL, acts_after_stopping=0.0),
        "SELECT count(*) FROM community.posts",
        # Totals of all members, whether or not they take part.
        files=frozenset({"community"}),
    ),
)


@dataclass(frozen=True)
class Programme:
    """One that was made and frozen, with every part of every measure."""

    frozen: Frozen
    parts: dict[str, str]

    def count(self, query: str) -> int:
        ((found,),) = self.frozen.asked(query)
        return int(found)


def _words(part: MeasurePart) -> str:
    """All of it, numbers to nine digits: what is left of a share that others were taken off is
    not the same in the last of sixteen."""
    return re.sub(r"\d+\.\d+(e-\d+)?", lambda number: f"{float(number[0]):.9g}", repr(part))


async def _programme(
    postgres: str, planted: Planted, folders: pytest.TempPathFactory
) -> AsyncIterator[Programme]:
    url = databases.clone(postgres)
    frozen = await evaluated.frozen(url, planted, folders.mktemp("frozen"))
    parts = {
        f"{measure.name}.{name}": _words(part)
        for measure in catalogue.ALL
        for name, part in frozen.found(measure.name).items()
    }
    yield Programme(frozen, parts)
    databases.drop(postgres, url)


@pytest.fixture(scope="module")
async def full(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Programme]:
    """With each of them."""
    async for made in _programme(postgres, FULL, tmp_path_factory):
        yield made


@pytest.fixture(scope="module", params=CONTAMINANTS, ids=lambda one: one.name)
def contaminant(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module")
async def without(
    contaminant: Contaminant, postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Programme]:
    """With all but this one."""
    async for made in _programme(postgres, contaminant.without, tmp_path_factory):
        yield made


def test_it_moves_no_figure_of_peers_whatever_else_there_is(
    contaminant: Contaminant, full: Programme, without: Programme
) -> None:
    if contaminant.count:
        assert full.count(contaminant.count) > 30, "it was there"
        assert without.count(contaminant.count) == 0
    assert full.parts.keys() == without.parts.keys()
    moved = {name for name, part in full.parts.items() if part != without.parts[name]}
    assert {name for name in moved if not name.startswith(tuple(contaminant.moves))} == set()
    for start in contaminant.moves:
        assert any(name.startswith(start) for name in moved), "there is a reason to except it"


def test_it_is_in_no_file_but_where_measures_leave_it_out(
    contaminant: Contaminant, full: Programme, without: Programme
) -> None:
    one, other = full.frozen.files, without.frozen.files
    assert one.keys() == other.keys()
    differ = {name for name, file in one.items() if not file.equals(other[name])}
    assert differ == contaminant.files


def test_some_people_have_tall_screens() -> None:
    people = peers.gather(FULL, places.plan(FULL))
    assert sum(peer.has_tall_screen for peer in people) > 3


def test_who_stopped_goes_on_in_the_community_and_the_study_heard_of_it_and_kept_nothing(
    full: Programme,
) -> None:
    """From the very day on which they stopped, which is the day of the last acts that were kept."""
    rows = full.frozen.asked(
        "WITH done AS (SELECT author_id AS member_id, created_at AS at FROM community.posts"
        "   UNION ALL SELECT member_id, created_at FROM community.reactions),"
        " stopped AS (SELECT l.member_id, p.id, p.state, min(c.at) AS at"
        "   FROM research.participants p JOIN identity.study_links l ON l.participant_id = p.id"
        "   JOIN research.consents c ON c.participant_id = p.id AND c.act = 'withdrawn'"
        "   GROUP BY 1, 2, 3)"
        " SELECT s.state, d.at > s.at, d.at::date = s.at::date, EXISTS (SELECT FROM"
        "   research.activities a WHERE a.participant_id = s.id"
        "   AND a.day >= s.at::date - p.enrolled_on)"
        " FROM done d LEFT JOIN stopped s USING (member_id)"
        " LEFT JOIN research.participants p ON p.id = s.id"
    )
    assert len(rows) == full.frozen.made.afterwards
    assert {(state, is_after, is_kept) for state, is_after, _, is_kept in rows} == {
        ("stopped", True, False)
    }
    assert sum(is_same_day for *_, is_same_day, _ in rows) > 3
    ((heard, of_all, dead_letters),) = full.frozen.asked(
        "SELECT (SELECT id FROM core.cursors WHERE subscriber = 'research.activity'),"
        " (SELECT max(id) FROM core.events WHERE type = 'post.published'),"
        " (SELECT count(*) FROM core.dead_letters)"
    )
    assert heard >= of_all > 0
    assert dead_letters == 0
