"""Every GET of the API at few posts and at many: what it costs must not grow with what is stored.

Each stands in `PLACES` with who asks and for what, or in `APART` with the reason why it can't be
the same; a test holds the two against openapi.json.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from bench import community, history
from bench.client import request
from bench.community import Person
from bench.requests import Bench
from bench.results import Results

BOUND: Final = 1.2
_API: Final = "/api/v1"
_ME: Final = f"{_API}/me"
#: What a study holds about a member.
_HELD: Final = ("activities", "attendances", "texts", "responses")
_LOG: Final = f"{_API}/moderation/log"
_STUDY: Final = f"{_API}/studies/{{study_id}}"
_INSTRUMENTS: Final = f"{_API}/instruments"

#: Who asks for what; words in braces are filled in from the database.
PLACES: Final[dict[str, tuple[str, ...]]] = {
    "member": (
        *(f"{_API}/wall", f"{_API}/wall?unanswered=true", f"{_API}/wall?intent=saying_hello"),
        *(f"{_API}/search?q={word}" for word in ("heron", "bus+stop", "pharmacist", "123")),
        f"{_API}/search?q=heron+pharmacist",
        f"{_API}/threads/{{thread_id}}",
        f"{_API}/posts/{{post_id}}",
        f"{_API}/posts/{{post_id}}/revisions",
        *(_ME, f"{_ME}/notifications", f"{_ME}/blocks", f"{_ME}/reports", f"{_ME}/sanctions"),
        *(f"{_ME}/activity?kind={kind}" for kind in ("posts", "replies", "reactions")),
        *(f"{_ME}/data/{{study_id}}/{held}" for held in _HELD),
        *(f"{_API}/members/{{member_id}}", f"{_API}/sessions", f"{_API}/care"),
        *(f"{_API}/reviews/public", f"{_API}/projects"),
        *(f"{_API}/team-hours", f"{_API}/studies", _STUDY),
        *(f"{_API}/areas", f"{_API}/groups", f"{_API}/groups?online=true", f"{_ME}/groups"),
        *(f"{_ME}/attendances", f"{_API}/questionnaires", f"{_STUDY}/invitation-choices"),
        *(f"{_API}/groups?area_id={{area_id}}", f"{_API}/groups/{{group_id}}"),
        f"{_API}/groups/{{group_id}}/meetings",
    ),
    "moderator": (
        *(f"{_API}/cases?state={state}" for state in ("open", "mine", "lead", "decided")),
        *(f"{_API}/cases/waiting", f"{_API}/cases/{{case_id}}", f"{_API}/cases/{{case_id}}/texts"),
        *(f"{_API}/cases/{{case_id}}/batch", f"{_API}/moderation/reasons"),
        *(_LOG, f"{_LOG}?case_id={{case_id}}", f"{_LOG}?actor_id={{moderator_id}}"),
        *(f"{_LOG}?act=decided", f"{_LOG}?since={{day}}&until={{day}}", f"{_LOG}?act=lifted"),
        *(f"{_LOG}?case_id={{case_id}}&act=decided", f"{_LOG}/people", f"{_LOG}/check"),
        f"{_API}/sanctions/proposed",
    ),
    "researcher": (
        *(f"{_STUDY}/sheets", f"{_STUDY}/datasets"),
        *(f"{_STUDY}/questions/fields", f"{_STUDY}/agreements"),
        *(
            f"{_STUDY}/releases",
            f"{_STUDY}/question-plan",
            f"{_STUDY}/analysis-plan",
            f"{_STUDY}/reviews",
            f"{_STUDY}/papers",
            f"{_STUDY}/contact-requests",
            f"{_STUDY}/editions",
            f"{_STUDY}/edition-texts",
            f"{_STUDY}/project-page",
        ),
        *(_INSTRUMENTS, f"{_INSTRUMENTS}/{{name}}", f"{_INSTRUMENTS}/{{name}}/preview"),
    ),
    "admin": (
        *(f"{_API}/staff", f"{_API}/second-factor-removals", f"{_API}/moderation/hours"),
        *(f"{_INSTRUMENTS}/{{name}}/licences", f"{_API}/programme/organisations"),
    ),
}

_ALL_ACTS: Final = "reads every act of a study, which is its purpose; `bands_s` holds it"
_A_FILE: Final = "is as large as the file that is asked for; `export_csv` holds it"
_OF_ONE: Final = "of one participant of one study, which is as large as its plan"
_AN_EDITION: Final = "is as large as the edition that is asked for"
_A_TEXT: Final = "a text of one study, with the list of its versions"
_PLAIN: Final = "reads no rows"
_EVERYONE: Final = "counts everyone in one study and what each agrees to now; 2 µs each"
#: What has no place, and why.
APART: Final = {
    f"{_API}/studies/{{study_id}}/dataset-preview": _ALL_ACTS,
    f"{_API}/studies/{{study_id}}/score-choices": "reads the plan of one study",
    f"{_STUDY}/participants": _EVERYONE,
    f"{_STUDY}/curves": "counts everyone in one study by the day on which they joined; 0.2 µs each",
    f"{_API}/measures": _PLAIN,
    f"{_API}/datasets/{{dataset_id}}/evaluation": "of a frozen dataset; lists its measures",
    f"{_API}/datasets/{{dataset_id}}/evaluation/charts/{{measure}}/{{name}}": "one row by its key",
    f"{_API}/editions/kinds": _PLAIN,
    f"{_API}/datasets/{{dataset_id}}/figures": "of a frozen dataset; lists its measures",
    f"{_API}/editions/{{edition_id}}": "one of those that the list of its study holds",
    f"{_API}/editions/{{edition_id}}/files/{{name}}": _AN_EDITION,
    f"{_STUDY}/edition-texts/{{kind}}": _A_TEXT,
    f"{_STUDY}/edition-texts/{{kind}}/{{version}}": _A_TEXT,
    f"{_API}/projects/{{study_id}}": "a page of one study, with its few released editions",
    f"{_API}/projects/{{study_id}}/editions/{{number}}/{{name}}": _AN_EDITION,
    f"{_API}/reviews": "the same as that of one study, of all that are not closed",
    f"{_API}/datasets/{{dataset_id}}/downloads": "of a frozen dataset; lists its few downloads",
    f"{_API}/datasets/{{dataset_id}}/archive": _A_FILE,
    f"{_API}/datasets/{{dataset_id}}/files/{{file}}": _A_FILE,
    f"{_API}/meetings/{{meeting_id}}/attendance": "of one group, which is as large as a room",
    f"{_API}/questionnaires/{{study_id}}/{{wave}}": _OF_ONE,
    f"{_STUDY}/respondents/{{pseudonym}}": _OF_ONE,
    f"{_STUDY}/respondents/{{pseudonym}}/{{wave}}": _OF_ONE,
    f"{_STUDY}/respondents/{{pseudonym}}/{{wave}}/paper": _OF_ONE,
    f"{_STUDY}/paper-forms/{{wave}}": "of the plan of one wave, and of nobody's answers",
    f"{_STUDY}/flow": "counts every account that could take part, for its first box says how many",
    f"{_ME}/data": "counts every row that is held about the member, for it says exactly what is",
    "/health/live": _PLAIN,
    "/health/ready": _PLAIN,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who asks, on one database, and what their addresses are filled with."""

    bench: Bench
    people: dict[str, Person]
    words: dict[str, Any]

    def asks(self, who: str, place: str) -> bytes:
        path = place.format(**self.words)
        return request("GET", path, self.bench.port, cookie=self.people[who].cookie)


def cast(bench: Bench) -> Cast:
    """People with years behind them."""
    first, second = community.sign_in(bench.url, role="moderator", count=2)
    (researcher,) = community.sign_in(bench.url, role="researcher", count=1)
    (admin,) = community.sign_in(bench.url, role="administrator", count=1)
    member = bench.people[0]
    study, _ = history.fill(bench.url, member=member, moderators=(first, second))
    group, area = history.gather(bench.url, member)
    people = {"member": member, "moderator": first, "researcher": researcher, "admin": admin}
    words = {
        "name": "phq9",
        "study_id": study,
        "member_id": member.member_id,
        "moderator_id": first.member_id,
        "group_id": group,
        "area_id": area,
    }
    return Cast(bench, people, words | _found(bench, member))


def _found(bench: Bench, member: Person) -> dict[str, Any]:
    with psycopg.connect(bench.url) as connection:
        row = connection.execute(
            "SELECT p.id FROM community.posts p JOIN community.post_revisions r ON r.post_id = p.id"
            " WHERE p.author_id = %s LIMIT 1",
            (member.member_id,),
        ).fetchone()
        case = connection.execute(
            "SELECT c.id, c.opened_at::date FROM moderation.cases c"
            " WHERE c.decision_id IS NULL AND NOT EXISTS (SELECT FROM moderation.reports r"
            "   WHERE r.case_id = c.id AND r.reporter_id = %s)"
            " ORDER BY c.place OFFSET 2 LIMIT 1",
            (member.member_id,),
        ).fetchone()
    assert row
    assert case
    return {
        "post_id": row[0],
        "thread_id": bench.threads[0],
        "case_id": case[0],
        "day": case[1],
    }


async def growth(
    small: Bench, large: Bench, results: Results, count: int, *, pair: str, of: Collection[str]
) -> None:
    """The one that grows most. Those that seem to are asked again, and again: a processor's clock
    ticks a hundred times a second, so few requests tell little."""
    few, many = cast(small), cast(large)
    asked = [(who, place) for who in of for place in PLACES[who]]
    ratios: dict[str, tuple[float, float]] = {}
    for who, place in asked:
        for times in (1, 4, 8):
            found = await _pair(few, many, who, place, count * times)
            known = ratios.get(place)
            if known is None or found[1] / found[0] < known[1] / known[0]:
                ratios[place] = found
            if found[1] <= BOUND * found[0]:
                break
    ranked = sorted(ratios.items(), key=lambda one: one[1][1] / one[1][0])
    for place, (before, after) in ranked:
        if after > BOUND * before:
            print(f"  {place}: {before:.2f} to {after:.2f} ms, {after / before:.2f} times")
    dearest, (before, after) = ranked[-1]
    results.put(
        "growth_get",
        after,
        "ms CPU a request",
        baseline=before,
        note=f"{len(asked)} reads, {pair}; dearest: {dearest.removeprefix(_API)}",
    )


async def _pair(few: Cast, many: Cast, who: str, place: str, count: int) -> tuple[float, float]:
    found = [0.0, 0.0]
    for at, one in enumerate((few, many)):
        ready = [one.asks(who, place)] * (count + 4)
        found[at] = (await one.bench.cost(ready, warm_up=4)).total_ms
    return max(found[0], 0.05), found[1]
