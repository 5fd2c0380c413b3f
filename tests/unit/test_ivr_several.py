"""Several answers in one sentence (S12)."""

from __future__ import annotations

import pytest

from ivr.hearing import Heard
from ivr.several import several
from ivr.understanding import Choice, Unclear

CHOICES = (
    Choice("bonds", ("债券", "国债", "政府债券")),
    Choice("funds", ("基金", "货币基金")),
    Choice("shares", ("股票", "买股票")),
    Choice("none", ("都没有", "没有", "没做过")),
    Choice("refuse", ("不需要", "别问了"), own=False),
)


def named(text: str, *others: str) -> str:
    """Names joined by a comma, or "?<reason>"."""
    meant = several(Heard(text, others=others), CHOICES)
    return f"?{meant.reason}" if isinstance(meant, Unclear) else ",".join(one.choice.name for one in meant)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("股票", "shares"),
        ("股票和基金", "funds,shares"),
        ("基金股票", "funds,shares"),
        ("股票基金还有国债", "bonds,funds,shares"),
        ("我买股票也买基金", "funds,shares"),
        ("嗯股票吧然后还有基金", "funds,shares"),
        ("谷票鸡金", "funds,shares"),
        ("货币基金和债券", "bonds,funds"),
        ("都有", "bonds,funds,shares"),
        ("没有", "none"),
        ("都没有", "none"),
        ("别问了", "refuse"),
    ],
)
def test_what_is_named_counts(text: str, expected: str) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text", ["", "股票没有基金", "不是股票是基金", "今天天气不错", "我主要是想看看股票这方面的东西"]
)
def test_doubt_is_asked_again(text: str) -> None:
    assert named(text).startswith("?")
