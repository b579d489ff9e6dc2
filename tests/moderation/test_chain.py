"""The hash chain: whatever is changed, dropped, put in or swapped, the first such line is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.moderation import chain
from app.moderation.case_models import SubjectKind
from app.moderation.chain import Line

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
moments = st.integers(0, 6 * 10**15).map(
    lambda n: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=n)
)
ids = st.uuids()


@st.composite
def logs(draw: st.DrawFn) -> list[Line]:
    """A log as the database would have written it."""
    lines: list[Line] = []
    head = chain.FIRST
    for seq in range(1, draw(st.integers(1, 8)) + 1):
        bare = Line(
            seq=seq,
            format=draw(st.sampled_from([1, 2])),
            at=draw(moments),
            act=draw(texts),
            actor_id=draw(st.none() | ids),
            case_id=draw(ids),
            subject_kind=draw(st.sampled_from(SubjectKind)),
            subject_id=draw(ids),
            subject_version=draw(st.integers(1, 9)),
            facts=draw(texts),
            prev_hash=head,
            hash=b"",
        )
        line = replace(bare, hash=chain.digest(bare, head))
        lines.append(line)
        head = line.hash
    return lines


def first_broken(lines: list[Line]) -> int | None:
    """The number of the first line that fails, as `log_verification.check` walks them."""
    seq, head = 0, chain.FIRST
    for line in lines:
        if found := chain.broken(line, seq=seq + 1, prev_hash=head):
            return found.seq
        seq, head = line.seq, line.hash
    return None


@given(logs())
def test_an_untouched_log_holds(lines: list[Line]) -> None:
    assert first_broken(lines) is None


CHANGES: list[Callable[[Line], Line]] = [
    lambda line: replace(line, at=line.at + timedelta(microseconds=1)),
    lambda line: replace(line, act=f"{line.act}x"),
    lambda line: replace(line, actor_id=None if line.actor_id else UUID(int=7)),
    lambda line: replace(line, case_id=UUID(int=line.case_id.int ^ 1)),
    lambda line: replace(line, subject_id=UUID(int=line.subject_id.int ^ 1)),
    lambda line: replace(line, format=3 - line.format),
    lambda line: replace(line, format=3),
    lambda line: replace(line, facts=f"{line.facts} "),
    lambda line: replace(line, prev_hash=bytes(31) + b"\x01"),
    lambda line: replace(line, hash=bytes(32)),
    # Words that move from one field to the next read alike only without netstrings.
    lambda line: (
        replace(line, act=f"{line.act}{line.facts}", facts="", hash=line.hash)
        if line.facts
        else replace(line, facts="{}")
    ),
]


@given(logs(), st.data())
def test_the_first_changed_line_is_named(lines: list[Line], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(CHANGES))
    lines[index] = change(lines[index])
    assert first_broken(lines) == index + 1


@given(logs().filter(lambda lines: len(lines) > 1), st.data())
def test_a_dropped_line_is_missed(lines: list[Line], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(lines) - 2))
    del lines[index]
    assert first_broken(lines) == index + 1


@given(logs().filter(lambda lines: len(lines) > 1), st.data())
def test_a_rewritten_tail_does_not_fit(lines: list[Line], data: st.DataObject) -> None:
    """Whoever changes a line and mends its own hash is found at the next line."""
    index = data.draw(st.integers(0, len(lines) - 2))
    changed = replace(lines[index], facts=f"{lines[index].facts}!")
    lines[index] = replace(changed, hash=chain.digest(changed, changed.prev_hash))
    assert first_broken(lines) == index + 2


@given(moments, st.integers(-12, 14))
def test_a_moment_reads_alike_in_every_time_zone(at: datetime, hours: int) -> None:
    there = at.astimezone(timezone(timedelta(hours=hours)))
    assert chain.moment(there) == chain.moment(at)
    assert len(chain.moment(at)) == len("2026-11-24T12:00:00.000000Z")


@pytest.mark.parametrize(
    "change", [{"subject_kind": "reply"}, {"subject_version": 10}], ids=["kind", "version"]
)
@given(logs())
def test_the_second_format_vouches_for_the_whole_subject(
    change: dict[str, Any], lines: list[Line]
) -> None:
    line = replace(lines[0], format=2, subject_kind="post")
    line = replace(line, hash=chain.digest(line, chain.FIRST))
    assert chain.broken(line, seq=1, prev_hash=chain.FIRST) is None
    assert chain.broken(replace(line, **change), seq=1, prev_hash=chain.FIRST) is not None


@given(st.lists(st.none() | texts), st.lists(st.none() | texts))
def test_no_two_lists_of_fields_read_alike(one: list[str | None], other: list[str | None]) -> None:
    def joined(fields: list[str | None]) -> str:
        return "".join(map(chain.netstring, fields))

    assert (joined(one) == joined(other)) is (one == other)
