"""Leads (F1, F2) on sentences as people say them: how many violations are found, how many innocents accused.

`VIOLATIONS` and `INNOCENT` were written before the rules; the rules were then mended where these showed it.
The sentences of `LATER` came after the rules: at first sight 18 of 24 violations were found and 3 of 31
innocents accused; some of it has been mended since.
`ASKED_FOR` and the tables behind it are what was once wrong.
"""

from pathlib import Path

import pytest

from records.model import AnswerRow
from records.post_call import Utterance
from transcribe.flags import counts, flag
from transcribe.rules import load

SHIPPED = load(Path(__file__).parents[2] / "config" / "keywords.yaml")

VIOLATIONS = [
    ("我平时上班没空都是经理替我下的单", "", "trading_on_behalf"),
    ("那个小李一直在帮我买卖股票", "", "trading_on_behalf"),
    ("账号密码都在经理手上", "", "trading_on_behalf"),
    ("我把交易密码告诉了客户经理", "", "trading_on_behalf"),
    ("密码发给他了他自己登录操作", "", "trading_on_behalf"),
    ("我不会弄就让客户经理帮我做", "details", "trading_on_behalf"),
    ("他用我的账户在做股票", "details", "trading_on_behalf"),
    ("不是我自己炒的是客户经理炒的", "", "trading_on_behalf"),
    ("账户一直在他手里操作", "", "trading_on_behalf"),
    ("经理说他来替我打理账户", "", "trading_on_behalf"),
    ("营业部的人帮我下单的", "", "trading_on_behalf"),
    ("没有啊都是客户经理代我买卖的", "", "trading_on_behalf"),
    ("我全部都交给他了买卖他说了算", "", "full_discretion"),
    ("买哪个卖哪个都听经理的", "", "full_discretion"),
    ("什么时候买什么时候卖都由他定", "decides", "full_discretion"),
    ("账户全权交给客户经理", "", "full_discretion"),
    ("我从来不管都是他做决定", "decides", "full_discretion"),
    ("委托给经理全权处理", "", "full_discretion"),
    ("赚了钱他抽两成", "", "profit_sharing"),
    ("挣的钱对半分", "", "profit_sharing"),
    ("盈利部分四六开", "", "profit_sharing"),
    ("利润他拿四成", "", "profit_sharing"),
    ("亏损他承担一半", "details", "profit_sharing"),
    ("赚了给他百分之二十", "", "profit_sharing"),
    ("说好了利润一人一半", "", "profit_sharing"),
    ("赚了二八开我拿八成", "sharing", "profit_sharing"),
    ("亏了都算他的", "sharing", "profit_sharing"),
    ("经理跟我保证一年百分之十二", "", "promised_returns"),
    ("他当时说这个保本的", "", "promised_returns"),
    ("客户经理说稳赚的", "", "promised_returns"),
    ("他答应我亏了他补", "", "promised_returns"),
    ("说是包赚的不会亏", "", "promised_returns"),
    ("他说一年至少百分之八的收益", "", "promised_returns"),
    ("他拍胸脯说肯定赚钱", "", "promised_returns"),
    ("风险测评是经理代我签的", "", "signing_for_customer"),
    ("合同上的名字是经理签的", "", "signing_for_customer"),
    ("签字不是我本人是他代签", "", "signing_for_customer"),
    ("每个月要给他红包", "", "private_fees"),
    ("过年包了个红包给客户经理", "", "private_fees"),
    ("另外还收了我两千块咨询费", "details", "private_fees"),
    ("钱是打到经理个人卡里的", "", "private_account"),
    ("他让我转账到他自己的账户", "", "private_account"),
    ("汇到他私人账号上去了", "", "private_account"),
    ("我要到证监局投诉你们", "", "complaint"),
    ("再这样我就去法院告你们", "", "complaint"),
    ("我准备去举报你们公司", "", "complaint"),
    ("你们服务真的太差劲了", "", "dissatisfaction"),
    ("电话从来没人接我很不满意", "", "dissatisfaction"),
]

INNOCENT = [
    ("我自己在手机上买卖的", ""),
    ("账户密码只有我自己知道", ""),
    ("密码没有告诉过任何人", ""),
    ("密码我没给过他", ""),
    ("密码忘了经理教我怎么改的", ""),
    ("经理帮我重置了一下软件", ""),
    ("客户经理帮我开的户", ""),
    ("他帮我下载的软件", ""),
    ("我老公帮我买的", ""),
    ("我女儿替我下单她比较懂", ""),
    ("我儿子帮我弄的手机", ""),
    ("我爸用他自己的账户", ""),
    ("经理就是给我介绍介绍行情", ""),
    ("客户经理只是推荐一下决定还是我自己做", ""),
    ("不是他操作是我自己操作", ""),
    ("不是经理操作是我自己操作的", "details"),
    ("都是我自己说了算", "decides"),
    ("我自己拿主意不听他的", "decides"),
    ("我老婆说了算", "decides"),
    ("家里的钱都是我爱人做主", "decides"),
    ("买什么都是我自己定", "decides"),
    ("没有跟谁约定分钱", "sharing"),
    ("赚了亏了都是我自己的", "sharing"),
    ("亏了自己负责嘛", "sharing"),
    ("我们单位年底有提成", ""),
    ("今年收益大概百分之十", ""),
    ("亏了百分之三十", ""),
    ("涨了百分之二十我就卖了", ""),
    ("股票分红的钱到账了", ""),
    ("我的股票分成两部分拿", ""),
    ("收益率一般般", ""),
    ("没人跟我保证过赚钱", ""),
    ("经理从来不说保本的话", ""),
    ("他说不保本有风险", ""),
    ("产品不保本我知道", "details"),
    ("炒股哪有稳赚的", ""),
    ("谁能保证赚钱啊", ""),
    ("他跟我说股市有风险不承诺收益", ""),
    ("我买的是银行保本理财", ""),
    ("风险承诺书是我自己签的", ""),
    ("协议是我本人签的", "details"),
    ("合同我自己签的名", ""),
    ("电子签名在手机上签的", ""),
    ("过年抢了个红包", ""),
    ("微信群里有人发红包", ""),
    ("你们开户送红包吗", ""),
    ("没给过他什么好处费", ""),
    ("钱从银行卡转到证券账户", ""),
    ("转到我自己的卡上", ""),
    ("银证转账转到我个人银行卡", ""),
    ("打到我卡上就行", ""),
    ("告诉你们一声我换号码了", ""),
    ("我要告诉你们一件事", ""),
    ("我不是要投诉就是问问", ""),
    ("没必要投诉", ""),
    ("证监会的规定我知道", ""),
    ("没有不满意的地方", "reason"),
    ("电话有时候没人接不过第二天会回", ""),
    ("这个问题我不回答可以吗", ""),
    ("他没有不回答每次都回", ""),
    ("昨天给他打电话他没接", ""),
    ("服务还可以态度也好", ""),
    ("经理态度不错很负责", ""),
    ("有问题他都会负责解答", ""),
    ("买之前我都会问问他的意见", ""),
    ("他在指导我怎么看盘", ""),
    ("操作上有不懂的问经理", "details"),
    ("经理教我怎么操作软件", "details"),
    ("朋友之间聊聊内部的事情", ""),
    ("员工宿舍一人一半房租", ""),
    ("一天看盘半天", ""),
]

LATER = {
    "guilty": [
        ("我没时间看都让客户经理去买卖", ""),
        ("是他们营业部的小赵帮我打理的", ""),
        ("我把账户密码交给他了", ""),
        ("都是客户经理在替我操作", ""),
        ("他拿我手机直接下单", "details"),
        ("买卖全由经理决定", ""),
        ("我全听客户经理的", "decides"),
        ("他想买什么就买什么", "decides"),
        ("挣钱了分他三成", ""),
        ("利润五五开", ""),
        ("赚了各一半", "sharing"),
        ("亏了他全包", "sharing"),
        ("他跟我承诺百分之十的收益", ""),
        ("经理说这个保底的", ""),
        ("他说绝对不会亏钱", ""),
        ("他说包赚钱", ""),
        ("合同是他替我签的", ""),
        ("签名不是我签的", ""),
        ("给经理塞了红包", ""),
        ("钱转到了他私人银行卡", ""),
        ("我要去证监会投诉你们", ""),
        ("你们态度太恶劣了", ""),
        ("有内部消息让我买", ""),
        ("拉我进了一个荐股群", ""),
    ],
    "innocent": [
        ("都是我自己买卖", ""),
        ("经理给我打过电话推荐基金", ""),
        ("我姐姐帮我下单", ""),
        ("经理教我怎么下单", ""),
        ("没有把密码给别人", ""),
        ("密码我爱人也知道", ""),
        ("我自己决定买什么", "decides"),
        ("跟我爱人商量着来", "decides"),
        ("没有什么分成", "sharing"),
        ("没约定过", "sharing"),
        ("收益一人一半是我跟我老婆", "sharing"),
        ("亏了就亏了自己承担", "sharing"),
        ("没承诺过", "details"),
        ("经理说有风险不保证收益", "details"),
        ("去年收益百分之五", ""),
        ("我签的字", ""),
        ("都是本人签的", ""),
        ("公司发的红包", ""),
        ("钱转到我证券账户", ""),
        ("不会去投诉的", ""),
        ("满意没什么意见", ""),
        ("软件打不开经理帮我弄好了", ""),
        ("经理帮我做了风险测评", ""),
        ("他是我客户经理", ""),
        ("我要告诉他不用打了", ""),
        ("听经理的建议但自己决定", ""),
        ("经理操作我手机下载软件", ""),
        ("买理财保本的没有了", ""),
        ("我不保证有时间", ""),
        ("对", ""),
        ("平时都是我自己炒股的", "details"),
    ],
}


def leads(text: str, question: str = "") -> set[str]:
    """The rules that count in one sentence, said in answer to a question ("": to none)."""
    asked = [AnswerRow(question, "", "", "speech", text, 0.9, 10.0, 15.0)] if question else []
    said = Utterance("customer", 10.0, 15.0, text, 0.8)
    return {one.rule for one in flag([said], asked, SHIPPED) if counts(one)}


def missed() -> list[str]:
    return [text for text, question, rule in VIOLATIONS if rule not in leads(text, question)]


def accused() -> list[str]:
    return [text for text, question in INNOCENT if leads(text, question)]


ASKED_FOR = [  # in the answer to `details`
    *("我把密码给他了", "账户密码都给经理了", "都是他说了算", "经理代我炒股", "他替我做股票"),
    *("不是我操作是经理操作", "是客户经理在帮我弄", "赚的钱他拿三成", "赚了三七开", "利润对半分"),
    *("赚了一人一半", "亏了他负责", "他拿百分之三十", "保证赚百分之十", "包你赚", "他说稳赚", "保本"),
    *("签名是他代签的", "协议是经理签的", "代签", "给他包了红包", "转给他个人账户", "钱转到他私人卡"),
    *("我要告你们", "我去证监会举报"),
]
UNASKED = [
    *("我的账户平时是客户经理在打理", "盈利他提两成", "亏损各担一半", "打款到他个人账户里"),
    *("都是小王帮我买卖的", "全权交给他", "买什么都听他的", "都是经理在做", "经理说保本", "他承诺的是保本"),
    *("童今年3月开始的一直是他代课操作", "他帮我代课操作理论三七分成我那七成"),
    *("账户交给他带客套座转了钱我们三七分产", "客户经理跟我说宝贝还成落年收一百分之十"),
    "可户境里跟我说宝本还成落年收入100分之十",
]
NO_LEADS = [
    *("电话没人接过两次但是后来好了", "我不回答", "他不回答", "妈妈帮我操作她懂", "我哥替我操作他会"),
    *("他帮我操作开户的", "他在操作上指导我", "我儿子在操作他在操作", "转到我个人账户了", "经理指导我操作"),
    *(
        "收益分层",
        "焦果的",
        "由他电话",
        "秋岛国",
        "梅佑勒斯西亚",
        "很不错",
        "都是我自己",
        "即万化你个客户经理",
    ),
    *("没有人代我操作", "他没有承诺收益", "不保本", "我们行业分成几类", "分层", "报表本来有", "这事我包办了"),
    *("保本", "赚了请他吃饭"),
]


@pytest.mark.parametrize("text", ASKED_FOR)
def test_what_a_customer_tells_when_asked_for_details_is_a_lead(text: str) -> None:
    assert leads(text, "details")


@pytest.mark.parametrize("text", UNASKED)
def test_some_of_it_is_a_lead_wherever_it_is_said(text: str) -> None:
    assert leads(text)


@pytest.mark.parametrize("text", NO_LEADS)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert leads(text) == set()


def test_the_garbled_words_of_the_demonstration_keep_their_rules() -> None:
    assert "trading_on_behalf" in leads("童今年3月开始的一直是他代课操作")
    assert leads("账户交给他带客套座转了钱我们三七分产") == {"trading_on_behalf", "profit_sharing"}
    assert leads("客户经理跟我说宝贝还成落年收一百分之十") == {"promised_returns"}
    assert leads("可户境里跟我说宝本还成落年收入100分之十") == {"promised_returns"}


def test_what_a_manager_did_counts_though_one_of_the_family_is_named() -> None:
    assert "trading_on_behalf" in leads("我儿子不懂都是客户经理帮我操作")
    assert leads("都是我儿子帮我操作他是做这个的") == set()


def test_all_violations_are_found() -> None:
    assert missed() == []


def test_of_the_innocent_none_are_accused() -> None:
    assert accused() == []


def test_later_sentences_are_told_apart_as_well() -> None:
    lost = [text for text, question in LATER["guilty"] if not leads(text, question)]
    wrong = [text for text, question in LATER["innocent"] if leads(text, question)]
    assert len(lost) <= 3, lost
    assert len(wrong) <= 1, wrong
