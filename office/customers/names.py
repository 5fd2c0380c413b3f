"""How branches head their columns and name types and events. Case, blanks, figures and units don't matter."""

from __future__ import annotations

from collections.abc import Mapping

from plans.words import EVENTS as SAID
from records.model import PhoneKind
from records.people import ClientKind, EventKind, Source

HEADINGS: Mapping[str, str] = {
    "name": "姓名 客户姓名 客户名称 投资者姓名 投资者名称 账户名称 户名 客户 name customername customer",
    "account": "资金账号 资金帐号 资金账户 资金帐户 资产账号 账号 帐号 客户号 客户代码 客户编号 "
    "account accountno accountnumber fundaccount clientid customerid",
    "phone": "电话 手机 手机号 手机号码 移动电话 电话号码 联系电话 联系方式 联系手机 固定电话 固话 座机 "
    "家庭电话 住宅电话 单位电话 办公电话 备用电话 其他电话 phone mobile telephone phonenumber landline",
    "branch": "营业部 所属营业部 开户营业部 营业部名称 分支机构 所属机构 机构名称 分公司 branch branchname",
    "manager": "客户经理 客户经理姓名 经理 服务经理 服务人员 manager accountmanager",
    "manager_no": "客户经理工号 客户经理编号 客户经理代码 经理工号 服务人员工号 "
    "managerno managernumber managerid",
    "introducer": "居间人工号 居间人编号 居间人 经纪人工号 经纪人 介绍人 引荐人 开发人 "
    "introducer introducedby broker",
    "opened_by": "开户人工号 开户人 开户经办人 开户经办 开户柜员 经办人 openedby",
    "signed_by": "签约人工号 签约人 投顾工号 投资顾问工号 投资顾问 签约投顾 投顾 signedby adviser",
    "type": "类型 客户类型 客户性质 客户类别 客户来源 来源 开发方式 开发类型 机构标志 电话类型 号码类型 "
    "kind type clienttype source phonekind phonetype",
    "province": "省份 省 所在省 所在省份 province",
    "assets": "总资产 资产总额 客户资产 资产合计 资产 日均资产 assets totalassets",
    "volume": "交易量 成交额 交易额 成交金额 交易金额 股基交易量 volume tradingvolume",
    "commission": "佣金 净佣金 佣金收入 佣金贡献 手续费 commission",
    "turnover": "换手率 周转率 资产周转率 turnover turnoverrate",
    "core": "核心客户 是否核心 是否核心客户 core",
    "dormant": "休眠 是否休眠 休眠户 休眠客户 休眠账户 dormant",
    "chosen": "手工指定 指定重点 重点客户 是否重点 是否重点客户 chosen keycustomer",
    "opened_on": "开户日期 开户时间 开户日 opened openedon accountopened opendate",
    "closed_on": "销户日期 销户时间 销户日 closed closedon",
    "adviser_since": "投顾签约日期 签约日期 合同起始日 合同开始日期 合同生效日 服务开始日期 advisersince",
    "adviser_until": "投顾到期日 合同到期日 合同终止日 合同结束日期 到期日 服务到期日期 adviseruntil",
    "contract": "合同期限 投顾合同期限 签约期限 服务期限 contract",
    "contact": "联系人 联系人姓名 授权联系人 授权联系人姓名 经办联系人 指定联系人 contact contactname",
    "contact_phone": "联系人电话 联系人手机 联系人手机号 联系人联系电话 授权联系人电话 经办联系人电话 "
    "contactphone contactmobile",
    "contact_post": "联系人职务 联系人身份 授权联系人职务 contactpost contacttitle",
    "id_number": "身份证号 身份证号码 证件号码 证件号 身份证 idnumber idcard",
    "gender": "性别 gender sex",
    "birthday": "出生日期 生日 birthday dateofbirth",
    "occupation": "职业 occupation",
    "address": "地址 联系地址 通讯地址 家庭地址 address",
    "postcode": "邮编 邮政编码 postcode",
    "email": "邮箱 电子邮箱 电子邮件 email",
    "commission_rate": "佣金率 佣金费率 commissionrate",
    "market_value": "市值 证券市值 持仓市值 marketvalue",
    "income": "年收入 income",
    "hobby": "爱好 兴趣爱好 hobby",
    "event": "事件 事件类型 事项 业务类型 类型 event kind",
    "on": "日期 事件日期 发生日期 业务日期 办理日期 on date",
    "by_on": "完成期限 要求完成日期 截止日期 期限 dueby deadline",
    "by": "发起部门 要求部门 部门 发起人 发现人 发起人工号 orderedby foundby",
    "words": "说明 内容 备注 要求 问题 words remark",
    "number": "工号 员工工号 员工编号 人员编号 staffnumber number",
    "department": "部门 所属部门 department",
    "post": "岗位 职务 岗位名称 post title",
    "superior": "上级工号 上级 直接上级 superior reportsto",
}
"""By the field's key, the best known name first."""

_PHONE_KINDS = {
    PhoneKind.MOBILE: "手机 移动 移动电话 mobile cell",
    PhoneKind.LANDLINE: "座机 固话 固定电话 landline fixed",
}
_CLIENTS = {
    ClientKind.PERSON: "个人 自然人 个人客户 个人户 person",
    ClientKind.INSTITUTION: "机构 法人 企业 公司 产品 机构客户 机构户 法人客户 企业客户 institution",
}
_SOURCES = {
    Source.ORDINARY: "普通 普通客户 自然 柜台 线上 自主开户 ordinary",
    Source.BROKER: "经纪人 经纪 经纪人客户 经纪客户 broker",
    Source.INTRODUCED: "居间 居间人 居间客户 居间人客户 introduced",
}
TYPES: Mapping[str, Mapping[str, str]] = {
    word: {column: kind.value}
    for column, kinds in (("phone_kind", _PHONE_KINDS), ("client", _CLIENTS), ("source", _SOURCES))
    for kind, words in kinds.items()
    for word in words.split()
}
"""What a word under 类型 says: branches head the kinds of number, client and source alike."""

_EVENTS = {
    EventKind.OPENED: "开户 新开户",
    EventKind.SIGNED: "签约 投顾签约 新签约 投顾新签约",
    EventKind.CHANGED: "合同变更 变更 投顾变更 佣金变更",
    EventKind.ENDED: "合同终止 终止 解约 到期",
    EventKind.LARGE_CHANGE: "资产大额变动 大额变动 资产异动 大额资产变动",
    EventKind.CLOSING: "销户 转销户 撤销指定",
    EventKind.PASSWORD_RESET: "密码重置 重置密码 密码挂失",
    EventKind.NEW_BUSINESS: "新业务 开通新业务 业务开通 新业务开通",
    EventKind.AGENT_NAMED: "代理人 设置代理人 代理授权 授权代理",
    EventKind.AGREEMENT: "协议 签署协议 协议签署",
    EventKind.ABNORMAL: "异常 账户异常 交易异常 异常交易",
    EventKind.SETTLED: "投诉处理完毕 投诉办结 投诉已处理 投诉处理",
    EventKind.ORDERED: "部门要求 专项 部门指定 总部要求",
    EventKind.MOVED: "转户 转出 转托管转出 转至他券商",
}
EVENTS: Mapping[str, EventKind] = {
    word: kind for kind, words in _EVENTS.items() for word in (kind.value, SAID[kind], *words.split())
}

FILLED = frozenset(
    {"name", "manager", "opened_month", "firm", "seat", "hotline", "say_level", "transfer_wait"}
)
"""Slots that a customer's own columns and the settings fill; any other is a column of its own, `{matter}`."""
