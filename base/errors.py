"""One hierarchy of errors for all rooms.

    HuifangError
    ├── InputError            what a person gave us cannot be used: exit status 2
    │   ├── SettingsError     settings.yaml, trunks
    │   ├── ProfileError      policy profiles
    │   ├── CalendarError     days of the exchange, a site's own days
    │   ├── ScriptError       call scripts
    │   ├── RulesError        keyword rules
    │   ├── ContactsError     a contacts file as a whole (bad rows are values, not errors)
    │   ├── PromptError       prompt missing, altered, unreadable
    │   └── ModelError        speech model missing or corrupt
    ├── StoreError            the database refused or is of another version
    ├── IllegalTransition     a call was told to do what its state does not allow
    ├── EngineError           a recogniser's process died over a sound, or gave it up
    └── LineError             a line worker died or could not start

Busy, no answer, a bad row in a good file are values, not errors. Foreign errors are wrapped where they
enter (`raise ... from error`).
"""

from __future__ import annotations

from collections.abc import Sequence


class HuifangError(Exception):
    """Root of all errors raised on purpose."""


class InputError(HuifangError):
    """Something a person wrote or named cannot be used.

    Args:
        what: what is wrong, in one clause.
        where: the place: file, file:line, key path or option.
        remedy: what to do about it, in one clause.
        each: where `what` tells the first of several complaints: all of them.
    """

    def __init__(
        self, what: str, *, where: str = "", remedy: str = "", each: Sequence[InputError] = ()
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy
        self.each = tuple(each) or (self,)

    def __str__(self) -> str:
        """One line: where, what, what to do."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} ({self.remedy})" if self.remedy else head


class SettingsError(InputError):
    """A setting is unknown, missing or out of range."""


class ProfileError(InputError):
    """A policy profile cannot be used."""


class CalendarError(InputError):
    """The days that are written cannot be used."""


class ScriptError(InputError):
    """A call script cannot be used."""


class RulesError(InputError):
    """Keyword rules cannot be used."""


class ContactsError(InputError):
    """A contacts file cannot be read as a whole."""


class PromptError(InputError):
    """A prompt is missing, altered or unreadable."""


class ModelError(InputError):
    """A speech model is missing or corrupt."""


class StoreError(HuifangError):
    """The database refused, or is of another version."""


class IllegalTransition(HuifangError):
    """A call was told to do what its state does not allow; nothing was changed."""


class LineError(HuifangError):
    """A line worker died or could not start."""


class EngineError(HuifangError):
    """A recogniser's process died over a sound, or gave it up."""
