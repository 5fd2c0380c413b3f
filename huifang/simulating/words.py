"""Headings of a simulation, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from papers.words import DISPOSITIONS, KINDS

Words = Mapping[str, str]

CHINESE: Words = {
    "lang": "zh-CN",
    "title": "回访模拟",
    "kinds": "按类型",
    "kind": "类型",
    "due": "到期",
    "called": "已拨打",
    "reached": "联系到本人",
    "completed": "完成",
    "share": "完成比例",
    "required": "要求比例",
    "in_time": "按期办结",
    "late": "逾期",
    "late_days": "逾期天数（中位/最长）",
    "begun_late": "启动逾期",
    "others": "转其他方式或人工",
    "all": "合计",
    "channels": "线路",
    "use": "线路利用率",
    "most": "同时最多",
    "calls": "拨打",
    "answered": "接通率",
    "attempts": "每件拨打次数",
    "mean": "平均每件拨打",
    "kept": "按约拨打",
    "nobody": "无人可回避拨打",
    "broken": "违规",
    "none": "无",
    "endings": "办结结果",
    "course": "进度：下达、到期与办结",
    "planned": "累计下达",
    "settled": "累计办结",
    "due_so_far": "累计到期",
    "per_day": "每日线路利用率",
    "per_hour": "各时段拨打",
    "hour": "时段",
    "in_use": "平均占用线路",
    "count": "件数",
    "find": "线路数",
    "enough": "够用的最少线路",
    "setting": "方案",
    "customers": "客户",
    "profile": "规则档",
    "days": "期间",
    "seed": "种子",
    "cps": "每秒呼叫",
    "settled_note": "办结：已完成，或按规则转其他方式或人工；完成比例对照规则档要求的比例。",
    "assumed": "客户应答假设",
    "per_hour_note": "柱：该时段的拨打次数；柱上：接通率",
    "required_mark": "竖线：规则档要求的比例",
    "n": "次数",
}

ENGLISH: Words = {
    "lang": "en",
    "title": "Follow-up calls simulated",
    "kinds": "By kind",
    "kind": "kind",
    "due": "due",
    "called": "called",
    "reached": "owner reached",
    "completed": "completed",
    "share": "completed share",
    "required": "required share",
    "in_time": "settled in time",
    "late": "late",
    "late_days": "days late (median/most)",
    "begun_late": "begun late",
    "others": "to other channels, persons",
    "all": "all",
    "channels": "channels",
    "use": "use of channels",
    "most": "most at once",
    "calls": "calls",
    "answered": "picked up",
    "attempts": "Calls of a follow-up",
    "mean": "calls of a follow-up",
    "kept": "calls at agreed times",
    "nobody": "nobody may call",
    "broken": "rules broken",
    "none": "none",
    "endings": "How follow-ups ended",
    "course": "Given out, due and settled",
    "planned": "given out",
    "settled": "settled",
    "due_so_far": "due",
    "per_day": "Use of the channels by day",
    "per_hour": "By hour of the day",
    "hour": "hour",
    "in_use": "channels in use",
    "count": "follow-ups",
    "find": "Numbers of channels",
    "enough": "least channels that do",
    "setting": "setting",
    "customers": "customers",
    "profile": "profile",
    "days": "from, to",
    "seed": "seed",
    "cps": "calls per second",
    "settled_note": "Settled: completed, or given to another channel or a person as the policy says. The "
    "completed share is held against the required one.",
    "assumed": "How customers are assumed to answer",
    "per_hour_note": "Columns: calls begun in the hour; above them: the share picked up.",
    "required_mark": "The mark: the share that the profile asks for.",
    "n": "calls",
}


def words(english: bool) -> Words:
    """The headings in one language."""
    return ENGLISH if english else CHINESE


def kind(name: str, of: Words) -> str:
    """A kind of follow-up in that language."""
    return KINDS.get(name, name) if of is CHINESE else name.replace("_", " ")


def disposition(name: str, of: Words) -> str:
    """A result in that language."""
    return DISPOSITIONS.get(name, name) if of is CHINESE else name.replace("_", " ")
