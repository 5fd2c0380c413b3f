"""`huifang call record` and `huifang call export`: a call on paper, and what was said in it."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from base.files import save
from huifang.cli.forms import FORM, form_of
from huifang.cli.options import DEFAULT_DATA, MOST, Acting, Data
from huifang.cli.output import plain, say
from huifang.custody import exports
from huifang.site import open_site
from papers import subtitles, telling
from papers.paper import Paper
from papers.writing import Format, write
from records import heard, recordings
from records.post_call import Utterance
from records.written import record_of


class RecordForm(StrEnum):
    """Forms of a written record."""

    TXT = "txt"
    HTML = "html"
    JSON = "json"
    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"


class ExportForm(StrEnum):
    """Forms of a transcript."""

    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"
    DOCX = "docx"


Id = Annotated[int, typer.Argument(metavar="ID", min=1, max=MOST, help="The call's id.", show_default=False)]
Which = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The call's id, or R7 for a recording made elsewhere.", show_default=False
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default=False),
]


def record(
    attempt: Id,
    by: Acting,
    form: Annotated[RecordForm | None, FORM] = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """A call's written record, to print and sign (R1, R6): who, when, whom, kind, answers, what was said,
    what was flagged, result.

    Example: huifang call record 17 --format docx -o 17.docx
    """
    chosen = form_of(RecordForm, form, output)
    paper, all_of_it = asyncio.run(_record(data, attempt, by, chosen))
    _write(_formed(paper, chosen, all_of_it), output)


def export(
    which: Which,
    by: Acting,
    form: Annotated[ExportForm | None, FORM] = None,
    output: Output = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """What was said in a call, or in a recording made elsewhere, with speakers and times.

    Example: huifang call export 17 --format vtt -o 17.vtt
    """
    chosen = form_of(ExportForm, form, output)
    paper, said, all_of_it = asyncio.run(_export(data, which, by, chosen))
    match chosen:
        case ExportForm.SRT:
            _write(subtitles.srt(said).encode(), output)
        case ExportForm.VTT:
            _write(subtitles.vtt(said).encode(), output)
        case _:
            _write(_formed(paper, RecordForm(chosen.value), all_of_it), output)


def _formed(paper: Paper, form: RecordForm, all_of_it: object) -> bytes:
    if form is RecordForm.JSON:
        return (json.dumps(plain(all_of_it), ensure_ascii=False, indent=2) + "\n").encode()
    return write(paper, Format(form.value))


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(content.decode())
        return
    save(output, content)
    say(str(output))


async def _record(data: Path, attempt: int, by: str, form: RecordForm) -> tuple[Paper, object]:
    async with open_site(data, by=by) as site:
        written = await record_of(site.database, attempt, site.now().date())
        await exports.note(site, by, f"call {attempt}", "record", form)
        firm = site.firm
        return telling.record(written, firm), written


async def _export(
    data: Path, which: str, by: str, form: ExportForm
) -> tuple[Paper, tuple[Utterance, ...], object]:
    """A paper of what was said, the utterances, and all of it for machines."""
    found = re.fullmatch(r"(R?)([1-9][0-9]{0,17})", which, re.IGNORECASE)
    if found is None:
        raise InputError("is no id", where=which, remedy="write a call's id (17) or a recording's (R7)")
    async with open_site(data, by=by) as site:
        if found[1]:
            recording = await recordings.by_id(site.database, int(found[2]))
            await exports.note(site, by, f"recording R{recording.id}", "transcript", form)
            said = await heard.of_recording(site.database, recording.id)
            all_of_it: object = {"recording": recording, "heard": said}
            return (
                telling.transcript_of_recording(recording, said),
                said.utterances if said else (),
                all_of_it,
            )
        written = await record_of(site.database, int(found[2]), site.now().date())
        await exports.note(site, by, f"call {found[2]}", "transcript", form)
        all_of_it = {"call": written.call.id, "said": written.said, "heard": written.heard}
        return telling.transcript_of_call(written), written.said, all_of_it
