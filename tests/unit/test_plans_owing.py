"""From duties, customers and events to what is owed, computed again and again (P1, P2, P5-P7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.duties import Duty, Period, Reserved, Who, Within
from plans.owing import key_of
from plans.sampling import required
from records.model import Kind
from records.people import Event, EventKind, Source
from records.planned import Executor
from tests.plans_kit import TODAY, event, facts, owed, rules

NEW = Duty(
    kind=Kind.NEW_ACCOUNT,
    upon=EventKind.OPENED,
    within=Within(worked_days=5),
    share=0.3,
    executor=Executor.OPERATIONS,
    rule="P1",
)
YEARLY = Duty(kind=Kind.PERIODIC, each=Period.YEAR, executor=Executor.OPERATIONS, rule="P2")
CHECK = Duty(
    kind=Kind.CHECK,
    each=Period.YEAR,
    who=Who(sources=(Source.INTRODUCED,)),
    share=0.1,
    besides=True,
    executor=Executor.HEADQUARTERS,
    rule="P5",
)
OWN = Duty(
    kind=Kind.ADVISER_CONTINUING,
    each=Period.QUARTER,
    since=EventKind.SIGNED,
    who=Who(adviser=True),
    executor=Executor.OPERATIONS,
    rule="P6",
)
WHOLE = NEW.model_copy(update={"share": 1.0})


def opened(days: list[int]) -> list[Event]:
    return [event(n, n, EventKind.OPENED, TODAY - timedelta(days=ago)) for n, ago in enumerate(days)]


def test_an_event_is_owed_once_and_by_its_own_day_where_it_names_one() -> None:
    happened = [
        event(7, 1, EventKind.OPENED, TODAY),
        event(8, 1, EventKind.OPENED, TODAY, by_on=date(2026, 3, 5)),
        event(9, 99, EventKind.OPENED, TODAY),
    ]
    found = owed([facts(1)], rules(new=WHOLE), happened).obligations
    assert [(one.occasion, one.due_from, one.due_by) for one in found] == [
        ("event 7", TODAY, date(2026, 3, 11)),
        ("event 8", TODAY, date(2026, 3, 5)),
    ]


def test_what_was_before_the_profile_or_comes_after_the_horizon_is_not_owed() -> None:
    happened = [
        event(1, 1, EventKind.OPENED, date(2025, 12, 31)),
        event(2, 1, EventKind.OPENED, TODAY + timedelta(days=1)),
    ]
    assert owed([facts(1)], rules(new=WHOLE), happened).obligations == ()


def test_periods_are_those_that_touch_the_stretch() -> None:
    found = owed([facts(1)], rules(yearly=YEARLY), until=date(2027, 1, 1)).obligations
    assert [(one.occasion, one.due_by) for one in found] == [
        ("2026", date(2026, 12, 31)),
        ("2027", date(2027, 12, 31)),
    ]
    assert owed([facts(1)], rules(date(2027, 1, 1), yearly=YEARLY)).obligations == ()


def test_periodic_begins_with_the_period_after_the_opening_and_ends_with_the_account() -> None:
    new, old = facts(1, opened_on=date(2026, 2, 1)), facts(2, opened_on=date(2025, 2, 1))
    gone = facts(3, closed_on=date(2025, 12, 31))
    assert [one.customer_id for one in owed([new, old, gone], rules(yearly=YEARLY)).obligations] == [2]


def test_a_check_takes_new_customers_too() -> None:
    new = facts(1, opened_on=date(2026, 2, 1), source=Source.INTRODUCED)
    assert [one.customer_id for one in owed([new], rules(check=CHECK)).obligations] == [1]


def test_own_periods_run_from_the_contract() -> None:
    one = facts(1, adviser_since=date(2025, 12, 20))
    found = owed([one, facts(2)], rules(own=OWN), until=date(2026, 4, 1)).obligations
    assert [(o.occasion, o.due_from, o.due_by) for o in found] == [
        ("2025-12-20", date(2025, 12, 20), date(2026, 3, 19)),
        ("2026-03-20", date(2026, 3, 20), date(2026, 6, 19)),
    ]


def test_own_periods_end_with_the_contract() -> None:
    one = facts(1, adviser_since=date(2025, 12, 20), adviser_until=date(2026, 3, 10))
    found = owed([one], rules(own=OWN), until=date(2026, 4, 1)).obligations
    assert [o.occasion for o in found] == ["2025-12-20"]


def test_own_periods_run_from_another_event_too() -> None:
    moved = OWN.model_copy(update={"since": EventKind.MOVED, "who": Who()})
    happened = [
        event(1, 1, EventKind.MOVED, date(2026, 1, 5)),
        event(2, 1, EventKind.MOVED, date(2026, 2, 5)),
    ]
    found = owed([facts(1), facts(2)], rules(moved=moved), happened).obligations
    assert [(one.customer_id, one.due_by) for one in found] == [(1, date(2026, 5, 4))]


def test_former_customers_are_called_year_by_year_though_their_accounts_are_closed() -> None:
    """P13."""
    moved = OWN.model_copy(update={"since": EventKind.MOVED, "who": Who(), "each": Period.YEAR})
    left = facts(1, closed_on=date(2025, 2, 3))
    happened = [event(1, 1, EventKind.MOVED, date(2025, 2, 3))]
    found = owed([left], rules(moved=moved), happened).obligations
    assert [one.due_from for one in found] == [date(2026, 2, 3)]


def test_some_customers_are_one_executors_whatever_they_are_owed() -> None:
    """P12: the first that holds."""
    brokers = Reserved(who=Who(sources=(Source.BROKER,)), executor=Executor.HEADQUARTERS, rule="P12")
    large = Reserved(who=Who(assets_from=5e6), executor=Executor.OPERATIONS, rule="P12")
    given = replace(rules(yearly=YEARLY, check=CHECK), reserved=(brokers, large))
    people = [facts(1, source=Source.BROKER, assets=9e6), facts(2), facts(3, assets=9e6)]
    found = {(one.customer_id, one.duty): one.executor for one in owed(people, given).obligations}
    assert found[1, "yearly"] is Executor.HEADQUARTERS
    assert found[2, "yearly"] is YEARLY.executor
    assert {who for (customer, _), who in found.items() if customer == 3} == {Executor.OPERATIONS}


def test_whoever_must_be_called_is_in_the_sample_but_not_in_the_check() -> None:
    people = [facts(n, source=Source.INTRODUCED, chosen=n < 30) for n in range(40)]
    sampled = YEARLY.model_copy(update={"share": 0.1})
    found = owed(people, rules(sampled=sampled, check=CHECK))
    musts = {one.customer_id for one in found.obligations if one.duty == "sampled" and one.must}
    assert musts == set(range(30))
    assert sum(one.duty == "check" for one in found.obligations) == 4


def test_samples_tell_what_their_share_is_counted_of() -> None:
    found = owed([facts(n) for n in range(10)], rules(new=NEW), opened([0] * 10))
    (sample,) = found.samples
    assert sample.pool == "new 深圳 2026-03"
    assert [(one.members, one.required, len(one.drawn)) for one in sample.strata] == [(10, 3, 3)]
    assert len(found.obligations) == 3


ALL = rules(new=NEW, yearly=YEARLY, check=CHECK)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_computed_again_nothing_is_owed_anew(days: list[int]) -> None:
    people = [facts(n, source=Source.INTRODUCED) for n in range(len(days))]
    first = owed(people, ALL, opened(days))
    kept = frozenset(map(key_of, first.obligations))
    again = owed(people, ALL, opened(days), kept=kept, seeds={one.pool: one.seed for one in first.samples})
    assert again.obligations == ()
    assert again.samples == first.samples


@settings(max_examples=50)
@given(st.lists(st.integers(0, 28), min_size=1, max_size=40))
def test_day_by_day_the_share_holds_at_every_moment(days: list[int]) -> None:
    """New accounts come day by day, and what was drawn stays drawn."""
    february = date(2026, 2, 1)
    people = [facts(n) for n in range(len(days))]
    happened = [
        event(n, n, EventKind.OPENED, february + timedelta(days=d - 1)) for n, d in enumerate(days) if d
    ]
    kept: frozenset[tuple[int, str, str]] = frozenset()
    for offset in range(28):
        now = february + timedelta(days=offset)
        known = [one for one in happened if one.on <= now]
        found = owed(people, rules(new=NEW), known, kept=kept, today=now)
        assert all(one.due_by >= now for one in found.obligations)
        kept |= {key_of(one) for one in found.obligations}
        assert len(kept) == required(len(known), 0.3)


def test_nobody_is_owed_anything_without_duties() -> None:
    assert owed([facts(1)], replace(ALL, duties={})) == owed([], ALL)
