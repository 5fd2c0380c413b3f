"""Who has to keep away from a customer, and who does it instead (A1, P12). Pure.

Whoever introduced, opened, signed or manages a customer neither calls nor reviews, approves, takes over or
signs off; with a machine calling, the worksheet's responsible person is the caller. The department that
ordered a follow-up is interested in it. Where nobody of the branch may, headquarters does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from records.people import Event, EventKind, Facts, Staff


def involved(customer: Facts, events: Iterable[Event] = ()) -> frozenset[str]:
    """Staff numbers and departments that keep away from this customer.

    Args:
        customer: whom it is about.
        events: for whose sake the customer is called. Who found something abnormal may well ask (P4).
    """
    own = {customer.introducer, customer.opened_by, customer.signed_by, customer.manager}
    ordered = {event.by for event in events if event.kind is not EventKind.ABNORMAL}
    return frozenset((own | ordered) - {""})


def may_act(staff: Staff, kept_away: frozenset[str]) -> bool:
    """Whether somebody may deal with a customer from whom these keep away."""
    return staff.number not in kept_away and staff.department not in kept_away


def may_review(staff: Staff, kept_away: frozenset[str]) -> bool:
    """The same of a review: nobody judges a customer of whom they report to, either."""
    return may_act(staff, kept_away) and staff.superior not in kept_away


def share_out(
    customers: Mapping[int, frozenset[str]], branch: Sequence[Staff], headquarters: Sequence[Staff] = ()
) -> dict[Staff | None, list[int]]:
    """Who becomes responsible for whom.

    Args:
        customers: by id, who keeps away from each.
        branch: those whom the branch has for it, the first before the others.
        headquarters: who does it where none of the branch may.

    Returns:
        Customers' ids by the person; under None those whom nobody may call.
    """
    shared: dict[Staff | None, list[int]] = {}
    for customer, kept_away in customers.items():
        eligible = (one for one in (*branch, *headquarters) if may_act(one, kept_away))
        shared.setdefault(next(eligible, None), []).append(customer)
    return shared
