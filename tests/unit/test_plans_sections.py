"""What sections of a profile say of a customer, a form, a recording."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from plans.duties import Duty, Within
from plans.paperwork import Form, Grade, Material, Role, Signing, Term, chain, longest
from plans.sections import Classes
from records.model import Kind


def signing(*roles: str, **said: Any) -> Signing:
    return Signing.model_validate({"form": "record", "chain": roles, "rule": "R6", **said})


def test_who_signs_goes_by_kind_before_finding_before_all() -> None:
    signings = [
        signing("caller", "operations"),
        signing("caller", "compliance", grades=["violation"]),
        signing("caller", "marketing", kinds=["periodic"]),
    ]
    assert chain(signings, Form.RECORD, Kind.SPECIAL) == (Role.CALLER, Role.OPERATIONS)
    assert chain(signings, Form.RECORD, Kind.SPECIAL, Grade.VIOLATION) == (Role.CALLER, Role.COMPLIANCE)
    assert chain(signings, Form.RECORD, Kind.PERIODIC, Grade.VIOLATION) == (Role.CALLER, Role.MARKETING)
    assert chain(signings, Form.WORKSHEET, Kind.PERIODIC) == ()


def test_the_longest_term_wins() -> None:
    terms = [
        Term(of=(Material.RECORDINGS, Material.RECORDS), years=5, rule="R3"),
        Term(of=(Material.RECORDINGS,), years=15, rule="R3"),
        Term(of=(Material.RECORDINGS,), years=20, since="closed", rule="R3"),
    ]
    assert longest(terms, Material.RECORDINGS) == {"made": 15, "closed": 20}
    assert longest(terms, Material.RECORDS) == {"made": 5}
    assert longest(terms, Material.MESSAGES) == {}


def test_the_names_of_classes() -> None:
    classes = Classes.model_validate({"steps": [{"assets_from": 1, "low": "E", "high": "F"}]})
    assert classes.names() == {"E", "F"}


def test_what_is_said_is_the_script_of_the_kind_unless_another_is_named() -> None:
    said = {"each": "year", "executor": "headquarters", "rule": "P2"}
    spoken = {
        kind: Duty.model_validate({**said, "kind": kind}).spoken for kind in ("periodic", "check", "special")
    }
    assert spoken == {"periodic": "periodic", "check": "headquarters_check", "special": "special_questions"}
    assert (
        Duty.model_validate({**said, "kind": "special", "script": "special_ended"}).spoken == "special_ended"
    )


@pytest.mark.parametrize("said", [{}, {"days": 1, "months": 1}, {"days": -1}, {"months": 0}])
def test_a_term_is_one_time(said: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Within.model_validate(said)
