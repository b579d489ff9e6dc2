"""Who sees what, as a table: a relation between reader and author is a row, a surface a column."""

import json
import re
from contextlib import AsyncExitStack
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from fastapi import FastAPI

from app.community.subscribers import SUBSCRIBER
from app.core import delivery
from tests.community.live_surfaces import LIVE, told_of_everything
from tests.community.relations import RELATIONS, UNFOUND, Scene, Sight, furnish, meet
from tests.community.surfaces import SURFACES, Scenes, ids, place_of
from tests.people import Json, SignedIn, signed_in

DESCRIBED = json.loads(
    (Path(__file__).parents[2] / "frontend" / "openapi.json").read_text(encoding="utf-8")
)


async def test_what_moss_sees_of_sky(app: FastAPI, rowan: SignedIn, moss: SignedIn) -> None:
    async with AsyncExitStack() as stack:
        scenes: Scenes = {}
        for number, name in enumerate(RELATIONS):
            sky = await signed_in(app, f"Sky{number}x Lee")
            await stack.enter_async_context(sky.client)
            scenes[name] = Scene(app, rowan, sky, moss)
            await furnish(scenes[name], "A marker")
        for scene in scenes.values():
            await meet(scene)
        while await delivery.deliver(app.state.database, SUBSCRIBER):
            pass
        app.state.cursors = await cursors(moss)
        async with told_of_everything(app.state.database) as before:
            for name, (act, _) in RELATIONS.items():
                await act(scenes[name])
        async with told_of_everything(app.state.database) as after:
            pass
        while await delivery.deliver(app.state.database, SUBSCRIBER):
            pass
        wrong = []
        for surface, (parts, sights, listen) in LIVE.items():
            for server, hub in (("a server that was there", before), ("one that starts", after)):
                heard = await listen(moss, scenes, hub)
                wrong += amiss(f"{surface}, {server}", parts, sights, scenes, heard)
        for surface, (_, parts, sights, look) in SURFACES.items():
            wrong += amiss(surface, parts, sights, scenes, await look(moss, scenes))
        assert not wrong, "\n".join(wrong)


def amiss(
    surface: str, parts: tuple[str, ...], sights: set[Sight], scenes: Scenes, met: set[str]
) -> list[str]:
    """What is met on a surface and should not be, or the other way round."""
    found = []
    for name, (_, expected) in RELATIONS.items():
        for part in parts:
            is_seen = expected[part] in sights
            if surface == "search for people" and name in UNFOUND:
                is_seen = False
            named = place_of(scenes[name], part)
            if (named & met) != (named if is_seen else set()):
                found.append(f"{surface}: {name}: {part}: met {not is_seen}")
    return found


async def cursors(moss: SignedIn) -> list[str]:
    """The beginnings of every page of the wall but the first."""
    found: list[str] = []
    cursor = (await moss.get("/wall"))["next_cursor"]
    while cursor:
        found.append(cursor)
        cursor = (await moss.get("/wall", cursor=cursor))["next_cursor"]
    return found


@pytest.mark.parametrize("name", ["blocked by reader", "blocked by author", "muted by reader"])
async def test_no_count_tells_of_who_is_out_of_sight(
    app: FastAPI, rowan: SignedIn, sky: SignedIn, moss: SignedIn, name: str
) -> None:
    post = await rowan.publish("Rowan's own.")
    reply = await rowan.reply(post, "More of it.")
    below = await sky.reply(reply, "A reply.")
    await sky.react(post)
    mine = await moss.publish("Moss's own.")
    await sky.react(mine)
    await sky.reply(mine)
    before = await moss.get(f"/posts/{post['id']}")
    assert (before["reply_count"], before["is_answered"], before["reactions"]["given"]) == (
        2,
        True,
        ["i_hear_you"],
    )
    await RELATIONS[name][0](Scene(app, rowan, sky, moss))
    seen = await moss.get(f"/posts/{post['id']}")
    assert (seen["reply_count"], seen["is_answered"]) == (1, False)
    assert seen["reactions"]["given"] == []
    assert (await moss.get(f"/posts/{reply['id']}"))["reply_count"] == 0
    own = await moss.get(f"/posts/{mine['id']}")
    assert (own["reply_count"], own["is_answered"], own["unread_replies"]) == (0, False, False)
    assert not own["reactions"]["names"]
    assert own["reactions"]["given"] == []
    waits = await moss.get("/wall", unanswered="true")
    assert post["id"] in ids(waits["items"][: waits["waiting_here"]]), "it waits, for Moss"
    # A place that only replies out of sight would hold open is none.
    await sky.reply(post, "Another.")
    await rowan.withdraw(reply)
    assert await moss.status(f"/posts/{reply['id']}") == 404
    assert await sky.status(f"/posts/{reply['id']}") == 200
    # For everyone else all counts as before.
    assert (await rowan.get(f"/posts/{post['id']}"))["reply_count"] == 2
    assert below["id"] in ids((await rowan.thread(post))["replies"]["items"])


#: Every operation that names a post or a member in its path, with what it is sent.
BY_ID: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "/posts/{post_id}", {}),
    ("GET", "/threads/{thread_id}", {}),
    ("GET", "/posts/{post_id}/revisions", {}),
    ("PUT", "/threads/{thread_id}/read-marker", {"post_id": ""}),
    ("PUT", "/posts/{post_id}", {"body": "Mine now."}),
    ("DELETE", "/posts/{post_id}", {}),
    ("POST", "/posts/{post_id}/replies", {"body": "Hm."}),
    ("POST", "/posts/{post_id}/appeal", {"words": "Please look again."}),
    ("PUT", "/posts/{post_id}/reactions/{kind}", {}),
    ("DELETE", "/posts/{post_id}/reactions/{kind}", {}),
    ("GET", "/members/{member_id}", {}),
    ("PUT", "/members/{member_id}/mute", {}),
    ("DELETE", "/members/{member_id}/mute", {}),
    ("PUT", "/members/{member_id}/block", {}),
    ("DELETE", "/members/{member_id}/block", {}),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the test itself asks of the database, not what goes on beside it."""
    found: list[str] = []
    execute: Any = psycopg.AsyncCursor.execute

    async def noting(self: Any, query: object, *values: Any, **options: Any) -> Any:
        if _IS_ASKING.get():
            found.append(str(query))
        return await execute(self, query, *values, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", noting)
    return found


_IS_ASKING = ContextVar("is_asking", default=False)


async def test_what_is_out_of_sight_answers_as_what_never_was(
    sky: SignedIn, moss: SignedIn, asked: list[str]
) -> None:
    """In the same words, and after the same statements: also how long it takes tells nothing."""
    post = await sky.publish()
    assert (await sky.client.put(f"/api/v1/members/{moss.member_id}/block")).status_code == 204
    _IS_ASKING.set(True)
    for method, path, body in BY_ID:
        answers = []
        body = {key: value or post["id"] for key, value in body.items()}
        for post_id, member_id in ((post["id"], sky.member_id), (uuid4(), uuid4())):
            of = path.format(
                post_id=post_id, thread_id=post_id, member_id=member_id, kind="i_hear_you"
            )
            asked.clear()
            answer = await moss.client.request(method, f"/api/v1{of}", json=body or None)
            assert asked, "it was looked for"
            problem = answer.json() if answer.content else {}
            problem.pop("request_id", None)
            content = str(problem).replace(str(post_id), "").replace(str(member_id), "")
            headers = {name for name in answer.headers if name not in {"x-request-id"}}
            answers.append((answer.status_code, content, headers, tuple(asked)))
        assert answers[0] == answers[1], path


async def test_the_quiet_list_is_no_way_round(
    rowan: SignedIn, sky: SignedIn, moss: SignedIn
) -> None:
    """Everyone's own list is their own: nothing in it says by whom one is blocked."""
    await sky.client.put(f"/api/v1/members/{moss.member_id}/block")
    assert await moss.get("/me/blocks") == {"blocked": [], "muted": []}
    assert [one["display_name"] for one in (await sky.get("/me/blocks"))["blocked"]] == [moss.name]
    assert await rowan.get("/me/blocks") == {"blocked": [], "muted": []}


def operations() -> dict[str, tuple[str, str, Json]]:
    """By name, method and path of everything that the API offers."""
    return {
        one["operationId"]: (method, path, one)
        for path, methods in DESCRIBED["paths"].items()
        for method, one in methods.items()
    }


#: Reads that show no post of others: nothing of the community, or only of oneself.
OF_NO_POST = {
    *("read_me", "read_care", "read_team_now", "read_team_hours", "list_sessions"),
    *("list_my_blocks", "list_my_reports", "list_my_sanctions"),
    *("read_my_data", "list_my_study_activities", "list_my_study_attendances"),
    *("list_my_study_texts", "list_my_responses"),
    *("list_studies", "read_study", "list_sheets", "count_participants", "read_curves"),
    *("preview_dataset", "list_datasets", "list_downloads", "download_archive", "download_file"),
    *("list_askable", "list_agreements", "list_releases", "list_measures", "read_evaluation"),
    "read_chart",
    *("list_staff", "list_second_factor_removals", "list_reasons", "list_organisations"),
    *("list_areas", "list_groups", "list_my_groups", "read_group", "list_my_attendances"),
    *("list_meetings", "read_attendance"),
    *("list_questionnaires", "read_wave", "read_question_plan", "read_flow"),
    *("read_analysis_plan", "list_review_subjects", "list_study_reviews", "list_public_reviews"),
    "list_score_choices",
    *("list_edition_kinds", "list_figures", "list_editions", "read_edition", "read_edition_file"),
    *("list_edition_texts", "read_edition_text", "read_edition_text_version"),
    *("read_project_page", "list_projects", "read_project", "read_released_edition"),
    *("list_respondent_waves", "read_respondent_wave"),
    *("list_waiting_papers", "read_paper", "read_paper_form"),
    *("read_invitation_choices", "list_contact_requests"),
    *("list_instruments", "read_instrument", "preview_instrument", "list_licences"),
    *("read_liveness_health_live_get", "read_readiness_health_ready_get"),
}
#: Reads of moderators, who see every post in a case: `tests/moderation`.
OF_MODERATORS = {
    *("list_cases", "count_waiting_cases", "read_case", "list_case_texts", "read_batch"),
    *("list_log", "list_log_people", "read_log_check", "list_proposed_sanctions"),
}


def test_every_operation_that_reads_is_a_surface_or_shows_no_post() -> None:
    """A new one that shows posts is named above, and so asked in every relation."""
    reads = {name for name, (method, _, _) in operations().items() if method == "get"}
    surfaces = {operation for operation, *_ in SURFACES.values()}
    assert reads - surfaces - OF_NO_POST - OF_MODERATORS == set()
    assert surfaces | OF_NO_POST | OF_MODERATORS <= set(operations()), "one that is gone"
    shows = {name for name, (_, _, one) in operations().items() if "Post" in schemas_in(one)}
    assert not shows & OF_NO_POST


def schemas_in(operation: Json) -> set[str]:
    """All that its answers are made of."""
    found: set[str] = set()
    waiting = [json.dumps(operation["responses"])]
    while waiting:
        for name in set(re.findall(r"#/components/schemas/(\w+)", waiting.pop())) - found:
            found.add(name)
            waiting.append(json.dumps(DESCRIBED["components"]["schemas"][name]))
    return found


def test_every_operation_that_names_a_post_or_a_member_is_asked_for_what_is_out_of_sight() -> None:
    named = {
        (method.upper(), path.removeprefix("/api/v1"))
        for method, path, _ in operations().values()
        if re.search(r"\{(post|thread|member)_id\}", path) and "attendance" not in path
    }
    # Hosts tick who stands on their own list, whoever has blocked whom: tests/programme.
    assert {(method, path) for method, path, _ in BY_ID} == named
