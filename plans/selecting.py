"""From whom a duty concerns to a test of customers (P1, P2, P5, C2). Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from datetime import date

from plans.duties import Who
from records.people import Facts

Test = Callable[[Facts], bool]


def test_of(who: Who, today: date, key: Container[int], class_of: Callable[[Facts], str]) -> Test:
    """The test that holds for those whom `who` describes.

    Args:
        who: all that it says must hold; what it leaves out is not looked at.
        today: contracts that were over before are not in force (P6).
        key: ids of the key and active of the branch (P3).
        class_of: the class of a customer (C2).
    """
    tests = (*_of_kinds(who, class_of), *_of_marks(who, key), *_of_adviser(who, today), *_of_measures(who))
    if len(tests) == 1:
        return tests[0]
    return lambda one: all(test(one) for test in tests)


def _of_kinds(who: Who, class_of: Callable[[Facts], str]) -> Iterator[Test]:
    if sources := frozenset(who.sources):
        yield lambda one: one.source in sources
    if clients := frozenset(who.clients):
        yield lambda one: one.client in clients
    if classes := frozenset(who.classes):
        yield lambda one: class_of(one) in classes
    # 四川 is 四川省 as well; no province's name begins with another's.
    if provinces := who.provinces:
        yield lambda one: one.province.startswith(provinces)
    if others := who.provinces_not:
        yield lambda one: not one.province.startswith(others)


def _of_marks(who: Who, key: Container[int]) -> Iterator[Test]:
    if who.key_active is not None:
        yield lambda one: (one.id in key) is who.key_active
    if who.core is not None:
        yield lambda one: one.core is who.core
    if who.dormant is not None:
        yield lambda one: one.dormant is who.dormant


def _of_adviser(who: Who, today: date) -> Iterator[Test]:
    if who.adviser is not None:
        yield lambda one: _advised(one, today) is who.adviser


def _advised(one: Facts, today: date) -> bool:
    until = one.adviser_until
    return one.adviser_since is not None and (until is None or until >= today)


def _of_measures(who: Who) -> Iterator[Test]:
    least, below = who.assets_from, who.assets_below
    if least is not None:
        yield lambda one: one.assets >= least
    if below is not None:
        yield lambda one: one.assets < below
