"""Research stands apart: no route of the community answers whoever works on a study."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.api import deps
from app.api.router import RESOURCES
from app.community.visibility import VIEWER, parameters_of, sees
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.identity import sessions, staff
from app.identity.permissions import Permission
from app.identity.roles import Role, permissions_of
from tests.people import SignedIn, signed_in

MARKER = "A marker nobody in research may read."
ROLES = (Role.RESEARCHER, Role.CHECKER)

ROUTES = [route for router in RESOURCES for route in router.routes if isinstance(route, APIRoute)]

#: What research may still ask for: itself, its studies, what a study holds about it, and health.
OPEN = {
    *("sign_in", "sign_out", "list_sessions", "end_session", "end_other_sessions"),
    *("register", "verify_address", "send_verification_again", "close_account"),
    *("read_me", "change_me", "change_email", "confirm_email", "change_password"),
    *("ask_for_password_reset", "reset_password", "begin_second_factor", "enrol_second_factor"),
    *("read_password_reset", "turn_off_second_factor", "read_development_mail"),
    *("read_my_data", "list_my_study_activities", "list_my_study_attendances"),
    *("list_my_study_texts", "list_my_responses"),
    *("list_studies", "read_study", "join_study", "choose_purposes", "withdraw_from_study"),
    *("list_questionnaires", "read_wave", "open_wave", "save_answers"),
    *("finish_wave", "decline_wave", "ask_contact", "read_invitation_choices"),
    *("choose_invitations", "stop_invitations", "stop_invitations_from_mail"),
    "see_stop_of_invitations",
    *("list_studies_of_code", "join_study_by_code", "withdraw_by_code"),
    *("read_wave_by_code", "save_answers_by_code", "finish_wave_by_code"),
    "list_public_reviews",
    *("list_projects", "read_project", "read_released_edition"),
    *("end_break", "list_my_sanctions", "list_my_attendances", "appeal_sanction"),
    *("read_liveness", "read_readiness", "read_metrics", "read_care"),
}


def _dependencies(dependant: Dependant) -> Iterable[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _dependencies(one)


def _asks_for(route: APIRoute) -> str | None:
    """The permission, or `a member`, or nothing in particular."""
    for call in _dependencies(route.dependant):
        if isinstance(call, deps.Needs):
            return call.permission.value
        if call is deps.member:
            return "a member"
    return None


COMMUNITY = [route for route in ROUTES if _asks_for(route) == "a member"]


def test_every_route_is_of_the_community_or_named_here_as_open_to_research() -> None:
    """A new route that forgets to say whom it is for is found here."""
    assert {route.name for route in ROUTES if _asks_for(route) is None} == OPEN
    tags = {"wall", "posts", "members", "activities"}
    for route in ROUTES:
        if tags & set(route.tags):
            assert route in COMMUNITY, route.name


RESEARCH_TAGS = {
    "analysis_plans",
    "studies",
    "datasets",
    "evaluations",
    "questions",
    "sheets",
    "releases",
    "instruments",
    "question_plans",
    "invitations",
    "papers",
    "respondents",
    "reviews",
    "editions",
    "edition_texts",
    "project_pages",
}


def test_no_permission_of_research_opens_the_community() -> None:
    held = permissions_of(frozenset(ROLES))
    assert all(one.value.startswith("research:") for one in held)
    for route in ROUTES:
        if (asked := _asks_for(route)) in {one.value for one in held}:
            assert set(route.tags) <= RESEARCH_TAGS, (
                route.name,
                asked,
            )
    assert Permission.MODERATION_CASES_READ not in held


@pytest.fixture
async def research(app: FastAPI) -> AsyncIterator[list[SignedIn]]:
    async with AsyncExitStack() as stack:
        found = [await signed_in(app, roles=(role,)) for role in ROLES]
        for one in found:
            await stack.enter_async_context(one.client)
        yield found


@pytest.fixture
async def rowan(app: FastAPI) -> AsyncIterator[SignedIn]:
    async with (found := await signed_in(app, "Rowan")).client:
        yield found


async def test_what_is_ones_own_stays_open(research: list[SignedIn]) -> None:
    for one in research:
        for path in ("/me", "/me/data", "/studies", "/sessions"):
            assert await one.status(path) == 200, path
        changed = await one.client.patch("/api/v1/me", json={"about": "I count."})
        assert changed.status_code == 200
        assert (await one.client.delete("/api/v1/session")).status_code == 204


async def test_the_role_alone_shuts_the_door_and_without_it_the_door_is_open_again(
    app: FastAPI, database: Database, connection: AnyConnection
) -> None:
    async with (one := await signed_in(app)).client:
        assert await one.status("/wall") == 200
        await connection.execute(
            "UPDATE identity.accounts SET staff_family = 'research' WHERE id = %s",
            (one.account_id,),
        )
        await connection.execute(
            "INSERT INTO identity.account_roles (account_id, role, family)"
            " VALUES (%s, 'checker', 'research')",
            (one.account_id,),
        )
        assert await one.status("/wall") == 403, "its second factor was never asked for"
        async with unit_of_work(database) as session:
            await staff.take_back(
                session,
                account_id=one.account_id,
                role=Role.CHECKER,
                reason="Done.",
                granter_id=None,
            )
        assert await one.status("/wall") == 200
        assert (await one.publish())["body_html"]


async def test_who_is_given_the_role_while_they_write_is_told_in_words(
    app: FastAPI, connection: AnyConnection, monkeypatch: pytest.MonkeyPatch, rowan: SignedIn
) -> None:
    """The door was open when they came to it; the database shuts it, and nothing breaks."""
    post = await rowan.publish(MARKER)
    async with (one := await signed_in(app)).client:
        find = sessions.find

        async def find_as_they_were(*asked: Any) -> Any:
            actor = await find(*asked)
            await connection.execute(
                "UPDATE identity.accounts SET staff_family = 'research' WHERE id = %s",
                (one.account_id,),
            )
            return actor

        monkeypatch.setattr(sessions, "find", find_as_they_were)
        for method, path, body, status, problem in (
            ("POST", "/posts", {"body": "Hello."}, 403, "research-stands-apart"),
            ("POST", f"/posts/{post['id']}/replies", {"body": "Hello."}, 404, "post-not-found"),
            ("PUT", f"/posts/{post['id']}/reactions/i_hear_you", None, 404, "post-not-found"),
            ("POST", "/reports", {"post_id": post["id"], "kind": "worried"}, 404, "post-not-found"),
            ("GET", f"/threads/{post['id']}", None, 404, "post-not-found"),
            ("GET", f"/members/{rowan.member_id}", None, 404, "member-not-found"),
        ):
            answer = await one.client.request(method, f"/api/v1{path}", json=body)
            assert (answer.status_code, answer.json()["type"]) == (status, problem), path
        for path in ("/wall", "/me/notifications", "/me/activity"):
            assert (await one.client.get(f"/api/v1{path}")).json()["items"] == [], path


async def test_the_database_says_so_too(
    connection: AnyConnection, research: list[SignedIn], rowan: SignedIn
) -> None:
    """Raw SQL, as superuser: nothing is to be seen, and nothing can be written."""
    post = await rowan.publish(MARKER)
    seen = f"WITH {VIEWER} SELECT {sees('p', 'p')} AS is_seen FROM community.posts p"
    asked = parameters_of(rowan.member_id, sees_hidden=True)
    cursor = await connection.execute(seen, asked)
    assert await cursor.fetchall() == [{"is_seen": True}]
    for one in research:
        cursor = await connection.execute(seen, asked | {"viewer": one.member_id})
        assert await cursor.fetchall() == [{"is_seen": False}]
        for statement in (
            "INSERT INTO community.posts (id, space_id, thread_id, author_id, body_source,"
            " body_html, revision, created_at, visibility) SELECT %(id)s, space_id, %(id)s,"
            " %(who)s, 'x', 'x', 1, now(), 'visible' FROM community.posts WHERE id = %(post)s",
            "INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id,"
            " body_source, body_html, revision, created_at, visibility) SELECT %(id)s, space_id,"
            " id, id, %(who)s, 'x', 'x', 1, now(), 'visible' FROM community.posts"
            " WHERE id = %(post)s",
            "INSERT INTO community.reactions (post_id, member_id, kind, created_at)"
            " VALUES (%(post)s, %(who)s, 'i_hear_you', now())",
        ):
            values = {"id": new_id(), "who": one.member_id, "post": post["id"]}
            with pytest.raises(psycopg.errors.CheckViolation, match="research stands apart"):
                await connection.execute(statement, values)
            await connection.execute(statement, {**values, "who": rowan.member_id})
            await connection.execute("DELETE FROM community.reactions")
            await connection.execute("DELETE FROM community.posts WHERE id = %(id)s", values)


async def test_the_database_takes_no_flag_of_theirs(
    connection: AnyConnection, research: list[SignedIn], rowan: SignedIn, app: FastAPI
) -> None:
    post = await rowan.publish(MARKER)
    async with (sky := await signed_in(app, "Sky")).client:
        flagged = {"post_id": post["id"], "kind": "worried"}
        answer = await sky.client.post("/api/v1/reports", json=flagged)
        assert answer.status_code == 201
    copy = (
        "INSERT INTO moderation.reports (id, case_id, reporter_id, is_worried, revision,"
        " created_at) SELECT %s, case_id, %s, true, 1, now() FROM moderation.reports LIMIT 1"
    )
    for one in research:
        with pytest.raises(psycopg.errors.CheckViolation, match="research stands apart"):
            await connection.execute(copy, (new_id(), one.member_id))
    await connection.execute(copy, (new_id(), rowan.member_id))
