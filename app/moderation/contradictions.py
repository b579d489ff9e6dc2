"""Whether cases, flags and posts stand as the decisions say: what a chain of lines can't tell.

Who empties the log together with the decisions leaves cases that name them, flags without a case,
or posts that nobody decided to hide.
"""

from typing import Final, LiteralString

from app.core import db

#: Each finds one row that disagrees, with its id; a sentence for each.
_CHECKS: Final[dict[str, LiteralString]] = {
    "case {} names a decision on another case": """
        SELECT c.id FROM moderation.cases c JOIN moderation.decisions d ON d.id = c.decision_id
        WHERE d.case_id <> c.id LIMIT 1""",
    "case {} names a decision that is not there": """
        SELECT c.id FROM moderation.cases c WHERE c.decision_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM moderation.decisions d WHERE d.id = c.decision_id) LIMIT 1""",
    "the decision on case {} bears another time than its line": """
        SELECT d.case_id FROM moderation.decisions d
        JOIN moderation.log l ON l.case_id = d.case_id AND l.act = 'decided'
        WHERE d.decided_at NOT BETWEEN l.at - interval '1 minute' AND l.at + interval '1 minute'
        LIMIT 1""",
    "a flag belongs to case {}, which is not there": """
        SELECT r.case_id FROM moderation.reports r
        WHERE NOT EXISTS (SELECT FROM moderation.cases c WHERE c.id = r.case_id) LIMIT 1""",
    "case {} counts people who flagged, and no flag is there": """
        SELECT c.id FROM moderation.cases c WHERE c.report_count > 0
          AND NOT EXISTS (SELECT FROM moderation.reports r WHERE r.case_id = c.id) LIMIT 1""",
    "post {} is hidden, and no decision says so": """
        SELECT p.id FROM community.posts p WHERE p.visibility = 'hidden'
          AND p.hidden_reason <> 'A moderator reads this before others can.'
          AND 'hide' IS DISTINCT FROM (SELECT d.act FROM moderation.decisions d
            WHERE d.subject_id = p.id AND d.act <> 'nothing' ORDER BY d.place DESC LIMIT 1)
        LIMIT 1""",
    "post {} is shown, and it was decided to hide it": """
        SELECT d.subject_id FROM moderation.decisions d
        JOIN community.posts p ON p.id = d.subject_id
        WHERE d.act = 'hide' AND p.visibility = 'visible' AND NOT EXISTS (
          SELECT FROM moderation.decisions n WHERE n.subject_id = d.subject_id
            AND n.act <> 'nothing' AND n.place > d.place)
        LIMIT 1""",
}


async def find(pool: db.Pool) -> str | None:
    """What does not stand as it was decided, in words; None when all does."""
    for words, query in _CHECKS.items():
        if found := await db.fetch(pool, query):
            return words.format(next(iter(found[0].values())))
    return None
