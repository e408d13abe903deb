"""Log records as JSON lines, through structlog, which Rasa uses as well."""

from __future__ import annotations

import logging
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

# What every line has, beside the name of its logger.
_FIELDS = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.format_exc_info,
    structlog.processors.EventRenamer("message"),
)
_JSON = structlog.processors.JSONRenderer()


def json_logger(name: str, file: TextIO) -> Any:
    """A logger that writes JSON lines to a file, each with one call of the system."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=[*_FIELDS, _JSON],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return logger.bind(logger=name)


def log_everything_as_json() -> None:
    """Let whatever this process logs be JSON lines."""
    formatter = ProcessorFormatter(
        processors=[
            structlog.stdlib.add_logger_name,
            *_FIELDS,
            ProcessorFormatter.remove_processors_meta,
            _JSON,
        ]
    )
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)
    # Rasa's own last processor makes a text of each event.
    processors = structlog.get_config()["processors"][:-1]
    structlog.configure(processors=[*processors, ProcessorFormatter.wrap_for_formatter])
