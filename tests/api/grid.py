"""Who is asked in the grid of rights, and what: the people, their things, and a request each."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core import clock, db
from app.core.db import Database, unit_of_work
from app.identity import account_standing, sessions, staff
from app.identity.roles import Role
from app.research.models import Purpose
from tests.people import Json, SignedIn, new_client, signed_in
from tests.research.factories import join, opened

#: Of a password that nobody here says, and cheap to hold against another.
HASH = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash("the right password")
MARKER = "A marker that is for members."

#: By name, the roles each holds, and whether the second factor was shown.
STAFF = {
    name + suffix: ((role,), is_passed)
    for name, role in (
        ("moderator", Role.MODERATOR),
        ("safeguarding", Role.SAFEGUARDING),
        ("researcher", Role.RESEARCHER),
        ("checker", Role.CHECKER),
        ("administrator", Role.ADMINISTRATOR),
    )
    for suffix, is_passed in (("-1", False), ("-2", True))
} | {
    "host": ((Role.HOST,), True),
    "adviser": ((Role.ADVISER,), True),
    "researcher+checker": ((Role.RESEARCHER, Role.CHECKER), True),
    "administrator+moderator": ((Role.ADMINISTRATOR, Role.MODERATOR), True),
}


@dataclass
class Grid:
    """Everybody, and the ids of what they ask about: the author's, but for `nobodys`."""

    app: FastAPI
    people: dict[str, SignedIn] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def author(self) -> SignedIn:
        return self.people["author"]

    @property
    def database(self) -> Database:
        database: Database = self.app.state.database
        return database

    async def client(self, name: str, *, is_fresh: bool) -> httpx2.AsyncClient:
        """The browser of one of them, each in a network of its own; a second one for what ends
        its sign-in."""
        number = 1 + [*self.people, "visitor"].index(name)
        client = new_client(self.app, host=f"192.0.2.{number}")
        if name != "visitor":
            person = self.people[name]
            cookie = self.app.state.settings.server.cookie_name
            client.cookies.set(cookie, person.client.cookies[cookie])
            if is_fresh:
                client.cookies.set(cookie, (await sign_in(self.app, person)).token)
        return client


async def sign_in(app: FastAPI, person: SignedIn) -> sessions.NewSignIn:
    """Another sign-in of theirs."""
    actor = person.actor
    return await sessions.open(
        app.state.database.pool,
        app.state.settings.sessions,
        account_id=actor.account_id,
        description="Another",
        is_staff=actor.is_second_factor_passed,
        is_second_factor_passed=actor.is_second_factor_passed,
    )


async def furnish(app: FastAPI) -> Grid:
    """All the people and all that they ask about."""
    grid = Grid(app)
    author = grid.people["author"] = await signed_in(app, "Author")
    post = await author.publish(MARKER)
    own = {name: (await author.publish(f"{MARKER} {name}"))["id"] for name in ("doomed", "hidden")}
    flagger = grid.people["member"] = await signed_in(app)
    for one in (post["id"], own["hidden"]):
        said = {"post_id": one, "kind": "worried"}
        assert (await flagger.client.post("/api/v1/reports", json=said)).status_code == 201
    grid.ids = {
        **own,
        "post": post["id"],
        "reply": (await author.reply(post, MARKER))["id"],
        "mine": (await author.publish("Mine."))["id"],
        "member": str(author.member_id),
        "nobodys": str(uuid4()),
        "session": str((await sign_in(app, author)).id),
    }
    await _decide(grid)
    await _meet(grid)
    study = await opened(grid.database, asks=tuple(Purpose), wave_weeks=(0, 13))
    await join(grid.database, study, author.member_id)
    grid.ids["study"] = str(study.id)
    for name, (roles, is_passed) in STAFF.items():
        grid.people[name] = await signed_in(app, roles=roles, is_second_factor_passed=is_passed)
    grid.people["unconfirmed"] = await signed_in(app, is_verified=False)
    suspended = grid.people["suspended"] = await signed_in(app)
    async with unit_of_work(grid.database) as session:
        until = clock.now() + timedelta(days=9)
        await account_standing.suspend(session, suspended.member_id, until=until)
        connection = await db.driver(session)
        await connection.execute("UPDATE identity.accounts SET password_hash = %s", (HASH,))
    return grid


async def _decide(grid: Grid) -> None:
    """A moderator hides one post and limits its author; the case of the other stays open."""
    moderator = await signed_in(grid.app, "Sam at home", roles=(Role.MODERATOR,))
    grid.ids["sams"] = (await moderator.publish())["id"]
    for case in (await moderator.get("/cases"))["items"]:
        if case["subject"]["id"] != grid.ids["hidden"]:
            grid.ids["case"] = case["id"]
            continue
        path = f"/api/v1/cases/{case['id']}"
        assert (await moderator.client.post(f"{path}/claim")).status_code == 200
        said = {"act": "hide", "reason": "It names a method.", "version": case["version"]}
        said |= {"sanction": {"kind": "warn"}}
        answer = await moderator.client.post(f"{path}/decision", json=said)
        assert answer.status_code == 201, answer.text
    (sanction,) = (await grid.author.get("/me/sanctions"))["items"]
    grid.ids["sanction"] = sanction["id"]


async def _meet(grid: Grid) -> None:
    """The author runs a group, which has met."""
    office = await signed_in(grid.app, "The office", roles=(Role.ADMINISTRATOR,))
    made = [await office.post(f"/programme/{kind}", name="Here") for kind in _NAMED]
    organisation, area = (answer.json()["id"] for answer in made)
    said = {**_GROUP, "organisation_id": organisation, "area_id": area}
    group = grid.ids["group"] = (await office.post("/programme/groups", **said)).json()["id"]
    async with unit_of_work(grid.database) as session:
        account_id = grid.author.account_id
        await staff.grant(
            session, account_id=account_id, role=Role.HOST, reason="A test.", granter_id=None
        )
    await office.put(f"/programme/groups/{group}/hosts/{grid.author.member_id}")
    began = clock.now() - timedelta(hours=1)
    planned = {"day": f"{began:%Y-%m-%d}", "at": f"{began:%H:%M}", "minutes": 90}
    await grid.author.post(f"/groups/{group}/meetings", **planned)
    (meeting,) = (await grid.author.get(f"/groups/{group}/meetings"))["items"]
    grid.ids["meeting"] = meeting["id"]
    others = f"/api/v1/meetings/{meeting['id']}/others"
    assert (await grid.author.client.put(others, json={"count": 1})).status_code == 204


_NAMED = ("organisations", "areas")
_GROUP = {
    "name": "A circle",
    "mode": "in_person",
    "kind": "peer_led",
    "about": "",
    "place": "The library",
}

#: What ends sign-ins comes last, each from another browser.
ENDS_SIGN_INS = ("sign_in", "end_session", "sign_out", "close_account", "end_other_sessions")

#: What stands in a path, unless `PATHS` says otherwise: what is whose, or nobody's.
USUAL = {
    "post_id": "post",
    "thread_id": "post",
    "member_id": "member",
    "session_id": "session",
    "case_id": "case",
    "sanction_id": "nobodys",
    "person": "nobodys",
    "removal_id": "nobodys",
    "study_id": "study",
    "dataset_id": "nobodys",
    "edition_id": "nobodys",
    "release_id": "nobodys",
    "group_id": "group",
    "meeting_id": "meeting",
    "organisation_id": "nobodys",
    "area_id": "nobodys",
    "licence_id": "nobodys",
    "request_id": "nobodys",
}
WORDS = {
    "kind": "i_hear_you",
    "file": "periods.csv",
    "code": "C-00000-00",
    "pseudonym": "P-00000-01",
    "name": "phq9",
    "wave": "1",
    "version": "1",
    "review_id": "1",
    "number": "1",
    "token": "x",
}


#: Where one of these words means something else.
OTHER_WORDS = {
    "read_edition_text": {"kind": "early_findings"},
    "read_edition_text_version": {"kind": "early_findings"},
    "write_edition_text": {"kind": "early_findings"},
    "read_edition_file": {"name": "pdf"},
    "read_chart": {"measure": "retention", "name": "retention"},
    "read_released_edition": {"name": "pdf"},
}


def alike(operations: str, value: Json) -> dict[str, Json]:
    """The same for several."""
    return dict.fromkeys(operations.split(), value)


#: Where an act would change what the next is asked about, it is asked about nobody's.
PATHS = {
    **alike("block_member mute_member", {"member_id": "nobodys"}),
    **alike(
        "claim_case extend_claim release_claim decide_case reach_out hand_over read_batch"
        " decide_batch",
        {"case_id": "nobodys"},
    ),
    **alike(
        "plan_questions publish_sheet open_study close_study preview_dataset freeze_dataset"
        " ask_question review_sheet write_analysis_plan sign_analysis_plan note_departure"
        " write_edition_text make_edition write_project_page",
        {"study_id": "nobodys"},
    ),
    **alike("change_group close_group add_host stand_host_down", {"group_id": "nobodys"}),
    "withdraw_post": {"post_id": "doomed"},
    "appeal": {"post_id": "hidden"},
    "give_reaction": {"post_id": "sams"},
    "appeal_sanction": {"sanction_id": "sanction"},
}
_PASSWORD = "a password that is none of theirs"
_PURPOSES = {"activity": True, "text": False, "contact": False}
_CARD = {"code": "C-00000-00"}
_PARTS = {"parts": [{"instrument": "phq9", "wording_version": 1, "answers": {"phq9_1": 1}}]}
_REASON = "A reason in kind words."
_HOURS = {"worried": 60, "breaks_rules": 600, "appeal": 600}

#: The body of each operation that takes one; a word in braces is an id of the grid, or the name of
#: whoever asks.
BODIES: dict[str, Json] = {
    "mark_wall_read": {"position": "1-1"},
    "mark_thread_read": {"post_id": "{reply}"},
    "publish_post": {"body": "Hello."},
    "reply_to_post": {"body": "Hello."},
    "edit_post": {"body": MARKER},
    "tell_activities": {"items": [{"type": "help_opened"}]},
    "change_me": {"about": "About me."},
    "take_break": {"length": "day"},
    "mark_notifications_read": {"until": "{nobodys}"},
    "sign_in": {"email": "{name}@example.org", "password": _PASSWORD},
    "open_case": {"post_id": "{nobodys}"},
    "decide_case": {"act": "nothing", "reason": _REASON, "version": 1},
    **alike("reach_out hand_over", {"words": _REASON, "version": 1}),
    "decide_batch": {
        "reason": _REASON,
        "cases": [{"case_id": "{nobodys}", "version": 1, "revision": 1}],
    },
    "file_report": {"post_id": "{nobodys}", "kind": "worried"},
    **alike("appeal appeal_sanction", {"words": "Please look again."}),
    "decline_sanction": {"reason": _REASON},
    "edit_team_hours": {"hours": [], "targets": _HOURS},
    "register": {
        "email": "new-{name}@example.org",
        "password": _PASSWORD,
        "display_name": "New {number}",
        "is_adult": True,
        "agrees_to_rules": True,
    },
    **alike("verify_address confirm_email read_password_reset", {"token": "x" * 43}),
    **alike("send_verification_again ask_for_password_reset", {"email": "{name}@example.org"}),
    "change_email": {"password": _PASSWORD, "email": "other-{number}@example.org"},
    "close_account": {"password": _PASSWORD, "erase_study_data": False},
    "reset_password": {"token": "x" * 43, "password": _PASSWORD},
    "change_password": {"current_password": _PASSWORD, "new_password": f"{_PASSWORD} too"},
    "enrol_second_factor": {"code": "000000"},
    "begin_second_factor": {"password": _PASSWORD},
    "turn_off_second_factor": {"password": _PASSWORD, "code": "000000"},
    **alike("grant_role take_role_back", {"role": "host", "reason": _REASON}),
    "ask_for_second_factor_removal": {"person": "{nobodys}", "reason": _REASON},
    "agree_to_second_factor_removal": {"reason": _REASON},
    "create_study": {"title": "A study of {name}", "summary": "Why."},
    **alike("publish_sheet preview_sheet", {"body": "Please read."}),
    "join_study": {"sheet_version": 1, "purposes": _PURPOSES},
    "choose_purposes": {"sheet_version": 1, "purposes": _PURPOSES},
    "withdraw_from_study": {"erase": False},
    "save_answers": _PARTS,
    "save_respondent_answers": _PARTS,
    **alike("list_studies_of_code read_wave_by_code finish_wave_by_code", _CARD),
    "join_study_by_code": {
        **_CARD,
        "sheet_version": 1,
        "purposes": {"activity": False, "questionnaires": True, "contact": False},
    },
    "withdraw_by_code": {**_CARD, "erase": False},
    "save_answers_by_code": {**_CARD, **_PARTS},
    "enter_paper": {"answered_on": "2026-01-01", **_PARTS},
    "confirm_paper": {"decided": {}},
    "ask_contact": {"reach": "By e-mail."},
    "choose_invitations": {"part_of_day": None, "by_email": True, "is_stopped": False},
    "stop_invitations": {"token": "x" * 43},
    "plan_questions": {"waves": [{"wave": 1, "instruments": ["phq9"]}]},
    "freeze_dataset": {},
    "ask_question": {"of": "posts", "by": []},
    "write_analysis_plan": {
        "primary_measures": ["posts"],
        "secondary_measures": [],
        **dict.fromkeys(("questions", "population", "missing_answers"), _REASON),
        "worthwhile_change": _REASON,
    },
    **alike(
        "review_sheet review_instrument review_edition", {"verdict": "comment", "words": _REASON}
    ),
    "answer_review": {"words": _REASON},
    "note_departure": {"departs": _REASON, "reason": _REASON},
    "allow_early_freeze": {"reason": _REASON},
    "make_agreement": {"recipient": "A team", "aim": _REASON, "ends_on": "{next_year}"},
    "ask_for_release": {"file": "periods"},
    "record_licence": {
        "licence_number": "{number}",
        "scope": _REASON,
        "starts_on": "2026-01-01",
        "expires_on": "{next_year}",
    },
    "end_licence": {"reason": _REASON},
    "enter_wording": {"structure": 1, "language": "en", "title": "T", "items": []},
    **alike("decide_release decide_edition", {"decision": "refused", "note": _REASON}),
    "write_edition_text": {"based_on": 0, "sections": {}, "dataset_id": "{nobodys}"},
    "make_edition": {"kind": "early_findings", "dataset_id": "{nobodys}"},
    "write_project_page": {
        "based_on": 0,
        "about": _REASON,
        "contact": "The team, team@example.org",
        "related": [],
    },
    "plan_meetings": {"day": "{next_year}", "at": "18:30", "minutes": 60},
    "count_others": {"count": 1},
    **alike("add_organisation add_area", {"name": "New of {name}"}),
    **alike("rename_organisation rename_area", {"name": "Another"}),
    **alike(
        "start_group change_group", {**_GROUP, "organisation_id": "{nobodys}", "area_id": None}
    ),
}
QUERIES = {"search": {"q": "marker"}}


def request(grid: Grid, name: str, operation: str, path: str) -> dict[str, Any]:
    """How one of them asks for an operation."""
    things = USUAL | PATHS.get(operation, {})
    ids = {part: grid.ids[thing] for part, thing in things.items()}
    number = [*grid.people, "visitor"].index(name)
    next_year = (clock.now() + timedelta(days=365)).date()
    known = {
        **grid.ids,
        "next_year": next_year,
        "name": name.replace("+", "-and-"),
        "number": number,
    }

    def filled(value: Any) -> Any:
        match value:
            case str():
                return value.format(**known)
            case list():
                return [filled(one) for one in value]
            case dict():
                return {key: filled(one) for key, one in value.items()}
        return value

    return {
        "url": path.format(**ids, **WORDS | OTHER_WORDS.get(operation, {})),
        "params": QUERIES.get(operation),
        "json": filled(BODIES[operation]) if operation in BODIES else None,
    }
