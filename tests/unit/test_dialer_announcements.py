"""What carriers say, as a recogniser writes it, and what people say instead (not the table's words)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from base.errors import RulesError
from dialer.announcements import Announcements, load

TABLE = Path(__file__).parents[2] / "config" / "announcements.yaml"


@pytest.fixture(scope="module")
def table() -> Announcements:
    return load(TABLE)


SAID = [
    ("您好您所拨打的用户手机已经关机了请您稍后再拨", "powered_off"),
    ("水不起你呼叫的手机以关机", "powered_off"),
    ("对不起您拨的电话号码是恐号请核对后再拨", "unallocated_number"),
    ("您拨打的号码有物请查正后再拨", "unallocated_number"),
    ("您所拨打的用户已应欠费停机", "suspended"),
    ("对不起您拨打的电话已赞停服务", "suspended"),
    ("您拨打的电话占时无法接通请少后再拨", "unreachable"),
    ("您好您呼叫的用户不在福务区内", "unreachable"),
    ("您拨打的用户以关机或不在服务区", "unreachable"),
    ("最不起您拨打的电话正在通话中请稍后再拨", "busy"),
    ("您拨打的用户正忙", "busy"),
    ("您拨打的号码已经更改新号码是", "number_changed"),
    ("您所拨打的是外地手机号码请在号码前面加波零", "misdialled"),
    ("您拨打的号码不需要加零请直接拨打", "misdialled"),
    ("您好您的来电已被对方的防骚扰服务拦截", "blocked"),
    ("您拨打的用户设置了呼入限制", "blocked"),
    ("对不起现在网络繁忙请您稍后再拨", "network_busy"),
    ("您的电话已欠费停机请尽快交费", "caller_barred"),
    ("对不起您的账户余额不足请充值", "caller_barred"),
    ("您拨打的电话现在暂时无人接听请稍后再拨", "no_answer"),
    ("sorrythesubscriberyoudialedispoweroffpleaseredial", "powered_off"),
    ("thenumberyouhavedialeddosnotexistpleasecheck", "unallocated_number"),
    ("sorrythenumberyoudialedcannotbeconnectedforthemoment", "unreachable"),
]


@pytest.mark.parametrize(("text", "disposition"), SAID)
@pytest.mark.parametrize("early", [True, False])
def test_announcements_before_and_after_the_answer(
    table: Announcements, text: str, disposition: str, early: bool
) -> None:
    announced = table.recognise(text, early=early)
    assert announced is not None
    assert (announced.disposition, announced.text) == (disposition, text)
    assert announced.score >= 0.7


MACHINES = [
    ("你好我现在不能接电话请在滴声后留言", "voicemail"),
    ("欢迎使用语音信箱服务", "voicemail"),
    ("您好我是机主的智能注理请问您找他有什么事", "assistant"),
    ("机主现在不方便接电话您有什么需要我转告的", "assistant"),
    ("pleaseleaveyourmessageafterthetone", "voicemail"),
]


@pytest.mark.parametrize(("text", "disposition"), MACHINES)
def test_machines_in_a_persons_place(table: Announcements, text: str, disposition: str) -> None:
    announced = table.recognise(text, early=False)
    assert announced is not None
    assert announced.disposition == disposition


@pytest.mark.parametrize(
    "text",
    [
        "喂", "喂你好哪位", "你好请讲", "我就是", "他不在", "他手机停机了你打别的号码", "这个号码是空号吗",
        "我在开会请稍后再打", "我正在通话中呢你等会儿", "手机快关机了你快点说", "我现在不方便接电话",
        "有什么事我可以转达", "有什么事情跟我说我转告他", "你是机器人吧", "稍等一下我叫他来",
        "信号不好听不清楚",
        "我的号码已经改了", "这个电话已经不是他用了", "前两天欠费停机了", "我正忙着呢", "你等一下别挂", "对",
        "不需要", "没有人接听过你们的电话吗", "我是他秘书", "请问您找谁", "占线占了半天", "",
    ],
)  # fmt: skip
def test_people_announce_nothing(table: Announcements, text: str) -> None:
    """Nor do their words, were they heard alone, end a call (A2: a person gets the opening)."""
    assert table.recognise(text, early=False) is None


def test_what_the_shipped_personas_say_announces_nothing(table: Announcements) -> None:
    cast = yaml.safe_load((TABLE.parent / "personas" / "new_account.yaml").read_text("utf-8"))
    said = [text for text in _texts(cast["manners"]) + _texts(cast["personas"]) if len(text) < 60]
    assert len(said) > 30
    assert [text for text in said if table.recognise(text, early=False)] == []


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("text", ["您好请不要挂机您拨打的电话正在通话中", "正在为您接通请稍候"])
def test_who_asks_to_wait_announces_nothing(table: Announcements, text: str) -> None:
    """Call waiting: the phone rings on (D1)."""
    assert table.recognise(text, early=True) is None


@pytest.mark.parametrize("text", ["您拨打的", "电话", "您好您拨打的用户", "啊啊啊啊啊啊啊", "谢谢观看"])
def test_a_weak_match_decides_nothing(table: Announcements, text: str) -> None:
    assert table.recognise(text, early=True) is None


def test_a_site_adds_its_own_wordings(tmp_path: Path) -> None:
    own = tmp_path / "announcements.yaml"
    own.write_text("says: {suspended: [号码已经冻结]}", encoding="utf-8")
    announced = load(TABLE, own).recognise("您拨打的号码已经冻结", early=True)
    assert announced is not None
    assert announced.disposition == "suspended"
    assert load(TABLE).recognise("您拨打的号码已经冻结", early=True) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("says: {asleep: [睡着了]}", "says"),
        ("says: {exhausted: [打了三次]}", "no call ends as exhausted"),
        ("says: {busy: [忙]}", "too short"),
        ("say: {busy: [正在忙]}", "say"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    own = tmp_path / "announcements.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=complaint):
        load(own)
