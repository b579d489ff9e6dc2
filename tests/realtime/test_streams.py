"""Any order of happenings, breaks and returns: each page is told everything once and in order."""

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from app.core.events import START, Position
from app.realtime.connection import Connection
from app.realtime.frames import Subscribe
from app.realtime.session_handler import SessionHandler
from tests.realtime.stand_ins import (
    THREADS,
    RememberedWire,
    a_hub,
    all_open,
    an_actor,
    happened,
)

TOPICS = ["wall", *THREADS]
RECENT = 4


@dataclass
class Page:
    """A browser: what it has been told on each topic, and where it is."""

    places: dict[str, Position] = field(default_factory=dict)
    shown: dict[str, list[Position]] = field(default_factory=dict)
    connection: Connection | None = None
    wire: RememberedWire = field(default_factory=RememberedWire)
    read: int = 0

    def catch_up(self) -> None:
        """Take what is on the wire."""
        for frame in self.wire.frames[self.read :]:
            place = Position.parse(frame.get("position", "0-0"))
            for topic in frame.get("topics", ()):
                if frame["type"] == "refetch":
                    self.shown[topic] = []  # read anew: everything up to the place is on screen
                    self.places[topic] = place
                elif frame["type"] == "subscribed":
                    self.places.setdefault(topic, place)
                else:
                    self.shown.setdefault(topic, []).append(place)
                    self.places[topic] = place
        self.read = len(self.wire.frames)


class Streams(RuleBasedStateMachine):
    """One hub that is sometimes started again, and pages that come and go."""

    pages = Bundle("pages")

    def __init__(self) -> None:
        super().__init__()
        self.hub = a_hub(recent=RECENT)
        self.history: list[tuple[Position, tuple[str, ...]]] = []
        self.opened: list[Page] = []

    @rule(
        topics=st.lists(st.sampled_from(TOPICS), max_size=3, unique=True),
        times=st.integers(1, RECENT + 1),
        is_one_act=st.booleans(),
    )
    def happen(self, topics: list[str], times: int, is_one_act: bool) -> None:
        last = self.history[-1][0].xid if self.history else 0
        for each in range(times):
            xid = last + 1 if is_one_act else last + 1 + each
            event = happened(len(self.history) + 1, *topics, xid=xid)
            self.history.append((event.position, event.topics))
            self.hub.publish(event)

    @rule(target=pages, topics=st.lists(st.sampled_from(TOPICS), unique=True))
    def open_page(self, topics: list[str]) -> Page:
        page = Page()
        self.opened.append(page)
        self.subscribe(page, topics)
        return page

    @rule(page=pages, topics=st.lists(st.sampled_from(TOPICS), min_size=1, unique=True))
    def subscribe(self, page: Page, topics: list[str]) -> None:
        if page.connection is None:
            page.wire, page.read = RememberedWire(), 0
            page.connection = Connection(an_actor(), page.wire)
            self.hub.enter(page.connection, admitted_at=self.hub.position)
        talk = SessionHandler(self.hub, page.connection, all_open)
        page.catch_up()
        for topic in topics:
            place = page.places.get(topic)
            since = None if place is None else str(place)
            asked = Subscribe(do="subscribe", topics=[topic], since=since, ref=1)
            run(talk, asked)
            page.catch_up()

    @rule(page=pages)
    def drop(self, page: Page) -> None:
        page.catch_up()
        if page.connection is not None:
            self.hub.leave(page.connection)
            page.connection = None

    @rule(
        page=pages,
        missed=st.lists(st.lists(st.sampled_from(TOPICS), min_size=1, unique=True), max_size=7),
    )
    def miss_something(self, page: Page, missed: list[list[str]]) -> None:
        """Gone for a while, and back on every topic it had."""
        self.drop(page)
        for topics in missed:
            self.happen(topics, times=1, is_one_act=False)
        if page.places:
            self.subscribe(page, list(page.places))

    @rule(kept=st.integers(0, RECENT))
    def start_again(self, kept: int) -> None:
        """Another process: it reads the last events from the outbox, and all pages come back."""
        for page in self.opened:
            self.drop(page)
        self.hub = a_hub(recent=RECENT)
        behind = self.history[: len(self.history) - kept] if kept else self.history
        self.hub.begin(behind[-1][0] if behind else START)
        for position, topics in self.history[len(behind) :]:
            self.hub.publish(happened(position.id, *topics, xid=position.xid))

    @invariant()
    def every_page_is_told_everything_once_and_in_order(self) -> None:
        for page in self.opened:
            page.catch_up()
            for shown in page.shown.values():
                assert shown == sorted(set(shown))
            if page.connection is None:
                continue
            for key in page.connection.topics:
                topic = self.hub.names.name_of(key)
                expected = [at for at, topics in self.history if key in topics]
                shown = page.shown.get(topic, [])
                assert shown == expected[len(expected) - len(shown) :]
                assert not [at for at in expected if at > page.places[topic]]


def run(talk: SessionHandler, asked: Subscribe) -> None:
    """Nothing in it waits here, so one step runs it to its end."""
    with pytest.raises(StopIteration) as ended:
        talk.hear(asked.model_dump_json()).send(None)
    assert ended.value.value is None


TestStreams = Streams.TestCase
TestStreams.settings = settings(max_examples=120, stateful_step_count=40)
