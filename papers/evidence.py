"""Evidence packages: what stands in one, so that anybody can check it with sha256sum alone (A5, A6). Pure.

Each row of the audit trail is a file of just the bytes that the chain hashes: its checksum is the row's hash,
and the last word of the next row's file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum

from papers import forms, telling
from papers.paper import Firm
from records import chain
from records.approval import Approval, Use
from records.chain import Row
from records.filed_papers import Filed
from records.reviewed import Case
from records.written import WrittenRecord

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
SOUND = "recordings"

USES = {Use.RECORDING: "调取录音", Use.EVIDENCE: "调取证据包", Use.REGULATOR: "报送监管机构"}


def documents(
    written: WrittenRecord, firm: Firm, signed: Filed | None, case: Case | None
) -> dict[str, bytes]:
    """The written ones, by name. `signed`: the record sheet, where one was made; `case`: of review."""
    found = {
        "record.html": forms.html(telling.record(written, firm)).encode(),
        "record.json": _json(written),
        "transcript.txt": forms.text(telling.transcript_of_call(written)).encode(),
        "flags.json": _json(written.heard.flags if written.heard else ()),
        "signatures.json": _json(signed.signed if signed else ()),
    }
    return found if case is None else found | {"case.json": _json(case)}


def trail(rows: Iterable[Row], hashes: Mapping[int, str]) -> dict[str, bytes]:
    """The extract of the audit trail: a file for each row, and the hashes of them and of their neighbours."""
    files = {f"audit/{row.n:08d}.json": chain.said(row.n, row.act, row.before) for row in rows}
    lines = (f"{n:08d} {sha256}\n" for n, sha256 in sorted(hashes.items()))
    return files | {"audit/chain.txt": "".join(lines).encode()}


def manifest(approval: Approval, by: str, at: datetime, sums: Mapping[str, tuple[int, str]]) -> bytes:
    """What the package is, and its files: size in bytes and SHA-256 by name."""
    files = [{"name": name, "bytes": size, "sha256": sha256} for name, (size, sha256) in sorted(sums.items())]
    return _json({"call": approval.call, "made_at": at, "made_by": by, "approval": approval, "files": files})


def readme(approval: Approval, firm: Firm, at: datetime) -> bytes:
    """What it is and how it is checked, for whoever gets it."""
    to = f"\n接收方：{approval.recipient}" if approval.recipient else ""
    until = f"，有效期至 {approval.expires_at:%Y-%m-%d %H:%M}" if approval.expires_at else ""
    return _README.format(
        firm=firm.name,
        call=approval.call,
        use=USES[approval.use],
        at=at,
        approval=approval,
        to=to,
        until=until,
    ).encode()


def sums(files: Mapping[str, str]) -> bytes:
    """As sha256sum writes them."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files.items())).encode()


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, default=_plain)
    return (text + "\n").encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    return dict(value) if isinstance(value, Mapping) else asdict(value)  # type: ignore[call-overload]


_README = """\
{firm}　通话 {call} 证据包

用途：{use}{to}
制作时间：{at:%Y-%m-%d %H:%M:%S}（北京时间）
审批：第 {approval.id} 号，{approval.asked_by} 申请（{approval.why}），{approval.decided_by} 批准{until}

一、内容
  recordings/      录音，双轨：_customer 为客户一侧，_system 为系统一侧，_early 为接通前的声音
  record.html      回访记录，浏览器可打开；record.json 为同样内容的数据
  transcript.txt   通话文本（机器转写，以录音为准）
  flags.json       机器提示的线索：不是结论，由人工判定
  case.json        质检处理经过（有则附）
  signatures.json  回访记录表上的签字
  audit/           审计记录摘录
  manifest.json    清单：每个文件的大小和 SHA-256
  SHA256SUMS       校验值
  只调取录音的包没有文字材料。

二、如何核对（不需要本系统）
  1. 文件是否完整、未改动：在本目录中执行
       Linux：    sha256sum -c SHA256SUMS
       macOS：    shasum -a 256 -c SHA256SUMS
       Windows：  certutil -hashfile 文件名 SHA256   （逐个与 SHA256SUMS 比较）
  2. 整包是否就是当时交出的那一个：
       sha256sum SHA256SUMS
     结果应与{firm}审计记录中本次调取（exported，approval {approval.id}）所记的 sha256 相同，可向其索对。
  3. 审计记录是否连续：audit/ 中每个编号的文件就是该条记录被计算摘要的原文，
     它的 SHA-256 就是该条记录的摘要，列在 audit/chain.txt 中；
     每条原文的最后一项是前一条的摘要，应等于 chain.txt 中前一个编号的值。
     chain.txt 还列出前后相邻记录的摘要，可与审计链的存证（锚点）相对。

三、注意
  本包含有客户信息，未加密。请按审批的用途使用和保管，不得转给他人。
"""
