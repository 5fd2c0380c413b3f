"""All that is wrong with a profile, each with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from base.errors import InputError, ProfileError
from base.nearness import nearest
from dialer.profile import BY_ENTRY, Hours, Profile
from huifang.profiles.locating import Located, locate
from huifang.scripts.locating import locate as script_named
from plans import checking
from plans.checking import Problem
from records.model import Kind

LEAST_ATTEMPTS = 3
"""D2."""


KindsOf = Callable[[str], frozenset[str] | InputError]
"""The kinds of follow-up that a script carries, by its name; or why it cannot be used."""


def scripts_of(data: Path) -> KindsOf:
    """Looks scripts up, each of them once."""
    return cache(partial(_kinds_of, data))


def faults(data: Path, named: str, kinds_of: KindsOf) -> tuple[InputError, ...]:
    """Why a profile cannot be read, complaint by complaint; else what is wrong with what it says."""
    try:
        found = locate(data, named)
    except InputError as error:
        return error.each
    said = (*_name(found), *_in_vain(found), *problems(found.profile), *_scripts(found.profile, kinds_of))
    return tuple(ProfileError(_told(one), where=found.place_of(one.place)) for one in said)


def problems(profile: Profile) -> Iterator[Problem]:
    """What a profile says that contradicts itself or a rule; without a look at files."""
    yield from _calling(profile)
    yield from checking.of_duties(profile.duties, profile.classes)
    yield from checking.of_reserved(profile.reserved, profile.classes)
    yield from checking.of_reports(profile.reports, profile.clocks)
    yield from checking.of_signatures(profile.signatures)
    if profile.duties or profile.retention:
        yield from checking.of_retention(profile.retention)


def _calling(profile: Profile) -> Iterator[Problem]:
    if profile.attempts < LEAST_ATTEMPTS:
        yield Problem(("attempts",), f"at least {LEAST_ATTEMPTS} attempts are made (D2)")
    for window in profile.windows:
        if not _within(window, profile.legal):
            says = f"the window {_hours(window)} goes beyond the legal hours {_hours(profile.legal)} (D6)"
            yield Problem(("windows",), says)
        if not window.days:
            yield Problem(("windows",), f"the window {_hours(window)} is open on no day")
    for part in profile.parts:
        if not any(max(part.start, one.start) < min(part.end, one.end) for one in profile.windows):
            yield Problem(("parts",), f"no window is open in the part {part.name}, {_hours(part)} (D2)")


def _within(inner: Hours, outer: Hours) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _hours(stretch: Hours) -> str:
    return f"{stretch.start:%H:%M}-{stretch.end:%H:%M}"


def _name(found: Located) -> Iterator[Problem]:
    """Campaigns find a profile by its file's name."""
    stem = found.files[0].path.stem
    if found.profile.name != stem:
        yield Problem(("name",), f"is {found.profile.name}, but campaigns will know the file as {stem}")


def _in_vain(found: Located) -> Iterator[Problem]:
    """Entries that a null is to take away, but that nobody wrote."""
    known: dict[str, set[str]] = {section: set() for section in BY_ENTRY}
    for file in reversed(found.files):
        for section, names in known.items():
            entries = file.written.get(section, {})
            for name in (key for key, entry in entries.items() if entry is None and key not in names):
                says = ": ".join(("no inherited entry to take away", nearest(name, sorted(names))))
                yield Problem((section, name), says.removesuffix(": "))
            names |= {key for key, entry in entries.items() if entry is not None}


def _scripts(profile: Profile, kinds_of: KindsOf) -> Iterator[Problem]:
    """Scripts that are not there, or of another kind (P8, D7)."""
    wanted: list[tuple[tuple[str, str], str, tuple[Kind, ...]]] = [
        (("duties", name), duty.spoken, (duty.kind,)) for name, duty in profile.duties.items()
    ]
    wanted += [(("merge", "together"), one.script, one.kinds) for one in profile.merge.together]
    for place, name, kinds in wanted:
        carried = kinds_of(name)
        if isinstance(carried, InputError):
            yield Problem(place, f"its script cannot be used: {carried}")
        elif carried != frozenset(kinds):
            says = f"the script {name} is of {', '.join(sorted(carried))}, not of {', '.join(sorted(kinds))}"
            yield Problem(place, says)


def _kinds_of(data: Path, script: str) -> frozenset[str] | InputError:
    try:
        found = script_named(data, script).script
    except InputError as error:
        return error
    return frozenset(found.sections) if found.kind == Kind.MERGED else frozenset({found.kind})


def _told(one: Problem) -> str:
    return f"{'.'.join(one.place)}: {one.says}"
