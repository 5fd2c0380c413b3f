"""What a profile demands, as tables in Chinese: each line with the rule that it serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from base.calendar import DayKind
from dialer.profile import Hours, Profile, Rule
from papers.words import DISPOSITIONS, KINDS, NOTES
from plans import words
from plans.duties import Duty
from plans.paperwork import Channel, Form, Report, Signing, Term
from plans.sections import ClockName
from records.model import Kind
from records.people import EventKind

DAYS = {
    DayKind.MARKET: "交易日",
    DayKind.NO_MARKET: "上班休市日",
    DayKind.WORKING: "工作日",
    DayKind.MADE_UP: "调休上班日",
    DayKind.OFF: "休息日",
}
THEN = {
    "retry": "再拨",
    "appoint": "按约定时间，未约则再拨",
    "agreed": "按约定时间，未约则结束",
    "close": "结束",
}
SINCE = {"made": "自形成之日起", "closed": "自销户之日起"}
OF_LAST = {"month": "上月", "quarter": "上季度", "year": "上年度"}
ITEM, RULE = "项目", "依据"
_KINDS, _FORMS = list(Kind), list(Form)


@dataclass(frozen=True, slots=True)
class Row:
    """One demand.

    Attributes:
        key: what it is called in the profile's file; the same in any other profile.
        item: what it is about; `cells`: what is demanded, one for each column of the table; `rule`: its id.
    """

    key: str
    item: str
    cells: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Table:
    """Demands of one sort. Columns are ITEM, then `columns`, then RULE."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The rows, as wide as the columns."""
        return ((row.item, *row.cells, row.rule) for row in self.rows)

    def facts(self) -> list[dict[str, str]]:
        """The rows for machines."""
        names = ("key", ITEM, *self.columns, RULE)
        return [dict(zip(names, (row.key, row.item, *row.cells, row.rule), strict=True)) for row in self.rows]


def tables(profile: Profile) -> tuple[Table, ...]:
    """All that a profile demands."""
    each = (
        ("回访义务", ("缘由", "对象", "期限", "比例", "执行人"), _duties(profile)),
        ("执行人另有规定的客户", ("执行人",), _reserved(profile)),
        ("客户划分", ("要求",), _people(profile)),
        ("拨打规则", ("要求",), _calling(profile)),
        ("拨打结果与后续", ("后续",), _after(profile)),
        ("合并回访", ("要求",), _merge(profile)),
        ("时钟", ("期限", "目标", "说明"), _clocks(profile)),
        ("待办期限", ("期限",), _notes(profile)),
        ("报表", ("编制", "周期", "期限", "报送", "范围"), _reports(profile)),
        ("保存期限", ("期限", "起算", "说明"), _retention(profile)),
        ("签字", ("范围", "顺序"), _signatures(profile)),
        ("其他回访方式", ("要求",), _channels(profile)),
    )
    return tuple(Table(title, columns, tuple(rows)) for title, columns, rows in each)


def _duties(profile: Profile) -> Iterator[Row]:
    for name, duty in sorted(profile.duties.items(), key=lambda one: _KINDS.index(one[1].kind)):
        cells = (words.occasion(duty), _whom(duty), _due(duty), _share(duty), words.EXECUTORS[duty.executor])
        yield Row(name, f"{KINDS[duty.kind]} {name}", cells, duty.rule)


def _whom(duty: Duty) -> str:
    return words.whom(duty.who) + (f"（{duty.says}）" if duty.says else "")


def _due(duty: Duty) -> str:
    last = words.within(duty.within) if duty.within else "当期内"
    if duty.upon is EventKind.ORDERED:
        return f"部门指定的日期，未指定则{last}"
    return f"{words.within(duty.begin_within)}启动，{last}完成" if duty.begin_within else last


def _share(duty: Duty) -> str:
    return words.share(duty.share) + ("（另计）" if duty.besides else "")


def _reserved(profile: Profile) -> Iterator[Row]:
    for name, one in profile.reserved.items():
        yield Row(name, words.whom(one.who), (words.EXECUTORS[one.executor],), one.rule)


def _people(profile: Profile) -> Iterator[Row]:
    ranking, classes = profile.key_active, profile.classes
    by = "、".join(words.MEASURES[one] for one in ranking.by)
    first = f"{OF_LAST[ranking.of_last]}{by}任一项居营业部前{words.share(ranking.share)}，及人工增列"
    yield Row("key_active", "重点活跃客户", (first,), ranking.rule)
    must = f"任一项居营业部前{words.share(ranking.introduced)}的必须列入"
    yield Row("key_active.introduced", "居间客户", (must,), ranking.rule)
    for step in classes.steps:
        names = (
            step.low
            if step.low == step.high
            else f"周转率低于{classes.turnover:g}为{step.low}，其余为{step.high}"
        )
        item = f"资产{words.yuan(step.assets_from)}及以上"
        yield Row(f"classes.{step.assets_from:g}", item, (names,), classes.rule)


def _calling(profile: Profile) -> Iterator[Row]:
    campaign = profile.campaign_channels
    each = (
        ("attempts", "自动拨打", f"最多{profile.attempts}次", "D2"),
        ("unrung_attempts", "未能振铃的拨打", f"最多{profile.unrung_attempts}次，之后转人工查看", "D4"),
        ("per_number_day", "同一号码每日", f"最多{profile.per_number_day}次", "D2"),
        ("ring_s", "振铃", f"至少{profile.ring_s:g}秒", "D1"),
        ("setup_s", "等待接通", f"最长{_time(profile.setup_s)}", ""),
        ("talk_s", "通话", f"最长{_time(profile.talk_s)}", ""),
        ("closing_hold_s", "结束语后保持线路", f"至少{profile.closing_hold_s:g}秒", "D9"),
        ("campaign_channels", "单个批次同时拨打", f"最多{campaign}路" if campaign else "不另设限", ""),
        ("answering", "区分真人与留言机", "接通后先听后说" if profile.answering.on else "不区分", "A2"),
        ("legal", "可拨打时间（含改约）", _hours(profile.legal), "D6"),
    )
    yield from (Row(key, item, (says,), rule) for key, item, says, rule in each)
    for number, window in enumerate(profile.windows, start=1):
        days = "、".join(DAYS[day] for day in window.days)
        yield Row(f"windows.{number}", f"时间窗{number}", (f"{days} {_hours(window)}",), "D3")
    for number, part in enumerate(profile.parts, start=1):
        yield Row(f"parts.{number}", f"时段{number}", (f"{part.name} {_hours(part)}",), "D2")


def _after(profile: Profile) -> Iterator[Row]:
    for disposition, rule in profile.after.items():
        yield Row(disposition, DISPOSITIONS[disposition], (_then(rule),), rule.rule)


def _then(rule: Rule) -> str:
    wait = f"，至少{_time(rule.wait_s)}后" if rule.wait_s else ""
    return THEN[rule.then] + wait + ("，换时段或改日" if rule.other_part else "")


def _merge(profile: Profile) -> Iterator[Row]:
    for one in profile.merge.together:
        kinds = "、".join(KINDS[kind] for kind in one.kinds)
        says = f"同一客户、同一执行人，期限相距{profile.merge.apart_days}天以内，用话术 {one.script}"
        yield Row(" ".join(one.kinds), kinds, (says,), one.rule)


def _clocks(profile: Profile) -> Iterator[Row]:
    for name, clock in profile.clocks.items():
        aim = words.within(clock.aim) if clock.aim else ""
        yield Row(name, words.CLOCKS[name], (words.within(clock.within), aim, clock.says), clock.rule)


def _notes(profile: Profile) -> Iterator[Row]:
    for note, days in profile.note_days.items():
        yield Row(note, NOTES.get(note, note), (f"{days}个工作日内" if days else "当日",), "Q4")


def _reports(profile: Profile) -> Iterator[Row]:
    for name, one in profile.reports.items():
        cells = (
            words.LEVELS[one.by],
            words.PERIODS[one.each],
            _report_due(one, profile),
            "、".join(one.to),
            _of_kinds(one.kinds),
        )
        yield Row(name, f"{words.REPORTS[one.form]} {name}", cells, one.rule)


def _report_due(one: Report, profile: Profile) -> str:
    if one.within is not None:
        return ("期初" if one.ahead else "期末后") + words.within(one.within)
    clock = profile.clocks.get(ClockName(one.clock)) if one.clock else None
    return f"工作结束后{words.within(clock.within)}" if clock else "工作结束后"


def _of_kinds(kinds: Iterable[Kind]) -> str:
    return "、".join(KINDS[kind] for kind in kinds) or "全部"


def _retention(profile: Profile) -> Iterator[Row]:
    for name, term in profile.retention.items():
        item = "；".join(words.MATERIALS[one] for one in term.of)
        yield Row(name, item, (f"至少{term.years}年", SINCE[term.since], _says(term)), term.rule)
    yield Row("filing", "书面记录归档", (words.FILINGS[profile.filing], "", ""), "R5")


def _says(term: Term) -> str:
    return term.says or "多项适用时取最长"


def _signatures(profile: Profile) -> Iterator[Row]:
    for name, one in sorted(profile.signatures.items(), key=lambda one: _FORMS.index(one[1].form)):
        chain = " → ".join(words.ROLES[role] for role in one.chain)
        yield Row(name, words.FORMS[one.form], (_scope(one), chain), one.rule)


def _scope(one: Signing) -> str:
    grades = "、".join(words.GRADES[grade] for grade in one.grades)
    return "；".join(filter(None, (grades, _of_kinds(one.kinds) if one.kinds or not grades else "")))


def _channels(profile: Profile) -> Iterator[Row]:
    for way, channel in profile.channels.items():
        yield Row(way, words.WAYS[way], ("；".join(_logged(channel)),), channel.rule)
        for number, one in enumerate(channel.messages, start=1):
            says = f"{words.EVENTS[one.upon]}后{words.within(one.within)}"
            yield Row(f"{way}.{number}", one.says or words.WAYS[way], (says,), one.rule)


def _logged(channel: Channel) -> Iterator[str]:
    if channel.keeps:
        yield "留存" + "、".join(channel.keeps)
    if channel.export_each:
        yield f"{words.PERIODS[channel.export_each]}导出或刻录"
    if channel.signers:
        yield f"{channel.signers}名员工签名，重要事项{channel.signers_weighty}名"
    if channel.informs:
        yield "可用于告知不愿接听电话的客户（A4）"


def _hours(stretch: Hours) -> str:
    return f"{stretch.start:%H:%M}-{stretch.end:%H:%M}"


def _time(seconds: float) -> str:
    """5秒, 20分钟, 1小时."""
    for unit, name in ((3600, "小时"), (60, "分钟")):
        if seconds >= unit and seconds % unit == 0:
            return f"{seconds / unit:g}{name}"
    return f"{seconds:g}秒"
