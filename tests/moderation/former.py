"""A community as the release before left it: two cases about a post and a reply, one of them asked
about again, a step, and a log whose lines were hashed without saying how."""

import hashlib
from typing import Any
from uuid import UUID

import orjson
import psycopg

from app.moderation import chain
from tests.wall import WALL_ID

#: The newest revision of the release before.
BEFORE = "community_0008"

ROWAN, SKY, SAM, ASH = (UUID(int=7 << 76 | 2 << 62 | number) for number in range(1, 5))
POST, REPLY, OPEN, DECIDED, AGAIN = (
    UUID(int=7 << 76 | 2 << 62 | number) for number in range(11, 16)
)
DECISION, STEP, ASKED = (UUID(int=7 << 76 | 2 << 62 | number) for number in range(21, 24))
REASON = "It may be hard to read for someone on a bad day."

_MEMBER = """
WITH account AS (
  INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash, is_demo,
    adult_affirmed_at, rules_agreed_at, created_at, verified_at)
  VALUES (%(id)s, %(id)s, decode(md5(%(name)s), 'hex'), '\\x00', '!', false, now(), now(), now(),
    now()))
INSERT INTO community.members (id, display_name, display_key, about, show_notes_open, joined_at)
VALUES (%(id)s, %(name)s, lower(%(name)s), '', false, now())
"""
_POST = """
INSERT INTO community.posts (id, space_id, thread_id, parent_id, author_id, body_source, body_html,
  revision, created_at, visibility)
VALUES (%s, %s, %s, %s, %s, 'Words', '<p>Words</p>', %s, now(), 'visible')
"""
_CASE = """
INSERT INTO moderation.cases (id, post_id, is_worried, report_count, worried_count, version,
  opened_at) VALUES (%s, %s, false, %s, 0, 1, now())
"""
_REPORT = """
INSERT INTO moderation.reports (id, case_id, reporter_id, is_worried, reason, revision, created_at)
VALUES (gen_random_uuid(), %s, %s, false, 'hurtful', %s, now())
"""
_DECISION = """
INSERT INTO moderation.decisions (id, case_id, post_id, moderator_id, act, reason, revision,
  decided_at) VALUES (%s, %s, %s, %s, 'hide', %s, 2, now())
"""
_STEP = """
INSERT INTO moderation.steps (id, case_id, post_id, moderator_id, kind, words, revision, made_at)
VALUES (%s, %s, %s, %s, 'reached_out', %s, 3, now())
"""
_ASKED = """
INSERT INTO moderation.second_looks (id, decision_id, case_id, asked_by, words, asked_at)
VALUES (%s, %s, %s, %s, 'I wrote about my cat.', now())
"""
_LINE = """
INSERT INTO moderation.log (at, act, actor_id, case_id, post_id, facts)
VALUES (clock_timestamp(), %s, %s, %s, %s, %s)
"""


def digest(*fields: Any) -> str:
    """As the release before made it."""
    said = "".join(chain.netstring(None if field is None else str(field)) for field in fields)
    return hashlib.sha256(said.encode()).hexdigest()


def fill(connection: psycopg.Connection[Any]) -> None:
    """All of it."""
    for member_id, name in ((ROWAN, "Rowan"), (SKY, "Sky"), (SAM, "Sam"), (ASH, "Ash")):
        connection.execute(_MEMBER, {"id": member_id, "name": name})
    connection.execute(_POST, (POST, WALL_ID, POST, None, ROWAN, 2))
    connection.execute(_POST, (REPLY, WALL_ID, POST, POST, ROWAN, 3))
    connection.execute(_CASE, (DECIDED, POST, 1))
    connection.execute(_REPORT, (DECIDED, SKY, 1))
    connection.execute(_DECISION, (DECISION, DECIDED, POST, SAM, REASON))
    connection.execute(
        "UPDATE moderation.cases SET decision_id = %s WHERE id = %s", (DECISION, DECIDED)
    )
    connection.execute(
        "UPDATE community.posts SET visibility = 'hidden', hidden_reason = %s WHERE id = %s",
        (REASON, POST),
    )
    connection.execute(_CASE, (AGAIN, POST, 0))
    connection.execute(_ASKED, (ASKED, DECISION, AGAIN, ROWAN))
    connection.execute(_CASE, (OPEN, REPLY, 2))
    for revision in (3, 2):
        connection.execute(_REPORT, (OPEN, SKY, revision))
    connection.execute(_STEP, (STEP, OPEN, REPLY, SAM, REASON))
    decided = digest(DECISION, DECIDED, POST, SAM, "hide", REASON, None, 2)
    stepped = digest(STEP, OPEN, REPLY, SAM, "reached_out", REASON, 3)
    for act, actor, case_id, post_id, facts in (
        ("opened", None, DECIDED, POST, {"is_worried": False}),
        ("decided", SAM, DECIDED, POST, {"decision_id": str(DECISION), "digest": decided}),
        ("opened", None, AGAIN, POST, {}),
        ("asked_again", ROWAN, AGAIN, POST, {"decision_id": str(DECISION)}),
        ("opened", None, OPEN, REPLY, {}),
        ("reached_out", SAM, OPEN, REPLY, {"step_id": str(STEP), "digest": stepped}),
    ):
        said = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
        connection.execute(_LINE, (act, actor, case_id, post_id, said))


#: How many lines it has.
LINES = 6
