"""The moderators' queue with a thousand open cases, and a batch of acts from a browser."""

import uuid

import orjson
import psycopg

from app.identity import pseudonyms
from bench import community
from bench.client import request
from bench.requests import Base, Bench
from bench.results import Results

OPEN_CASES = 1_000
ACTS_IN_A_BATCH = 20

#: Each flagged by one member, and members take turns.
_CASES = """
WITH members AS (
  SELECT array_agg(id ORDER BY id) AS ids FROM community.members
), chosen AS (
  SELECT p.id, kind, n, n %% 10 = 0 AS is_worried, ids[1 + n %% cardinality(ids)] AS reporter_id
  FROM (SELECT id, CASE WHEN parent_id IS NULL THEN 'post' ELSE 'reply' END AS kind,
          row_number() OVER (ORDER BY id) AS n FROM community.posts
        ORDER BY id LIMIT %s) p, members
), made AS (
  INSERT INTO moderation.cases (id, subject_kind, subject_id, subject_version, is_worried,
    report_count, worried_count, worried_at, sole_reporter_id, version, opened_at)
  SELECT gen_random_uuid(), kind, id, 1, is_worried, 1, is_worried::integer,
    CASE WHEN is_worried THEN now() - n * interval '1 minute' END, reporter_id, 1,
    now() - n * interval '1 minute' FROM chosen
  RETURNING id, is_worried, sole_reporter_id
)
INSERT INTO moderation.reports (id, case_id, reporter_id, is_worried, reason, revision, created_at)
SELECT gen_random_uuid(), id, sole_reporter_id, is_worried,
  CASE WHEN NOT is_worried THEN 'hurtful' END, 1, now()
FROM made
"""


async def measure(bench: Bench, base: Base, results: Results, count: int) -> None:
    """Both, as multiples of hello."""
    with psycopg.connect(bench.url) as connection:
        connection.execute(_CASES, (OPEN_CASES,))
        connection.execute("ANALYZE moderation.cases, moderation.reports")
    (moderator,) = community.sign_in(bench.url, role="moderator", count=1)
    queue = [request("GET", "/api/v1/cases", bench.port, cookie=moderator.cookie)] * count
    results.cost("queue", await bench.cost(queue), await base())
    with psycopg.connect(bench.url) as connection:
        study = add_study(connection)
        for person in bench.people:
            take_part(connection, study, person.member_id)
    results.cost("activity", await bench.cost(_acts(bench, count)), await base())


def _acts(bench: Bench, count: int) -> list[bytes]:
    opened = [{"type": "help_opened"}, *[{"type": "note_opened"}] * 3]
    items = [{"type": "read", "seconds": 1}] * (ACTS_IN_A_BATCH - len(opened)) + opened
    body = orjson.dumps({"items": items})
    return [
        request(
            "POST",
            "/api/v1/activities",
            bench.port,
            cookie=bench.people[n % len(bench.people)].cookie,
            body=body,
        )
        for n in range(count)
    ]


_SIGNED_OFF = """
    INSERT INTO research.reviews (kind, study_id, name, version, verdict, words, may_show,
      written_by, written_at)
    VALUES (%(kind)s, %(study)s, %(name)s, %(version)s, 'signed_off', '', false, gen_random_uuid(),
      now())
"""


def add_study(connection: psycopg.Connection, *, covers_acts: bool = False) -> uuid.UUID:
    """An open study with a sheet."""
    study = uuid.uuid4()
    connection.execute(
        "INSERT INTO research.studies (id, title, summary, state, created_at, opened_at)"
        " VALUES (%s, %s, 'For benchmarks.', 'open', now(), now() - interval '200 days')",
        (study, f"Bench {study}"),
    )
    connection.execute(
        "INSERT INTO research.study_purposes (study_id, purpose) VALUES (%s, 'activity')", (study,)
    )
    connection.execute(
        "INSERT INTO research.sheets (study_id, version, body_source, body_html, covers_acts,"
        " published_at) VALUES (%s, 1, 'x', '<p>x</p>', %s, now())",
        (study, covers_acts),
    )
    connection.execute(_SIGNED_OFF, {"kind": "sheet", "study": study, "name": None, "version": 1})
    return study


def sign_off_instrument(connection: psycopg.Connection, name: str, version: int) -> None:
    """As an adviser does, for no study opens that asks what nobody signed off."""
    found = {"kind": "instrument", "study": None, "name": name, "version": version}
    connection.execute(_SIGNED_OFF, found)


_MANY = (
    """INSERT INTO research.participants (id, study_id, state, enrolled_on, was_staff, changed_at,
      tenure_band)
    SELECT id, %(study)s, 'taking_part', research.local_date(now() - n % 180 * interval '1 day'),
      false, now(), 'under_1_month'
    FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS drawn (id, n)""",
    """INSERT INTO research.recording_states (study_id, participant_id, session, posts)
    SELECT %(study)s, id, 0, 0 FROM unnest(%(ids)s::text[]) id""",
    """INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)
    SELECT %(study)s, id, 'activity', 'given', 1, now() - n % 180 * interval '1 day'
    FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS drawn (id, n)""",
)


def many_take_part(connection: psycopg.Connection, study: uuid.UUID, count: int) -> None:
    """So many participants more, tied to no member, who agreed over half a year."""
    taken = {id_ for (id_,) in connection.execute("SELECT id FROM research.participants")}
    drawn: set[str] = set()
    while len(drawn) < count:  # among ten thousand, two are alike
        drawn.add(pseudonyms.draw())
        drawn -= taken
    values = {"study": study, "ids": sorted(drawn)}
    for statement in _MANY:
        connection.execute(statement.replace(" % ", " %% ").encode(), values)


def take_part(connection: psycopg.Connection, study: uuid.UUID, member: uuid.UUID | None) -> str:
    """A participant who consents to the activity log; tied to a member when one is given."""
    participant = pseudonyms.draw()
    connection.execute(
        "INSERT INTO research.participants (id, study_id, state, enrolled_on, was_staff,"
        " changed_at, tenure_band) VALUES (%s, %s, 'taking_part', research.local_date(now()),"
        " false, now(), 'under_1_month')",
        (participant, study),
    )
    connection.execute(
        "INSERT INTO research.recording_states (study_id, participant_id, session, posts)"
        " VALUES (%s, %s, 0, 0)",
        (study, participant),
    )
    connection.execute(
        "INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)"
        " VALUES (%s, %s, 'activity', 'given', 1, now() - interval '1 hour')",
        (study, participant),
    )
    if member is not None:
        connection.execute(
            "INSERT INTO identity.study_links VALUES (%s, %s, %s)", (study, member, participant)
        )
    return participant
