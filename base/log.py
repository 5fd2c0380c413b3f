"""Logs: fixed sentences with structured facts, to stderr or a file, never stdout.

Phone numbers and speech stand under the key `pii` (a dict): `log.info("call ended", pii={"number": number})`.
The default processor masks them; nothing else may carry them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from base.phones import masked

LEVELS: Mapping[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def mask_pii(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide what stands under `pii`: numbers keep three and four digits, any other value only its length."""
    pii = event.get("pii")
    if pii is None:
        return event
    hidden = {key: _hidden(value) for key, value in pii.items()} if isinstance(pii, Mapping) else _hidden(pii)
    return {**event, "pii": hidden}


def _hidden(value: object) -> str:
    text = str(value)
    number = masked(text)
    return f"<{len(text)} characters>" if number == "****" else number


def configure(json: bool = False, level: str = "warning", stream: TextIO | None = None) -> None:
    """Set logging up once per process: `json` lines for machines, else coloured lines for people.

    Raises KeyError for a level that is not in LEVELS.
    """
    target = stream or sys.stderr
    renderers = _for_machines() if json else _for_people(target)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask_pii,
            structlog.processors.StackInfoRenderer(),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )


def _for_machines() -> list[Processor]:
    """One JSON object a line; tracebacks without the frames' variables, which may hold numbers and speech."""
    tracebacks = structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    )
    return [tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _for_people(target: TextIO) -> list[Processor]:
    """Readable lines, in colour on a terminal; tracebacks without variables here, too."""
    return [
        structlog.dev.ConsoleRenderer(
            colors=target.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]


def get_logger(name: str, **facts: Any) -> FilteringBoundLogger:
    """A logger that names its room and module on each line."""
    logger: FilteringBoundLogger = structlog.get_logger(module=name, **facts)
    return logger
