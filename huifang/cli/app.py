"""The command `huifang`: its subcommands, and how it ends.

Exit status: 0 all is well, 1 something failed, 2 what a person gave us cannot be used, 130 interrupted.
A mistake is one line on stderr, never a traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from base import log
from base.errors import HuifangError, InputError

COMMANDS = (
    "demo",
    "init",
    "contacts",
    "customers",
    "campaign",
    "plan",
    "run",
    "trunk",
    "call",
    "worker",
    "transcribe",
    "search",
    "serve",
    "users",
    "tokens",
    "listeners",
    "report",
    "flags",
    "calibrate",
    "audit",
    "retention",
    "archive",
    "approvals",
    "evidence",
    "keys",
    "check",
    "profile",
    "script",
    "scorecard",
    "prompts",
    "models",
    "edge",
    "phone",
    "drill",
    "simulate",
    "eval",
)
"""Each is a module of huifang.cli that holds an `app` (a group) or a function of the same name."""


class _Commands(TyperGroup):
    """Imports a command's module when it is asked for: the speech and SIP libraries take seconds to load."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """All of them, in the order of use."""
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """The command of that name, its module imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"huifang.cli.{cmd_name}")
        command = typer.main.get_command(getattr(module, "app", None) or _alone(module, cmd_name))
        command.name = cmd_name
        return command


def _alone(module: ModuleType, name: str) -> typer.Typer:
    """An app with one command becomes that command."""
    app = typer.Typer(add_completion=False)
    app.command(name)(getattr(module, name))
    return app


app = typer.Typer(
    name="huifang",
    cls=_Commands,
    help="Customer follow-up calls (回访): dial, ask, record, transcribe, flag, search.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (without `arguments`: that of the process); gives the exit status."""
    log.configure()
    try:
        status = app(args=arguments, prog_name="huifang", standalone_mode=False)
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
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error), 1)
    return status if isinstance(status, int) else 0


def _complain(message: str, status: int) -> int:
    sys.stderr.write(f"huifang: {' '.join(message.split())}\n")
    return status


def _reader_left() -> int:
    """Whoever read stdout is gone: end quietly, without a second complaint when the stream is closed."""
    sys.stdout = None
    return 1
