"""The script that a campaign was made with (S1): as it was filed, whatever became of its file since.

A newer version of the file is for newer campaigns; other words under the same version are refused.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from base.errors import InputError, ScriptError
from base.log import get_logger
from huifang import resources
from huifang.scripts.comparing import compare
from huifang.scripts.filing import changed, revived
from huifang.scripts.locating import locate
from huifang.site import Site
from ivr.script import Script
from records import scripts
from records.model import Campaign
from records.scripts import FiledScript

_log = get_logger(__name__)

PUT_BACK_OR_RENEW = "put the approved version back, or give it a new version and make a new campaign"
PUT_BACK_OR_CANCEL = (
    "put the file of then back; or run: huifang campaign cancel {name},"
    " and make a new campaign for those who were not reached (--customer ID)"
)
"""For a campaign that was made before scripts were filed."""

Filed = Mapping[tuple[str, str], FiledScript]
"""Filed scripts by name and version."""


async def filed_of(site: Site) -> Filed:
    """Every filed script of the site's records."""
    return {(one.name, one.version): one for one in await scripts.all_filed(site.database)}


async def approved(site: Site, campaign: Campaign) -> Script:
    """The campaign's script.

    Raises:
        InputError: as `approved_of`.
    """
    found = await scripts.filed(site.database, campaign.script, campaign.script_version)
    return approved_of(site, campaign, {(found.name, found.version): found} if found else {})


def approved_of(site: Site, campaign: Campaign, filed: Filed) -> Script:
    """The same where the filed scripts are known; what was filed otherwise or not yet is taken from its file.

    Raises:
        InputError: the script was altered without a new version since the campaign was made, or it is neither
            filed nor to be found, or was filed by a version of the program that cannot be understood.
    """
    found = filed.get((campaign.script, campaign.script_version))
    if found is None or found.sha256 != campaign.script_sha256:
        return _of_file(site, campaign)
    script = revived(found)
    try:
        present = locate(site.data, campaign.script).script
    except InputError as error:
        _log.warning("a script's file cannot be used; what was filed is", script=script.name, why=str(error))
        return script
    difference = compare(script, present)
    if difference.needs_new_version:
        raise _altered(site, campaign, f": {changed(difference)}", PUT_BACK_OR_RENEW)
    return script


def _of_file(site: Site, campaign: Campaign) -> Script:
    """The file's content, where its hash says that it is the approved one."""
    present = locate(site.data, campaign.script).script
    if present.sha256 != campaign.script_sha256:
        what = f"; version {campaign.script_version} was not filed then, so nobody knows its words"
        raise _altered(site, campaign, what, PUT_BACK_OR_CANCEL.format(name=shlex.quote(campaign.name)))
    return present


def _altered(site: Site, campaign: Campaign, what: str, remedy: str) -> ScriptError:
    return ScriptError(
        f"altered since campaign {campaign.name} was made (S1){what}",
        where=str(resources.named(site.data, "scripts", campaign.script)),
        remedy=remedy,
    )
