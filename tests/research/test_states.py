"""Two processes against the consent rule: join, choose, act, read, deliver, withdraw, erase, crash.

The model knows when each consent was in force; after every step the database must hold exactly the
rows that follow from it, My data must show them, and an export must hold the same. After an
erasure nothing may be left anywhere. Processes are killed right before they commit, and deliver
while another withdraws.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
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

from app.core.ids import new_id
from tests.research.consent_model import ACTIVITY, TEXT, Act, Model, Row
from tests.research.processes import Process
from tests.support.waiting import eventually_sync

START = datetime(2026, 4, 6, 10, tzinfo=UTC)

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


class Consent(RuleBasedStateMachine):
    """The model beside two processes on one database."""

    url: ClassVar[str]
    workers: ClassVar[list[Process]]
    connection: ClassVar[psycopg.Connection[tuple[Any, ...]]]

    def __init__(self) -> None:
        super().__init__()
        self.clock = START
        self.model = Model(2)
        self.study = str(self._open_study())
        for _ in range(5):
            self._ask(0, "join", member=str(new_id()), choices={ACTIVITY: True})

    def _open_study(self) -> UUID:
        study = new_id()
        before = START - timedelta(days=1)
        self.connection.execute(
            "INSERT INTO research.studies (id, title, summary, state, created_at, opened_at)"
            " VALUES (%s, %s, 'x', 'open', %s, %s)",
            (study, str(study), before, before),
        )
        self.connection.execute(
            "INSERT INTO research.sheets (study_id, version, body_source, body_html, published_at)"
            " VALUES (%s, 1, 'x', 'x', %s)",
            (study, before),
        )
        return study

    # ── Telling ──────────────────────────────────────────────────────────────────────────────

    def _now(self) -> datetime:
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

    @rule(process=processes, who=people, chosen=choices)
    def join(self, process: int, who: int, chosen: dict[str, bool]) -> None:
        person, at = self.model.people[who], self._now()
        code = self._ask(process, "join", at=at, member=str(person.id), choices=chosen)
        assert person.code in (None, code)
        person.code = code
        self.model.agree(who, at, chosen)

    @precondition(lambda self: any(person.code for person in self.model.people))
    @rule(process=processes, who=people, chosen=choices, nothing=st.booleans())
    def choose(self, process: int, who: int, chosen: dict[str, bool], *, nothing: bool) -> None:
        person, at = self.model.people[who], self._now()
        if person.code is None:
            return
        wanted = {} if nothing else chosen
        self._ask(process, "choose", at=at, member=str(person.id), choices=wanted)
        self.model.agree(who, at, wanted)

    @precondition(lambda self: any(person.code for person in self.model.people))
    @rule(process=processes, who=people, erase=st.booleans())
    def withdraw(self, process: int, who: int, *, erase: bool) -> None:
        person, at = self.model.people[who], self._now()
        self._ask(process, "withdraw", at=at, member=str(person.id), erase=erase)
        self.model.leave(who, at, erase=erase)

    @rule(process=processes, who=people, to=st.none() | people)
    def publish(self, process: int, who: int, to: int | None) -> None:
        at = self._now()
        answered = None if to is None else str(self.model.people[to].id)
        self._ask(process, "publish", at=at, member=str(self.model.people[who].id), to=answered)
        self.model.pending.append(Act(at, who, to, is_reaction=False))

    @rule(process=processes, who=people, to=people)
    def react(self, process: int, who: int, to: int) -> None:
        at = self._now()
        ids = {"member": str(self.model.people[who].id), "to": str(self.model.people[to].id)}
        self._ask(process, "react", at=at, **ids)
        self.model.pending.append(Act(at, who, to, is_reaction=True))

    @rule(process=processes, who=people, seconds=st.lists(st.integers(0, 900), max_size=3))
    def read(self, process: int, who: int, seconds: list[int]) -> None:
        person, at = self.model.people[who], self._now()
        self._ask(process, "read", at=at, member=str(person.id), seconds=seconds)
        if person.agrees(ACTIVITY, at):
            person.rows += [("read", at, None)] * any(seconds)

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
        what=st.sampled_from(["join", "stop", "erase", "publish", "deliver"]),
    )
    def crash(self, process: int, who: int, chosen: dict[str, bool], what: str) -> None:
        """The process dies right before it commits: nothing of it may be seen."""
        at, member = self._now(), str(self.model.people[who].id)
        commands: dict[str, dict[str, Any]] = {
            "join": {"do": "join", "member": member, "choices": chosen},
            "stop": {"do": "withdraw", "member": member, "erase": False},
            "erase": {"do": "withdraw", "member": member, "erase": True},
            "publish": {"do": "publish", "member": member, "to": None},
            "deliver": {"do": "deliver"},
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
        stored = self._stored()
        for number, person in enumerate(self.model.people):
            rows, texts = stored.pop(person.code, (Counter(), Counter()))
            if rows != Counter(person.rows):
                return f"person {number} holds {rows}, not {Counter(person.rows)}"
            if texts != Counter(person.texts):
                return f"person {number} holds texts {texts}, not {person.texts}"
        return f"rows of nobody: {stored}" if any(map(any, stored.values())) else None

    def _stored(self) -> dict[str | None, tuple[Counter[Row], Counter[datetime]]]:
        numbers = {person.code: number for number, person in enumerate(self.model.people)}
        found: dict[str | None, tuple[Counter[Row], Counter[datetime]]] = {}
        for code, kind, moment, other in self.connection.execute(
            "SELECT participant_id, kind, occurred_at, counterpart_id FROM research.activities"
            " WHERE study_id = %s",
            (self.study,),
        ):
            row = (kind, moment, None if other is None else numbers[other])
            found.setdefault(code, (Counter(), Counter()))[0][row] += 1
        for code, moment in self.connection.execute(
            "SELECT participant_id, occurred_at FROM research.texts WHERE study_id = %s",
            (self.study,),
        ):
            found.setdefault(code, (Counter(), Counter()))[1][moment] += 1
        return found

    @invariant()
    def no_row_without_consent_by_the_ledger(self) -> None:
        """The same, asked of the ledger alone, without the model."""
        row = self.connection.execute(
            """
            SELECT count(*) FROM research.activities a
            WHERE a.study_id = %s AND (
              SELECT c.act FROM research.consents c
              WHERE c.participant_id = a.participant_id AND c.purpose = 'activity'
                AND c.at <= a.occurred_at ORDER BY c.id DESC LIMIT 1) IS DISTINCT FROM 'given'
            """,
            (self.study,),
        ).fetchone()
        assert row == (0,)

    @invariant()
    def nothing_is_left_of_the_erased(self) -> None:
        for table, column in (
            ("research.activities", "participant_id"),
            ("research.activities", "counterpart_id"),
            ("research.texts", "participant_id"),
            ("research.dataset_participants", "participant_id"),
            ("identity.study_links", "participant_id"),
        ):
            row = self.connection.execute(
                f"SELECT count(*) FROM {table} WHERE {column} = ANY (%s)", (self.model.erased,)
            ).fetchone()
            assert row == (0,), table

    @rule(process=processes)
    def my_data_is_what_an_export_holds(self, process: int) -> None:
        exported: dict[str, Counter[tuple[str, ...]]] = {}
        with TemporaryDirectory() as parent:
            folder = Path(parent) / "out"
            self._ask(process, "export", at=self._now(), folder=str(folder))
            with (folder / "activities.csv").open(newline="") as opened:
                for row in csv.DictReader(opened):
                    shown = tuple(row[name] for name in ("kind", "day", "hour_band", "seconds"))
                    exported.setdefault(row["participant"], Counter())[shown] += 1
        for person in self.model.people:
            if person.code is None:
                continue
            rows = self._ask(1 - process, "my data", member=str(person.id))
            mine = Counter(
                (row["kind"], str(row["day"]), row["hour_band"], str(row["seconds"] or ""))
                for row in rows
            )
            is_in = bool(person.agreed) and ACTIVITY in person.agreed[-1][1]
            assert exported.pop(person.code, Counter()) == (mine if is_in else Counter())
            assert sum(mine.values()) == len(person.rows)
        assert not exported


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
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
