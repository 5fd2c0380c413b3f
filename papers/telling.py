"""Calls and recordings as papers, in the words of those who read them (R1). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from base.phones import national
from papers import words
from papers.layout import width
from papers.paper import Fact, Firm, Grid, Paper, Signature
from records.heard import Heard
from records.post_call import Flag, Recording, Utterance
from records.written import WrittenRecord

PARTIES = {"system": "系统", "customer": "客户", "agent": "坐席", "echo": "回声"}
TIERS = {"certain": "确定", "probable": "可能", "faint": "微弱"}
SEVERITIES = {"high": "高", "medium": "中", "low": "低"}
HOW = {"key": "按键", "speech": "语音", "person": "人工核定"}
SIGNED_BY = ("经办人", "复核人", "运营总监（营销总监）")
_SHORT = 44
"""Half-width characters of a value that shares its line."""
LEADS = "线索由机器提示，不是结论，须由人工判定 (F7)。"
NOT_FLAGGED = "未提示线索；这不等于没有问题。"
NOT_HEARD = "尚未转写，无法提示。"
GUESSED = "说话人由声音推测，可能有误。"


def record(written: WrittenRecord, firm: Firm, signers: Sequence[str] = SIGNED_BY) -> Paper:
    """A call's written record: time, caller, customer, kind, method, purpose, content, problem, result."""
    return Paper(
        title=f"{firm.name} 客户回访记录",
        facts=tuple(_fact(name, value) for name, value in _facts(written, firm) if value),
        parts=(answers(written), _speech(written.said), _flags(written.heard), _notes(written)),
        remarks=_remarks(written.heard),
        signatures=tuple(map(Signature, signers)),
    )


def transcript_of_call(written: WrittenRecord) -> Paper:
    """What was said in a call."""
    call = written.call
    facts = (
        *(("编号", str(call.id)), ("客户", written.customer.name), ("批次", call.campaign)),
        ("接通时间", moment(call.answered_at)),
        *_versions(written.heard),
    )
    return Paper("通话文本", _known(facts), (_speech(written.said),), _remarks(written.heard))


def transcript_of_recording(recording: Recording, heard: Heard | None) -> Paper:
    """What was said in a recording made elsewhere."""
    facts = (
        *(("编号", f"R{recording.id}"), ("文件", recording.name)),
        *(("通话时间", moment(recording.began_at)), ("分机", recording.extension)),
        *(("时长", length(recording.length_s)), ("SHA-256", recording.sha256)),
        *_versions(heard),
    )
    said = heard.utterances if heard else ()
    return Paper("录音文本", _known(facts), (_speech(said), _flags(heard)), _remarks(heard))


def party(name: str) -> str:
    """Who spoke."""
    return PARTIES.get(name, name)


def second(at_s: float) -> str:
    """Where in the recording: minutes, seconds, tenths."""
    minutes, rest = divmod(round(at_s, 1), 60)
    return f"{int(minutes):02d}:{rest:04.1f}"


def length(seconds: float) -> str:
    """Minutes and seconds, in words."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"


def moment(at: datetime | None) -> str:
    """A point in time; "" for none."""
    return "" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")


def _facts(written: WrittenRecord, firm: Firm) -> Iterable[tuple[str, str]]:
    call, customer = written.call, written.customer
    kinds = [
        f"{words.KINDS.get(one.kind, one.kind)}（{'完成' if one.completed else '未完成'}）"
        for one in call.kinds
    ]
    opened = customer.opened_on.isoformat() if customer.opened_on else ""
    yield from (
        ("编号", str(call.id)),
        ("回访时间", moment(call.invited_at)),
        ("接通时间", moment(call.answered_at)),
        ("结束时间", moment(call.ended_at)),
        ("通话时长", length(call.talked_s) if call.talked_s else ""),
        ("回访人", f"{firm.name} 工号 {firm.seat}（系统外呼，中继 {call.trunk}）"),
        ("客户", customer.name),
        ("电话", f"{national(call.phone)}（{words.PHONE_KINDS[customer.phone_kind.value]}）"),
        ("营业部", customer.branch),
        ("客户经理", customer.manager),
        ("开户日期", opened),
        ("回访类型", "、".join(kinds) or words.KINDS.get(written.kind.value, written.kind.value)),
        ("回访方式", "电话"),
        ("回访目的", f"{call.campaign}（第 {call.n} 次拨打）"),
        ("话术", f"{call.script} {call.script_version}，SHA-256 {call.script_sha256}"),
        ("录音", call.recording),
        ("回访结果", words.disposition(call.disposition)),
        ("有效拨打", "是" if call.valid else "否"),
        ("测评得分", "" if call.score is None else f"{call.score} {call.band}".strip()),
        ("下一步", call.rule),
    )
    yield from _versions(written.heard)


def _versions(heard: Heard | None) -> tuple[tuple[str, str], ...]:
    if heard is None:
        return (("转写", "尚未转写，以下只有系统所说"),)
    older = f"，另存有旧版 {len(heard.versions) - 1} 份" if len(heard.versions) > 1 else ""
    by = f"{heard.engine}，模型 {heard.model_sha256[:12]}，{moment(heard.made_at)}"
    return (("转写", by + older), ("转写质量", heard.doubt))


def _known(facts: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    return tuple(_fact(name, value) for name, value in facts if value)


def _fact(name: str, value: str) -> Fact:
    return Fact(name, value, wide=width(value) > _SHORT)


def answers(written: WrittenRecord, heading: str = "问题与回答") -> Grid:
    """What was asked and answered."""
    rows = (
        (
            written.asked(one.question),
            one.label or one.value,
            HOW.get(one.how, one.how),
            one.heard,
            second(one.start_s),
        )
        for one in written.answers
    )
    return Grid(heading, ("问题", "回答", "方式", "原话", "录音位置"), tuple(rows), "没有回答。")


def _speech(said: Iterable[Utterance]) -> Grid:
    rows = ((second(one.start_s), second(one.end_s), party(one.party), one.text, _sure(one)) for one in said)
    return Grid("通话内容", ("开始", "结束", "说话人", "内容", "把握"), tuple(rows), "没有听到说话。")


def _sure(one: Utterance) -> str:
    return "" if one.party == "system" else f"{one.confidence:.0%}"


def shown(heard: Heard | None) -> tuple[Flag, ...]:
    """The flags that people are shown: not the faint ones."""
    return tuple(one for one in heard.flags if one.tier != "faint") if heard else ()


def _flags(heard: Heard | None) -> Grid:
    rows = tuple(map(_flag, shown(heard)))
    columns = ("录音位置", "说话人", "类别", "程度", "把握", "原话", "依据")
    without = NOT_FLAGGED if heard else NOT_HEARD
    return Grid("发现的问题（线索）", columns, rows, without)


def _flag(one: Flag) -> tuple[str, ...]:
    severity = SEVERITIES.get(one.severity, one.severity)
    sure = TIERS.get(one.tier, one.tier)
    return second(one.start_s), party(one.party), one.category, severity, sure, one.text, one.why


def _notes(written: WrittenRecord) -> Grid:
    rows = (
        (
            words.NOTES.get(one.code, one.code),
            "" if one.due_on is None else one.due_on.isoformat(),
            f"{one.done_by} {moment(one.done_at)}" if one.done_at else "未办",
        )
        for one in written.call.notes
    )
    return Grid("待办事项", ("事项", "期限", "办理"), tuple(rows), "没有。")


def _remarks(heard: Heard | None) -> tuple[str, ...]:
    guessed = (GUESSED,) if heard is not None and heard.guessed else ()
    return (*guessed, LEADS)
