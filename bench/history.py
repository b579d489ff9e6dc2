"""What years leave behind beside the posts: cases, decisions, lines of the log, reports, notices,
acts of a study. As much of it as there are posts, most of it one member's and one moderator's.

Written past the triggers, so the hashes of the log are not those of its lines.
"""

from uuid import UUID

import psycopg

from bench.community import Person
from bench.rooms import add_study, many_take_part, take_part

#: Posts for one case, one open case, and one row that is the heavy member's own.
POSTS_A_CASE, POSTS_AN_OPEN_CASE, POSTS_A_ROW = 20, 200, 100
#: A study of a community of a million posts has ten thousand people in it.
POSTS_A_PARTICIPANT = 100

_CHOSEN = """
CREATE TEMP TABLE chosen AS
SELECT row_number() OVER (ORDER BY id) AS n, id, parent_id, thread_id, author_id, created_at,
  gen_random_uuid() AS case_id, gen_random_uuid() AS decision_id
FROM (SELECT *, row_number() OVER (ORDER BY id) AS i FROM community.posts) p
WHERE i % %(every)s = 0
"""
_OWN = """
CREATE TEMP TABLE own AS
SELECT id, thread_id, created_at, row_number() OVER (ORDER BY id) AS n
FROM (SELECT *, row_number() OVER (ORDER BY id) AS i FROM community.posts) p
WHERE i % %(every)s = 7
"""
_WRITTEN = "UPDATE community.posts p SET author_id = %(member)s FROM own WHERE own.id = p.id"
_REACTED = """
INSERT INTO community.reactions (post_id, member_id, kind, created_at)
SELECT id, %(member)s, 'i_hear_you', created_at FROM own ON CONFLICT DO NOTHING
"""
_NOTIFIED = """
INSERT INTO community.notifications (id, member_id, kind, post_id, actor_id, created_at)
SELECT id, %(member)s, 'reply', id, author_id, created_at FROM chosen WHERE n % 5 = 0
"""
#: Everyone flags; the heavy member one time in five. One in ten is worried, and stays open.
_PEOPLE = """
CREATE TEMP TABLE people AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id
FROM community.members WHERE id <> ALL (%(staff)s)
"""
_CASES = """
INSERT INTO moderation.cases (id, subject_kind, subject_id, subject_version, is_worried,
  report_count, worried_count, worried_at, sole_reporter_id, version, opened_at, decision_id)
SELECT case_id, CASE WHEN parent_id IS NULL THEN 'post' ELSE 'reply' END, chosen.id, 1,
  chosen.n % 10 = 0, 2, CASE WHEN chosen.n % 10 = 0 THEN 2 ELSE 0 END,
  CASE WHEN chosen.n % 10 = 0 THEN created_at END, NULL, 1, created_at,
  CASE WHEN chosen.n % %(open)s <> 0 THEN decision_id END
FROM chosen
"""
_REPORTS = """
INSERT INTO moderation.reports (id, case_id, reporter_id, is_worried, reason, revision, created_at)
SELECT gen_random_uuid(), case_id,
  CASE WHEN k = 0 AND chosen.n % 5 = 1 THEN %(member)s ELSE people.id END, chosen.n % 10 = 0,
  CASE WHEN chosen.n % 10 <> 0 THEN 'hurtful' END, 1, created_at
FROM chosen CROSS JOIN generate_series(0, 1) k
JOIN people ON people.n = (chosen.n * 31 + k * 7) % (SELECT count(*) FROM people)
"""
_DECISIONS = """
INSERT INTO moderation.decisions (id, case_id, subject_kind, subject_id, subject_version,
  moderator_id, act, reason, decided_at)
SELECT decision_id, case_id, CASE WHEN parent_id IS NULL THEN 'post' ELSE 'reply' END, id, 1,
  %(moderator)s, 'nothing', 'Read twice, and it may stay.', created_at
FROM chosen WHERE n % %(open)s <> 0
"""
_LOG = """
INSERT INTO moderation.log (seq, format, at, act, actor_id, case_id, subject_kind, subject_id,
  subject_version, facts, prev_hash, hash)
SELECT seq, 2, created_at, act, CASE WHEN act <> 'opened' THEN %(moderator)s::uuid END, case_id,
  CASE WHEN parent_id IS NULL THEN 'post' ELSE 'reply' END, id, 1, '{}',
  sha256(convert_to((seq - 1)::text, 'UTF8')), sha256(convert_to(seq::text, 'UTF8'))
FROM (SELECT *, row_number() OVER (ORDER BY n, k) AS seq FROM chosen CROSS JOIN
  unnest(ARRAY['opened', 'claimed', 'seen', 'decided']) WITH ORDINALITY AS told (act, k)
  WHERE n % %(open)s <> 0 OR k = 1) lines
"""
_SANCTIONS = """
WITH made AS (
  INSERT INTO moderation.sanctions (id, decision_id, case_id, member_id, moderator_id, kind, days,
    made_at)
  SELECT gen_random_uuid(), decision_id, case_id, author_id, %(moderator)s, 'suspend', 14,
    created_at
  FROM chosen WHERE n % 250 = 1 RETURNING id, moderator_id, made_at
)
INSERT INTO moderation.sanction_changes (id, sanction_id, proposed_by, kind, moderator_id,
  changed_at)
SELECT gen_random_uuid(), id, moderator_id, 'confirmed', %(second)s, made_at FROM made
"""
_ACTIVITIES = """
INSERT INTO research.activities (study_id, participant_id, day, time_band, kind, version,
  actor_role, seconds, session)
SELECT %(study)s, %(participant)s, n % 100, 'evening', 'read', 2, 'member', 1 + n % 600, n
FROM own
"""
_ATTENDANCES = """
INSERT INTO research.attendances (study_id, participant_id, day, minutes, mode, group_cluster,
  times)
SELECT %(study)s, %(participant)s, n % 100, 90, 'in_person', 7, 1 FROM own
"""
_TEXTS = """
INSERT INTO research.texts (study_id, participant_id, post_id, occurred_at, body)
SELECT %(study)s, %(participant)s, id, created_at, 'Words of a post.' FROM own
"""
_TOLD = """
INSERT INTO community.post_revisions (post_id, revision, body_source, body_html, created_at)
SELECT id, k, 'As it was.', '<p>As it was.</p>', created_at
FROM own CROSS JOIN generate_series(1, 3) k WHERE n <= 10
"""
_FILLED = (
    *("community.posts", "community.reactions", "community.notifications"),
    *("moderation.cases", "moderation.reports", "moderation.decisions", "moderation.log"),
    *("moderation.sanctions", "moderation.sanction_changes"),
    *("research.participants", "research.recording_states", "research.consents"),
    *("research.activities", "research.attendances", "research.texts"),
    "community.post_revisions",
)


def fill(url: str, *, member: Person, moderators: tuple[Person, Person]) -> tuple[UUID, str]:
    """Write all of it; returns the study and the member's pseudonym in it."""
    first, second = moderators
    values = {
        "member": member.member_id,
        "moderator": first.member_id,
        "second": second.member_id,
        "staff": [first.member_id, second.member_id, member.member_id],
        "open": POSTS_AN_OPEN_CASE // POSTS_A_CASE,
    }
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SET LOCAL synchronous_commit = off")
        study = add_study(connection)
        participant = take_part(connection, study, member.member_id)
        connection.execute("SET LOCAL session_replication_role = replica")
        posts = connection.execute("SELECT count(*) FROM community.posts").fetchone()
        assert posts
        many_take_part(connection, study, posts[0] // POSTS_A_PARTICIPANT)
        _run(connection, _CHOSEN, {"every": POSTS_A_CASE})
        _run(connection, _OWN, {"every": POSTS_A_ROW})
        connection.execute("ANALYZE chosen, own")
        values |= {"study": study, "participant": participant}
        for statement in (_WRITTEN, _REACTED, _NOTIFIED, _PEOPLE, _CASES, _REPORTS, _DECISIONS):
            _run(connection, statement, values)
        for statement in (_LOG, _SANCTIONS, _ACTIVITIES, _ATTENDANCES, _TEXTS, _TOLD):
            _run(connection, statement, values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute(f"VACUUM ANALYZE {', '.join(_FILLED)}")
        connection.execute("CHECKPOINT")
    return study, participant


def _run(connection: psycopg.Connection, statement: str, values: dict[str, object]) -> None:
    """The remainder sign is written once in the statements above."""
    bare = statement.replace(" % ", " %% ")
    connection.execute(bare, {name: values[name] for name in values if f"%({name})s" in bare})


#: One in ten meets online.
_ROOMS = """
WITH office AS (
  INSERT INTO programme.organisations (id, name, created_at)
  VALUES (gen_random_uuid(), 'Of the bench', now()) RETURNING id
), regions AS (
  INSERT INTO programme.areas (id, name, created_at)
  SELECT gen_random_uuid(), 'Area ' || n, now() FROM generate_series(1, 9) n RETURNING id, name
)
INSERT INTO programme.groups (id, organisation_id, area_id, name, mode, kind, about, place,
  created_at)
SELECT gen_random_uuid(), office.id, regions.id, 'Group ' || n,
  CASE WHEN n %% 10 = 0 THEN 'online' ELSE 'in_person' END, 'peer_led', '', '', now()
FROM office, generate_series(1,
  greatest((SELECT count(*) FROM community.posts) / %(every)s, %(fewest)s)) n
JOIN regions ON regions.name = 'Area ' || (1 + n %% 9)
"""
_OWN_ROOM = "SELECT id, area_id FROM programme.groups ORDER BY name LIMIT 1"
_HOSTED = (
    "INSERT INTO identity.account_roles (account_id, role) SELECT id, 'host'"
    " FROM identity.accounts WHERE member_id = %(member)s ON CONFLICT DO NOTHING",
    "INSERT INTO programme.group_hosts (id, group_id, account_id, since)"
    " SELECT gen_random_uuid(), %(group)s, id, now() FROM identity.accounts"
    " WHERE member_id = %(member)s",
    "INSERT INTO programme.group_members (group_id, member_id, joined_at)"
    " SELECT id, %(member)s, now() FROM programme.groups ORDER BY name LIMIT 5",
    "INSERT INTO programme.meetings (id, group_id, starts_at, minutes, others_count, created_at)"
    " SELECT gen_random_uuid(), id, now() - make_interval(weeks => n), 90, 3, now()"
    " FROM programme.groups, generate_series(-4, 48) n",
)
#: A group for so many posts, and where posts are few more than a page of each list (one in ten is
#: online, one in nine in an area): less than a page is no measure.
POSTS_A_GROUP, FEWEST_GROUPS = 100, 600


def gather(url: str, member: Person) -> tuple[UUID, UUID]:
    """A year of groups that meet once a week; returns the one that the member hosts, and its
    area."""
    with psycopg.connect(url) as connection:
        connection.execute(_ROOMS, {"every": POSTS_A_GROUP, "fewest": FEWEST_GROUPS})
        row = connection.execute(_OWN_ROOM).fetchone()
        assert row
        for statement in _HOSTED:
            values = {"member": member.member_id, "group": row[0]}
            connection.execute(statement, values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE programme.groups, programme.meetings")
    return row[0], row[1]
