"""The command `huifang`: its subcommands, and how it ends.

Exit status: 0 all is well, 1 something failed, 2 what a person gave us cannot be used, 130 interrupted.
A mistake is one line on stderr, never a traceback.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import TyperException

from base.errors import HuifangError, InputError
from huifang.cli import campaign, check, contacts, demo, init, models, phone, prompts, run, search, worker

app = typer.Typer(
    name="huifang",
    help="Customer follow-up calls (回访): dial, ask, record, transcribe, flag, search.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.add_typer(contacts.app, name="contacts")
app.add_typer(campaign.app, name="campaign")
app.command("run")(run.run)
app.command("worker")(worker.worker)
app.command("search")(search.search)
app.command("check")(check.check)
app.add_typer(models.app, name="models")
app.add_typer(prompts.app, name="prompts")
app.command("phone")(phone.phone)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"huifang {version('huifang')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Options before the subcommand."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> int:
    """Run the command line; gives the exit status."""
    try:
        status = app(standalone_mode=False)
    except TyperException as error:
        return _complain(error.format_message(), error.exit_code)
    except InputError as error:
        return _complain(str(error), 2)
    except HuifangError as error:
        return _complain(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        return _reader_left()
    return status if isinstance(status, int) else 0


def _complain(message: str, status: int) -> int:
    sys.stderr.write(f"huifang: {' '.join(message.split())}\n")
    return status


def _reader_left() -> int:
    """Whoever read stdout is gone: end quietly, without a second complaint when the stream is closed."""
    sys.stdout = None
    return 1
