"""The rule of sanctions, tried in every way: what is in force at a moment."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.moderation.sanction_models import ChangeKind, SanctionKind, SanctionState
from app.moderation.sanction_rule import FOR_GOOD, Change, Term, until

START = datetime(2026, 11, 27, tzinfo=UTC)
LIMITS = [SanctionKind.READ_FIRST, SanctionKind.NO_POSTING]

moments = st.integers(0, 400 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
later = [ChangeKind.UPHELD, ChangeKind.SHORTENED, ChangeKind.LIFTED, ChangeKind.OVER]


@st.composite
def terms(draw: st.DrawFn) -> Term:
    """A sanction and what became of it, as the database would let it."""
    kind = draw(st.sampled_from(SanctionKind))
    made_at = draw(moments)
    days = None if kind is SanctionKind.WARN else draw(st.integers(1, 60))
    changes: list[Change] = []
    at = made_at
    if kind is SanctionKind.SUSPEND:
        days = draw(st.none() | st.integers(1, 60))
        settled = draw(st.none() | st.sampled_from([ChangeKind.CONFIRMED, ChangeKind.DECLINED]))
        if settled is None:
            return Term(kind, made_at, days)
        at += timedelta(minutes=draw(st.integers(1, 9_000)))
        changes.append(Change(settled, at))
        if settled is ChangeKind.DECLINED:
            return Term(kind, made_at, days, changes)
    for change in draw(st.lists(st.sampled_from(later), max_size=4)):
        at += timedelta(minutes=draw(st.integers(1, 90_000)))
        ends_at = draw(moments) if change is ChangeKind.SHORTENED else None
        changes.append(Change(change, at, ends_at))
    return Term(kind, made_at, days, changes)


def holds(term: Term, at: datetime) -> bool:
    return term.state(at) is SanctionState.IN_FORCE


@given(terms(), moments)
def test_a_suspension_never_holds_before_a_second_moderator_agreed(
    term: Term, at: datetime
) -> None:
    agreed = [one.at for one in term.changes if one.kind is ChangeKind.CONFIRMED]
    if term.kind is SanctionKind.SUSPEND and holds(term, at):
        assert agreed[0] <= at


@given(terms(), moments)
def test_a_warning_holds_nothing(term: Term, at: datetime) -> None:
    assert not (term.kind is SanctionKind.WARN and holds(term, at))


@given(terms(), moments, moments)
def test_what_is_over_never_holds_again(term: Term, one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    if term.starts_at is not None and term.starts_at <= first and not holds(term, first):
        assert not holds(term, second)


@given(terms())
def test_it_ends_by_time_alone(term: Term) -> None:
    """Whatever had become of it: at its last moment it is over, and just before it was not."""
    start, end = term.starts_at, term.ends_at
    if term.kind is SanctionKind.WARN or start is None or end is None or end == FOR_GOOD:
        return
    assert not holds(term, end)
    lifted = [one.at for one in term.changes if one.kind is ChangeKind.LIFTED]
    if end > start and not lifted:
        assert holds(term, end - timedelta(microseconds=1))


@given(terms(), moments)
def test_no_change_makes_it_longer(term: Term, at: datetime) -> None:
    if term.ends_at is None:
        return
    for kind in later:
        changed = Term(term.kind, term.made_at, term.days, [*term.changes, Change(kind, at, at)])
        assert changed.ends_at is not None
        assert changed.ends_at <= term.ends_at


@given(st.sampled_from(LIMITS), moments, st.integers(1, 60), moments)
def test_a_limit_holds_for_its_days_and_no_longer(
    kind: SanctionKind, made_at: datetime, days: int, at: datetime
) -> None:
    term = Term(kind, made_at, days)
    assert holds(term, at) is (made_at <= at < made_at + timedelta(days=days))


@given(st.lists(terms(), max_size=6), moments, st.sampled_from(SanctionKind))
def test_of_several_the_last_to_end_counts(
    found: list[Term], at: datetime, kind: SanctionKind
) -> None:
    end = until(found, kind, at)
    standing = [term for term in found if term.kind is kind and holds(term, at)]
    assert (end is None) is (not standing)
    for term in standing:
        assert term.ends_at is not None
        assert end is not None
        assert at < term.ends_at <= end
