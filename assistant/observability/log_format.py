"""Log records as JSON lines, through structlog, which Rasa uses as well."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog
from structlog.stdlib import ProcessorFormatter

from assistant.observability.turn_log import LOGGER

_FILE_BYTES, _FILES = 10_000_000, 5


def json_lines() -> logging.Formatter:
    """Formats a record, of structlog or of the standard library, as one line of JSON."""
    return ProcessorFormatter(
        processors=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ]
    )


def log_everything_as_json() -> None:
    """Let whatever this process logs be lines of JSON, those of turns among them."""
    formatter = json_lines()
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)
    # Rasa's own last processors make a text of each event.
    processors = structlog.get_config()["processors"][:-1]
    structlog.configure(processors=[*processors, ProcessorFormatter.wrap_for_formatter])
    logging.getLogger(LOGGER).setLevel(logging.INFO)


def log_turns_to(file: Path) -> None:
    """Let the lines of turns go to a file, which is set aside when it is large: at most 60 MB in all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(file, maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8")
    handler.setFormatter(json_lines())
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
