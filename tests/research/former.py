"""A study as the release before left it, written by raw SQL: exact times, numbers of events, one
table of activities, staff among the participants."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg

from app.core.ids import new_id

Rows = psycopg.Connection[tuple[Any, ...]]

#: The last step of that release.
REVISION: Final = "research_0003"
ANN, BEN, CAT, DAN, EVE = (f"P-{letter * 5}-00" for letter in "ABCDE")
OUTSIDER: Final = new_id()
MEMBERS: Final = {code: new_id() for code in (ANN, BEN, CAT, DAN, EVE)}
#: Found in no other number or time: what leads to an event can be looked for.
FIRST_EVENT: Final = 771_000_001
#: 1 July 2026, half past midnight, where the programme's people live.
ENROLLED: Final = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def at(**time: float) -> datetime:
    """A moment after the first enrolment, with a fraction that is found nowhere else."""
    return (ENROLLED + timedelta(**time)).replace(microsecond=771_771)


class Former:
    """One study with five people, and what happened around them."""

    def __init__(self, connection: Rows) -> None:
        self._connection = connection
        self._event = FIRST_EVENT
        self.study = new_id()
        self._open()
        for code in (ANN, BEN, CAT, DAN, EVE):
            self._enrol(code)

    def _do(self, sql: str, *values: object) -> None:
        self._connection.execute(sql.encode(), values)

    def _open(self) -> None:
        before = ENROLLED - timedelta(days=9)
        self._do(
            "INSERT INTO research.studies (id, title, summary, state, created_at, opened_at)"
            " VALUES (%s, 'Former', 'x', 'open', %s, %s)",
            self.study,
            before,
            before,
        )
        for version in (1, 2):
            self._do(
                "INSERT INTO research.sheets"
                " (study_id, version, body_source, body_html, published_at)"
                " VALUES (%s, %s, 'x', 'x', %s)",
                self.study,
                version,
                before,
            )

    def _enrol(self, code: str) -> None:
        self._do(
            "INSERT INTO research.participants"
            " (id, study_id, state, enrolled_at, changed_at, area)"
            " VALUES (%s, %s, 'taking_part', %s, %s, 'wales')",
            code,
            self.study,
            ENROLLED,
            ENROLLED,
        )
        self._do(
            "INSERT INTO identity.study_links (study_id, member_id, participant_id)"
            " VALUES (%s, %s, %s)",
            self.study,
            MEMBERS[code],
            code,
        )
        for purpose, act in (("activity", "given"), ("text", "declined"), ("contact", "given")):
            self.say(code, purpose, act, ENROLLED)

    def say(self, code: str, purpose: str, act: str, moment: datetime, version: int = 1) -> None:
        """An act of consent."""
        self._do(
            "INSERT INTO research.consents (participant_id, purpose, act, sheet_version, at)"
            " VALUES (%s, %s, %s, %s, %s)",
            code,
            purpose,
            act,
            version,
            moment,
        )

    def stop(self, code: str, moment: datetime, state: str = "stopped") -> None:
        """They stopped, or were erased: then nothing of theirs is left but this."""
        for purpose in ("activity", "contact"):
            self.say(code, purpose, "withdrawn", moment)
        if state == "erased":
            self._do("UPDATE research.participants SET area = NULL WHERE id = %s", code)
            self._do("DELETE FROM identity.study_links WHERE participant_id = %s", code)
        self._do("UPDATE research.participants SET state = %s WHERE id = %s", state, code)

    def appoint(self, code: str) -> None:
        """The member behind a code becomes a moderator."""
        account = new_id()
        self._do(
            "INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed,"
            " password_hash, staff_family, is_demo, adult_affirmed_at, rules_agreed_at, created_at)"
            " VALUES (%s, %s, 'x', 'x', 'x', 'moderation', false, now(), now(), now())",
            account,
            MEMBERS[code],
        )
        self._do(
            "INSERT INTO identity.account_roles (account_id, role, family)"
            " VALUES (%s, 'moderator', 'moderation')",
            account,
        )

    def happened(self, type_: str, moment: datetime, **payload: object) -> int:
        """An event; its number."""
        number, self._event = self._event, self._event + 1
        self._do(
            "INSERT INTO core.events (id, type, occurred_at, topics, payload)"
            " OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, '{}', %s)",
            number,
            type_,
            moment,
            orjson.dumps(payload, default=str).decode(),
        )
        return number

    def row(
        self, code: str, kind: str, moment: datetime, event: int | None, **fields: object
    ) -> None:
        """An activity as that release wrote it."""
        names = ["study_id", "participant_id", "kind", "occurred_at", "source_event_id", *fields]
        values = [self.study, code, kind, moment, event, *fields.values()]
        self._do(
            f"INSERT INTO research.activities ({', '.join(names)}, day)"
            f" VALUES ({', '.join(['%s'] * len(names))}, research.days_between(%s, %s))",
            *values,
            ENROLLED,
            moment,
        )

    def published(self, who: str, moment: datetime) -> None:
        """A post of a participant."""
        post = new_id()
        event = self.happened(
            "post.published",
            moment,
            post_id=post,
            thread_id=post,
            author_id=MEMBERS[who],
            parent_id=None,
            parent_author_id=None,
        )
        self.row(
            who, "published", moment, event, intent="saying_hello", length_band="short",
            has_note=True,
        )  # fmt: skip

    def replied(
        self, who: str | None, to: str | None, moment: datetime, *, to_reply: bool = False
    ) -> None:
        """A reply of a participant, or of someone outside (None), to one or the other."""
        thread = new_id()
        event = self.happened(
            "post.published",
            moment,
            post_id=new_id(),
            thread_id=thread,
            author_id=_member(who),
            parent_id=new_id() if to_reply else thread,
            parent_author_id=_member(to),
        )
        if who is not None:
            self.row(who, "replied", moment, event, counterpart_id=_code(to), length_band="long")
        if to is not None and to != who and to != EVE:
            self.row(to, "received", moment, event, counterpart_id=_code(who))

    def reacted(
        self, who: str | None, to: str | None, moment: datetime, *, to_reply: bool = False
    ) -> None:
        """A reaction, likewise."""
        post = new_id()
        event = self.happened(
            "reaction.given",
            moment,
            post_id=post,
            thread_id=new_id() if to_reply else post,
            author_id=_member(to),
            actor_id=_member(who),
        )
        fields = {"reaction": "i_hear_you"}
        if who is not None:
            self.row(who, "reacted", moment, event, counterpart_id=_code(to), **fields)
        if to is not None:
            self.row(to, "received", moment, event, counterpart_id=_code(who), **fields)

    def frozen(self, number: int, closed_at: datetime | None, *codes: str) -> UUID:
        """A dataset that holds these people."""
        dataset = new_id()
        self._do(
            "INSERT INTO research.datasets (id, study_id, number, frozen_at, frozen_by, cutoff_id,"
            " participant_count, sheet_versions, disclosure, software_version, row_counts,"
            " file_hashes, sha256, closed_at)"
            " VALUES (%s, %s, %s, %s, %s, 5, %s, '{1}', '{}', '0.1', '{}', '{}', 'ab', %s)",
            dataset,
            self.study,
            number,
            ENROLLED + timedelta(days=20),
            new_id(),
            len(codes),
            closed_at,
        )
        for code in codes:
            self._do(
                "INSERT INTO research.dataset_participants"
                " (dataset_id, participant_id, tenure_band, age_band, area, peer_support_before)"
                " VALUES (%s, %s, 'x', 'x', 'x', 'x')",
                dataset,
                code,
            )
        self._do(
            "INSERT INTO research.pulls (dataset_id, pulled_at, operator, how, what, format)"
            " VALUES (%s, now(), 'anyone', 'command_line', 'all', 'csv')",
            dataset,
        )
        return dataset

    def delivered(self) -> None:
        """All that happened was delivered before the upgrade."""
        self._do(
            "INSERT INTO core.cursors (subscriber, xid, id)"
            " SELECT 'research.activity', xid, id FROM core.events ORDER BY xid DESC, id DESC"
            " LIMIT 1"
        )
        self._do("SELECT setval('core.events_id_seq', %s)", self._event)


def _member(code: str | None) -> UUID:
    return OUTSIDER if code is None else MEMBERS[code]


def _code(code: str | None) -> str | None:
    """Nobody outside is named, nor whoever was erased."""
    return None if code == EVE else code
