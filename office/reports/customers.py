"""Papers of single customers: the core customer's file and the sheet of a visit (W5, C1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from base.phones import national
from dialer.profile import Profile
from office.place import Place
from office.reports.gathering import outcomes
from office.reports.making import Made
from papers import records
from papers.monthly import records_list
from papers.records import Relation, Visit
from plans.paperwork import Filing, Way
from plans.words import yuan
from records import customer_files, followed
from records.customer_files import CustomerFile
from records.staff import staff_names

_DETAILS = {
    "gender": "性别",
    "id_tail": "身份证号",
    "birthday": "生日",
    "occupation": "职业",
    "market_value": "市值",
    "commission_rate": "佣金率",
    "income": "年收入",
    "email": "邮箱",
    "postcode": "邮编",
    "address": "家庭地址",
    "hobby": "爱好",
}
"""Fields of the core-customer file by what the import calls them; the others are written in by hand."""


async def core_files(site: Place, profile: Profile, accounts: Iterable[str], by: str) -> list[Made]:
    """Files of core customers, as far as they are known; `by`: who keeps them.

    Where the profile files written records in the customer's file too, they are listed in it (R5).

    Raises:
        InputError: there is no customer of that account.
    """
    today, firm = site.now().date(), site.firm
    people = await staff_names(site.database)
    made = []
    for account in accounts:
        known = await customer_files.of(site.database, account)
        related = [Relation(one.name, national(one.phone), one.post) for one in known.contacts]
        number = f"HX-{account}"
        fields = dict(_fields(known))
        keeper = by or known.line.manager
        paper = records.core_file(fields, related, firm, number=number, made_on=today, by=keeper)
        if profile.filing is Filing.CUSTOMER_FILE:
            theirs = outcomes(await followed.of_customer(site.database, known.line.id), people)
            paper = replace(paper, parts=(*paper.parts, records_list("回访记录", theirs)))
        made.append(Made(paper))
    return made


async def visit_sheets(
    site: Place, profile: Profile, accounts: Iterable[str], *, weighty: bool
) -> list[Made]:
    """Sheets to take along, with as many lines for staff as the profile asks for (C1).

    Raises:
        InputError: there is no customer of that account.
    """
    channel = profile.channels.get(Way.VISIT)
    signers = (channel.signers_weighty if weighty else channel.signers) if channel else 1
    made = []
    for account in accounts:
        known = (await customer_files.of(site.database, account)).line
        said = Visit(known.name, None, None, "", "", "", (known.manager,) if known.manager else (), account)
        made.append(Made(records.visit(said, site.firm, signers)))
    return made


def _fields(known: CustomerFile) -> Iterator[tuple[str, str]]:
    line = known.line
    yield "姓名", line.name
    yield "资金账号", line.account
    yield "手机", "、".join(national(one) for one in (line.phone, *(one.phone for one in known.phones)))
    if line.assets:
        yield "总资产", yuan(line.assets)
    for key, name in _DETAILS.items():
        if value := known.details.get(key, ""):
            yield name, str(value)
