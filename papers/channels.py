"""Logs of the other ways in which customers are followed up (C1): e-mail, letters, SMS, visits. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from base.phones import masked
from papers import parts
from papers.figures import share
from papers.paper import Bar, Chart, Fact, Firm, Grid, Paper
from plans.paperwork import Way

DELIVERED = "成功"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message or visit.

    Attributes:
        at: when it was sent or made. to: the address or number; phone numbers in E.164.
        about: what it was about, or says. by: the mailbox, who posted it, who visited.
        kept: what is kept of it: the copy and stub, the disc, the signed sheet.
        number: of the registered or express letter.
        result: how it was delivered, 成功 or a reason. reply: what came back.
    """

    at: datetime
    customer: str
    to: str = ""
    about: str = ""
    by: str = ""
    kept: str = ""
    number: str = ""
    result: str = ""
    reply: str = ""


_TITLES = {
    Way.EMAIL: "电子邮件回访登记表",
    Way.LETTER: "信函回访登记表",
    Way.SMS: "短信回访登记表",
    Way.VISIT: "面访登记表",
}
_COLUMNS = {
    Way.EMAIL: (
        "发送时间",
        "客户姓名",
        "收件地址",
        "主题及内容",
        "专用邮箱",
        "保管人及刻录",
        "发送结果",
        "客户回复",
    ),
    Way.LETTER: (
        "寄出时间",
        "客户姓名",
        "地址",
        "内容",
        "寄送方式",
        "单号",
        "底稿及存根",
        "投递结果",
        "客户回复",
    ),
    Way.SMS: ("发送时间", "客户姓名", "手机号码", "短信内容", "发送结果", "客户回复"),
    Way.VISIT: ("时间", "客户姓名", "地点", "内容", "面访人员", "签字表保存", "结果", "客户意见"),
}


def log(
    way: Way,
    sent: Sequence[Sent],
    firm: Firm,
    *,
    period: str,
    first: date,
    last: date,
    made_on: date,
    keeper: str = "",
) -> Paper:
    """The log of one way for a period; SMS with their success rate (C1)."""
    facts = [
        Fact("登记期间", parts.span(first, last, made_on)),
        Fact("件数", str(len(sent))),
        Fact("保管人", keeper),
        Fact("客户回复", str(sum(bool(one.reply) for one in sent))),
    ]
    if way is Way.SMS:
        done = sum(one.result == DELIVERED for one in sent)
        facts += [Fact("发送成功", str(done)), Fact("发送成功率", share(done, len(sent)))]
    rows = tuple((str(n), *_cells(way, one)) for n, one in enumerate(sent, 1))
    listed = Grid("登记明细", ("序号", *_COLUMNS[way]), rows, "本期没有登记。", numbers=(0,))
    return Paper(
        title=f"{firm.name}{_TITLES[way]}",
        facts=tuple(facts),
        parts=(*_chart(way, sent), listed),
        signatures=(parts.line("登记人"), parts.line("保管人", keeper)),
        number=parts.number("QD", period, way.value.upper()),
    )


def _chart(way: Way, sent: Sequence[Sent]) -> tuple[Chart, ...]:
    """Why messages did not arrive, where there is more than one outcome."""
    counts = Counter(one.result or "未知" for one in sent)
    if way is not Way.SMS or len(counts) < 2:
        return ()
    bars = tuple(Bar(name, n, f"{n}（{share(n, len(sent))}）") for name, n in counts.most_common())
    return (Chart("发送结果", bars),)


def _cells(way: Way, one: Sent) -> tuple[str, ...]:
    at = f"{one.at:%Y-%m-%d %H:%M}"
    match way:
        case Way.EMAIL:
            return (at, one.customer, one.to, one.about, one.by, one.kept, one.result, one.reply)
        case Way.LETTER:
            return (at, one.customer, one.to, one.about, one.by, one.number, one.kept, one.result, one.reply)
        case Way.SMS:
            return (at, one.customer, masked(one.to), one.about, one.result, one.reply)
        case Way.VISIT:
            return (at, one.customer, one.to, one.about, one.by, one.kept, one.result, one.reply)
