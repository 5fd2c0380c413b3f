"""How long material is kept (R3): the longest of all terms that apply. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plans.paperwork import Material, Term, longest


def free_from(
    terms: Iterable[Term],
    materials: Iterable[Material],
    made_on: date,
    closed_on: date | None,
    law_years: int = 0,
) -> date | None:
    """The first day on which something may be deleted; None where that day isn't known yet.

    What consists of several materials is kept as a whole until the longest term of any is over: a written
    record leads to its recording.

    Args:
        terms: of the firm's profile.
        closed_on: when the customer's account was closed; None while it is open, or where there is none:
            what is kept as long as the account files has no last day then.
        law_years: what the law asks for besides, of everything.
    """
    known = tuple(terms)
    days = [years_after(made_on, law_years)]
    for material in materials:
        years = longest(known, material)
        if not years or ("closed" in years and closed_on is None):
            return None
        begin = {"made": made_on, "closed": closed_on or made_on}
        days += [years_after(begin[since], n) for since, n in years.items()]
    return max(days)


def least_years(terms: Iterable[Term], law_years: int = 0) -> int:
    """What was made less than so many years ago is certainly kept."""
    return max(law_years, min((term.years for term in terms), default=0))


def years_after(day: date, years: int) -> date:
    """The same day so many years later (or earlier); 1 March for a leap day: a term is never cut short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
