"""Chinese words for what the records name in English (docs/glossary.md)."""

from __future__ import annotations

DISPOSITIONS = {
    "completed": "完成",
    "hung_up": "中途挂断",
    "no_answer": "未接",
    "busy": "占线",
    "rejected": "拒接",
    "powered_off": "关机",
    "suspended": "停机",
    "unallocated_number": "空号",
    "number_changed": "改号",
    "unreachable": "无法接通",
    "network_busy": "网络忙",
    "blocked": "拦截",
    "carrier_cut": "运营商早拆",
    "silent": "静音",
    "wrong_party": "非本人",
    "unheard": "没听清",
    "refused": "拒访",
    "rescheduled": "改约",
    "handed_over": "转人工",
    "voicemail": "留言",
    "assistant": "智能代接",
    "misdialled": "拨号有误",
    "caller_barred": "主叫受限",
    "line_failure": "线路故障",
    "exhausted": "次数用尽",
    "insufficient": "有效次数不足",
    "do_not_call": "免打扰",
    "cancelled": "批次取消",
    "": "未结束",
}


def disposition(name: str) -> str:
    """The Chinese word of a disposition; an unknown one as it is."""
    return DISPOSITIONS.get(name, name)


KINDS = {
    "new_account": "新开户",
    "periodic": "定期",
    "abnormal": "异常",
    "adviser_signup": "投顾新签约",
    "adviser_continuing": "投顾持续",
    "special": "专项",
    "check": "检查",
    "risk_questionnaire": "风险测评",
    "after_sales": "售后",
    "merged": "合并",
}
"""Of follow-ups."""

NOTES = {
    "angry": "客户情绪激动",
    "asked_machine": "问过是不是机器",
    "changed_number": "换了号码",
    "complaint": "投诉",
    "complaint_open": "投诉未处理",
    "complaint_reopened": "对投诉处理不满",
    "contract_denied": "否认签约",
    "contract_differs": "合同内容不符",
    "contract_not_agreed": "合同变更未经同意",
    "dialect": "要求方言",
    "ending_denied": "否认终止",
    "ending_not_own_wish": "非本人意愿终止",
    "ending_not_settled": "终止后未结清",
    "out_of_order": "设备故障",
    "promised_answer": "答应回复",
    "questionnaire_incomplete": "问卷未答完",
    "result_disputed": "不认可测评结果",
    "service_unsolved": "服务问题未解决",
    "settlement_not_done": "投诉处理结果未落实",
    "wants_help": "需要帮助",
    "wants_person": "要求人工",
}
"""That calls leave for people."""

PHONE_KINDS = {"mobile": "手机", "landline": "座机"}
