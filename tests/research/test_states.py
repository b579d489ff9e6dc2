"""Two processes against the consent rule: join, choose, act, read, deliver, withdraw, erase, crash.

The model knows when each consent was in force; after every step the database must hold exactly the
rows that follow from it, in the days, bands and sessions that follow, and My data must show them.
After an erasure nothing may be left anywhere. Processes are killed right before they commit, and
deliver while another withdraws.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.core.ids import random_id
from tests.research.consent_model import ACTIVITY, TEXT, Model, ModelAct, Row
from tests.research.processes import Process
from tests.support.waiting import eventually_sync

START = datetime(2026, 4, 6, 10, tzinfo=UTC)
#: A study is closed late, for nothing is recorded afterwards.
STEPS_BEFORE_CLOSING = 12

people = st.integers(0, 1)
processes = st.integers(0, 1)
#: Most agree to their activity being recorded: otherwise there is little to keep or to lose.
choices = st.fixed_dictionaries(
    {
        ACTIVITY: st.sampled_from([True, True, True, False]),
        TEXT: st.booleans(),
        "contact": st.booleans(),
    }
).filter(lambda chosen: any(chosen.values()))

#: A row as it is stored, with the other person's number for their code.
_ROWS = """
    SELECT participant_id, kind, day, time_band, other_side, counterpart_id, ordinal, session
    FROM research.activities WHERE study_id = %s
"""
_TEXTS = """
    SELECT participant_id, post_id, occurred_at FROM research.texts WHERE study_id = %s
"""


class Consent(RuleBasedStateMachine):
    """The model beside two processes on one database."""

    url: ClassVar[str]
    workers: ClassVar[list[Process]]
    connection: ClassVar[psycopg.Connection[tuple[Any, ...]]]

    def __init__(self) -> None:
        super().__init__()
        self.clock = START
        self.steps = 0
        self.model = Model(2)
        self.sheet = 1
        self.posts: list[tuple[int, UUID]] = []
        self.study = str(self._open_study())

    def _open_study(self) -> UUID:
        study = random_id()
        before = START - timedelta(days=1)
        self.connection.execute(
            "INSERT INTO research.studies (id, title, summary, state, created_at, opened_at)"
            " VALUES (%s, %s, 'x', 'open', %s, %s)",
            (study, str(study), before, before),
        )
        for purpose in (ACTIVITY, TEXT, "contact"):
            self.connection.execute(
                "INSERT INTO research.study_purposes (study_id, purpose) VALUES (%s, %s)",
                (study, purpose),
            )
        self.connection.execute(
            "INSERT INTO research.sheets"
            " (study_id, version, body_source, body_html, covers_acts, published_at)"
            " VALUES (%s, 1, 'x', 'x', false, %s)",
            (study, before),
        )
        self.connection.execute(
            "INSERT INTO research.reviews"
            " (kind, study_id, version, verdict, words, may_show, written_by, written_at)"
            " VALUES ('sheet', %s, 1, 'signed_off', '', false, gen_random_uuid(), %s)",
            (study, before),
        )
        return study

    # ── Telling ──────────────────────────────────────────────────────────────────────────────

    def _now(self) -> datetime:
        self.steps += 1
        self.clock += timedelta(minutes=7)
        return self.clock

    def _tell(self, process: int, do: str, *, at: datetime | None = None, **told: Any) -> None:
        moment = (at or self.clock).isoformat()
        self.workers[process].tell(do=do, at=moment, study=self.study, **told)

    def _ask(self, process: int, do: str, *, at: datetime | None = None, **told: Any) -> Any:
        self._tell(process, do, at=at, **told)
        return self.workers[process].hear()

    # ── Rules ────────────────────────────────────────────────────────────────────────────────

    @initialize(chosen=st.lists(choices, min_size=2, max_size=2))
    def most_take_part_from_the_start(self, chosen: list[dict[str, bool]]) -> None:
        for who, wanted in enumerate(chosen):
            self.join(who, who, wanted)

    def _is_open(self) -> bool:
        return self.model.closed_at is None

    def _choosing(self, who: int, chosen: dict[str, bool]) -> dict[str, Any]:
        member = str(self.model.people[who].id)
        return {"member": member, "choices": chosen, "version": self.sheet}

    @precondition(_is_open)
    @rule(process=processes, who=people, chosen=choices)
    def join(self, process: int, who: int, chosen: dict[str, bool]) -> None:
        person, at = self.model.people[who], self._now()
        code = self._ask(process, "join", at=at, **self._choosing(who, chosen))
        assert person.code in (None, code)
        person.code = code
        self.model.agree(who, at, chosen)

    @rule(process=processes, who=people, chosen=choices, nothing=st.booleans())
    def choose(self, process: int, who: int, chosen: dict[str, bool], *, nothing: bool) -> None:
        person, at = self.model.people[who], self._now()
        if person.code is None:
            return
        wanted = {} if nothing or not self._is_open() else chosen
        self._ask(process, "choose", at=at, **self._choosing(who, wanted))
        self.model.agree(who, at, wanted)

    @precondition(lambda self: any(person.code for person in self.model.people))
    @rule(process=processes, who=people, erase=st.booleans())
    def withdraw(self, process: int, who: int, *, erase: bool) -> None:
        person, at = self.model.people[who], self._now()
        self._ask(process, "withdraw", at=at, member=str(person.id), erase=erase)
        self.model.leave(who, at, erase=erase)

    @rule(process=processes, who=people, to=st.none() | people)
    def publish(self, process: int, who: int, to: int | None) -> None:
        act = ModelAct(self._now(), who, "published", to)
        answered = None if to is None else str(self.model.people[to].id)
        self._tell_of(process, "publish", act, to=answered)
        self.posts.append((who, act.post))

    @rule(process=processes, who=people, to=people)
    def react(self, process: int, who: int, to: int) -> None:
        act = ModelAct(self._now(), who, "reacted", to)
        self._tell_of(process, "react", act, to=str(self.model.people[to].id))

    @precondition(lambda self: bool(self.posts))
    @rule(process=processes, place=st.integers(0, 50), is_edit=st.booleans())
    def change_a_post(self, process: int, place: int, *, is_edit: bool) -> None:
        """New words for it, or it is taken back: then it is nobody's to change any more."""
        who, post = self.posts[place % len(self.posts)]
        act = ModelAct(self._now(), who, "edited" if is_edit else "withdrawn", post=post)
        self._tell_of(process, "edit" if is_edit else "withdraw post", act)
        if not is_edit:
            self.posts.remove((who, post))

    def _tell_of(self, process: int, do: str, act: ModelAct, **told: Any) -> None:
        member = str(self.model.people[act.actor].id)
        self._ask(process, do, at=act.moment, member=member, post=str(act.post), **told)
        self.model.pending.append(act)

    @rule(process=processes, who=people, seconds=st.integers(0, 900))
    def read(self, process: int, who: int, seconds: int) -> None:
        at = self._now()
        self._ask(process, "read", at=at, member=str(self.model.people[who].id), seconds=seconds)
        if seconds:
            self.model.read(who, at)

    @rule(hours=st.sampled_from([0.3, 0.6, 5, 14, 60]))
    def time_passes(self, hours: float) -> None:
        self.clock += timedelta(hours=hours)

    @rule(process=processes)
    def forget(self, process: int) -> None:
        at = self._now()
        self._ask(process, "forget", at=at)
        self.model.forget(at)

    @precondition(_is_open)
    @rule(process=processes)
    def a_new_sheet(self, process: int) -> None:
        """What was agreed to under the former one stays in force."""
        self.sheet = self._ask(process, "new sheet", at=self._now())

    @precondition(lambda self: self._is_open() and self.steps > STEPS_BEFORE_CLOSING)
    @rule(process=processes)
    def close(self, process: int) -> None:
        at = self._now()
        self._ask(process, "close", at=at)
        self.model.closed_at = at

    @rule(process=processes, who=people, to=people)
    def answer_and_deliver(self, process: int, who: int, to: int) -> None:
        self.publish(process, who, to)
        self.react(1 - process, to, who)
        self.deliver(process)

    @rule(process=processes, who=people, to=people, erase=st.booleans())
    def withdraw_before_a_delivery(self, process: int, who: int, to: int, *, erase: bool) -> None:
        """What waits to be delivered when someone leaves is never kept about them."""
        self.publish(process, who, to)
        self.react(1 - process, to, who)
        self.withdraw(process, who, erase=erase)
        self.deliver(1 - process)

    @precondition(lambda self: bool(self.model.pending))
    @rule(process=processes)
    def deliver(self, process: int) -> None:
        self._ask(process, "deliver")
        self.model.deliver()

    @rule(
        process=processes,
        who=people,
        chosen=choices,
        what=st.sampled_from(["join", "stop", "erase", "publish", "deliver", "forget"]),
    )
    def crash(self, process: int, who: int, chosen: dict[str, bool], what: str) -> None:
        """The process dies right before it commits: nothing of it may be seen."""
        at, member = self._now(), str(self.model.people[who].id)
        if what == "join" and not self._is_open():
            return
        commands: dict[str, dict[str, Any]] = {
            "join": {"do": "join", **self._choosing(who, chosen)},
            "stop": {"do": "withdraw", "member": member, "erase": False},
            "erase": {"do": "withdraw", "member": member, "erase": True},
            "publish": {"do": "publish", "member": member, "to": None},
            "deliver": {"do": "deliver"},
            "forget": {"do": "forget"},
        }
        self._tell(process, at=at, dies=True, **commands[what])
        self.workers[process].hear_of_death()
        eventually_sync(self._is_quiet)

    def _is_quiet(self) -> bool:
        """Whether the server has noticed that the dead have gone."""
        row = self.connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
        ).fetchone()
        return row == (0,)

    @rule(process=processes, who=people, erase=st.booleans())
    def withdraw_during_a_delivery(self, process: int, who: int, *, erase: bool) -> None:
        """Whichever comes first counts, for each of the two subscribers by itself."""
        at = self._now()
        self._tell(process, "deliver")
        member = str(self.model.people[who].id)
        self._tell(1 - process, "withdraw", at=at, member=member, erase=erase)
        self.workers[process].hear()
        self.workers[1 - process].hear()
        self._settle(who, at, erase=erase)

    def _settle(self, who: int, at: datetime, *, erase: bool) -> None:
        """Try every order on the model: before, between and after what the subscribers do."""
        before = deepcopy(self.model)
        for place in range(3):
            self.model = deepcopy(before)
            acts = [self.model.deliver_activities, self.model.deliver_texts]
            acts.insert(place, partial(self.model.leave, who, at, erase=erase))
            for act in acts:
                act()
            if self._wrong() is None:
                return
        raise AssertionError(f"no order explains what is stored: {self._wrong()}")

    # ── What must hold ───────────────────────────────────────────────────────────────────────

    @invariant()
    def stored_is_what_consent_allows(self) -> None:
        assert self._wrong() is None, self._wrong()

    def _wrong(self) -> str | None:
        rows, texts = self._stored()
        for number, person in enumerate(self.model.people):
            mine, wanted = rows.pop(person.code, Counter()), Counter(person.rows)
            if mine != wanted:
                return f"person {number} holds {mine - wanted}, and not {wanted - mine}"
            words = texts.pop(person.code, {})
            if words != person.texts:
                return f"person {number} holds texts {words}, not {person.texts}"
        return f"rows of nobody: {rows}, {texts}" if rows or texts else None

    def _stored(self) -> tuple[dict[str | None, Counter[Row]], dict[str | None, dict[UUID, Any]]]:
        numbers = {person.code: number for number, person in enumerate(self.model.people)}
        rows: dict[str | None, Counter[Row]] = {}
        texts: dict[str | None, dict[UUID, Any]] = {}
        stored = self.connection.execute(_ROWS, (self.study,))
        for code, kind, day, band, side, other, ordinal, session in stored:
            to = None if other is None else numbers[other]
            row = Row(kind, day, band, side, to, ordinal, session)
            rows.setdefault(code, Counter())[row] += 1
        for code, post, moment in self.connection.execute(_TEXTS, (self.study,)):
            texts.setdefault(code, {})[post] = moment
        return rows, texts

    @invariant()
    def nothing_is_left_of_the_erased(self) -> None:
        for table, column in (
            ("research.activities", "participant_id"),
            ("research.activities", "counterpart_id"),
            ("research.texts", "participant_id"),
            ("research.recording_states", "participant_id"),
            ("research.deliveries", "participant_id"),
            ("identity.study_links", "participant_id"),
        ):
            row = self.connection.execute(
                f"SELECT count(*) FROM {table} WHERE {column} = ANY (%s)", (self.model.erased,)
            ).fetchone()
            assert row == (0,), table

    @invariant()
    def no_time_is_kept(self) -> None:
        row = self.connection.execute(
            "SELECT count(occurred_at), count(*) FILTER (WHERE id::text NOT LIKE '%-4%-%-%')"
            " FROM research.activities"
        ).fetchone()
        assert row == (0, 0)

    @rule(process=processes)
    def my_data_is_what_is_stored(self, process: int) -> None:
        for person in self.model.people:
            if person.code is None:
                continue
            rows = self._ask(process, "my data", member=str(person.id))
            names = ("kind", "day", "time_band", "other_side", "ordinal", "session")
            mine = Counter(tuple(row[name] for name in names) for row in rows)
            assert mine == Counter(
                (row.kind, row.day, row.band, _shown(row.side), row.ordinal, row.session)
                for row in person.rows
            )


def _shown(side: str | None) -> str | None:
    """Nobody learns from their own rows who else takes part."""
    return "member" if side == "participant" else side


@pytest.fixture
def machine(database_url: str) -> Iterator[type[Consent]]:
    """Two processes, and a third connection that looks."""
    with ExitStack() as stack:
        Consent.url = database_url
        Consent.connection = stack.enter_context(psycopg.connect(database_url, autocommit=True))
        Consent.workers = [Process(database_url) for _ in range(2)]
        for worker in Consent.workers:
            stack.callback(worker.end)
        yield Consent


def test_nothing_is_kept_without_consent_in_force(machine: type[Consent]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
