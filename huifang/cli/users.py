"""`huifang users`: who may sign in to the console."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from huifang.cli.asking import FromStdin, secret
from huifang.cli.at_site import at_site
from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data, printable
from huifang.cli.output import as_json, as_table, say
from huifang.site import Site, open_site
from huifang.words import counted
from qa import passwords
from qa.passwords import Passwords
from records import users
from records.people import Staff
from records.users import Role, User

app = typer.Typer(add_completion=False, help="Who may sign in to the console, as what, for which branch.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Staff number.", show_default=False)]
Name = Annotated[
    str, typer.Option("--name", help="Name; may be left out of staff that is known.", callback=printable)
]
Branch = Annotated[
    str,
    typer.Option("--branch", help="Whose customers they see; none is headquarters: all.", callback=printable),
]
Roles = Annotated[list[Role], typer.Option("--role", help="What they do; may be named several times.")]


@app.command()
def add(
    number: Number,
    role: Roles,
    by: Acting,
    name: Name = "",
    branch: Branch = "",
    password_stdin: FromStdin = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Let somebody sign in. The first one should be an administrator.

    Example: huifang users add 1001 --name 王芳 --role administrator

    Example: huifang users add 2001 --name 张伟 --branch 上海营业部 --role reviewer --role operator
    """
    person = Staff(number, name, branch)
    users.check(person, role)
    password = _password(number, password_stdin)

    async def work(site: Site) -> None:
        hashed = await Passwords().hashed(password)
        await users.add(site.database, person, role, hashed, by, site.now())

    at_site(data, work)
    say(f"{number} may sign in as {', '.join(sorted(set(role)))}")


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List who may sign in.

    Example: huifang users list
    """
    found = asyncio.run(_everybody(data))
    if json:
        as_json([_plain(one) for one in found])
        return
    columns = ("number", "name", "branch", "roles", "state")
    rows = (
        (one.number, one.name, one.branch or "headquarters", ", ".join(sorted(one.roles)), _state(one))
        for one in found
    )
    as_table(counted(len(found), "user"), columns, rows)


@app.command()
def role(number: Number, role: Roles, by: Acting, data: Data = DEFAULT_DATA) -> None:
    """Change what somebody does: the roles named are all that they have from now on.

    Example: huifang users role 2001 --role compliance
    """
    at_site(data, lambda site: users.set_roles(site.database, number, role, by, site.now()))
    say(f"{number} is {', '.join(sorted(set(role)))}")


@app.command()
def lock(number: Number, by: Acting, data: Data = DEFAULT_DATA) -> None:
    """Lock somebody out; they are signed out at once.

    Example: huifang users lock 2001
    """
    at_site(data, lambda site: users.set_locked(site.database, number, True, by, site.now()))
    say(f"{number} is locked out")


@app.command()
def unlock(number: Number, by: Acting, data: Data = DEFAULT_DATA) -> None:
    """Let somebody in again, who was locked out or gave wrong passwords.

    Example: huifang users unlock 2001
    """
    at_site(data, lambda site: users.set_locked(site.database, number, False, by, site.now()))
    say(f"{number} may sign in")


@app.command("code-off")
def code_off(number: Number, by: Acting, data: Data = DEFAULT_DATA) -> None:
    """Ask somebody for no more one-time codes, who has lost what makes them.

    Example: huifang users code-off 2001 --as 1001
    """

    async def work(site: Site) -> None:
        await users.set_code(site.database, number, "", on=False, by=by, now=site.now())

    at_site(data, work)
    say(f"{number} signs in by password alone")


@app.command()
def password(
    number: Number, by: Acting, password_stdin: FromStdin = False, data: Data = DEFAULT_DATA
) -> None:
    """Give somebody another password; they are signed out everywhere.

    Example: huifang users password 2001
    """
    said = _password(number, password_stdin)

    async def work(site: Site) -> None:
        hashed = await Passwords().hashed(said)
        await users.set_password(site.database, number, hashed, by, site.now())

    at_site(data, work)
    say(f"{number} has another password")


def _password(number: str, from_stdin: bool) -> str:
    said = secret(from_stdin, twice=True)
    passwords.check(said, number)
    return said


async def _everybody(data: Data) -> list[User]:
    async with open_site(data) as site:
        return await users.everybody(site.database)


def _state(one: User) -> str:
    if one.locked:
        return "locked"
    return f"closed until {one.closed_until:%Y-%m-%d %H:%M}" if one.closed_until else "may sign in"


def _plain(one: User) -> dict[str, object]:
    return {
        **{
            name: getattr(one, name)
            for name in ("number", "name", "branch", "locked", "closed_until", "coded")
        },
        "roles": sorted(one.roles),
    }
